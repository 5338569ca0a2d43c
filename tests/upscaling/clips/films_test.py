"""Films: frames equal those enlarged one by one; sound, times, turns and colors are kept."""

import fractions
import pathlib

import clips
import numpy as np
import pytest

import srcnn_tf
from srcnn_tf.files.image_files import ImageFileError, pixel_limit
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.networks.network import initial_network
from srcnn_tf.upscaling.clips.clip import clip_of
from srcnn_tf.upscaling.clips.film_reading import film_of
from srcnn_tf.upscaling.clips.one_clip import about, enlarge_clip, plan_clip, sound_of
from srcnn_tf.upscaling.clips.options import ClipOptions
from srcnn_tf.upscaling.enlargers import Enlargers
from srcnn_tf.upscaling.network_choice import enlargers_for
from srcnn_tf.upscaling.sizing import Sizing

av = pytest.importorskip(
    "av", reason='films are read by PyAV, which is not here; pip install "srcnn_tf[video]" has it'
)
_MODEL = "slim-4x8"


def _up(path, *arguments, **options) -> pathlib.Path:
    return srcnn_tf.upscale_video(path, *arguments, model=_MODEL, **options)


def _planes(frame) -> list[np.ndarray]:
    dtype = np.uint8 if max(each.bits for each in frame.format.components) == 8 else np.uint16
    return [
        np.frombuffer(plane, dtype).reshape(plane.height, -1)[:, : plane.width]
        for plane in frame.planes
    ]


def _words(path, target, sizing=None, **options) -> str:
    enlargers = enlargers_for(_MODEL, sizing or Sizing(2))
    plan = plan_clip(clip_of(path), target, enlargers, ClipOptions(**options))
    return ", ".join(about(plan, sound=sound_of(plan)))


@pytest.mark.parametrize("codec, form", [("libx264rgb", "rgb24"), ("ffv1", "bgr0")])
def test_rgb_frames_equal_those_enlarged_one_by_one(tmp_path, codec, form):
    frames = clips.pictures()
    film = clips.write(tmp_path / "a.mkv", frames, codec, form, options={"qp": "0"})
    written = _up(film, codec=codec, crf=None if codec == "ffv1" else 0)
    assert written == tmp_path / "a_x2.mkv"
    found = [frame.to_ndarray(format="rgb24") for frame in clips.read(written)]
    assert len(found) == len(frames)
    for ours, frame in zip(found, frames, strict=True):
        np.testing.assert_array_equal(ours, srcnn_tf.upscale(frame, 2, _MODEL))


def test_rgb_becomes_yuv_of_the_same_colors(tmp_path):
    flat = [np.broadcast_to(np.uint8([200, 60, 90]), (32, 48, 3)).copy()] * 2
    film = clips.write(tmp_path / "a.mkv", flat, "ffv1", "bgr0")
    assert _words(film, tmp_path / "b.mp4") == "2 frames, h264, RGB as yuv420p"
    frame = clips.read(_up(film, tmp_path / "b.mp4", crf=1))[0]
    assert (frame.format.name, frame.colorspace, frame.color_range) == ("yuv420p", 1, 1)
    rgb = frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()
    assert np.abs(rgb.astype(int) - [200, 60, 90]).max() <= 3


def test_luminance_goes_through_the_network_and_chroma_through_bicubic(tmp_path):
    film = clips.write(tmp_path / "a.mkv", clips.pictures(), "ffv1", "yuv444p")
    for before, after in zip(
        clips.read(film), clips.read(_up(film, codec="ffv1", scale=3)), strict=True
    ):
        (y, *chroma), (new_y, *new_chroma) = _planes(before), _planes(after)
        np.testing.assert_array_equal(new_y, srcnn_tf.upscale(y, 3, _MODEL))
        for old, new in zip(chroma, new_chroma, strict=True):
            exact = imresize(old.astype(np.float64), 3)
            np.testing.assert_array_equal(new, np.clip(np.floor(exact + 0.5), 0, 255))


def test_it_is_what_a_picture_would_become_but_for_rounding(tmp_path):
    film = clips.write(tmp_path / "a.mkv", clips.pictures(3), "ffv1", "yuv444p", colorspace=6)
    rgb = [frame.to_ndarray(format="rgb24") for frame in clips.read(film)]
    found = [each.to_ndarray(format="rgb24") for each in clips.read(_up(film, codec="ffv1"))]
    for ours, frame in zip(found, rgb, strict=True):
        theirs = srcnn_tf.upscale(frame, 2, _MODEL)
        inside = (theirs > 3) & (theirs < 252)  # Film keeps what is brighter than white.
        assert np.abs(ours.astype(int) - theirs)[inside].max() <= 4


def test_full_range_is_told_the_network_as_that_of_pictures(tmp_path):
    gray = [np.repeat(each[..., :1], 3, axis=2) for each in clips.pictures(2)]
    film = clips.write(tmp_path / "a.mkv", gray, "ffv1", "yuv444p", color_range=2)
    planes = [_planes(frame)[0] for frame in clips.read(film)]
    assert film_of(film).layout.full
    for frame, y in zip(clips.read(_up(film, codec="ffv1")), planes, strict=True):
        assert frame.color_range == 2
        studio = (16 + y.astype(np.float32) * 219 / 255) / 255
        expected = (srcnn_tf.upscale(studio, 2, _MODEL) * 255 - 16) * 255 / 219
        expected = np.clip(np.floor(expected + 0.5), 0, 255)
        assert np.abs(_planes(frame)[0] - expected).max() <= 1


def test_chroma_of_a_coarser_grid_stays_where_it_was(tmp_path):
    """A ramp tells where chroma is: its value is its place."""
    film = clips.write(tmp_path / "a.mkv", clips.pictures(1), "ffv1")
    # Samples lie at columns 0.5, 2.5, 4.5 ... of luminance, and in the middle of two rows.
    layout = film_of(film).layout
    assert layout.steps == (2, 2) and layout.siting == (1.0, 0.5)
    from srcnn_tf.upscaling.clips.enlarging_planes import enlarge_planes

    columns = np.broadcast_to(np.arange(24) * 2 + 0.5, (16, 24)).astype(np.float32)
    rows = np.broadcast_to(np.arange(16)[:, None] * 2 + 1.0, (16, 24)).astype(np.float32)
    enlargers = enlargers_for(_MODEL, Sizing(2))
    method = enlargers.method(enlargers.plan(48, 32))
    deep = layout._replace(depth=16)
    planes = [np.zeros((32, 48), np.uint16), columns * 1000, rows * 1000]
    _, across, down = enlarge_planes(method, planes, deep, layout.siting)
    inside = slice(6, -6)
    there = (np.arange(48) * 2 + 0.5) / 2 * 1000
    assert np.abs(across[:, inside] - there[inside]).max() <= 1
    there = (np.arange(32)[:, None] * 2 + 1.0) / 2 * 1000
    assert np.abs(down[inside] - there[inside]).max() <= 1


def test_sound_and_times_of_uneven_frames_are_kept(tmp_path):
    times = [0, 7, 9, 30, 31, 90]
    film = clips.write(
        tmp_path / "a.mp4", clips.pictures(), times=times, sound="aac",
        time_base=fractions.Fraction(1, 90),
    )  # fmt: skip
    written = _up(film)
    before, after = clips.read(film), clips.read(written)
    shown = [float(frame.pts * frame.time_base) for frame in after]
    assert shown == pytest.approx([time / 90 for time in times])
    assert shown == [float(frame.pts * frame.time_base) for frame in before]
    assert clips.seconds(written) == clips.seconds(film) == pytest.approx(91 / 90, abs=0.05)
    assert (after[0].width, after[0].height, after[0].format.name) == (96, 64, "yuv420p")
    assert clips.sound(written) == clips.sound(film) != []
    with av.open(str(written)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
    # The index comes first, so that a browser can begin before all is there.
    data = written.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_sound_that_a_container_cannot_hold_is_encoded_anew(tmp_path):
    film = clips.write(tmp_path / "a.mp4", clips.pictures(), sound="aac")
    assert _words(film, tmp_path / "a.webm").startswith(
        "6 frames, vp9, sound encoded anew as opus (no aac in WEBM)"
    )
    written = _up(film, tmp_path / "a.webm", codec="vp8")
    with av.open(str(written)) as container:
        assert {stream.codec_context.name for stream in container.streams} == {"vp8", "opus"}
        samples = sum(frame.samples for frame in container.decode(audio=0))
    assert samples == pytest.approx(6 / 25 * 48000, abs=3000)


def test_subtitles_fonts_chapters_and_titles_are_kept(tmp_path):
    film = clips.write(tmp_path / "a.mkv", clips.pictures(), sound="aac", rich=True)
    assert "sound, subtitles, attachments copied" in _words(film, tmp_path / "b.mkv")
    assert clips.rich(_up(film)) == clips.rich(film)
    words = _words(film, tmp_path / "b.mp4")
    assert "subtitles left out (no subrip in MP4), attachments left out (MP4 holds none)" in words
    _, title, chapters, _ = clips.rich(_up(film, tmp_path / "b.mp4"))
    assert title == "A title" and [each for each, *_ in chapters] == ["One", "Two"]


def test_a_cover_is_no_film_and_is_kept(tmp_path):
    film = clips.write(tmp_path / "a.mp4", clips.pictures(3), cover=True)
    assert film_of(film).size == (48, 32)
    assert _words(film, tmp_path / "b.mp4") == "3 frames, h264, cover copied"
    with av.open(str(_up(film))) as container:
        first, second = container.streams.video
        assert (first.width, second.width) == (96, 64)
        assert second.disposition == av.stream.Disposition.attached_pic


def test_a_turned_film_comes_out_upright(tmp_path):
    frames = clips.pictures(2)
    film = clips.write(tmp_path / "a.mp4", frames, "libx264", turned=90, options={"crf": "1"})
    assert "turned upright" in _words(film, tmp_path / "b.mp4")
    found = clips.read(_up(film, crf=1))
    assert (found[0].width, found[0].height, found[0].rotation) == (64, 96, 0)
    expected = srcnn_tf.upscale(np.ascontiguousarray(np.rot90(frames[0])), 2, _MODEL)
    difference = found[0].to_ndarray(format="rgb24").astype(int) - expected
    assert np.abs(difference).mean() < 12  # Chroma is stored for four pixels at once.


def test_shape_of_pixels_and_colors_are_kept(tmp_path):
    film = clips.write(
        tmp_path / "a.mp4", clips.pictures(2), sample_aspect_ratio=fractions.Fraction(16, 15),
        colorspace=1, color_trc=1, color_primaries=1, color_range=1,
    )  # fmt: skip
    written = _up(film)
    frame = clips.read(written)[0]
    assert (frame.colorspace, frame.color_trc, frame.color_primaries) == (1, 1, 1)
    assert frame.color_range == 1
    with av.open(str(written)) as container:
        assert container.streams.video[0].sample_aspect_ratio == fractions.Fraction(16, 15)


def test_a_small_film_without_colors_stays_bt601_when_it_is_large(tmp_path):
    film = clips.write(tmp_path / "a.mkv", clips.pictures(1), "ffv1")
    assert clips.read(film)[0].colorspace == 2
    assert clips.read(_up(film, codec="ffv1"))[0].colorspace == 6


def test_ten_bits_stay_ten(tmp_path):
    film = clips.write(tmp_path / "a.mkv", clips.pictures(2), "ffv1", "yuv422p10le")
    assert _words(film, tmp_path / "b.mp4").startswith("2 frames, hevc")
    before, after = clips.read(film)[0], clips.read(_up(film, codec="ffv1"))[0]
    assert after.format.name == "yuv422p10le"
    expected = srcnn_tf.upscale(_planes(before)[0] / np.float32(1020), 2, _MODEL) * 1020
    assert np.abs(_planes(after)[0] - expected).max() <= 0.51
    assert "8 bits instead of 10" in _words(film, tmp_path / "b.mkv", codec="mpeg4")
    assert "yuv420p10le instead of yuv422p10le" in _words(film, tmp_path / "b.mkv", codec="av1")


def test_odd_sides_are_cut_where_the_codec_needs_it(tmp_path):
    film = clips.write(tmp_path / "a.mkv", clips.pictures(2, (33, 21)), "ffv1")
    assert "cut from 99 x 63, since its sides must be even" in _words(
        film, tmp_path / "b.mp4", Sizing(3)
    )
    frame = clips.read(_up(film, tmp_path / "b.mp4", scale=3))[0]
    assert (frame.width, frame.height) == (98, 62)
    frame = clips.read(_up(film, scale=3, codec="ffv1"))[0]
    assert (frame.width, frame.height) == (99, 63)


def test_interlaced_becomes_progressive(tmp_path):
    film = clips.write(
        tmp_path / "a.mkv", clips.pictures(6, (64, 48)), "mpeg2video", interlaced=True
    )
    assert clips.read(film)[0].interlaced_frame
    assert "made progressive" in _words(film, tmp_path / "b.mkv")
    found = clips.read(_up(film))
    assert len(found) == 6 and not any(frame.interlaced_frame for frame in found)
    times = [frame.pts * frame.time_base for frame in clips.read(film)]
    assert [frame.pts * frame.time_base for frame in found] == times


def test_gray_films_become_what_all_players_show(tmp_path):
    film = clips.write(tmp_path / "a.mkv", clips.pictures(2), "ffv1", "gray")
    frame = clips.read(_up(film))[0]
    assert frame.format.name == "yuv420p" or frame.color_range == 2
    rgb = frame.to_ndarray(format="rgb24").astype(int)
    assert np.abs(rgb[..., 0] - rgb[..., 2]).max() <= 2


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4"])
@pytest.mark.parametrize("share", [0.2, 0.6])
def test_a_film_cut_short_is_a_sentence_and_leaves_nothing(tmp_path, name, share):
    # The index of this MP4 comes first, so that its beginning can be read.
    film = clips.write(
        tmp_path / name, clips.pictures(40, (32, 24)), times=list(range(0, 80, 2)),
        container={"movflags": "faststart"} if name == "a.mp4" else None,
    )  # fmt: skip
    data = film.read_bytes()
    film.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ImageFileError, match=r"a\.m.. (is cut short|is damaged|holds no frame)"):
        _up(film)
    assert list(tmp_path.iterdir()) == [film]


@pytest.mark.parametrize(
    "content, sentence",
    [(b"", "is empty"), (b"no film at all" * 99, "damaged, cut short or no film")],
)
def test_what_is_no_film_is_a_sentence(tmp_path, content, sentence):
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(ImageFileError, match=sentence):
        _up(tmp_path / "a.mp4")


def test_frames_of_too_many_pixels_are_a_sentence(tmp_path):
    film = clips.write(tmp_path / "a.mkv", clips.pictures(1), "ffv1")
    with pixel_limit(48 * 32 - 1), pytest.raises(ImageFileError, match="more than 1,535 pixels"):
        _up(film)


def test_codecs_and_names_that_do_not_fit_are_sentences(tmp_path):
    film = clips.write(tmp_path / "a.mkv", clips.pictures(1), "ffv1")
    for arguments, sentence in (
        ({"codec": "h267"}, "there is no encoder h267"),
        ({"codec": "ffv1", "crf": 3}, "ffv1 has no rate factor"),
        ({"output": tmp_path / "a.png"}, r"cannot hold a film; end its name in one of \.mp4"),
        ({"output": tmp_path / "b.webm", "codec": "h264"}, r"b\.webm cannot be written"),
    ):
        with pytest.raises(ImageFileError, match=sentence):
            _up(film, **arguments)
    with pytest.raises(ValueError, match="from 0 to 63"):
        _up(film, crf=99)
    assert list(tmp_path.iterdir()) == [film]


def test_the_network_is_chosen_once_by_the_first_frame(tmp_path, monkeypatch):
    asked = []

    def chosen_for(self, picture):
        asked.append(picture)
        return self, "the reason"

    monkeypatch.setattr(Enlargers, "chosen_for", chosen_for)
    frames = clips.pictures(3)
    film = clips.write(tmp_path / "a.mkv", frames, "libx264rgb", "rgb24", options={"qp": "0"})
    plan = plan_clip(clip_of(film), tmp_path / "b.mkv", Enlargers(_MODEL, Sizing(2)), ClipOptions())
    assert enlarge_clip(plan)[0] == 3
    assert plan.choice == "the reason" and len(asked) == 1
    np.testing.assert_array_equal(asked[0].pixels, frames[0])
    assert asked[0].lossy == "video (h264)"


def test_a_path_is_enough(tmp_path):
    film = clips.write(tmp_path / "a.mp4", clips.pictures(2))
    written = srcnn_tf.upscale(film, 2, initial_network("slim-4x8", 2))
    assert written == tmp_path / "a_x2.mp4" and len(clips.read(written)) == 2
    with pytest.raises(FileExistsError, match="overwrite=True"):
        srcnn_tf.upscale_video(film)
