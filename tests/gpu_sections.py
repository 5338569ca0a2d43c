"""The sections of `tests/gpu_check`; no tests. Each returns what it found, and whether it is ok."""

import dataclasses
import itertools
import json
import math
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import psutil
import tensorflow as tf

from srcnn_tf.data.device_crops import DeviceCrops
from srcnn_tf.data.pipeline import pack, training_batches
from srcnn_tf.engines.cpu.choosing import gradients as cpu_gradients
from srcnn_tf.engines.gpu_memory import free_gpu_memory
from srcnn_tf.engines.runners import runner
from srcnn_tf.engines.why_no_gpu import why_no_gpu
from srcnn_tf.imaging.tiling import Tile, Tiler
from srcnn_tf.networks.find_weights import load_network
from srcnn_tf.throughput import bench_device, bench_device_input, peaks, table
from srcnn_tf.throughput.bench_device_input import made_up_pictures, seed_config
from srcnn_tf.throughput.timing import measure
from srcnn_tf.training import environment
from srcnn_tf.training.crop_device import has_gpu, step_device
from srcnn_tf.training.loop import train
from srcnn_tf.training.train_step import TrainState, differentiate, make_train_step
from srcnn_tf.upscaling.enlargers import out_of_memory
from srcnn_tf.upscaling.enlarging import Enlarger
from srcnn_tf.upscaling.gpu_tiles import auto_tile

_PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
# Seconds that the suite may take, and that are kept for what comes after the long run.
_SUITE_SECONDS, _AFTERWARDS = 90, 60


class Check(NamedTuple):
    """How to check: at tiny sizes or not, and how many seconds are left for everything."""

    short: bool
    left: float


class Section(NamedTuple):
    """What runs, and in how little time it should not be tried."""

    run: Callable[[Check], dict]
    least_seconds: float


def _say(text):
    print(f"  {text}", flush=True)


def devices(check):
    """What there is, and what was chosen for it."""
    gpus = tf.config.list_physical_devices("GPU")
    details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus]
    query = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
    try:
        driver = subprocess.run(query, capture_output=True, text=True, timeout=20).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        driver = ""
    precision = environment.automatic_precision()
    found = {
        **environment.describe(),
        "details": [{name: str(value) for name, value in each.items()} for each in details],
        "driver": driver or "nvidia-smi says nothing",
        "build": {name: str(value) for name, value in tf.sysconfig.get_build_info().items()},
        "precision": environment.describe_arithmetic(precision),
        "xla": environment.uses_xla(None),
        "free_memory": free_gpu_memory(),
        "why_no_gpu": "" if gpus else why_no_gpu(),
    }
    for name, value in found.items():
        _say(f"{name}: {value}")
    return {"ok": True, **found}


def parity(check):
    """What the device computes beside the processor: crops, planes, gradients, training."""
    found = {"crops": _crops_agree(check)}
    _say(f"crops are the host's bit for bit: {found['crops']}")
    for name, scale in (("srcnn-9-5-5", 3), ("slim-10x16", 4)):
        network = load_network(name, scale=scale)
        plane = made_up_pictures(1, 60 if check.short else 255)[0].bicubic_y
        difference = abs(runner(network, "tensorflow")(plane) - runner(network, "cpu")(plane)).max()
        found[f"forward {name}"] = float(difference)
        _say(f"{name}: planes differ by {difference:.1e} (1e-4 is allowed)")
    config = seed_config(8 if check.short else 91)
    batches = _batches(config, 4 if check.short else 200)
    found["gradients"] = _gradients_differ(config, batches[0])
    _say(f"gradients differ by {found['gradients']:.1e} of the largest (1e-3 is allowed)")
    # The CPU engine is another program than TensorFlow, also where that runs on a processor.
    engines = [dataclasses.replace(config, engine=engine) for engine in ("tensorflow", "cpu")]
    last = [float(np.mean(_losses(each, "float32", batches)[0][-20:])) for each in engines]
    found["training"] = abs(last[0] / last[1] - 1)
    _say(f"{len(batches)} steps end at losses {last[0]:.4e} and {last[1]:.4e} (1 % is allowed)")
    planes = max(found["forward srcnn-9-5-5"], found["forward slim-10x16"])
    ok = found["crops"] and planes <= 1e-4 and found["gradients"] <= 1e-3
    return {"ok": bool(ok and found["training"] <= 0.01), **found}


def precisions(check):
    """The loss falls in every precision, and how fast each is."""
    config = seed_config(8 if check.short else 91)
    batches = _batches(config, 8 if check.short else 200)
    found = {}
    for precision in _PRECISIONS:
        losses, rate = _losses(config, precision, batches)
        falls = bool(
            math.isfinite(losses[-1]) and losses[-1] < losses[0] / (1 if check.short else 2)
        )
        found[precision] = {"first": losses[0], "last": losses[-1], "falls": falls, "rate": rate}
        _say(f"{precision}: {losses[0]:.3e} to {losses[-1]:.3e}, {rate:.0f} single steps a second")
    return {"ok": all(each["falls"] for each in found.values()), **found}


def suite(check):
    """The cases of `bin/benchmark --suite=throughput --device=gpu` but the whole run."""
    begin, precision = time.monotonic(), environment.automatic_precision()
    peak = peaks.datasheet_peak(environment.describe_device(), precision)
    peak = peak or peaks.measured_peak(precision, check.short)
    _say(
        f"peak in {precision}: {peak.rate / 1e12:,.3g} x 10^12 operations a second ({peak.source})"
    )
    cases = [
        *bench_device_input.input_cases(check.short),
        *bench_device.plane_cases(check.short),
        *bench_device.step_cases(check.short),
    ]
    measured, left_out = [], []
    for case in cases:
        if time.monotonic() - begin > min(_SUITE_SECONDS / (2 if check.short else 1), check.left):
            left_out.append(case.title)
            continue
        measured.append(measure(case, 1 if check.short else 3))
        _say(table.work_text(measured[-1], peak.rate).replace("\n", "\n  "))
    failed = {
        label: reason
        for each in measured
        for label, reason in each.missing.items()
        if label.startswith("our") and reason.startswith("failed")
    }
    works = [
        {
            "title": each.case.title,
            "seconds": {timing.label: timing.median for timing in each.timings},
            "per_second": {t.label: each.case.amount / t.median for t in each.timings},
            "share_of_peak": {t.label: table.peak_share(each, t, peak.rate) for t in each.timings},
            "missing": dict(each.missing),
        }
        for each in measured
    ]
    return {"ok": not failed, "peak": peak._asdict(), "works": works, "left_out": left_out}


def hundred_thousand(check):
    """100,000 steps of SRCNN-keras' recipe by `train`: below five minutes, never waiting."""
    config = seed_config(2 if check.short else 91)
    pictures = made_up_pictures(4, 60) if check.short else made_up_pictures()
    if check.short:
        config = dataclasses.replace(config, steps=20, log_every=10, steps_per_call=5)
    # As Ctrl-C does, where time runs out: what was done tells how long all of it takes.
    timer = threading.Timer(check.left - _AFTERWARDS, os.kill, (os.getpid(), signal.SIGINT))
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        timer.start()
        try:
            result = train(config, pictures, folder, data="made-up pictures", crops="device")
        finally:
            timer.cancel()
        seconds = time.monotonic() - begin
        text = (pathlib.Path(folder) / "metrics.jsonl").read_text(encoding="utf-8")
    lines = [line for line in map(json.loads, text.splitlines()) if line["kind"] == "train"]
    # The first line is of the steps that were compiled, too.
    waits = [line["input_wait"] for line in lines[1:]]
    found = {
        "steps": result.step,
        "seconds": seconds,
        "reckoned_seconds": seconds * 100_000 / max(result.step, 1),
        "input_wait": float(np.mean(waits)) if waits else None,
        "last_loss": lines[-1]["loss"],
        "steps_per_second": [round(line["steps_per_second"], 1) for line in lines[::10]],
    }
    for name, value in found.items():
        _say(f"{name}: {value}")
    reached = found["reckoned_seconds"] < 300 and (found["input_wait"] or 0) < 0.01
    _say(f"goal (100,000 steps in 300 s, input never waited for): {'met' if reached else 'MISSED'}")
    return {"ok": math.isfinite(found["last_loss"]), "goal_met": reached, **found}


def memory(check):
    """Memory that is in use does not grow with the steps."""
    config = seed_config(8 if check.short else 91)
    step = make_train_step(TrainState(config, environment.automatic_precision()), config)
    batch = _batches(config, 1)[0]
    used = []
    for _ in range(4):
        for _ in range(2 if check.short else 200):
            loss = step(*batch)
        float(loss)
        used.append(_in_use())
    growth = used[-1] - used[1]
    found = {"in_use": used, "growth": growth, "free": free_gpu_memory()}
    if has_gpu():
        found["peak"] = int(tf.config.experimental.get_memory_info("GPU:0")["peak"])
    for name, value in found.items():
        _say(f"{name}: {value}")
    return {"ok": growth < 1 << 26, **found}


def tiles(check):
    """A picture of 100 megapixels in tiles, whose values are those of the processor."""
    network = load_network("slim-10x16", scale=2)
    side = 300 if check.short else 5000
    random = np.random.default_rng(0)
    picture = np.kron(random.integers(0, 256, (side // 20, side // 20, 3)), np.ones((20, 20, 1)))
    picture = (picture + random.normal(0, 4, picture.shape)).clip(0, 255).astype(np.uint8)
    enlarger = _enlarger(network, "tensorflow")
    begin = time.monotonic()
    result = enlarger.enlarge(picture)
    seconds = time.monotonic() - begin
    # The same parts by the CPU engine.
    other = _enlarger(network, "cpu")
    differences = []
    for corner in (0, side, 2 * side - 150):
        part = Tile(corner, corner + 150, corner, corner + 150)
        for tile, values in other.tiles(picture, part):
            differences.append(abs(values.astype(int) - result[tile.slices]).max())
    found = {
        "megapixels": result.shape[0] * result.shape[1] / 1e6,
        "seconds": seconds,
        "tile": enlarger.tiler.side,
        "levels_that_differ_by": int(max(differences)),
    }
    for name, value in found.items():
        _say(f"{name}: {value}")
    return {"ok": found["levels_that_differ_by"] <= 1, **found}


def _batches(config, count):
    """Returns batches on the host."""
    packed = pack(made_up_pictures(8, 90), config.scale, (1.0,), config.patch_size)
    batches = training_batches(
        packed,
        batch_size=config.batch_size,
        patch=config.patch_size,
        border=config.border,
        seed=config.seed,
    )
    return list(itertools.islice(batches, count))


def _crops_agree(check):
    packed = pack(made_up_pictures(8, 90), 3, (1.0,), 33)
    options = {"batch_size": 91, "patch": 33, "border": 8, "seed": 1, "full_range": 0.5}
    crops = DeviceCrops(packed, step_device(), jit_compile=environment.uses_xla(None), **options)
    cut = tf.function(crops.cut)
    pairs = zip(training_batches(packed, **options), crops.choices, strict=False)
    return all(
        np.array_equal(ours.numpy(), theirs.numpy())
        for theirs_both, choice in itertools.islice(pairs, 3)
        for ours, theirs in zip(cut(*choice), theirs_both, strict=True)
    )


def _gradients_differ(config, batch):
    """Returns how far the device's gradients are from the CPU engine's, of the largest of each."""
    state = TrainState(config, "float32")
    with tf.device(step_device()):
        found = differentiate(state, config, *batch)[1]
    network = state.network
    by_kernels = cpu_gradients(network.architecture, config.patch_size, config.loss, config.padding)
    weights = [variable.numpy() for variable in network.named_variables().values()]
    _, expected = by_kernels(weights, *(part.numpy() for part in batch))
    return max(
        float(abs(ours.numpy() - theirs).max() / abs(theirs).max())
        for ours, theirs in zip(found, expected, strict=True)
    )


def _losses(config, precision, batches):
    """Returns the losses of single steps, and how many were done a second once compiled."""
    step = make_train_step(TrainState(config, precision), config)
    losses, begin = [float(step(*batches[0]))], time.monotonic()
    losses += [float(step(*batch)) for batch in batches[1:]]
    return losses, (len(batches) - 1) / (time.monotonic() - begin)


def _enlarger(network, engine):
    """Returns a network at work on whole pictures by this engine, wherever that runs."""
    run = runner(network, engine)
    return Enlarger(2, Tiler(auto_tile(run), out_of_memory()), run)


def _in_use():
    if has_gpu():
        return int(tf.config.experimental.get_memory_info("GPU:0")["current"])
    return psutil.Process().memory_info().rss


# In order of worth.
SECTIONS = {
    "devices": Section(devices, 1),
    "parity": Section(parity, 20),
    "precisions": Section(precisions, 20),
    "hundred_thousand": Section(hundred_thousand, _AFTERWARDS + 20),
    "suite": Section(suite, 30),
    "memory": Section(memory, 10),
    "tiles": Section(tiles, 15),
}
