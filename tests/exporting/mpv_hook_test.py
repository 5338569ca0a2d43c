"""The shader for mpv, run by mpv's renderer where that is installed."""

import pytest
from drawn_networks import EVERYTHING, drawn

import srcnn_tf
from srcnn_tf.exporting import video_filter
from srcnn_tf.exporting.contents import Contents
from srcnn_tf.exporting.formats import mpv_hook

_LOW = [each for each in EVERYTHING if each.grid == "low" and each.upscale == 2]


@pytest.mark.slow
def test_the_renderer_gives_what_upscale_gives(tmp_path):
    if video_filter.obstacle():
        pytest.skip(video_filter.obstacle())
    (exported,) = srcnn_tf.export(drawn(EVERYTHING[4]), 2, tmp_path, ["mpv"])
    assert exported.parity.difference <= 2 / 255


def test_every_texture_that_is_read_was_saved_before(tmp_path):
    for architecture in _LOW:
        mpv_hook.write(Contents(drawn(architecture), 2), tmp_path / "shader.glsl")
        known, text = {"LUMA"}, (tmp_path / "shader.glsl").read_text()
        for work in text.split("//!HOOK LUMA\n")[1:]:
            words = [line.split() for line in work.splitlines() if line.startswith("//!")]
            bound = {line[1] for line in words if line[0] == "//!BIND"}
            assert bound <= known
            assert all(f"{name}_" in work for name in bound)
            known |= {line[1] for line in words if line[0] == "//!SAVE"}


def test_networks_that_are_no_shader_are_refused(tmp_path):
    with pytest.raises(srcnn_tf.ExportError, match="see the small picture"):
        srcnn_tf.export("srcnn-9-1-5", 2, tmp_path, ["mpv"])
    with pytest.raises(srcnn_tf.ExportError, match="for x2, not x4"):
        srcnn_tf.export(drawn(EVERYTHING[3]), 4, tmp_path, ["mpv"])
