"""The same weights in other runtimes: each function returns `run(plane) -> plane`.

All take the weights of `Srcnn.get_arrays`, the plane's height and width, and a number of threads;
planes are float32 (H, W). Every layer is padded with zeros, so that the size stays.
"""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from srcnn_tf.throughput import peers

_INPUT, _OUTPUT = "planes", "sharpened"


def torch_network(arrays: Mapping[str, np.ndarray], height: int, width: int, threads: int):
    """PyTorch, eager, in its own layout."""
    return _torch_network(arrays, threads, channels_last=False)


def torch_channels_last_network(
    arrays: Mapping[str, np.ndarray], height: int, width: int, threads: int
):
    """PyTorch, eager, with channels last."""
    return _torch_network(arrays, threads, channels_last=True)


def opencv_network(arrays: Mapping[str, np.ndarray], height: int, width: int, threads: int):
    """OpenCV's DNN module, from ONNX."""
    cv2 = peers.opencv(threads)
    network = cv2.dnn.readNetFromONNX(np.frombuffer(_onnx(arrays, height, width), np.uint8))

    def run(plane):
        network.setInput(plane[None, None])
        return network.forward()[0, 0]

    return run


def onnxruntime_network(arrays: Mapping[str, np.ndarray], height: int, width: int, threads: int):
    """ONNX Runtime on its CPU provider."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        _onnx(arrays, height, width), options, providers=["CPUExecutionProvider"]
    )
    return lambda plane: session.run([_OUTPUT], {_INPUT: plane[None, None]})[0][0, 0]


def openvino_network(arrays: Mapping[str, np.ndarray], height: int, width: int, threads: int):
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
        core.read_model(_onnx(arrays, height, width), b""), "CPU", options
    )
    return lambda plane: compiled(plane[None, None])[0][0, 0].copy()


def litert_network(arrays: Mapping[str, np.ndarray], height: int, width: int, threads: int):
    """LiteRT with XNNPACK, from the converter that TensorFlow brings."""
    from ai_edge_litert.interpreter import Interpreter

    weights = [tf.constant(array) for array in arrays.values()]

    @tf.function(input_signature=[tf.TensorSpec([1, height, width, 1], tf.float32)])
    def network(planes):
        for layer in range(0, len(weights), 2):
            planes = tf.nn.conv2d(planes, weights[layer], 1, "SAME") + weights[layer + 1]
            if layer + 2 < len(weights):
                planes = tf.nn.relu(planes)
        return planes

    converter = tf.lite.TFLiteConverter.from_concrete_functions([network.get_concrete_function()])
    interpreter = Interpreter(model_content=converter.convert(), num_threads=threads)
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]["index"]
    result = interpreter.get_output_details()[0]["index"]

    def run(plane):
        interpreter.set_tensor(source, plane[None, ..., None])
        interpreter.invoke()
        return interpreter.get_tensor(result)[0, ..., 0]

    return run


def _torch_network(arrays, threads, channels_last):
    torch = peers.torch(threads)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    weights = [
        torch.from_numpy(array.transpose(3, 2, 0, 1).copy() if array.ndim == 4 else array.copy())
        for array in arrays.values()
    ]
    weights = [
        array.contiguous(memory_format=layout) if array.ndim == 4 else array for array in weights
    ]

    def run(plane):
        with torch.inference_mode():
            planes = torch.from_numpy(plane)[None, None].contiguous(memory_format=layout)
            for layer in range(0, len(weights), 2):
                kernel, bias = weights[layer : layer + 2]
                planes = torch.conv2d(planes, kernel, bias, padding=kernel.shape[2] // 2)
                if layer + 2 < len(weights):
                    planes = torch.relu_(planes)
            return planes[0, 0].numpy()

    return run


def _onnx(arrays, height, width) -> bytes:
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    nodes, constants, current = [], [], _INPUT
    names = list(arrays)
    layers = len(names) // 2
    for layer in range(layers):
        kernel, bias = names[2 * layer : 2 * layer + 2]
        constants.append(
            numpy_helper.from_array(arrays[kernel].transpose(3, 2, 0, 1).copy(), kernel)
        )
        constants.append(numpy_helper.from_array(arrays[bias], bias))
        side = arrays[kernel].shape[0]
        output = _OUTPUT if layer == layers - 1 else f"conv{layer}"
        nodes.append(
            helper.make_node(
                "Conv",
                [current, kernel, bias],
                [output],
                pads=[side // 2] * 4,
                kernel_shape=[side, side],
            )
        )
        current = output
        if layer < layers - 1:
            current = f"relu{layer}"
            nodes.append(helper.make_node("Relu", [output], [current]))
    planes = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 1, height, width])
        for name in (_INPUT, _OUTPUT)
    ]
    graph = helper.make_graph(nodes, "srcnn", planes[:1], planes[1:], constants)
    # Old enough for every runtime.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()
