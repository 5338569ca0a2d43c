"""Folders of originals, of small pictures and of results are read as datasets are."""

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.evaluation import benchmarking
from srcnn_tf.evaluation.matching import MatchingError
from srcnn_tf.evaluation.picture_folders import OtherResults, read_folder, with_small_pictures
from srcnn_tf.evaluation.scoring import score
from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.degradation import degrade


@pytest.fixture
def folder(tmp_path, photo):
    (tmp_path / "originals" / "more").mkdir(parents=True)
    Image.fromarray(photo).save(tmp_path / "originals" / "more" / "color.png")
    Image.fromarray(photo[..., 1]).save(tmp_path / "originals" / "gray.png")
    return tmp_path / "originals"


def test_a_folder_is_degraded_as_records_are(folder, photo):
    gray, color = read_folder(folder, 3)
    assert (gray.filename, color.filename) == ("gray.png", "more/color.png")
    pair = degrade(photo, 3)
    for name in ("hr_y", "bicubic_y", "lr_y"):
        np.testing.assert_array_equal(getattr(color, name), getattr(pair, name)[..., 0])
    assert gray.hr_y.max() == photo[:150, :198, 1].max()
    with pytest.raises(ImageFileError, match="holds no pictures"):
        read_folder(_empty(folder), 3)


def _empty(folder):
    (folder.parent / "empty").mkdir(exist_ok=True)
    return folder.parent / "empty"


def test_small_pictures_of_the_users_own_replace_matlabs(folder, tmp_path, photo):
    pictures = read_folder(folder, 2)
    small = tmp_path / "small"
    small.mkdir()
    for name, mode in (("gray_x2.png", "L"), ("color_x2.png", "RGB")):
        pixels = photo[::2, ::2, 1] if mode == "L" else photo[::2, ::2]
        Image.fromarray(pixels).save(small / name)
    gray, color = with_small_pictures(pictures, small, "own", 2)
    np.testing.assert_allclose(gray.lr_y, photo[::2, ::2, 1] / 255, atol=1e-6)
    np.testing.assert_allclose(color.lr_y * 255, rgb_to_y(photo[::2, ::2]), atol=0.5001)
    assert color.bicubic_y.shape == color.hr_y.shape
    with pytest.raises(MatchingError, match="100 x 75 pixels, and 66 x 50 are needed"):
        with_small_pictures(read_folder(folder, 3), _renamed(small), "own", 3)


def _renamed(small):
    for path in small.iterdir():
        path.rename(path.with_name(path.name.replace("x2", "x3")))
    return small


def test_results_of_another_program_are_scored_in_their_own_colors(folder, tmp_path, photo):
    results = tmp_path / "results"
    results.mkdir()
    shifted = np.clip(photo[:150, :198] + np.array([8, 0, 0]), 0, 255).astype(np.uint8)
    Image.fromarray(shifted).save(results / "color_x3.png")
    # A gray picture that was saved in color keeps its values as Y.
    Image.fromarray(np.repeat(photo[:150, :198, 1:2], 3, axis=2)).save(results / "gray.png")
    scores = benchmarking.benchmark(
        "own",
        read_folder(folder, 3),
        3,
        {},
        metrics=["psnr", "psnr_rgb"],
        others=[OtherResults("theirs", results)],
    )
    gray, color = scores.columns["theirs"]
    assert gray == {"psnr": np.inf, "psnr_rgb": np.inf}
    red = (shifted.astype(int) - photo[:150, :198])[3:-3, 3:-3]
    assert color.psnr_rgb == pytest.approx(20 * np.log10(255 / np.sqrt(np.mean(red**2))))
    planes = rgb_to_y(shifted), rgb_to_y(photo[:150, :198])
    assert color.psnr == pytest.approx(score(planes[0] / 255.0, planes[1], 3).psnr)


def test_results_that_do_not_fit_are_named_before_a_network_runs(folder, tmp_path, photo):
    def run(plane):
        raise AssertionError("a network ran")

    results, pictures = OtherResults("theirs", tmp_path / "results"), read_folder(folder, 3)
    results.folder.mkdir()
    for name in ("gray.png", "color.png"):
        Image.fromarray(photo).save(results.folder / name)
    with pytest.raises(MatchingError, match=r"gray.png has 200 x 150 pixels, and 198 x 150"):
        benchmarking.benchmark("own", pictures, 3, {"ours": run}, others=[results])


def test_results_of_other_datasets_leave_no_column(folder, tmp_path):
    lines = []
    others = [OtherResults("theirs", _empty(folder))]
    scores = benchmarking.benchmark(
        "own", read_folder(folder, 3), 3, {}, others=others, log=lines.append
    )
    assert not scores.columns and lines[-1] == "not scored: theirs has no pictures of own x3"
