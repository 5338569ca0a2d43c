"""Starts a program of `srcnn_tf.programs`, whatever file it was started from."""

import difflib
import itertools
import math
import pathlib
import sys
import types

from absl import app, flags

import srcnn_tf
from srcnn_tf.programs import standard_streams, startup
from srcnn_tf.training import stop_signals

# What other tools call flags: their name, and what it is here, in one program or another.
_ELSEWHERE = {
    "dry": "dry_run",
    "f": "overwrite",
    "factor": "scale",
    "force": "overwrite",
    "format": "ext",
    "j": "jobs",
    "lr": "learning_rate",
    "n": "dry_run",
    "network": "model",
    "out": "output json",
    "q": "quality",
    "r": "recursive",
    "s": "scale",
    "threads": "jobs",
    "tta": "self_ensemble",
    "w": "width",
    "weights": "model",
    "workers": "jobs",
    "y": "overwrite",
}
VERSION = flags.DEFINE_bool("version", False, "Print the version, and exit.")


def launch(module: types.ModuleType) -> None:
    """Reads the flags that `module` defines, and runs its `main`; never returns.

    absl shows in `--help` the flags and the docstring of the file that was started, which is only a
    few lines long, or a command that pip made.
    """
    for flag in _own_flags():
        flags.FLAGS.register_key_flag_for_module(sys.argv[0], flag)
    sys.modules["__main__"].__doc__ = module.__doc__
    name = program_name()
    hint = getattr(module, "after_a_signal", "")
    with standard_streams.guarded(name), stop_signals.ended_by_signals(name, hint):
        try:
            app.run(module.main, flags_parser=_parse_flags)
        except startup.DeviceError as error:
            sys.exit(f"{name}: {error}")


def _parse_flags(arguments: list[str]) -> list[str]:
    """Reads the flags, or ends the program with a sentence."""
    # Other tools' short name, which absl does not know.
    arguments = ["--help" if argument == "-h" else argument for argument in arguments]
    if "--version" in itertools.takewhile(lambda argument: argument != "--", arguments[1:]):
        print(program_name(), srcnn_tf.__version__)
        raise SystemExit(0)
    try:
        words = flags.FLAGS(arguments)
        _check_values(words)
        return words
    except flags.UnrecognizedFlagError as error:
        sys.exit(f"{program_name()}: {_unknown(error.flagname)} (--help lists the flags)")
    except flags.Error as error:
        sys.exit(f"{program_name()}: {error} (--help lists the flags)")
    except OSError as error:  # A check of a flag looked for a file.
        sys.exit(f"{program_name()}: {error.filename}: {error.strerror}; give another name.")
    except SystemExit as ended:
        # Help was asked for and given, which absl calls a failure and other tools do not.
        raise SystemExit(0 if ended.code == 1 else ended.code) from None


def _check_values(words: list[str]) -> None:
    """Refuses what passes the flags' own checks: numbers that are none, and empty names."""
    for flag in _own_flags():
        if isinstance(flag.value, float) and not math.isfinite(flag.value):
            raise flags.IllegalFlagValueError(
                f"flag --{flag.name}={flag.value}: must be a finite number"
            )
    if "" in words:
        raise flags.Error("An empty name is no file or folder; write . for the folder here.")


def _own_flags() -> list[flags.Flag]:
    """Returns the program's flags: those of all modules of programs that it has imported."""
    package = __name__.rpartition(".")[0]
    by_module = flags.FLAGS.flags_by_module_dict()
    return [flag for name in by_module if name.startswith(package) for flag in by_module[name]]


def _unknown(name: str) -> str:
    """Says that there is no such flag, and which is the nearest by its meaning or its letters."""
    known = {flag.name for flag in _own_flags()} | {"help"}
    known |= {f"no{flag.name}" for flag in _own_flags() if flag.boolean}
    found = [flag for flag in _ELSEWHERE.get(name, "").split() if flag in known]
    found += sorted(flag for flag in known if flag.startswith(name))
    found += difflib.get_close_matches(name, sorted(known))
    return f"Unknown command line flag '{name}'" + (
        f"; did you mean --{found[0]}?" if found else "."
    )


def program_name() -> str:
    """Returns what sentences call the program: as it was started."""
    name = pathlib.Path(sys.argv[0]).name
    return name if name.startswith(("srcnn-", "python -m")) else f"bin/{name}"
