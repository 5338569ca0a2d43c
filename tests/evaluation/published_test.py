"""The published figures can be looked up, and every one has a method and a source."""

import pytest

from srcnn_tf.evaluation import published
from srcnn_tf.evaluation import published_deblocking as deblocking


def test_looks_up_a_figure_by_method_dataset_and_scale():
    bicubic = published.published_score(published.BICUBIC, "set5", 3)
    assert bicubic == {"psnr": 30.39, "ssim": 0.8682, "ifc": 3.52, "nqm": 27.54, "wpsnr": 41.65}
    assert published.published_score(published.SRCNN_PAPER, "set14", 2).psnr == 32.45
    assert published.published_score(published.SRCNN_KERAS, "set5", 2) == {"psnr": 36.36}
    assert published.published_score(published.BICUBIC, "bsd100", 4) == {"psnr": 25.96}


@pytest.mark.parametrize("dataset, scale", [("set5", 8), ("sample_photos", 3), ("bsd200", 3)])
def test_what_was_not_published_is_none(dataset, scale):
    assert published.published_score(published.BICUBIC, dataset, scale) is None


def test_every_figure_has_a_described_method_and_a_known_test_set():
    assert {*published.SCORES, *deblocking.SCORES} == set(published.METHODS)
    for figures in (*published.SCORES.values(), *deblocking.SCORES.values()):
        assert set(figures) <= set(published.BENCHMARK_SETS)
    assert all(method.source for method in published.METHODS.values())


def test_every_published_network_beats_published_bicubic():
    for method in set(published.SCORES) - {published.BICUBIC}:
        for dataset, figures in published.SCORES[method].items():
            for scale, figure in figures.items():
                assert (
                    figure.psnr > published.published_score(published.BICUBIC, dataset, scale).psnr
                )


def test_every_published_network_beats_the_jpeg():
    jpegs = deblocking.SCORES[deblocking.JPEG]
    for method in deblocking.COLUMNS:
        for dataset, figures in deblocking.SCORES[method].items():
            assert all(each.psnr > jpegs[dataset][q].psnr for q, each in figures.items())


def test_gains_over_bicubic_are_known_or_none():
    gain = published.gain_over_bicubic(published.SRCNN_PAPER, "set5", 3)
    assert gain == pytest.approx(32.75 - 30.39)
    assert published.gain_over_bicubic(published.SRCNN_PAPER, "set5", None) is None
    assert published.gain_over_bicubic(published.SRCNN_KERAS, "set5", 3) is None


def test_titles_are_as_tables_write_them():
    assert published.title("bsd200") == "BSD200"
    assert published.title("sample_photos") == "sample_photos"
