"""Animated GIF, PNG, WebP and AVIF: frames, delays, repetitions and transparency come back."""

import numpy as np
import pytest
from clips import pictures
from PIL import Image, ImageCms

import srcnn_tf
from srcnn_tf.files.animations import animation_of
from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.upscaling.clips.one_clip import about, plan_clip
from srcnn_tf.upscaling.clips.options import ClipOptions
from srcnn_tf.upscaling.network_choice import enlargers_for
from srcnn_tf.upscaling.sizing import Sizing

_MODEL = "slim-4x8"
_DELAYS = [50, 120, 70, 400]


def _save(path, alpha=False, **options):
    frames = [Image.fromarray(each) for each in pictures(4, (20, 16))]
    if alpha:
        for number, frame in enumerate(frames):
            mask = Image.new("L", frame.size, 255)
            mask.paste(0, (number, 0, number + 6, 16))
            frame.putalpha(mask)
    options = {"duration": _DELAYS, "loop": 3} | options
    frames[0].save(path, save_all=True, append_images=frames[1:], **options)
    return path


def _read(path):
    """Returns the frames as RGBA, and their delays."""
    with Image.open(path) as image:
        frames, delays = [], []
        for number in range(image.n_frames):
            image.seek(number)
            image.load()
            frames.append(np.asarray(image.convert("RGBA")))
            delays.append(image.info["duration"])
        return frames, delays


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize(
    ("name", "options"), [("a.png", {}), ("a.webp", {"lossless": True, "exact": True})]
)
def test_frames_equal_those_enlarged_one_by_one(tmp_path, name, options, alpha):
    path = _save(tmp_path / name, alpha, **options)
    written = srcnn_tf.upscale_video(path, model=_MODEL)
    assert written == tmp_path / name.replace("a.", "a_x2.")
    (old, _), (new, delays) = _read(path), _read(written)
    assert delays == _DELAYS and len(old) == len(new) == 4
    for before, after in zip(old, new, strict=True):
        expected = srcnn_tf.upscale(before if alpha else before[..., :3], 2, _MODEL)
        seen = after[..., 3] > 0
        np.testing.assert_array_equal(after[seen][:, : expected.shape[2]], expected[seen])
        if alpha:
            np.testing.assert_array_equal(after[..., 3], expected[..., 3])
    assert animation_of(written).plays == 3


def test_a_gif_stays_one_with_its_delays_and_clear_parts(tmp_path):
    path = _save(tmp_path / "a.gif", alpha=True, disposal=2)
    written = srcnn_tf.upscale(path, 2, _MODEL)
    assert written == tmp_path / "a_x2.gif"
    (old, _), (new, delays) = _read(path), _read(written)
    assert delays == _DELAYS and animation_of(written).plays == animation_of(path).plays == 4
    for before, after in zip(old, new, strict=True):
        expected = srcnn_tf.upscale(before, 2, _MODEL)
        np.testing.assert_array_equal(after[..., 3] > 0, expected[..., 3] >= 128)
        seen = expected[..., 3] >= 128
        assert np.abs(after[seen].astype(int) - expected[seen])[:, :3].mean() < 4


@pytest.mark.parametrize("loop", [0, None])
def test_how_often_a_gif_is_shown_goes_into_other_formats(tmp_path, loop):
    frames = [Image.fromarray(each) for each in pictures(2, (20, 16))]
    options = {} if loop is None else {"loop": loop}
    path = tmp_path / "a.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=0, **options)
    for name in ("b.png", "b.webp", "b.gif"):
        written = srcnn_tf.upscale_video(path, tmp_path / name, model=_MODEL)
        assert animation_of(written).plays == (1 if loop is None else 0)
    # What says no delay is shown for a tenth of a second by browsers, if it is a GIF.
    assert _read(tmp_path / "b.webp")[1] == [100, 100]


def test_what_shows_no_animations_still_gets_the_picture_for_it(tmp_path):
    first, *rest = (Image.fromarray(each) for each in pictures(3, (20, 16)))
    path = tmp_path / "a.png"
    first.save(path, save_all=True, append_images=rest, default_image=True, duration=[30, 40])
    written = srcnn_tf.upscale_video(path, model=_MODEL)
    with Image.open(written) as image:
        assert image.info["default_image"] and image.n_frames == 3
        image.seek(2)
        assert image.info["duration"] == 40


def test_lossy_webp_and_avif_stay_lossy(tmp_path):
    path = _save(tmp_path / "a.webp", quality=60)
    assert animation_of(path).lossy == "WebP"
    frames, delays = _read(srcnn_tf.upscale_video(path, tmp_path / "b.avif", model=_MODEL))
    assert delays == _DELAYS and frames[0].shape == (32, 40, 4)


def test_profile_exif_and_comment_are_kept_and_it_is_upright(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    path = _save(tmp_path / "a.webp", lossless=True, exif=exif, icc_profile=profile)
    assert animation_of(path).size == (16, 20)
    for name in ("b.webp", "b.png", "b.avif"):
        with Image.open(srcnn_tf.upscale_video(path, tmp_path / name, model=_MODEL)) as image:
            assert image.size == (32, 40) and image.info["icc_profile"] == profile
            assert dict(image.getexif()) == {0x010F: "Maker"}
    gif = _save(tmp_path / "c.gif", comment=b"a comment")
    with Image.open(srcnn_tf.upscale_video(gif, model=_MODEL)) as image:
        assert image.info["comment"] == b"a comment"


def test_what_is_lost_is_said(tmp_path):
    path = _save(tmp_path / "a.png")
    enlargers = enlargers_for(_MODEL, Sizing(2))
    plan = plan_clip(animation_of(path), tmp_path / "b.gif", enlargers, ClipOptions())
    assert about(plan)[:2] == ["4 frames", "animated GIF"] and "256 colors" in about(plan)[2]


def test_damage_and_formats_of_one_picture_are_sentences(tmp_path):
    path = _save(tmp_path / "a.webp", lossless=True)
    with pytest.raises(ImageFileError, match="cannot hold an animation"):
        srcnn_tf.upscale_video(path, tmp_path / "b.jpg", model=_MODEL)
    gif = _save(tmp_path / "c.gif")
    gif.write_bytes(gif.read_bytes()[:-300])
    with pytest.raises(ImageFileError, match=r"c\.gif is damaged or cut short"):
        srcnn_tf.upscale_video(gif, model=_MODEL)
    Image.new("RGB", (8, 8)).save(tmp_path / "one.gif")
    with pytest.raises(ImageFileError, match=r"one\.gif is no film, and no animated picture"):
        srcnn_tf.upscale_video(tmp_path / "one.gif")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.webp", "c.gif", "one.gif"]
