"""SRCNN for TensorFlow: exact data, a fast pipeline, trained networks.

Names load what they need when they are first used: importing the package, reading weight files or
resizing pictures loads no TensorFlow.
"""

import importlib

__version__ = "0.1.0"

_HOMES = {
    "architecture": ("ARCHITECTURES", "Architecture"),
    "color": ("rgb_to_y", "rgb_to_ycbcr", "ycbcr_to_rgb"),
    "degradation": ("SrPair", "degrade"),
    "evaluation": ("evaluate", "mean_quality", "score"),
    "geometry": ("modcrop", "shave"),
    "image_files": ("ImageFileError", "read_image"),
    "inference": ("plane_enhancer", "self_ensemble"),
    "metrics": ("psnr", "ssim"),
    "models": ("Srcnn", "create_network"),
    "pipeline": ("read_pictures", "training_batches"),
    "pretrained_weights": ("load_pretrained", "pretrained"),
    "resize": ("imresize",),
    "train_config": ("TrainConfig", "preset"),
    "training": ("TrainingError", "train"),
    "upscaling": ("upscale",),
    "weights": ("WeightsError", "WeightsInfo", "load_weights", "read_weights", "save_weights"),
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
