"""`list_pretrained`: what comes with the package, with cost and scores; and which to choose."""

import dataclasses
import pathlib
from collections.abc import Mapping

from srcnn_tf.networks import pretrained_weights
from srcnn_tf.networks.families.family import family_of, find_architecture
from srcnn_tf.networks.weight_files import SUFFIX, read_description
from srcnn_tf.networks.weights_info import WeightsInfo

# The paper's network: what `default` costs no more than, and all there is where none of the family
# below is.
REFERENCE = "srcnn-9-5-5"
# In this family the larger is the better on pictures held out of training. Scores of test sets have
# no say in what is chosen.
FAMILY = "slim"
FAST, DEFAULT, BEST = CHOICES = ("fast", "default", "best")
LICENSE = "Apache-2.0"


@dataclasses.dataclass(frozen=True)
class PretrainedNetwork:
    """A network of the package.

    Attributes:
      name: such as `slim-10x16`.
      scale: how many times longer each side becomes.
      parameters: number of trained values.
      multiply_adds: of the convolutions, per output pixel.
      scores: means by dataset and metric, `{"set5": {"psnr": 36.9, "ssim": 0.95}}`: Y, under the
        papers' protocol, PSNR in dB. No dataset that it was trained on.
      bytes: size of its file.
      training_data: names of the datasets that it was trained on.
      license: of the weights. The training pictures belong to their owners.
      for_photos: whether it was trained on compressed or noisy pictures.
      path: of its file.
    """

    name: str
    scale: int
    parameters: int
    multiply_adds: float
    scores: Mapping[str, Mapping[str, float]]
    bytes: int
    training_data: tuple[str, ...]
    license: str
    for_photos: bool
    path: pathlib.Path


def list_pretrained(scale: int | None = None) -> list[PretrainedNetwork]:
    """Lists the networks that come with the package, by scale and then by cost.

    Reads descriptions alone, and loads no TensorFlow.

    Args:
      scale: that alone; None for all.
    """
    listed = []
    for path in pretrained_weights.FOLDER.glob(f"*{SUFFIX}"):
        architecture, info = read_description(path)
        if scale in (None, info.scale):
            scores = {name: each for name, each in info.scores.items() if "ssim" in each}
            listed.append(
                PretrainedNetwork(
                    info.network,
                    info.scale,
                    architecture.parameters,
                    architecture.multiply_adds,
                    scores,
                    path.stat().st_size,
                    info.training_sets,
                    LICENSE,
                    for_photos(info),
                    path,
                )
            )
    return sorted(listed, key=lambda each: (each.scale, each.multiply_adds, each.name))


def chosen_path(choice: str, scale: int) -> pathlib.Path:
    """Returns the weight file that a choice stands for.

    Of the slim networks for clean pictures `fast` is the smallest, `best` the largest, `default`
    the largest that costs no more multiply-adds per output pixel than srcnn-9-5-5. That stands for
    all three where there are none.

    Args:
      choice: one of `CHOICES`.
      scale: how many times longer each side becomes.

    Raises:
      WeightsError: there is no srcnn-9-5-5 of that scale, which the others are compared with.
    """
    reference_path = pretrained_weights.pretrained_path(REFERENCE, scale)
    known = list_pretrained(scale)
    reference = next(each for each in known if each.path == reference_path)
    slim = [each for each in known if _is_slim(each) and not each.for_photos]
    if choice == DEFAULT:
        slim = [each for each in slim if each.multiply_adds <= reference.multiply_adds]
    if not slim:
        return reference_path
    return slim[0].path if choice == FAST else slim[-1].path


def photo_networks(scale: int) -> list[str]:
    """Names the networks for compressed and noisy pictures of a scale, the one to choose first.

    That is the largest that costs no more multiply-adds per output pixel than srcnn-9-5-5, which at
    scale 1 is that of any other; else the cheapest. The others follow by cost.
    """
    known = [each for each in list_pretrained(scale) if each.for_photos]
    limit = find_architecture(REFERENCE).multiply_adds
    first = [each for each in known if each.multiply_adds <= limit][-1:] or known[:1]
    return [each.name for each in (*first, *(each for each in known if each not in first))]


def _is_slim(network: PretrainedNetwork) -> bool:
    return family_of(network.name).name == FAMILY


def for_photos(info: WeightsInfo) -> bool:
    """Whether a network was trained on compressed or noisy pictures, as its file says."""
    config = info.provenance.get("config", {})
    return bool(config.get("compressed") or config.get("noisy"))
