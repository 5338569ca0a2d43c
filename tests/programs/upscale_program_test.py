"""bin/upscale as a user runs it."""

import functools

import numpy as np
import programs
import pytest
from PIL import Image

from srcnn_tf.engines.keras_models import create_network
from srcnn_tf.files import picture_kinds
from srcnn_tf.files.image_files import ImageFileError, read_image
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.initialization import draw_arrays
from srcnn_tf.networks.weight_files import save_weights
from srcnn_tf.networks.weights_info import WeightsInfo
from srcnn_tf.upscaling import batch, restoring, whole_pictures
from srcnn_tf.upscaling.plan import Job, plan

_run = functools.partial(programs.run, "upscale")


@pytest.fixture
def without_tensorflow(tmp_path):
    """An environment in which importing TensorFlow says so and fails."""
    return programs.stub_tensorflow(tmp_path)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "net.safetensors"
    arrays = draw_arrays(find_architecture("srcnn-9-1-5"), "identity", seed=0)
    save_weights(path, arrays, WeightsInfo("srcnn-9-1-5", 2, training_data="none", steps=0))
    return path


@pytest.fixture(scope="module")
def enlarger():
    return whole_pictures.make_enlarger(create_network("srcnn-9-1-5"), 2)


def _save(path, size=(12, 9), mode="RGB", color=(200, 100, 50)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, color).save(path)
    return path


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        ([], "name a picture, a folder, a pattern"),
        (["a.png", "--scale=0.5"], "The scale must be from 1 to 64, not 0.5"),
        (["a.png", "--scale=three"], "scale=three"),
        (["a.png", "--width=0"], "width=0"),
        (["a.png", "--strength=2"], "strength=2"),
        (["a.png", "--restore", "--scale=1.5"], "--restore shrinks and enlarges by 2, 3 or 4"),
        (["-i", "a.png", "--tile=0"], "must be auto or a number of pixels"),
        (["-i", "a.png", "--quality=0"], "quality"),
        (["-i", "a.png", "--ext=psd"], "should be one of"),
        (["-i", "a.png", "--ext=gif"], "--ext=gif is for an animation, and there is none here"),
        (["-i", "a.png", "--ext=mp4"], "--ext=mp4 is for a film, and there is none here"),
        (["-i", "a.png", "--skip_existing", "--overwrite"], "exclude each other"),
        (["-i", "a.png", "--suffix=a/b"], "must not hold a path"),
        (["a.png", "--reccursive"], "'reccursive'; did you mean --recursive?"),
        (["a.png", "--compare=page"], "compare"),
        (["a.png", "b.png", "-o", "c.png"], "c.png would be one file, and there are 1 pictures"),
        (["-i", "missing.png"], "missing.png does not exist"),
        (["-i", "a.png", "-o", "a.xyz"], "a.xyz is of no format to write"),
        (["-i", "empty"], "no picture in empty to enlarge; choose"),
        (["-i", "a.png", "--model=nothing.safetensors"], "no weight file nothing.safetensors"),
        (["-i", "a.png", "--suffix=", "--overwrite"], "replaced by its own enlargement"),
    ],
)
def test_wrong_input_is_one_sentence_before_tensorflow_starts(
    tmp_path, without_tensorflow, arguments, complaint
):
    _save(tmp_path / "a.png")
    (tmp_path / "empty").mkdir()
    result = _run(*arguments, cwd=tmp_path, **without_tensorflow)
    programs.assert_one_sentence(result, complaint)


def test_a_cpu_needs_no_tensorflow(tmp_path, weights, without_tensorflow):
    _save(tmp_path / "a.png")

    result = _run(
        "-i", "a.png", f"--model={weights}", "--device=cpu", cwd=tmp_path, **without_tensorflow
    )

    assert result.returncode == 0, result.stderr
    assert "on the CPU" in result.stdout
    with Image.open(tmp_path / "a_x2.png") as picture:
        assert picture.size == (24, 18)


def test_weights_for_another_scale_are_refused(tmp_path, weights, without_tensorflow):
    _save(tmp_path / "a.png")
    result = _run(
        "-i", "a.png", f"--model={weights}", "--scale=3", cwd=tmp_path, **without_tensorflow
    )
    assert result.returncode != 0 and "are for x2, not x3" in result.stderr


def test_a_folder_with_its_tree_and_one_bad_file(tmp_path, weights):
    _save(tmp_path / "in" / "a.png")
    _save(tmp_path / "in" / "deep" / "er" / "b.jpg")
    _save(tmp_path / "in" / "alpha.png", mode="LA", color=(120, 255))
    (tmp_path / "in" / "bad.png").write_bytes(b"no picture")
    (tmp_path / "in" / "notes.txt").write_text("no picture either")
    _save(tmp_path / "out" / "a_x2.png", size=(1, 1))

    result = _run(
        "--input=in", "-o", "out", "--recursive", "--skip_existing", f"--model={weights}",
        "--tile=8", "--device=cpu", cwd=tmp_path,
    )  # fmt: skip

    assert result.returncode == 1
    assert "Traceback" not in result.stderr and "I0000" not in result.stderr
    assert result.stderr.strip() == (
        "failed: in/bad.png is not a picture that can be read here; convert it to PNG or JPEG."
    )
    assert "skipped in/a.png: out/a_x2.png exists" in result.stdout
    assert "on the CPU" in result.stdout and "Mpx/s" in result.stdout
    counts, left_out = result.stdout.strip().splitlines()[-2:]
    assert counts.startswith("2 done, 1 skipped, 1 failed; 0.00 megapixels written in ")
    assert left_out == "not read: 1 that is no picture"
    written = {path.relative_to(tmp_path / "out").as_posix() for path in _files(tmp_path / "out")}
    assert written == {"a_x2.png", "alpha_x2.png", "deep/er/b_x2.jpg"}
    with Image.open(tmp_path / "out" / "deep" / "er" / "b_x2.jpg") as picture:
        assert picture.size == (24, 18)


def test_restore_scores_and_shows_all_three(tmp_path, weights, photo):
    Image.fromarray(photo).save(tmp_path / "photo.png")
    result = _run(
        "-i", "photo.png", "--restore", "--compare", f"--model={weights}", "--self_ensemble",
        cwd=tmp_path,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "mean over 1 picture: bicubic " in result.stdout
    with Image.open(tmp_path / "photo_x2_restored_compare.png") as picture:
        assert picture.size == (600, 150)
        np.testing.assert_array_equal(np.asarray(picture)[:, :200], photo)


def _files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _batch(jobs, enlarger, **options):
    return batch.run(jobs, enlarger, batch.BatchOptions(**options))


def test_nothing_is_overwritten_unasked(tmp_path, enlarger, capsys):
    job = Job(_save(tmp_path / "a.png"), _save(tmp_path / "b.png", size=(1, 1)))
    before = job.target.read_bytes()

    assert _batch([job], enlarger).failed == 1
    assert "b.png exists; use --overwrite or --skip_existing." in capsys.readouterr().err
    assert _batch([job], enlarger, skip_existing=True).skipped == 1
    assert job.target.read_bytes() == before
    batch = _batch([job], enlarger, overwrite=True)
    assert (batch.done, batch.failed, batch.pixels) == (1, 0, 24 * 18)
    assert job.target.read_bytes() != before


def test_compare_is_bicubic_left_and_the_network_right(tmp_path, photo):
    network = create_network("srcnn-9-1-5", initialization="he")
    enlarger = whole_pictures.make_enlarger(network, 2, tile=40)
    Image.fromarray(photo[:30, :40]).save(tmp_path / "a.png")

    batch = _batch([Job(tmp_path / "a.png", tmp_path / "b.png")], enlarger, compare=True)

    assert batch.done == 1
    result = np.asarray(Image.open(tmp_path / "b.png"))
    assert result.shape == (60, 160, 3)
    np.testing.assert_array_equal(result[:, :80], enlarger.bicubic().enlarge(photo[:30, :40]))
    np.testing.assert_array_equal(result[:, 80:], enlarger.enlarge(photo[:30, :40]))


def test_every_fault_is_one_sentence_and_the_others_are_done(tmp_path, enlarger, capsys):
    good = _save(tmp_path / "good.png")
    alpha = tmp_path / "alpha.png"
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(alpha)
    wide = _save(tmp_path / "wide.png", size=(8192, 1), mode="L", color=0)
    big = _save(tmp_path / "big.png", size=(60, 50), mode="L", color=0)
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "taken.png").mkdir()
    faults = {
        (alpha, "alpha.jpg"): "alpha.jpg would lose the picture's transparency",
        (wide, "wide.webp"): "wide.webp would have 16384 x 2 pixels, and WEBP holds at most 16383",
        (big, "big_x2.png"): "big.png unpacks to more than 2,000 pixels",
        (good, "file/below.png"): "below.png cannot be written",
        (good, "taken.png"): "taken.png",
        (tmp_path / "taken.png", "x.png"): "taken.png is a folder",
        (tmp_path / "gone.png", "x.png"): "gone.png does not exist",
    }
    jobs = [Job(source, tmp_path / name) for source, name in faults]
    jobs.append(Job(good, tmp_path / "good_x2.png"))

    batch = _batch(jobs, enlarger, max_pixels=2000)

    # The wide picture has more pixels than that too.
    lines = capsys.readouterr().err.strip().splitlines()
    assert (batch.done, batch.failed) == (1, len(faults)) and len(lines) == len(faults)
    for line, (pair, complaint) in zip(lines, faults.items(), strict=True):
        if pair[0] == wide:
            complaint = "wide.png unpacks to more than"
        assert line.startswith("failed: ") and complaint in line and line.endswith(".")
    batch = _batch([jobs[1]], enlarger)
    assert batch.failed == 1
    assert faults[wide, "wide.webp"] in capsys.readouterr().err
    batch = _batch([jobs[2]], enlarger, max_pixels=3000)
    assert batch.done == 1


def test_restoring_is_the_benchmarks_protocol(shared_data, tmp_path, capsys):
    from srcnn_tf.engines.runners import plane_enhancer
    from srcnn_tf.evaluation.scoring import score
    from srcnn_tf.imaging.degradation import degrade
    from srcnn_tf.networks.find_weights import load_network

    network = load_network(shared_data / "paper_weights" / "9-1-5_91-images", 3)
    # Untiled, as the benchmark has it, beside small tiles.
    enhance = plane_enhancer(network)
    enlarger = whole_pictures.make_enlarger(network, 3, tile=100)
    names = ["set5/butterfly_GT.bmp", "set14/bridge.bmp", "set14/comic.bmp"]
    for name in names:
        pair = degrade(read_image(shared_data / name), 3)
        plane = enhance(pair.bicubic_y[..., 0])
        expected = score(plane, pair.hr_y[..., 0], 3)

        restored = restoring.restore(shared_data / name, enlarger)

        assert restored.network_quality == pytest.approx(dict(expected), rel=0, abs=2e-4)
        bicubic = score(pair.bicubic_y[..., 0], pair.hr_y[..., 0], 3)
        assert restored.bicubic_quality == bicubic
        assert restored.network.dtype == np.uint8
        assert restored.network.shape[:2] == pair.hr.shape[:2]
        # Colors come back about as well as luminance does.
        error = restored.network.astype(float) - restored.original
        assert np.sqrt(np.mean(error**2)) < 20
    assert restored.original.shape[2] == 3
    assert restoring.restore(shared_data / names[1], enlarger).network.shape[2] == 1


def test_pictures_too_small_to_be_shrunk_are_said(tmp_path):
    enlarger = whole_pictures.make_enlarger(create_network("srcnn-9-1-5"), 4)
    with pytest.raises(ImageFileError, match="3 x 9 pixels, too few to be shrunk by 4"):
        restoring.restore(_save(tmp_path / "a.png", size=(3, 9)), enlarger)


def test_where_results_go(tmp_path):
    picture = _save(tmp_path / "in" / "a.JPG")
    gif = _save(tmp_path / "in" / "b.gif", mode="L", color=0)
    _save(tmp_path / "in" / "deep" / "c.png")
    (tmp_path / "there").mkdir()

    def targets(*arguments, **options):
        return [
            job.target.relative_to(tmp_path).as_posix() for job in plan(*arguments, **options).jobs
        ]

    assert targets(picture) == ["in/a_x2.JPG"]
    assert targets(picture, suffix="-big", extension="webp") == ["in/a-big.webp"]
    assert targets(gif) == ["in/b_x2.png"]
    assert targets(picture, tmp_path / "there") == ["there/a_x2.JPG"]
    assert targets(picture, tmp_path / "new") == ["new/a_x2.JPG"]
    assert targets(picture, tmp_path / "new" / "z.tif") == ["new/z.tif"]
    assert targets(tmp_path / "in") == ["in_x2/a_x2.JPG", "in_x2/b_x2.png"]
    assert targets(tmp_path / "in", tmp_path / "o", recursive=True, suffix="") == [
        "o/a.JPG",
        "o/b.png",
        "o/deep/c.png",
    ]


def test_results_among_the_pictures_are_not_enlarged_again(tmp_path):
    for name in ("a.png", "a_x2.png", "out/a_x2.png", "out/deep/b_x2.png"):
        _save(tmp_path / name)

    def sources(output):
        return [
            job.source.relative_to(tmp_path).as_posix()
            for job in plan(tmp_path, output, recursive=True).jobs
        ]

    assert sources(tmp_path) == ["a.png"]
    assert sources(tmp_path / "out") == ["a.png", "a_x2.png"]


def test_pictures_of_one_name_get_names_of_their_own(tmp_path):
    for name in ("a.bmp", "a.png", "b.gif", "b.dds", "c.png", "c.PNG"):
        _save(tmp_path / "in" / name)

    def targets(**options):
        jobs = plan(tmp_path / "in", tmp_path / "out", **options).jobs
        assert not any(job.problem for job in jobs)
        return [job.target.name for job in jobs]

    # In the order a.bmp, a.png, b.dds, b.gif, c.PNG, c.png.
    assert targets() == [
        "a_x2.bmp", "a_x2.png", "b_dds_x2.png", "b_gif_x2.png", "c_x2.PNG", "c_x2.png"
    ]  # fmt: skip
    assert targets(extension="png") == [
        "a_bmp_x2.png", "a_x2.png", "b_dds_x2.png", "b_gif_x2.png", "c_PNG_x2.png", "c_x2.png"
    ]  # fmt: skip


def test_one_name_that_cannot_be_had_stops_no_other(tmp_path, weights, without_tensorflow):
    for name in ("a.gif", "a.dds", "a_gif.png", f"{'n' * 250}.png", f"{'m' * 244}.png"):
        _save(tmp_path / "in" / name)
    result = _run(
        "-i", "in", "-o", "out", f"--model={weights}", "--device=cpu", cwd=tmp_path,
        **without_tensorflow,
    )  # fmt: skip
    assert result.returncode == 1
    assert "3 done, 0 skipped, 2 failed" in result.stdout
    first, second = result.stderr.splitlines()
    assert first == (
        "failed: in/a_gif.png and in/a.gif would both become out/a_gif_x2.png; rename one of them."
    )
    assert "is too long a name for a file; use a shorter one, or a shorter --suffix" in second
    # Its temporary name would be longer than a file system has.
    assert (tmp_path / "out" / f"{'m' * 244}_x2.png").is_file()


@pytest.mark.slow
def test_what_a_folder_holds_beside_pictures_is_counted(tmp_path, weights, without_tensorflow):
    (tmp_path / "stub" / "pillow_heif.py").write_text("raise ImportError")
    _save(tmp_path / "in" / "a.png")
    _save(tmp_path / "in" / "deep" / "b.png")
    (tmp_path / "in" / "a.png").rename(tmp_path / "in" / "without_extension")
    for name in ("x.heic", "y.HEIC", "z.nef", "p.svg", "t.txt", ".hidden", "empty"):
        (tmp_path / "in" / name).touch()
    arguments = f"--model={weights}", "--device=cpu"
    result = _run("-i", "in", "-o", "out", *arguments, cwd=tmp_path, **without_tensorflow)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == (
        'not read: 2 .heic (pip install "srcnn_tf[heif]"), 1 .nef (develop them into TIFF or PNG '
        "with a raw converter), 1 .svg (save them as PNG in the size you want), 2 that are no "
        "picture, 1 in folders below (--recursive reads them)"
    )
    assert (tmp_path / "out" / "without_extension_x2.png").is_file()

    (tmp_path / "in" / "without_extension").unlink()
    result = _run("-i", "in", cwd=tmp_path, **without_tensorflow)
    programs.assert_one_sentence(result, "no picture in in to enlarge (not read: 2 .heic (pip")


def test_pictures_are_not_replaced_by_their_enlargements(tmp_path, without_tensorflow):
    before = _save(tmp_path / "in" / "a.png").read_bytes()
    arguments = "-i", "in", "-o", "in", "--suffix=", "--overwrite"
    result = _run(*arguments, cwd=tmp_path, **without_tensorflow)
    programs.assert_one_sentence(result, "The pictures in in would be replaced by their own")
    assert (tmp_path / "in" / "a.png").read_bytes() == before


@pytest.mark.parametrize(
    "name, content, hint",
    [
        ("a.nef", b"II*\0", "a camera's raw file; develop them"),
        ("a.heic", b"....ftypheic", r'pip install "srcnn_tf\[heif\]"'),
        ("a.jpg", b"....ftypheic....", r'pip install "srcnn_tf\[heif\]"'),
    ],
)
def test_pictures_of_other_software_come_with_a_hint(tmp_path, name, content, hint):
    if "heif" in hint and ".heic" in picture_kinds.readable_extensions():
        pytest.skip("pillow-heif is installed, so that HEIC is read")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ImageFileError, match=hint):
        read_image(tmp_path / name)
