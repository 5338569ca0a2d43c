"""All export formats by name, in the order in which messages list them."""

from srcnn_tf.exporting.formats import (
    html_page,
    keras_file,
    litert_file,
    mpv_hook,
    onnx_file,
    saved_model,
)
from srcnn_tf.exporting.formats.export_format import FORMATS

for _module in (saved_model, keras_file, litert_file, onnx_file, html_page, mpv_hook):
    FORMATS.register(_module.FORMAT.name, _module.FORMAT)
