"""Starts a program of `srcnn_tf.programs`, whatever file it was started from."""

import sys
import types

from absl import app, flags

from srcnn_tf.programs import standard_streams


def launch(module: types.ModuleType) -> None:
    """Reads the flags that `module` defines, and runs its `main`; never returns.

    absl shows in `--help` the flags and the docstring of the file that was started, which is only a
    few lines long, or a command that pip made.
    """
    for flag in flags.FLAGS.flags_by_module_dict().get(module.__name__, ()):
        flags.FLAGS.register_key_flag_for_module(sys.argv[0], flag)
    sys.modules["__main__"].__doc__ = module.__doc__
    with standard_streams.guarded():
        app.run(module.main)
