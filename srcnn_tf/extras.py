"""What a missing package is needed for: one sentence with the command that brings it."""

# The extra of this package that brings a module; what is not here comes with the package itself.
_EXTRAS = {
    "ai_edge_litert": "export",
    "apache_beam": "beam",
    "av": "video",
    "cv2": "peers",
    "google": "tensorflow",
    "importlib_resources": "beam",
    "jinja2": "plots",
    "keras": "tensorflow",
    "matplotlib": "plots",
    "mlcroissant": "beam",
    "onnx": "export",
    "onnxruntime": "export",
    "pyrtools": "metrics",
    "skimage": "datasets",
    "tensorflow": "tensorflow",
    "tensorflow_datasets": "datasets",
}


def in_words(error: ModuleNotFoundError, extras: str = "") -> str | None:
    """Says how to get a module that could not be imported.

    Args:
      error: what Python raised.
      extras: all that the caller needs, such as `datasets,plots`, so that users are not told of
        one after the other; the module's own if empty.

    Returns:
      One sentence; None if the module belongs to none of the extras: a fault, not a choice.
    """
    name = (error.name or "").partition(".")[0]
    if name not in _EXTRAS:
        return None
    return (
        f"this needs {name}, which is not installed; "
        f'pip install "srcnn_tf[{extras or _EXTRAS[name]}]" brings it.'
    )
