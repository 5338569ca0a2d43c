"""Networks in color are scored by the Y of what they restore, and in their own colors."""

import numpy as np
import pytest
import small_runs

from srcnn_tf.engines.runners import runner
from srcnn_tf.evaluation.benchmarking import benchmark
from srcnn_tf.evaluation.inputs import network_input, restored
from srcnn_tf.evaluation.protocols.compressed import Compressed
from srcnn_tf.evaluation.protocols.rgb import Rgb
from srcnn_tf.evaluation.scoring import evaluate, score_picture
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.networks.network import initial_network

_COLORS = pytest.mark.parametrize("color", ["ycbcr", "rgb"])


def _untouched(color):
    """A network that gives its input, as it begins, back exactly."""
    network = initial_network(f"srcnn-9-1-5-{color}", 3)
    arrays = dict(network.arrays)
    kernel = arrays["conv3/kernel"].copy()
    kernel[:, :, 3:] = 0
    return runner(network.replace(arrays={**arrays, "conv3/kernel": kernel}))


@_COLORS
def test_one_that_changes_nothing_scores_as_bicubic(color):
    # RGB is shrunk without rounding, and Y was rounded before.
    tolerance = 1e-3 if color == "ycbcr" else 0.05
    for score in evaluate(small_runs.colored_pictures(3), 3, _untouched(color)):
        assert score.network.psnr == pytest.approx(score.bicubic.psnr, abs=tolerance)


@_COLORS
def test_colors_are_its_own(color):
    (picture,) = small_runs.colored_pictures(1)
    run = _untouched(color)
    made = restored(run, picture)
    assert made.shape == (60, 60, 3)
    planes = network_input(run, picture)
    np.testing.assert_allclose(made, run.color_mode.picture_of(planes, gray=False), atol=1e-5)
    metrics = ("psnr", "psnr_rgb")
    ours = score_picture(made, picture, 3, metrics)
    bicubic = score_picture(picture.bicubic_y, picture, 3, metrics)
    for metric in metrics:
        assert ours[metric] == pytest.approx(bicubic[metric], abs=0.1)
    # The original's own colors are perfect, whatever Y would be given by bicubic's.
    perfect = score_picture(picture.hr / np.float32(255), picture, 3, ("psnr_rgb", "psnr"))
    assert perfect["psnr_rgb"] == np.inf and perfect["psnr"] > 50


@_COLORS
def test_of_gray_pictures_there_is_the_gray(color):
    (picture,) = small_runs.pictures(1)
    picture = picture._replace(hr=np.repeat(picture.hr_y[..., None], 3, axis=2))
    made = restored(_untouched(color), picture)
    np.testing.assert_allclose(made, picture.bicubic_y, rtol=0, atol=3 / 255)
    (score,) = evaluate([picture], 3, _untouched(color), ("psnr", "psnr_rgb"))
    assert score.network.psnr == pytest.approx(score.bicubic.psnr, abs=0.1)
    assert score.network["psnr_rgb"] == pytest.approx(score.network.psnr, abs=0.1)


def test_the_protocols():
    pictures = small_runs.colored_pictures(2)
    run = _untouched("rgb")
    prepared = Rgb().prepare(pictures[0], 3)
    small = network_input(run, prepared)
    assert small.shape == (60, 60, 3)
    # The small picture has 8 bits there.
    assert 0 < np.abs(small - network_input(run, pictures[0])).max() < 2 / 255
    said = []
    scores = benchmark(
        "made", pictures, 3, {"rgb": run},
        metrics=("psnr_rgb", "psnr"), protocol=Rgb(), log=said.append,
    )  # fmt: skip
    assert said[-1].startswith("color: rgb sees and restores RGB; metrics of Y")
    assert scores.mean("rgb").psnr == pytest.approx(scores.bicubic_mean.psnr, abs=0.05)
    with pytest.raises(ValueError, match="luminance alone"):
        benchmark("made", pictures, 3, {"rgb": run}, protocol=Compressed(), log=str)
    with pytest.raises(ValueError, match="has no colors"):
        evaluate(small_runs.pictures(1), 3, run)


def test_planes_shown_are_pictures():
    shown = []
    pictures = small_runs.colored_pictures(1)
    benchmark(
        "made", pictures, 3, {"rgb": _untouched("rgb")},
        log=str, on_plane=lambda picture, label, plane: shown.append((label, plane)),
    )  # fmt: skip
    (first, bicubic), (second, plane) = shown
    assert (first, second) == (None, "rgb")
    np.testing.assert_allclose(rgb_to_y(plane), bicubic, rtol=0, atol=1.5 / 255)
