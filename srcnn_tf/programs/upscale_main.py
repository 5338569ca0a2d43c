"""Makes pictures bigger: usage: bin/upscale [--flags] WHAT...

WHAT is any number of pictures, folders and patterns such as '*.jpg', or - for a picture on
standard input. JPEG, PNG, WebP, BMP, TIFF and AVIF stay what they are, other pictures become PNG;
HEIC needs pip install "srcnn_tf[heif]". Animated GIF, PNG, WebP and AVIF go frame by frame, and so
do films such as MP4, with their sound, which need pip install "srcnn_tf[video]". Nothing is
replaced unless --overwrite says so. The exit status is 0 if all went well, and 1 if anything
failed, which is named and stops no other.

bin/upscale photo.jpg                                # writes photo_x2.jpg beside it
bin/upscale photo.jpg --scale=4 -o big.png
bin/upscale photos more/*.png -o bigger --max_side=3000 --recursive --skip_existing
bin/upscale - --scale=2 < small.png > big.png
bin/upscale clip.mp4 --height=1080 --crf=16          # writes clip_1080h.mp4
bin/upscale photos --dry_run                         # says what would be done
bin/upscale photos -o restored --scale=3 --restore   # shrinks first, and scores what comes back
"""

import sys

from absl import flags

from srcnn_tf.programs import startup
from srcnn_tf.programs import upscale_flags as options

# One is read and one written while the device is at work on a third.
_JOBS_ON_GPU = 3
# What was done so far, for the sentence after a signal.
_PROGRESS = {"batch": None, "jobs": 0}


def after_a_signal() -> str:
    """Says what became of the pictures until the program was stopped."""
    batch = _PROGRESS["batch"]
    if batch is None:
        return "nothing was written."
    return (
        f"{batch.done} of {_PROGRESS['jobs']} done, which are kept; --skip_existing goes on from "
        "here."
    )


def main(argv):
    """Plans, loads the network, and enlarges picture after picture."""
    inputs = [*filter(None, [options.INPUT.value]), *argv[1:]]
    if not inputs:
        sys.exit(
            "bin/upscale: name a picture, a folder, a pattern such as '*.jpg', or - for standard "
            "input (--help tells more)."
        )
    # A flag that needs no value takes none from the next word.
    if options.COMPARE.value == "true" and argv[1:2] and argv[1] in options.STYLES:
        sys.exit(f"bin/upscale: write --compare={argv[1]}, with the sign =.")
    from srcnn_tf.files.image_files import ImageFileError
    from srcnn_tf.networks.weights_info import WeightsError
    from srcnn_tf.upscaling.gpu_tiles import AUTO_TILE
    from srcnn_tf.upscaling.inputs import plan_all
    from srcnn_tf.upscaling.memory_limit import check_tile
    from srcnn_tf.upscaling.network_choice import enlargers_for

    try:
        sizing = _sizing()
        style = options.compare_style()
        planned = plan_all(
            inputs,
            options.OUTPUT.value,
            suffix=_suffix(sizing, style),
            extension="html" if style == "html" else options.EXT.value,
            recursive=options.RECURSIVE.value,
        )
        _check(planned)
        check_tile(options.tile() or AUTO_TILE, options.JOBS.value or 1)
        startup.configure_logging()
        enlargers = enlargers_for(
            options.MODEL.value,
            sizing,
            options.tile(),
            options.SELF_ENSEMBLE.value,
            options.PRECISION.value,
            options.DEVICE.value,
            options.STRENGTH.value,
        )
        if not options.DRY_RUN.value:
            _start(enlargers)
    except (ImageFileError, OSError, ValueError, WeightsError, startup.DeviceError) as error:
        sys.exit(f"bin/upscale: {error}")
    batch = _run(planned, enlargers)
    sys.exit(1 if batch.failed else 0)


def _sizing():
    from srcnn_tf.imaging.degradation import SCALES
    from srcnn_tf.upscaling.sizing import Sizing

    sizing = Sizing(
        options.SCALE.value,
        options.WIDTH.value,
        options.HEIGHT.value,
        options.MEGAPIXELS.value,
        options.MAX_SIDE.value,
    )
    if options.RESTORE.value and sizing.fixed_scale not in SCALES:
        raise ValueError("--restore shrinks and enlarges by 2, 3 or 4; name one by --scale alone.")
    return sizing


def _check(planned) -> None:
    """Refuses flags that are for no result here, and pictures mixed with lines on one output."""
    wanted = options.EXT.value
    targets = [job.target.suffix.lower() for job in planned.jobs if not job.to_stdout]
    if wanted in options.CLIP_EXTENSIONS and targets and f".{wanted}" not in targets:
        kind = "an animation" if wanted == "gif" else "a film"
        raise ValueError(f"--ext={wanted} is for {kind}, and there is none here; leave it out.")
    films = {f".{each}" for each in options.CLIP_EXTENSIONS if each != "gif"}
    for name in ("codec", "crf"):
        if flags.FLAGS[name].present and films.isdisjoint(targets):
            raise ValueError(f"--{name} is for films, and there is none here; leave it out.")
    if not any(job.to_stdout for job in planned.jobs):
        return
    if options.JSON_LINES.value:
        raise ValueError("standard output is for the picture; name a file by -o for --json_lines.")
    if sys.stdout.isatty() and not options.DRY_RUN.value:
        raise ValueError("the picture would be written to the terminal; use > FILE, or -o FILE.")


def _suffix(sizing, style: str) -> str:
    if options.SUFFIX.value is not None:
        return options.SUFFIX.value
    restored = "_restored" if options.RESTORE.value else ""
    return f"{sizing.suffix()}{restored}" + ("_compare" if style else "")


def _start(enlargers) -> None:
    """Prepares TensorFlow, where it will be loaded."""
    from srcnn_tf.engines import runners

    precision, device = options.PRECISION.value, options.DEVICE.value
    if not any(
        runners.needs_tensorflow(each.network(each.scales[0]).architecture, precision, device)
        for each in enlargers.alternatives
    ):
        return
    startup.start_tensorflow(device)


def _run(planned, enlargers):
    """Says what runs where, works on every picture, and returns the batch."""
    from srcnn_tf.upscaling import batch, outcome
    from srcnn_tf.upscaling.clips.options import ClipOptions
    from srcnn_tf.upscaling.gpu_tiles import on_gpu

    to_stdout = any(job.to_stdout for job in planned.jobs)
    out = sys.stderr if to_stdout or options.JSON_LINES.value else sys.stdout
    counts = batch.Batch()
    _PROGRESS.update(batch=counts, jobs=len(planned.jobs))
    restore = options.RESTORE.value
    print(_intention(enlargers), file=out)
    batch.run(
        planned.jobs,
        enlargers.enlarger(enlargers.scales[0]) if restore else enlargers,
        batch.BatchOptions(
            restore=restore,
            compare=options.compare_style(),
            overwrite=options.OVERWRITE.value,
            skip_existing=options.SKIP_EXISTING.value,
            quality=options.quality(),
            max_pixels=options.MAX_PIXELS.value,
            jobs=options.JOBS.value or (_JOBS_ON_GPU if on_gpu() else 1),
            dry_run=options.DRY_RUN.value,
            clips=ClipOptions(options.CODEC.value, options.CRF.value),
        ),
        say=outcome.Outcome.to_json if options.JSON_LINES.value else outcome.Outcome.in_words,
        out=sys.stdout if options.JSON_LINES.value else out,
        batch=counts,
    )
    if counts.scores:
        print(counts.mean_scores(), file=out)
    print(counts.summary(), file=out)
    if planned.left_out:
        print(f"not read: {planned.left_out}", file=out)
    return counts


def _intention(enlargers) -> str:
    """Says what will be done, by which network, on which device."""
    from srcnn_tf.upscaling.gpu_tiles import on_gpu
    from srcnn_tf.upscaling.sizing import nominal_steps

    sizing = enlargers.sizing
    device = "GPU" if on_gpu() else "CPU"
    doing = "shrinking, restoring and scoring" if options.RESTORE.value else "enlarging"
    doing = f"dry run: {doing}" if options.DRY_RUN.value else doing
    files = [enlargers.file(scale) for scale in enlargers.scales]
    if sizing.fixed_scale is None:
        how = f"to {sizing.in_words()}"
    else:
        steps = nominal_steps(sizing, enlargers.scales)
        how = f"by {sizing.fixed_scale:g}" + ("" if steps.is_plain else f" ({steps.words})")
        files = [enlargers.file(scale) for scale in dict.fromkeys(steps.networks)]
    paths = {file.path for file in files}
    if len(paths) > 1:
        paths = {path.parent for path in paths}
    where = ", ".join(sorted(map(str, paths)))
    names = " and ".join(dict.fromkeys(file.network.name for file in files))
    others = [each.network(each.scales[0]).architecture.name for each in enlargers.alternatives[1:]]
    if others:
        names = f"{' or '.join([names, *others])}, as each picture needs,"
    return f"{doing} {how} with {names} ({where}) on the {device}"
