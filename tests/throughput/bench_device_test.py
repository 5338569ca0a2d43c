"""Cases of one device: the card's peak, how many crops fill it, and what is refused."""

import subprocess
import sys

import pytest

from srcnn_tf.throughput import bench_device_steps, peaks, table
from srcnn_tf.throughput.timing import Case, Measurement, Timing
from srcnn_tf.training.recipes.recipe import preset


@pytest.mark.parametrize(
    ("name", "precision", "rate"),
    [
        ("GPU (NVIDIA H100 80GB HBM3)", "mixed_bfloat16", 989.4e12),
        ("GPU (NVIDIA H100 PCIe)", "mixed_bfloat16", 756e12),
        ("NVIDIA H200", "float32", 66.9e12),
        ("Tesla T4", "mixed_float16", 65e12),
        ("NVIDIA L40S", "float32", None),
        ("CPU (a processor, 2 cores)", "float32", None),
    ],
)
def test_a_cards_peak_is_known_by_its_name(name, precision, rate):
    peak = peaks.datasheet_peak(name, precision)
    assert (peak and peak.rate) == (rate and pytest.approx(rate))


def test_share_of_the_peak_is_said():
    case = Case("device", "work", 10, "crops", list, operations=3e9)
    measured = Measurement(case, (Timing("ours", "ours", (0.5, 0.25, 1.0)),), {})
    assert table.peak_share(measured, measured.timings[0], 12e9) == 0.5
    assert "ours (50 % of the peak)" in table.work_text(measured, 12e9)
    assert "peak" not in table.work_text(measured)


def test_a_full_card_holds_its_batch():
    config = preset("slim", scale=4, network="slim-10x32", engine="tensorflow")
    small, large = (bench_device_steps.filling_batch(config, each << 30) for each in (1, 16))
    assert 1 < small < large and large & (large - 1) == 0
    kept = sum(layer.filters for layer in config.architecture.layers)
    assert large * kept * 32 * 32 * 4 * 3 <= 8 << 30
    assert bench_device_steps.filling_batch(config, 1) == 1
    assert bench_device_steps.filling_batch(config, 1 << 60) == 8192


def test_groups_of_the_processor_are_not_for_a_gpu():
    told = subprocess.run(
        [
            *(sys.executable, "-m", "srcnn_tf", "benchmark", "--suite=throughput"),
            *("--device=gpu", "--groups=resize"),
        ],
        capture_output=True,
        text=True,
    )
    assert told.returncode != 0 and "the only group is device" in told.stderr
    assert "Traceback" not in told.stderr
