"""Cases: the pretrained 9-5-5 over whole luminance planes on a CPU, beside other runtimes."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from srcnn_tf.engines.cpu.choosing import why_no_bfloat16
from srcnn_tf.engines.keras_models import Srcnn, keras_model
from srcnn_tf.engines.runners import runner
from srcnn_tf.networks.network import Network
from srcnn_tf.throughput import peer_networks, peers
from srcnn_tf.throughput.targets import Ratio
from srcnn_tf.throughput.timing import Case, Contender
from srcnn_tf.upscaling.whole_pictures import make_enlarger

OURS = _OURS = "runner"
_BFLOAT16 = "runner, mixed_bfloat16"
_PLAIN, _COMPILED = "TensorFlow's graph", "TensorFlow's graph, jit_compile"
_LITERT, _OPENVINO = "LiteRT", "OpenVINO"
PEERS = ("OpenCV DNN", "PyTorch channels_last", "ONNX Runtime", _OPENVINO, _LITERT)
_SIZES = ((540, 960), (1080, 1920))
_MEGAPIXELS = (0.1, 1, 4, 16)
# How each peer is called, the modules it needs, and what makes it.
_PEERS = {
    "OpenCV DNN": (("cv2", "onnx"), peer_networks.opencv_network),
    "PyTorch": (("torch",), peer_networks.torch_network),
    "PyTorch channels_last": (("torch",), peer_networks.torch_channels_last_network),
    "ONNX Runtime": (("onnxruntime", "onnx"), peer_networks.onnxruntime_network),
    _OPENVINO: (("openvino", "onnx"), peer_networks.openvino_network),
    _LITERT: (("ai_edge_litert",), peer_networks.litert_network),
}


def plane_cases(network: Srcnn, threads: int, quick: bool = False) -> list[Case]:
    """960 x 540 and 1080p. Peers pad with zeros, which all have built in: as many multiply-adds.

    Results are compared where padding does not reach.
    """
    return [
        _case(network, height, width, threads)
        for height, width in (((40, 60),) if quick else _SIZES)
    ]


def plane_growth(network: Srcnn, quick: bool = False) -> list[Case]:
    """How the cost of a plane in tiles, as `upscale` runs it, grows with its pixels."""
    enlarger = make_enlarger(network, network.info.scale)

    def work(megapixels):
        side = round(math.sqrt(megapixels * 1e6))

        def contenders():
            plane = _plane(side, side)
            label = f"{_OURS}, tiles"
            return [Contender(label, lambda: enlarger.run(plane), kind="ours")]

        amount = side * side / 1e6
        title = f"9-5-5 in tiles, {side} x {side}"
        rounds = 3 if megapixels >= 4 else None
        return Case(
            "pictures",
            title,
            amount,
            "megapixels",
            contenders,
            rounds=rounds,
            series="9-5-5 on larger planes, in tiles",
        )

    return [work(megapixels) for megapixels in ((0.005,) if quick else _MEGAPIXELS)]


def _case(network, height, width, threads):
    targets = [Ratio(_OURS, _LITERT, 1), Ratio(_OURS, _OPENVINO, 1)]
    title = f"9-5-5 on a plane of {width} x {height}"
    value = network.to_network()
    return plane_case(value, title, height, width, threads, targets, "pictures", height <= 540)


def plane_case(
    network: Network,
    title: str,
    height: int,
    width: int,
    threads: int,
    targets: Sequence,
    group: str,
    headline: bool = False,
    extra: Callable[[], Sequence[Contender]] = tuple,
) -> Case:
    """A network over one plane, by us, by TensorFlow's graph, and by all peers.

    Args:
      network: what runs.
      title: of the case.
      height: of the plane.
      width: of the plane.
      threads: for everybody.
      targets: see `targets`.
      group: that the case belongs to.
      headline: as of `Case`.
      extra: makes further contenders.
    """
    reasons = {label: peers.missing(*modules) for label, (modules, _) in _PEERS.items()}
    reasons[_BFLOAT16] = why_no_bfloat16(network.architecture)
    missing = {label: reason for label, reason in reasons.items() if reason}
    halo = network.architecture.halo * network.architecture.upscale

    def contenders():
        plane = _plane(height, width)
        lower = {}
        if _BFLOAT16 not in missing:
            lower[_BFLOAT16] = runner(network, "cpu", "mixed_bfloat16")
        candidates = {
            _OURS: runner(network),
            **lower,
            _PLAIN: runner(network, engine="tensorflow"),
            _COMPILED: _compiled(keras_model(network)),
        }
        for label, (_, make) in _PEERS.items():
            if label not in missing:
                candidates[label] = _later(make, network, height, width, threads)
        made = [_contender(label, run, plane, halo) for label, run in candidates.items()]
        return [*made, *extra()]

    return Case(
        group,
        title,
        height * width / 1e6,
        "megapixels",
        contenders,
        targets,
        missing,
        headline=headline,
    )


def _contender(label, run, plane, halo):
    inside = slice(halo, -halo)
    kinds = {_OURS: "ours", _BFLOAT16: "ours", _PLAIN: "plain", _COMPILED: "plain"}
    kind = kinds.get(label, "peer")
    return Contender(label, lambda: run(plane), lambda: run(plane)[inside, inside], kind=kind)


def _later(make, *arguments):
    """Makes the peer's network when it first runs, so that a failure affects no other peer."""
    made = []

    def run(plane):
        if not made:
            made.append(make(*arguments))
        return made[0](plane)

    return run


def _compiled(network):
    compiled = tf.function(lambda planes: network(planes), jit_compile=True)
    return lambda plane: compiled(plane[None, ..., None])[0, ..., 0].numpy()


def _plane(height, width):
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    noise = np.random.default_rng(0).random((height, width), np.float32)
    return 0.5 + 0.3 * np.sin(rows / 9) * np.cos(columns / 13) + 0.1 * noise
