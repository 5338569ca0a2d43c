"""The networks that enlarge pictures: which a size needs, each loaded once, when it is needed."""

import logging
import os
import sys
import threading
from typing import TYPE_CHECKING

from srcnn_tf.engines import runners
from srcnn_tf.engines.strength import with_strength
from srcnn_tf.files.picture_files import Picture
from srcnn_tf.imaging.degradation import SCALES
from srcnn_tf.imaging.threads import usable_cores
from srcnn_tf.imaging.tiling import Tiler
from srcnn_tf.networks import equivariance
from srcnn_tf.networks.find_weights import LoadedFile, available_scales, read_model
from srcnn_tf.networks.network import Network
from srcnn_tf.networks.pretrained_weights import pretrained
from srcnn_tf.networks.weights_info import WeightsError
from srcnn_tf.upscaling.chain import Chain
from srcnn_tf.upscaling.enlarging import Enlarger, Enlarging
from srcnn_tf.upscaling.gpu_tiles import AUTO_TILE, auto_tile
from srcnn_tf.upscaling.memory_limit import check_tile
from srcnn_tf.upscaling.sizing import Sizing, Steps, plan_steps

if TYPE_CHECKING:
    from srcnn_tf.engines.keras_models import SuperResolutionModel

_LOGGER = logging.getLogger(__name__)


class Enlargers:
    """What enlarges pictures of all sizes to what is asked for.

    Attributes:
      sizing: what is asked for.
      scales: that networks are used of.
    """

    def __init__(
        self,
        model: "Network | SuperResolutionModel | str | os.PathLike | None",
        sizing: Sizing,
        tile: int | None = None,
        self_ensemble: bool = False,
        precision: str = "float32",
        device: str = "auto",
        strength: float = 1.0,
        *,
        later: "Enlargers | None" = None,
    ):
        """Takes what `make_enlarger` takes, and finds the weights that are needed in any case.

        Args:
          model: a network, its Keras model, or what `find_weights.read_model` takes.
          sizing: the size to reach.
          tile: see `make_enlarger`.
          self_ensemble: see `make_enlarger`.
          precision: see `make_enlarger`.
          device: see `make_enlarger`.
          strength: see `make_enlarger`.
          later: what networks work on the results of the first; by default the same.

        Raises:
          WeightsError: there are no such weights, or none for the scale.
        """
        check_tile(tile)
        self.sizing = sizing
        self._model = model
        self._options = (tile, self_ensemble, precision, device, strength)
        self._later = later or self
        self._files: dict[int, LoadedFile] = {}
        self._enlargers: dict[int, Enlarger] = {}
        self._lock = threading.Lock()
        self.scales: tuple[int, ...]
        factor = sizing.fixed_scale
        if factor in (1, *SCALES):
            self.scales = (int(factor or 0),)
            if model is None or isinstance(model, str | os.PathLike):
                self.file(self.scales[0])
        elif model is None or isinstance(model, str | os.PathLike):
            self.scales = available_scales(model)
        else:
            # A network is for one scale, and takes several steps if it must.
            self.scales = (_scale_of(model),)

    def file(self, scale: int) -> LoadedFile:
        """Returns the weight file for a scale, where the model was named.

        Raises:
          WeightsError: as `read_model` does, or there is no network of scale 1.
        """
        if scale not in self._files:
            if scale == 1 and self._model is None:
                raise WeightsError(_no_scale_one())
            if not (self._model is None or isinstance(self._model, str | os.PathLike)):
                raise ValueError("The network was handed over, and has no file.")
            self._files[scale] = read_model(self._model, scale)
        return self._files[scale]

    def network(self, scale: int) -> "Network | SuperResolutionModel":
        """Returns the network of a scale."""
        if self._model is None or isinstance(self._model, str | os.PathLike):
            return self.file(scale).network
        return self._model

    def enlarger(self, scale: int) -> Enlarger:
        """Returns the network of a scale at work; each is prepared once."""
        with self._lock:
            if scale not in self._enlargers:
                self._enlargers[scale] = make_enlarger(self.network(scale), scale, *self._options)
            return self._enlargers[scale]

    def plan(self, width: int, height: int) -> Steps:
        """Returns the way to the size for a picture; see `sizing.plan_steps`."""
        return plan_steps(self.sizing, width, height, self.scales)

    def method(self, steps: Steps) -> Enlarging:
        """Returns what takes these steps."""
        enlargers = self.in_order(steps)
        if steps.is_plain and enlargers:
            return enlargers[0]
        side = self._options[0] or (enlargers[-1].tiler.side if enlargers else AUTO_TILE)
        tiler = Tiler(side, out_of_memory())
        return Chain(enlargers, steps.size[::-1], tiler)

    def in_order(self, steps: Steps) -> list[Enlarger]:
        """Returns the networks that take these steps."""
        first, later = steps.networks[:1], steps.networks[1:]
        return [
            *(self.enlarger(scale) for scale in first),
            *(self._later.enlarger(scale) for scale in later),
        ]

    @property
    def alternatives(self) -> "tuple[Enlargers, ...]":
        """What `chosen_for` chooses from."""
        return (self,)

    def chosen_for(self, picture: Picture) -> "tuple[Enlargers, str]":
        """Returns what enlarges a picture, and why in words, where there was a choice."""
        return self, ""


def make_enlarger(
    network: "Network | SuperResolutionModel",
    scale: int,
    tile: int | None = None,
    self_ensemble: bool = False,
    precision: str = "float32",
    device: str = "auto",
    strength: float = 1.0,
) -> Enlarger:
    """Returns a network at work on whole pictures; see `upscale` for the arguments.

    Args:
      network: a network, or a Keras model of one.
      scale: an integer, at least 1.
      tile: as of `upscale`.
      self_ensemble: as of `upscale`; left out, which is logged, where it would gain nothing.
      precision: as of `engines.runner`.
      device: as of `engines.runner`.
      strength: as of `engines.strength.with_strength`.

    Raises:
      ValueError: the network is for another scale, or an argument is not usable.
    """
    check_tile(tile)
    if scale != int(scale) or scale < 1:
        raise ValueError(f"The scale must be a positive integer, not {scale}.")
    upscale = network.architecture.upscale
    trained_for = network.info.scale if network.info is not None else upscale
    if (network.info is not None or upscale > 1) and trained_for != scale:
        raise ValueError(f"This network is for x{trained_for}, not x{scale}.")
    runner = runners.runner(network, precision=precision, device=device)
    if self_ensemble:
        arrays = network.arrays if isinstance(network, Network) else network.get_arrays()
        if equivariance.is_equivariant(network.architecture, arrays):
            _LOGGER.info(
                "%s for x%d gives a turned picture's result turned, so that self-ensemble gains "
                "nothing; it is left out",
                network.architecture.name,
                scale,
            )
        else:
            runner = runners.self_ensemble(runner)
    # The CPU engine takes all cores, and colors between two of its calls take one.
    at_once = 2 if runner.engine == "cpu" and usable_cores() > 1 else 1
    tiler = Tiler(auto_tile(runner) if tile is None else tile, out_of_memory(), at_once)
    return Enlarger(int(scale), tiler, with_strength(runner, strength))


def out_of_memory() -> tuple[type[BaseException], ...]:
    """What is raised where memory runs out; TensorFlow's own error only if it is loaded."""
    tensorflow = sys.modules.get("tensorflow")
    return (MemoryError, tensorflow.errors.ResourceExhaustedError) if tensorflow else (MemoryError,)


def _scale_of(network) -> int:
    scale = network.info.scale if network.info is not None else network.architecture.upscale
    if scale < 2:
        raise ValueError("The network does not say what scale it is for; choose 2, 3 or 4.")
    return scale


def _no_scale_one() -> str:
    names = ", ".join(info.network for info in pretrained() if info.scale == 1)
    if names:
        return f"Scale 1 cleans without enlarging; name the network that does, one of {names}."
    return (
        "Scale 1 cleans without enlarging, and no network that does comes with srcnn_tf yet; name "
        "weights of your own for scale 1, or choose a larger scale."
    )
