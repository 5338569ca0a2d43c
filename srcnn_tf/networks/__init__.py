"""What a network is, without TensorFlow: its architecture, its arrays, its files.

What others take from here is loaded when it is first used.
"""

import importlib

_HOMES = {
    "architecture": ("Architecture", "Layer"),
    "families.family": ("FAMILIES", "Family", "find_architecture", "network_names", "register"),
    "find_weights": ("load_network",),
    "initialization": ("draw_arrays",),
    "network": ("Network", "initial_network"),
    "weight_files": ("WeightsError", "WeightsInfo", "read_network", "write_network"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
