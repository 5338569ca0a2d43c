"""The same weights in other runtimes: each function returns `run(plane) -> plane`.

All take a network, the plane's height and width, and a number of threads; planes are float32
(H, W). Every layer is padded with zeros, so that the size stays.
"""

import numpy as np

from srcnn_tf.networks.network import Network
from srcnn_tf.throughput import peers
from srcnn_tf.throughput.torch_chain import torch_chain

_INPUT, _OUTPUT = "planes", "restored"


def torch_network(network: Network, height: int, width: int, threads: int):
    """PyTorch, eager, in its own layout."""
    return _torch_network(network, threads, channels_last=False)


def torch_channels_last_network(network: Network, height: int, width: int, threads: int):
    """PyTorch, eager, with channels last."""
    return _torch_network(network, threads, channels_last=True)


def opencv_network(network: Network, height: int, width: int, threads: int):
    """OpenCV's DNN module, from ONNX."""
    cv2 = peers.opencv(threads)
    reader = cv2.dnn.readNetFromONNX(np.frombuffer(_onnx(network, height, width), np.uint8))

    def run(plane):
        reader.setInput(plane[None, None])
        return reader.forward()[0, 0]

    return run


def onnxruntime_network(network: Network, height: int, width: int, threads: int):
    """ONNX Runtime on its CPU provider."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        _onnx(network, height, width), options, providers=["CPUExecutionProvider"]
    )
    return lambda plane: session.run([_OUTPUT], {_INPUT: plane[None, None]})[0][0, 0]


def openvino_network(network: Network, height: int, width: int, threads: int):
    """OpenVINO on its CPU plugin, in float32."""
    import openvino

    core = openvino.Core()
    options = {
        "INFERENCE_NUM_THREADS": threads,
        "PERFORMANCE_HINT": "LATENCY",
        # Some processors would otherwise get bfloat16.
        "INFERENCE_PRECISION_HINT": "f32",
    }
    compiled = core.compile_model(
        core.read_model(_onnx(network, height, width), b""), "CPU", options
    )
    return lambda plane: compiled(plane[None, None])[0][0, 0].copy()


def litert_network(network: Network, height: int, width: int, threads: int):
    """LiteRT with XNNPACK, from the converter that TensorFlow brings."""
    from ai_edge_litert.interpreter import Interpreter

    from srcnn_tf.exporting.formats import litert_file
    from srcnn_tf.exporting.keras_graph import plane_graph

    converted = litert_file.convert(plane_graph(network, height, width, padding="zeros"))
    interpreter = Interpreter(model_content=converted, num_threads=threads)
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]["index"]
    result = interpreter.get_output_details()[0]["index"]

    def run(plane):
        interpreter.set_tensor(source, plane[None, ..., None])
        interpreter.invoke()
        return interpreter.get_tensor(result)[0, ..., 0]

    return run


def _torch_network(network, threads, channels_last):
    torch = peers.torch(threads)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    module = torch_chain(network, threads, channels_last).eval()

    def run(plane):
        with torch.inference_mode():
            planes = torch.from_numpy(plane)[None, None].contiguous(memory_format=layout)
            return module(planes)[0, 0].numpy()

    return run


def _onnx(network, height, width) -> bytes:
    from srcnn_tf.exporting.onnx_graph import plane_graph

    return plane_graph(network, height, width, padding="zeros").SerializeToString()
