"""`mpv`: a user shader for the video player mpv, which doubles the luminance of what is played.

Syntax: mpv's manual, "User shaders", which libplacebo reads, too. A layer is a pass for each four
of its filters; textures are clamped at their edges, which is replicate padding.
"""

import contextlib
import pathlib
from collections.abc import Iterator

import numpy as np

from srcnn_tf.exporting import video_filter
from srcnn_tf.exporting.contents import Contents
from srcnn_tf.exporting.formats.export_format import ExportFormat, Run
from srcnn_tf.imaging.phases import REACH, bicubic_phases
from srcnn_tf.networks.architecture import LOW_GRID, Layer
from srcnn_tf.networks.network import Network

_SCALE = 2
# mpv binds at most 16 textures in a pass: this many groups of four channels, and two more.
_MOST_GROUPS = 14
_MIRRORED_TEXEL = """float texel(vec2 place) {
    // Beyond the edges MATLAB's bicubic mirrors.
    place = mod(place, 2.0 * LUMA_size);
    place = min(place, 2.0 * LUMA_size - place);
    return LUMA_tex(place * LUMA_pt).x;
}
"""


def write(contents: Contents, path: pathlib.Path) -> None:
    """Writes a GLSL file."""
    network = contents.network
    described = contents.metadata()
    header = [
        f"// {network.name}: doubles luminance. Made by {described['made_by']}.",
        f"// {described['parameters']} parameters, trained on {described['training_data']}.",
        "// In mpv: --glsl-shaders=FILE, or glsl-shaders=FILE in mpv.conf.",
    ]
    passes = list(_passes(network))
    path.write_text("\n".join([*header, "", *passes]), encoding="utf-8")


def _passes(network: Network) -> Iterator[str]:
    architecture = network.architecture
    layers = architecture.layers
    # How many channels every layer gives; the luminance comes first.
    channels = [1, *architecture.filters]
    for number, layer in enumerate(layers, start=1):
        last = number == len(layers)
        for group in range(-(-layer.filters // 4)):
            bound = _names(number - 1, channels)
            skipped = _names(number - layer.skip, channels) if layer.skip else []
            if skipped:
                bound = [*bound, skipped[0] if len(skipped) == 1 else skipped[group]]
            if last and architecture.global_skip == "nearest":
                bound = [*bound, "LUMA"]
            yield _pass(
                f"{network.name}, layer {number}",
                list(dict.fromkeys(bound)),
                _names(number, channels)[group],
                _layer_code(network, number, layer, group, channels),
            )
    yield _pixels(network, channels)


def _names(number: int, channels: list[int]) -> list[str]:
    """The textures that hold what a layer gives, four channels each; 0 is the luminance."""
    if number == 0:
        return ["LUMA"]
    return [f"LAYER{number}_{group}" for group in range(-(-channels[number] // 4))]


def _pass(title, bound, saved, code) -> str:
    lines = ["//!HOOK LUMA", f"//!DESC {title}", *(f"//!BIND {name}" for name in bound)]
    # Not if the picture is shown no larger than it is.
    lines.append("//!WHEN OUTPUT.w LUMA.w > OUTPUT.h LUMA.h > *")
    if saved:
        lines += [f"//!SAVE {saved}", "//!WIDTH LUMA.w", "//!HEIGHT LUMA.h", "//!COMPONENTS 4"]
    else:
        lines += [f"//!WIDTH LUMA.w {_SCALE} *", f"//!HEIGHT LUMA.h {_SCALE} *"]
    return "\n".join([*lines, code, ""])


def _layer_code(network, number, layer: Layer, group, channels) -> str:
    arrays, first = network.arrays, 4 * group
    kernel = _four(arrays[f"conv{number}/kernel"], first)
    bias = _four(arrays[f"conv{number}/bias"], first)
    lines = ["vec4 hook() {", f"    vec4 sum = {_vector(bias)};"]
    border = layer.side // 2
    for source_group, name in enumerate(_names(number - 1, channels)):
        for row in range(layer.side):
            for column in range(layer.side):
                texel = f"{name}_texOff(vec2({column - border}.0, {row - border}.0))"
                weights = kernel[row, column, 4 * source_group : 4 * source_group + 4]
                if len(weights) == 1:
                    lines.append(f"    sum += {_vector(weights[0])} * {texel}.x;")
                    continue
                # A column for each channel that comes in.
                columns = np.zeros((4, 4), np.float32)
                columns[: len(weights)] = weights
                numbers = ", ".join(_number(value) for value in columns.ravel())
                lines.append(f"    sum += mat4({numbers}) * {texel};")
    if layer.skip:
        names = _names(number - layer.skip, channels)
        single = number == layer.skip
        texel = f"{names[0] if single else names[group]}_texOff(vec2(0.0))"
        lines.append(
            f"    sum += vec4({texel}.x, 0.0, 0.0, 0.0);" if single else f"    sum += {texel};"
        )
    if layer.activation == "relu":
        lines.append("    sum = max(sum, 0.0);")
    elif layer.activation == "tanh":
        lines.append("    sum = tanh(sum);")
    elif layer.activation == "prelu":
        slope = _vector(_four(arrays[f"conv{number}/slope"], first))
        lines.append(f"    sum = max(sum, 0.0) + {slope} * min(sum, 0.0);")
    if number == len(network.architecture.layers) and network.architecture.global_skip == "nearest":
        lines.append("    sum += vec4(LUMA_texOff(vec2(0.0)).x);")
    return "\n".join([*lines, "    return sum;", "}"])


def _pixels(network, channels) -> str:
    """The last pass: the four channels of a small pixel are the pixels that it becomes."""
    (source,) = _names(len(channels) - 1, channels)
    bicubic = network.architecture.global_skip == "bicubic"
    lines = [
        "vec4 hook() {",
        f"    vec2 place = {source}_pos * {source}_size;",
        "    ivec2 part = ivec2(fract(place) * 2.0);",
        # At the small pixel's center, where nothing is interpolated.
        f"    vec4 four = {source}_tex((floor(place) + 0.5) * {source}_pt);",
        "    float value = four[part.y * 2 + part.x];",
    ]
    if bicubic:
        phases = bicubic_phases(_SCALE)
        taps = range(-REACH, REACH + 1)
        for name, axis in (("across", "x"), ("down", "y")):
            both = [", ".join(_number(value) for value in phase) for phase in phases]
            lines.append(
                f"    float {name}[5] = part.{axis} == 0 ? "
                f"float[5]({both[0]}) : float[5]({both[1]});"
            )
        lines += [
            "    vec2 center = floor(place) + 0.5;",
            *(
                f"    value += down[{y + REACH}] * across[{x + REACH}] * "
                f"texel(center + vec2({x}.0, {y}.0));"
                for y in taps
                for x in taps
            ),
        ]
    code = "\n".join([*lines, "    return vec4(value, 0.0, 0.0, 1.0);", "}"])
    bound = [source, "LUMA"] if bicubic else [source]
    return _pass(f"{network.name}, pixels", bound, "", (_MIRRORED_TEXEL if bicubic else "") + code)


def _four(array: np.ndarray, first: int) -> np.ndarray:
    """Four filters of the last axis, zeros where there are fewer."""
    part = array[..., first : first + 4]
    return np.pad(part, [(0, 0)] * (part.ndim - 1) + [(0, 4 - part.shape[-1])])


def _vector(values) -> str:
    return f"vec4({', '.join(_number(value) for value in values)})"


def _number(value) -> str:
    text = f"{float(value):.9g}"
    return text if "." in text or "e" in text else f"{text}.0"


def refuse(contents: Contents) -> str | None:
    """Says why a network cannot be a shader, or returns None."""
    architecture = contents.network.architecture
    if architecture.grid != LOW_GRID:
        return (
            f"The format mpv is for networks that see the small picture, such as slim-10x16; a "
            f"{architecture.name} would not keep up with a film."
        )
    if max(architecture.filters) > 4 * _MOST_GROUPS:
        return f"The format mpv is for networks of at most {4 * _MOST_GROUPS} filters a layer."
    return None


@contextlib.contextmanager
def load(path: pathlib.Path, contents: Contents) -> Iterator[Run]:
    """Runs it by libplacebo, the renderer of mpv, as ffmpeg has it."""
    yield lambda arrays: np.stack([video_filter.doubled(path, each) for each in arrays])


def snippet(name: str, contents: Contents) -> str:
    """A shader is given to a player."""
    return ""


FORMAT = ExportFormat(
    "mpv",
    ".glsl",
    "libplacebo",
    write,
    load,
    snippet,
    color=False,
    scales=(_SCALE,),
    refuse=refuse,
    # Players keep what passes give in float16, and show 8 or 10 bits.
    largest_difference=2 / 255,
    clips=True,
    use="give it to mpv: --glsl-shaders=FILE",
    obstacle=video_filter.obstacle,
)
