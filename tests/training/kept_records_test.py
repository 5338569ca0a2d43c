"""What is kept of a run names no place on a machine, and stays short."""

import json

import pytest

from srcnn_tf.training import kept_records


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("bin/train --scale=4 --manual_dir=../shared/data", "bin/train --scale=4"),
        ("bin/train -workdir ~/runs/a --steps 9", "bin/train --steps 9"),
        ("bin/train '--data_dir=/a b/c' --loss=l1", "bin/train --loss=l1"),
        ("bin/train --plugin=/home/ann/my/twin.py", "bin/train --plugin=twin.py"),
        ("bin/train --config=srcnn_tf/a/b.json", "bin/train --config=srcnn_tf/a/b.json"),
        ("bin/train --initial_weights=/r/x2/last.st", "bin/train --initial_weights=slim-4x8_x2"),
        ("bin/train --initial_weights /r/last.st", "bin/train --initial_weights=slim-4x8_x2"),
    ],
)
def test_a_command_loses_the_places_of_its_machine(command, expected):
    assert kept_records.portable_command(command, "slim-4x8_x2") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("step 5/20  41.2 steps/s", "step 5/20  41.2 steps/s"),
        ("see /var/tmp/a.txt (no space)", "see a.txt (no space)"),
        ("see ../../x/y or ~/z", "see y or z"),
        ("https://example.org/a/b", "https://example.org/a/b"),
        ("PSNR / SSIM", "PSNR / SSIM"),
    ],
)
def test_paths_are_cut_to_their_last_part(text, expected):
    assert kept_records.without_paths(text) == expected


def test_a_long_run_is_kept_in_part(tmp_path):
    run, kept = tmp_path / "run", tmp_path / "kept"
    run.mkdir()
    steps = range(100, 100_001, 100)
    train = {"loss": 0.5, "learning_rate": 0.1, "steps_per_second": 50.0}
    lines = [{"kind": "train", "step": step, **train} for step in steps]
    lines += [{"kind": "validation", "step": 900, "psnr": 30.0, "bicubic_psnr": 29.0}]
    (run / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    log = [f"2026-01-01 00:00:00 step {step}/100000  loss 1e-3  rate 1" for step in steps]
    (run / "train.log").write_text("\n".join(["begins", *log, "ends"]) + "\n")
    assert kept_records.training_seconds(run) == pytest.approx(2000)

    kept_records.keep_records(run, kept, {})

    metrics = [json.loads(line) for line in (kept / "metrics.jsonl").read_text().splitlines()]
    found = [line["step"] for line in metrics if line["kind"] == "train"]
    assert found[0] == 100 and found[-1] == 100_000 and 200 < len(found) < 300
    assert metrics[-1] == lines[-1]
    words = (kept / "train.log").read_text().splitlines()
    assert (words[0], words[-1]) == ("begins", "ends")
    assert len(words) == len(found) + 2
    assert (kept / "curve.png").is_file()


def test_all_devices_of_a_run_are_told(tmp_path):
    assert kept_records.devices(tmp_path) == ""
    lines = [
        "device: GPU (A)",
        "step 1/2  loss 1",
        "device: CPU (B, 2 cores)",
        "device: CPU (B, 2 cores)",
    ]
    text = "".join(f"2026-01-01 00:00:0{n} {line}\n" for n, line in enumerate(lines))
    (tmp_path / kept_records.LOG).write_text(text, encoding="utf-8")
    assert kept_records.devices(tmp_path) == "GPU (A), then CPU (B, 2 cores)"
