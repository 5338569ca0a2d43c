"""Measures builds on Beam and training from sub-images: memory, time, and that nothing is lost.

    # 500 and 5,000 generated pictures; minutes
    PYTHONPATH=tests python tests/robustness/records_at_scale.py
    PYTHONPATH=tests python tests/robustness/records_at_scale.py --pictures=200,2000 --rounds=1 \
      --folder=/tmp/scale

Not a test that pytest collects. It prints one line for each measurement; peaks are of resident
memory, in MB. Times of different numbers of workers are taken in turns, and their ratios printed.
"""

import argparse
import hashlib
import json
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

_SIDE = 96  # of the pictures, which give 25 sub-images each
_SCALE = 3
_MANY = ("--direct_running_mode=multi_processing",)


def main():
    """Measures, for each number of pictures, in processes of their own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", default="500,5000")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--folder")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        task, folder, *rest = json.loads(options.child)
        print(json.dumps({"build": _build, "train": _train}[task](pathlib.Path(folder), *rest)))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for pictures in map(int, options.pictures.split(",")):
            _measure(pathlib.Path(folder) / str(pictures), pictures, options)


def _measure(folder, pictures, options):
    _make_pictures(folder / "pictures", pictures)
    plain = _child("build", folder, "plain", 0)
    print(f"{pictures} pictures, plain: {plain}", flush=True)
    seconds = {int(workers): [] for workers in options.workers.split(",")}
    for turn in range(options.rounds):
        for workers in seconds:
            name = f"{workers}_{turn}"
            built = _child("build", folder, name, workers)
            seconds[workers].append(built["seconds"])
            same = built["digest"] == plain["digest"]
            print(
                f"{pictures} pictures, Beam, {workers} workers: {built} same set: {same}",
                flush=True,
            )
            if not same:
                sys.exit("The Beam build did not write the examples of the plain one.")
    base = statistics.median(seconds[1])
    for workers, times in seconds.items():
        ratio = base / statistics.median(times)
        print(
            f"{pictures} pictures: {workers} workers are {ratio:.2f} times as fast as 1", flush=True
        )
    trained = _child("train", folder, "1_0", options.steps)
    print(f"{pictures} pictures, trained from sub-images: {trained}", flush=True)


def _child(*task):
    task = [str(part) if isinstance(part, pathlib.Path) else part for part in task]
    program = [sys.executable, __file__, f"--child={json.dumps(task)}"]
    done = subprocess.run(program, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(done.stdout.splitlines()[-1])


def _build(folder, name, workers):
    """Builds sub-images plainly (no workers) or on Beam, and digests what was written."""
    import tensorflow_datasets as tfds

    from tfds_builders.image_folder.image_folder_dataset_builder import Builder

    config = tfds.download.DownloadConfig(manual_dir=folder / "pictures", num_shards=16)
    if workers:
        from apache_beam.options.pipeline_options import PipelineOptions

        config.beam_options = PipelineOptions(
            ["--runner=FnApiRunner", f"--direct_num_workers={workers}", *_MANY]
        )
    builder = Builder(config=f"x{_SCALE}_subimages", data_dir=folder / name)
    begin = time.perf_counter()
    builder.download_and_prepare(download_config=config)
    seconds = time.perf_counter() - begin
    # Before the records are read, below. Processor time says more than time on a busy machine.
    used = {"peak_mb": _peak(resource.RUSAGE_SELF), "cpu_seconds": _cpu(resource.RUSAGE_SELF)}
    if workers:
        used["largest_worker_mb"] = _peak(resource.RUSAGE_CHILDREN)
        used["workers_cpu_seconds"] = _cpu(resource.RUSAGE_CHILDREN)
    return {
        "seconds": round(seconds, 1),
        "examples": builder.info.splits["train"].num_examples,
        "record_bytes": int(builder.info.splits["train"].num_bytes),
        **used,
        "digest": _digest(builder),
    }


def _digest(builder):
    """Returns a digest of the set of all records, whatever their order."""
    import tensorflow as tf

    total = 0
    for path in builder.info.splits["train"].filepaths:
        for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            # Protobuf does not always order the fields of an example alike.
            example = tf.train.Example.FromString(record).SerializeToString(deterministic=True)
            total += int.from_bytes(hashlib.sha256(example).digest(), "big")
    return f"{total % 2**256:064x}"[:16]


def _train(folder, name, steps):
    """Trains a 9-1-5 from the shards for some steps."""
    import tensorflow as tf

    from srcnn_tf.data import streaming
    from srcnn_tf.training.config import TrainConfig
    from srcnn_tf.training.train_step import TrainState, make_train_step
    from tfds_builders.image_folder.image_folder_dataset_builder import Builder

    builder = Builder(config=f"x{_SCALE}_subimages", data_dir=folder / name)
    config = TrainConfig(scale=_SCALE, network="srcnn-9-1-5", batch_size=128, jit_compile=False)
    state = TrainState(config, "float32")
    step = make_train_step(state, config)
    batches = streaming.streamed_batches(
        builder, "train", batch_size=config.batch_size, border=6, seed=1
    )
    begin = time.perf_counter()
    for inputs, targets in batches.take(steps):
        loss = step(inputs, targets)
    return {
        "steps": steps,
        "passes": round(steps * config.batch_size / builder.info.splits["train"].num_examples, 2),
        "loss": float(tf.constant(loss)),
        "seconds": round(time.perf_counter() - begin, 1),
        "peak_mb": _peak(resource.RUSAGE_SELF),
    }


def _peak(who):
    """Peak resident memory of this process, or of the largest of those that it waited for."""
    return resource.getrusage(who).ru_maxrss // 1024


def _cpu(who):
    """Processor time, of user and system, in seconds; with what starting the programs takes."""
    usage = resource.getrusage(who)
    return round(usage.ru_utime + usage.ru_stime, 1)


def _make_pictures(folder, count):
    """Writes small pictures of shading and noise, no two of them alike."""
    folder.mkdir(parents=True)
    rows, columns = np.mgrid[:_SIDE, :_SIDE]
    for number in range(count):
        random = np.random.default_rng(number)
        shading = 120 + 80 * np.sin(rows / random.uniform(3, 30) + columns / random.uniform(3, 30))
        noise = random.normal(0, 6, (_SIDE, _SIDE, 3))
        pixels = np.clip(shading[..., None] + noise, 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:06}.jpg", quality=90)


if __name__ == "__main__":
    main()
