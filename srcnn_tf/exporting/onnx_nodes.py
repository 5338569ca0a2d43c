"""`OnnxNodes`: ONNX nodes one after the other, with the constants that they need."""

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto, helper, numpy_helper

# Old enough for every runtime; `Pad` and `Clip` have had their present form since 11.
OPSET, IR_VERSION = 13, 8
_TYPES = {"float32": TensorProto.FLOAT, "float16": TensorProto.FLOAT16, "uint8": TensorProto.UINT8}


class OnnxNodes:
    """Collects nodes; every method adds some and returns the name of what comes out."""

    def __init__(self):
        """Starts with none."""
        self._nodes, self._constants = [], {}

    def add(self, kind: str, inputs: Sequence[str], name: str = "", **attributes) -> str:
        """Adds one node; its name is that of its output."""
        name = name or f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, values, name: str = "") -> str:
        """Adds an array, once if it has a name."""
        name = name or f"constant_{len(self._constants)}"
        array = np.ascontiguousarray(values)
        self._constants.setdefault(name, numpy_helper.from_array(array, name))
        return name

    def cast(self, source: str, dtype: str) -> str:
        """Converts to another type."""
        return self.add("Cast", [source], to=_TYPES[dtype])

    def slice(self, source: str, axis: int, start: int, stop: int, step: int = 1) -> str:
        """Cuts along one axis; with step -1 backwards."""
        bounds = (self.constant(np.array([each])) for each in (start, stop, axis, step))
        return self.add("Slice", [source, *bounds])

    def split_first(self, source: str, axis: int, channels: int) -> tuple[str, str]:
        """Returns the first of some channels, and the others."""
        first = self.slice(source, axis, 0, 1)
        return first, self.slice(source, axis, 1, channels)

    def replicated(self, source: str, border: int) -> str:
        """Extends (N, C, H, W) by copies of the edge pixels."""
        if border == 0:
            return source
        pads = self.constant(np.array([0, 0, border, border] * 2))
        return self.add("Pad", [source, pads], mode="edge")

    def mirrored(self, source: str, axis: int, reach: int) -> str:
        """Extends along one axis by the pixels at the edges, mirrored; there must be as many."""
        # Backwards, one before the first is where the end would be: any number below does.
        before = self.slice(source, axis, reach - 1, -(1 << 31), -1)
        after = self.slice(source, axis, -1, -1 - reach, -1)
        return self.add("Concat", [before, source, after], axis=axis)

    def model(self, name: str, source, result, description: str, metadata: dict[str, str]):
        """Returns a checked ModelProto.

        Args:
          name: of the graph.
          source: (name, dtype, shape) of the input; sides that vary are strings.
          result: likewise, of the output.
          description: what the graph computes.
          metadata: what is kept with it.
        """
        import onnx

        described = [
            helper.make_tensor_value_info(each, _TYPES[dtype], shape)
            for each, dtype, shape in (source, result)
        ]
        graph = helper.make_graph(
            self._nodes, name, described[:1], described[1:], list(self._constants.values())
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="srcnn_tf",
            doc_string=description,
        )
        helper.set_model_props(model, metadata)
        onnx.checker.check_model(model, full_check=True)
        return model
