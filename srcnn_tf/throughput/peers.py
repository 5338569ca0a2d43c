"""The peers: which are installed, in which version, limited to the same threads."""

import importlib
import importlib.metadata
import importlib.util
import pathlib
import sys
import types

# Module to import: distribution that brings it.
_DISTRIBUTIONS = {
    "PIL": "pillow",
    "torch": "torch",
    "jax": "jax",
    "cv2": "opencv-python-headless",
    "onnx": "onnx",
    "onnxruntime": "onnxruntime",
    "openvino": "openvino",
    "ai_edge_litert": "ai-edge-litert",
    "basicsr": "basicsr",
    "bicubic_pytorch": "bicubic-pytorch",
}


def versions() -> dict[str, str | None]:
    """Versions of all peers by distribution; None for those that are not installed."""
    return {
        distribution: _version(distribution) if _is_there(module) else None
        for module, distribution in _DISTRIBUTIONS.items()
    }


def missing(*modules: str) -> str | None:
    """Says which of these modules are not installed, or returns None if all are."""
    absent = [_DISTRIBUTIONS[module] for module in modules if not _is_there(module)]
    return f"not installed: {', '.join(absent)}" if absent else None


def torch(threads: int):
    """Imports PyTorch, limited to this many threads."""
    # Its compiler for GPUs, which nothing here uses, ends the process with a segmentation fault
    # where it is loaded beside TensorFlow (Triton of PyTorch 2.14, TensorFlow 2.21).
    sys.modules.setdefault("triton", None)
    module = importlib.import_module("torch")
    module.set_num_threads(threads)
    # On a GPU float32 is float32, as it is for TensorFlow here.
    module.backends.cudnn.allow_tf32 = False
    return module


def opencv(threads: int):
    """Imports OpenCV, limited to this many threads."""
    module = importlib.import_module("cv2")
    module.setNumThreads(threads)
    return module


def module_of_file(package: str, path: str) -> types.ModuleType:
    """Imports one file of an installed package, and not the package.

    BasicSR's own imports fail with today's torchvision; its resize needs only PyTorch.
    """
    folder = pathlib.Path(importlib.util.find_spec(package).origin).parent
    name = f"{package}_{pathlib.Path(path).stem}"
    spec = importlib.util.spec_from_file_location(name, folder / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _is_there(module) -> bool:
    return importlib.util.find_spec(module) is not None


def _version(distribution) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "of unknown version"
