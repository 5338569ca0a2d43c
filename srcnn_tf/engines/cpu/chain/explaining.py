"""`explain`: in words and numbers, how the CPU engine runs a network; and its code, on request."""

import os
import pathlib

from srcnn_tf.engines.cpu.chain.plan import plan
from srcnn_tf.engines.cpu.chain.strip import strip_module
from srcnn_tf.engines.cpu.function_builder import CompiledModule, register_lanes
from srcnn_tf.files.atomic_files import write_text
from srcnn_tf.networks.architecture import Architecture

# A folder that plan, LLVM's code and assembly are written to whenever a strip is compiled.
DUMP_VARIABLE = "SRCNN_TF_DUMP_KERNELS"


def explain(architecture: Architecture, bfloat16: bool = False) -> str:
    """Says which kernel runs which layer, what lies in memory, and how much is computed.

    Multiply-adds are for each pixel of the network's input: those of the layers' definition, and
    those that are done, which Winograd's convolution has fewer of and padding to whole vectors
    more.

    Args:
      architecture: one that `plan.supports` takes.
      bfloat16: as of `plan`.
    """
    planned = plan(architecture, bfloat16)
    strip = planned.widest_strip
    lines = [
        f"{architecture.name}, x{planned.upscale}: {len(planned.layers)} layers on the "
        f"{architecture.grid} grid, vectors of 16 floats in registers of {register_lanes()}",
        f"strips of at most {strip} columns, {planned.margin} more on each side; "
        f"{planned.scratch_floats(strip) * 4 / 1e6:.2f} MB a thread, "
        f"{planned.weight_floats * 4 / 1e3:.0f} kB of weights",
        "layer  kernel   channels   runs by    activation  rows kept  multiply-adds  done",
    ]
    defined = done = 0.0
    for number, layer in enumerate(planned.layers, start=1):
        plain = layer.side**2 * layer.inputs * layer.outputs
        lines.append(
            f"{number:5}  {layer.side} x {layer.side}   {layer.inputs:3} -> {layer.outputs:<3} "
            f" {layer.method:9}  {_activation(layer):10}  {layer.groups * 4:9}  {plain:13,}"
            f"  {layer.multiply_adds:6,.0f}"
        )
        defined += plain
        done += layer.multiply_adds
    lines.append(f"in all{'':57}{defined:13,.0f}  {done:6,.0f}")
    rounded = [str(number) for number, n in enumerate(planned.layers, start=1) if n.bfloat16]
    if rounded:
        lines.append(f"products of bfloat16, summed in float32: layers {', '.join(rounded)}")
    skips = {True: "the input's pixels, repeated", False: "nothing"}[planned.repeats_input]
    added = "what bicubic makes of the input" if planned.adds_bicubic else skips
    lines.append(f"added to the result: {added}")
    return "\n".join(lines)


def dump(architecture: Architecture, compiled: CompiledModule, bfloat16: bool = False) -> None:
    """Writes the plan, LLVM's code and assembly to the folder that `DUMP_VARIABLE` names, if any.

    Args:
      architecture: of the network.
      compiled: its `strip`.
      bfloat16: as of `plan`.
    """
    folder = os.environ.get(DUMP_VARIABLE)
    if not folder:
        return
    there = pathlib.Path(folder)
    there.mkdir(parents=True, exist_ok=True)
    name = f"{architecture.name}_x{architecture.upscale}" + ("_bfloat16" if bfloat16 else "")
    write_text(there / f"{name}.txt", explain(architecture, bfloat16) + "\n")
    write_text(there / f"{name}.ll", str(strip_module(plan(architecture, bfloat16))))
    write_text(there / f"{name}.s", compiled.assembly())


def _activation(layer):
    skip = f"+{layer.skip} " if layer.skip else ""
    return skip + layer.activation
