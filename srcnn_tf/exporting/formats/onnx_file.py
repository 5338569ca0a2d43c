"""`onnx`: for ONNX Runtime, OpenVINO, TensorRT, DirectML and others."""

import contextlib
import dataclasses
import logging
import pathlib
import tempfile
from collections.abc import Iterator

from srcnn_tf.exporting import photographs
from srcnn_tf.exporting.contents import OUTPUT, Contents
from srcnn_tf.exporting.formats.export_format import ExportFormat, Run

_ACTIVATIONS = ("Relu", "PRelu", "Tanh")


def write(contents: Contents, path: pathlib.Path) -> None:
    """Writes an ONNX file.

    `float16` keeps weights and computes in it, in all layers but the last; so does `int8`, with
    ranges calibrated on photographs, by ONNX Runtime's own tool.
    """
    from srcnn_tf.exporting.onnx_graph import onnx_graph

    if contents.precision == "int8":
        _write_int8(contents, path)
    else:
        path.write_bytes(onnx_graph(contents).SerializeToString())


def _write_int8(contents, path):
    import onnx
    from onnxruntime import quantization

    from srcnn_tf.exporting.onnx_graph import onnx_graph

    class Reader(quantization.CalibrationDataReader):
        def __init__(self):
            self._arrays = photographs.calibration(contents)

        def get_next(self):
            arrays = next(self._arrays, None)
            return None if arrays is None else {contents.input_name: arrays}

    described = onnx_graph(contents)
    model = onnx_graph(dataclasses.replace(contents, precision="float32"))
    last = f"conv{len(contents.network.architecture.layers)}"
    # An activation that follows a convolution spares it a range of its own.
    chosen = [
        node.name
        for node in model.graph.node
        if node.op_type in _ACTIVATIONS or (node.name.startswith("conv") and node.name != last)
    ]
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "float32.onnx")
        onnx.save(model, source)
        # It recommends a preparation that these graphs do not need.
        logging.disable(logging.WARNING)
        try:
            quantization.quantize_static(
                source,
                path,
                Reader(),
                quant_format=quantization.QuantFormat.QDQ,
                per_channel=True,
                nodes_to_quantize=chosen,
            )
        finally:
            logging.disable(logging.NOTSET)
    written = onnx.load(path)
    del written.metadata_props[:]
    written.metadata_props.extend(described.metadata_props)
    onnx.save(written, path)


@contextlib.contextmanager
def load(path: pathlib.Path, contents: Contents) -> Iterator[Run]:
    """Runs it by ONNX Runtime on a CPU."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    yield lambda arrays: session.run([OUTPUT], {contents.input_name: arrays})[0]


def snippet(name: str, contents: Contents) -> str:
    """Returns Python that runs a file."""
    return (
        "import onnxruntime\n"
        f'session = onnxruntime.InferenceSession("{name}")\n'
        f'enlarged = session.run(["{OUTPUT}"], {{"{contents.input_name}": source}})[0]\n'
    )


FORMAT = ExportFormat(
    "onnx",
    ".onnx",
    "ONNX Runtime",
    write,
    load,
    snippet,
    precisions=("float32", "float16", "int8"),
)
