"""`python -m srcnn_tf <command>`: what pip installs as `srcnn-<command>`."""

import sys

from srcnn_tf import __version__
from srcnn_tf.programs import standard_streams
from srcnn_tf.programs.commands import COMMANDS, run

_USAGE = "usage: python -m srcnn_tf <command> [--flags]; --help after a command lists its flags"


def main() -> None:
    """Runs the command that is named, or lists them all."""
    if sys.argv[1:2] == ["--version"]:
        print("srcnn_tf", __version__)
        sys.exit(0)
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        with standard_streams.guarded("python -m srcnn_tf"):
            print(_USAGE)
            for command, (what, _) in COMMANDS.items():
                print(f"  {command:<12}  {what}")
        asked = sys.argv[1:2]
        sys.exit(0 if asked in ([], ["--help"], ["-h"]) else 2)
    command = sys.argv.pop(1)
    sys.argv[0] = f"python -m srcnn_tf {command}"
    run(command)


if __name__ == "__main__":
    main()
