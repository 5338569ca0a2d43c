"""Running and differentiating a network: Keras, the CPU engine, one function that chooses.

`runner`, `self_ensemble`, `keras_model` and `explain` are loaded when they are first used.
"""

import importlib

_HOMES = {
    "explain": "cpu.choosing",
    "keras_model": "keras_models",
    "runner": "runners",
    "self_ensemble": "runners",
}
__all__ = sorted(_HOMES)


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
