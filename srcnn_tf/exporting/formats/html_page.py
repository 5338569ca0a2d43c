"""`html`: one page that enlarges pictures in any browser, offline, opened from disk."""

import base64
import contextlib
import json
import pathlib
from collections.abc import Iterator

import numpy as np

from srcnn_tf.exporting import browser, fixed_weights
from srcnn_tf.exporting.contents import Contents
from srcnn_tf.exporting.formats.export_format import SIZES, ExportFormat, Run
from srcnn_tf.imaging.phases import bicubic_phases

_TEMPLATES = pathlib.Path(__file__).resolve().parents[1] / "page"


def write(contents: Contents, path: pathlib.Path) -> None:
    """Writes a page that holds network, style and script, and asks nothing of a network."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # A name could end the script that holds it.
    network = json.dumps(_network(contents)).replace("<", "\\u003c")
    page = environment.get_template("page.html.j2").render(
        metadata=contents.metadata(), network=network
    )
    path.write_text(page, encoding="utf-8")


def _network(contents) -> dict:
    """What the page's functions take: layers, where their weights are, and what is fixed."""
    network, scale = contents.network, contents.scale
    architecture = network.architecture
    places, at = {}, 0
    for name, array in network.arrays.items():
        places[name] = at
        at += array.size
    weights = np.concatenate([array.ravel() for array in network.arrays.values()])
    layers = [
        {
            "side": layer.side,
            "inputs": shape[2],
            "filters": layer.filters,
            "activation": layer.activation,
            "skip": layer.skip,
            **{
                part: places[f"conv{number}/{part}"]
                for part in ("kernel", "bias", "slope")
                if f"conv{number}/{part}" in places
            },
        }
        for number, (layer, shape) in enumerate(
            zip(architecture.layers, architecture.kernel_shapes, strict=True), start=1
        )
    ]
    return {
        "layers": layers,
        "grid": architecture.grid,
        "upscale": architecture.upscale,
        "globalSkip": architecture.global_skip,
        "halo": architecture.halo,
        "scale": scale,
        "phases": bicubic_phases(scale).tolist(),
        "toYcbcr": _affine(fixed_weights.to_ycbcr()),
        "toRgb": _affine(fixed_weights.to_rgb()),
        "weights": base64.b64encode(weights.astype("<f4").tobytes()).decode(),
    }


def _affine(conversion) -> dict:
    matrix, offset = conversion
    return {"matrix": matrix.tolist(), "offset": offset.tolist()}


@contextlib.contextmanager
def load(path: pathlib.Path, contents: Contents) -> Iterator[Run]:
    """Runs it in a headless Chromium, by plain JavaScript: there is no graphics card."""
    with browser.headless() as driver:
        yield lambda arrays: np.stack([browser.enlarge(driver, path, each) for each in arrays])


def snippet(name: str, contents: Contents) -> str:
    """A page is opened by a browser."""
    return ""


FORMAT = ExportFormat(
    "html",
    ".html",
    "headless Chromium",
    write,
    load,
    snippet,
    color=True,
    use="open it in a browser",
    # A processor core takes a second for what a graphics card does at once.
    sizes=(*SIZES[:-1], (40, 48)),
    obstacle=browser.obstacle,
)
