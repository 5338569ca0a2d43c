"""`--plugin`: files of a user's own that are run first, and register what is then known by name."""

import importlib.util
import pathlib
import sys

from absl import flags

PLUGINS = flags.DEFINE_multi_string(
    "plugin",
    [],
    "A Python file of yours that is run first, such as one that registers a metric; repeated for "
    "several. It can do whatever you can: run only what you trust.",
)


class PluginError(Exception):
    """A file cannot be run; one sentence."""


def load() -> None:
    """Runs the files that the flag names, in order.

    Raises:
      PluginError: a file is not there, or fails.
    """
    for name in PLUGINS.value:
        path = pathlib.Path(name).expanduser()
        if not path.is_file() or path.suffix != ".py":
            raise PluginError(f"--plugin takes Python files, and {name} is none.")
        # A name of its own: a file called ssim.py should not stand in for another module.
        module_name = f"srcnn_tf_plugin_{path.stem}"
        spec = importlib.util.spec_from_file_location(module_name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[module_name] = module
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:
            raise PluginError(f"The plugin {name} fails ({error!r}); run it by itself.") from error
