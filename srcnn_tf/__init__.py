"""SRCNN for TensorFlow: exact data, a fast pipeline, trained networks.

Names load what they need when they are first used: importing the package, reading weight files or
resizing pictures loads no TensorFlow.
"""

import importlib

__version__ = "0.1.0"

_HOMES = {
    "data.pipeline": ("read_pictures", "training_batches"),
    "engines.keras_models": (
        "Srcnn",
        "SuperResolutionModel",
        "create_network",
        "keras_model",
        "load_pretrained",
        "load_weights",
    ),
    "engines.runners": ("plane_enhancer", "runner", "self_ensemble"),
    "evaluation.metrics.psnr": ("psnr",),
    "evaluation.metrics.ssim": ("ssim",),
    "evaluation.scoring": ("evaluate", "mean_quality", "score"),
    "files.image_files": ("ImageFileError", "read_image"),
    "imaging.color": ("rgb_to_y", "rgb_to_ycbcr", "ycbcr_to_rgb"),
    "imaging.cropping": ("modcrop", "shave"),
    "imaging.degradation": ("SrPair", "degrade"),
    "imaging.resize": ("imresize",),
    "networks.architecture": ("Architecture", "Layer"),
    "networks.families.family": ("Family", "find_architecture"),
    "networks.families.srcnn": ("ARCHITECTURES",),
    "networks.find_weights": ("load_network",),
    "networks.network": ("Network", "initial_network"),
    "networks.pretrained_weights": ("pretrained",),
    "networks.weight_files": ("read_network", "read_weights", "save_weights", "write_network"),
    "networks.weights_info": ("WeightsError", "WeightsInfo"),
    "training.config": ("TrainConfig",),
    "training.loop": ("TrainingError", "train"),
    "training.recipes.recipe": ("preset",),
    "upscaling.whole_pictures": ("upscale",),
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
