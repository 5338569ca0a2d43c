"""SRCNN for TensorFlow: exact data, a fast pipeline, trained networks.

Names load what they need when they are first used: importing the package, reading weight files or
resizing pictures loads no TensorFlow.
"""

import importlib
from typing import TYPE_CHECKING

from srcnn_tf import extras

__version__ = "0.1.0"

_HOMES = {
    "data.pipeline": ("pack", "read_pictures", "training_batches"),
    "data.training_pairs": ("training_pair",),
    "engines.keras_chains": ("keras_weights", "network_from_keras"),
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
    "exporting.checked_export": ("ExportError", "export"),
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
    "networks.pretrained_list": ("PretrainedNetwork", "list_pretrained"),
    "networks.pretrained_weights": ("pretrained",),
    "networks.weight_files": ("read_network", "read_weights", "save_weights", "write_network"),
    "networks.weights_info": ("WeightsError", "WeightsInfo"),
    "training.config": ("TrainConfig",),
    "training.loop": ("TrainingError", "train"),
    "training.recipes.recipe": ("preset",),
    "upscaling.clips.whole_clips": ("upscale_video",),
    "upscaling.whole_pictures": ("upscale",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)

if TYPE_CHECKING:  # What editors and type checkers see; a test compares it with the table above.
    from srcnn_tf.data.pipeline import pack as pack
    from srcnn_tf.data.pipeline import read_pictures as read_pictures
    from srcnn_tf.data.pipeline import training_batches as training_batches
    from srcnn_tf.data.training_pairs import training_pair as training_pair
    from srcnn_tf.engines.keras_chains import keras_weights as keras_weights
    from srcnn_tf.engines.keras_chains import network_from_keras as network_from_keras
    from srcnn_tf.engines.keras_models import Srcnn as Srcnn
    from srcnn_tf.engines.keras_models import SuperResolutionModel as SuperResolutionModel
    from srcnn_tf.engines.keras_models import create_network as create_network
    from srcnn_tf.engines.keras_models import keras_model as keras_model
    from srcnn_tf.engines.keras_models import load_pretrained as load_pretrained
    from srcnn_tf.engines.keras_models import load_weights as load_weights
    from srcnn_tf.engines.runners import plane_enhancer as plane_enhancer
    from srcnn_tf.engines.runners import runner as runner
    from srcnn_tf.engines.runners import self_ensemble as self_ensemble
    from srcnn_tf.evaluation.metrics.psnr import psnr as psnr
    from srcnn_tf.evaluation.metrics.ssim import ssim as ssim
    from srcnn_tf.evaluation.scoring import evaluate as evaluate
    from srcnn_tf.evaluation.scoring import mean_quality as mean_quality
    from srcnn_tf.evaluation.scoring import score as score
    from srcnn_tf.exporting.checked_export import ExportError as ExportError
    from srcnn_tf.exporting.checked_export import export as export
    from srcnn_tf.files.image_files import ImageFileError as ImageFileError
    from srcnn_tf.files.image_files import read_image as read_image
    from srcnn_tf.imaging.color import rgb_to_y as rgb_to_y
    from srcnn_tf.imaging.color import rgb_to_ycbcr as rgb_to_ycbcr
    from srcnn_tf.imaging.color import ycbcr_to_rgb as ycbcr_to_rgb
    from srcnn_tf.imaging.cropping import modcrop as modcrop
    from srcnn_tf.imaging.cropping import shave as shave
    from srcnn_tf.imaging.degradation import SrPair as SrPair
    from srcnn_tf.imaging.degradation import degrade as degrade
    from srcnn_tf.imaging.resize import imresize as imresize
    from srcnn_tf.networks.architecture import Architecture as Architecture
    from srcnn_tf.networks.architecture import Layer as Layer
    from srcnn_tf.networks.families.family import Family as Family
    from srcnn_tf.networks.families.family import find_architecture as find_architecture
    from srcnn_tf.networks.families.srcnn import ARCHITECTURES as ARCHITECTURES
    from srcnn_tf.networks.find_weights import load_network as load_network
    from srcnn_tf.networks.network import Network as Network
    from srcnn_tf.networks.network import initial_network as initial_network
    from srcnn_tf.networks.pretrained_list import PretrainedNetwork as PretrainedNetwork
    from srcnn_tf.networks.pretrained_list import list_pretrained as list_pretrained
    from srcnn_tf.networks.pretrained_weights import pretrained as pretrained
    from srcnn_tf.networks.weight_files import read_network as read_network
    from srcnn_tf.networks.weight_files import read_weights as read_weights
    from srcnn_tf.networks.weight_files import save_weights as save_weights
    from srcnn_tf.networks.weight_files import write_network as write_network
    from srcnn_tf.networks.weights_info import WeightsError as WeightsError
    from srcnn_tf.networks.weights_info import WeightsInfo as WeightsInfo
    from srcnn_tf.training.config import TrainConfig as TrainConfig
    from srcnn_tf.training.loop import TrainingError as TrainingError
    from srcnn_tf.training.loop import train as train
    from srcnn_tf.training.recipes.recipe import preset as preset
    from srcnn_tf.upscaling.clips.whole_clips import upscale_video as upscale_video
    from srcnn_tf.upscaling.whole_pictures import upscale as upscale


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        module = importlib.import_module(f"{__name__}.{_HOME[name]}")
    except ModuleNotFoundError as error:
        # Records come with TFDS, so what reads them is not told of TensorFlow first and TFDS later.
        records = _HOME[name] in ("data.pipeline", "training.loop")
        sentence = extras.in_words(error, "datasets" if records else "")
        if sentence is None:
            raise
        raise ModuleNotFoundError(f"srcnn_tf.{name}: {sentence}", name=error.name) from error
    value = getattr(module, name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
