"""Starts a program of `srcnn_tf.programs`, whatever file it was started from."""

import pathlib
import sys
import types

from absl import app, flags

from srcnn_tf.programs import standard_streams, startup
from srcnn_tf.training import stop_signals


def launch(module: types.ModuleType) -> None:
    """Reads the flags that `module` defines, and runs its `main`; never returns.

    absl shows in `--help` the flags and the docstring of the file that was started, which is only a
    few lines long, or a command that pip made.
    """
    for flag in flags.FLAGS.flags_by_module_dict().get(module.__name__, ()):
        flags.FLAGS.register_key_flag_for_module(sys.argv[0], flag)
    sys.modules["__main__"].__doc__ = module.__doc__
    name = program_name()
    hint = getattr(module, "AFTER_A_SIGNAL", "")
    with standard_streams.guarded(name), stop_signals.ended_by_signals(name, hint):
        try:
            app.run(module.main, flags_parser=_parse_flags)
        except startup.DeviceError as error:
            sys.exit(f"{name}: {error}")


def _parse_flags(arguments: list[str]) -> list[str]:
    """Reads the flags, or ends the program with a sentence."""
    try:
        return flags.FLAGS(arguments)
    except flags.Error as error:
        sys.exit(f"{program_name()}: {error} (--help lists the flags)")
    except SystemExit as ended:
        # Help was asked for and given, which absl calls a failure and other tools do not.
        raise SystemExit(0 if ended.code == 1 else ended.code) from None


def program_name() -> str:
    """Returns what sentences call the program: as it was started."""
    name = pathlib.Path(sys.argv[0]).name
    return name if name.startswith(("srcnn-", "python -m")) else f"bin/{name}"
