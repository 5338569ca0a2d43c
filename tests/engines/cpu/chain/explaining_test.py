"""What the CPU engine says of itself."""

import numpy as np
import pytest
from drawn_networks import drawn

from srcnn_tf import engines
from srcnn_tf.engines.cpu.chain import explaining, inference
from srcnn_tf.networks.architecture import Architecture, Layer
from srcnn_tf.networks.families.family import find_architecture


def test_every_layer_has_a_line_with_its_kernel_and_cost():
    architecture = find_architecture("fsrcnn", 3)
    text = engines.explain(architecture)
    lines = [line for line in text.splitlines() if "->" in line]
    assert len(lines) == len(architecture.layers)
    assert sum("winograd" in line for line in lines) == 5
    # 5 x 5, from 1 to 56 filters.
    assert "1,400" in lines[0]
    defined = architecture.multiply_adds * architecture.upscale**2
    assert f"{defined:,.0f}" in text.splitlines()[-2]


def test_winograds_products_are_a_quarter():
    text = engines.explain(find_architecture("slim-4x16", 2))
    assert "2,304     576" in text


def test_layers_in_bfloat16_are_named():
    text = engines.explain(find_architecture("slim-4x16", 2), bfloat16=True)
    assert "products of bfloat16, summed in float32: layers 2, 3, 4, 5" in text
    assert "bfloat16" not in engines.explain(find_architecture("slim-4x16", 2))


def test_srcnn_and_what_cannot_run_are_told():
    assert "fused" in engines.explain(find_architecture("srcnn-9-5-5"))
    with pytest.raises(ValueError, match="cannot run a wide"):
        engines.explain(Architecture("wide", (Layer(11, 1),)))


def test_a_variable_has_plan_and_code_written(tmp_path, monkeypatch):
    monkeypatch.setenv(explaining.DUMP_VARIABLE, str(tmp_path / "kernels"))
    layers = (Layer(3, 16, "prelu"), Layer(3, 4))
    architecture = Architecture("dumped", layers, "low", 2, "nearest")
    run = inference.chain_runner(architecture, drawn(architecture).arrays)
    run(np.zeros((4, 4), np.float32))
    written = {path.name: path.read_text() for path in (tmp_path / "kernels").iterdir()}
    assert sorted(written) == ["dumped_x2.ll", "dumped_x2.s", "dumped_x2.txt"]
    assert written["dumped_x2.txt"] == engines.explain(architecture) + "\n"
    assert 'void @"strip"' in written["dumped_x2.ll"]
    assert "strip" in written["dumped_x2.s"]
