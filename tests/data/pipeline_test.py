"""Records become aligned crops and whole pictures, the same ones wherever a run begins."""

import itertools
import logging

import numpy as np
import pytest
import tensorflow_datasets as tfds
from numpy.lib.stride_tricks import sliding_window_view

from srcnn_tf.data.pipeline import (
    EvaluationPicture,
    balanced,
    hold_out,
    pack,
    read_pictures,
    training_batches,
)
from srcnn_tf.data.record_files import RecordsError
from srcnn_tf.imaging.cropping import modcrop
from srcnn_tf.imaging.degradation import degrade, degrade_y
from srcnn_tf.imaging.resize import imresize
from tfds_builders.common import pairs

_PATCH, _BORDER = 13, 3


@pytest.fixture(scope="module")
def pictures():
    """Noise, so that a crop is found in one place only; one picture is as large as a patch."""
    random = np.random.default_rng(0)
    return [
        EvaluationPicture(
            f"{index}.png",
            hr_y=random.integers(0, 256, size, np.uint8),
            bicubic_y=random.random(size, np.float32),
        )
        for index, size in enumerate([(20, 31), (_PATCH, _PATCH), (40, 14), (25, 25), (13, 50)])
    ]


@pytest.fixture(scope="module")
def packed(pictures):
    return pack(pictures, scale=3, rescale_factors=(1.0,), patch=_PATCH)


def _batches(packed, count, **options):
    defaults = {"batch_size": 4, "patch": _PATCH, "border": _BORDER, "seed": 0}
    batches = training_batches(packed, **(defaults | options))
    return list(itertools.islice(batches.as_numpy_iterator(), count))


def _find(crop, plane):
    """Top-left corners of all places where `plane` holds `crop`."""
    if min(np.subtract(plane.shape, crop.shape)) < 0:
        return []
    return np.argwhere((sliding_window_view(plane, crop.shape) == crop).all(axis=(2, 3)))


def _locate(crop, pictures):
    """The number of the picture that holds `crop`, and where."""
    ((index, corner),) = [
        (index, tuple(corner))
        for index, picture in enumerate(pictures)
        for corner in _find(crop, picture.bicubic_y)
    ]
    return index, corner


def test_crops_are_pairs_from_one_place(pictures, packed):
    for inputs, targets in _batches(packed, 10, dihedral=False):
        assert inputs.dtype == targets.dtype == np.float32
        assert inputs.shape == (4, _PATCH, _PATCH, 1)
        assert targets.shape == (4, _PATCH - 2 * _BORDER, _PATCH - 2 * _BORDER, 1)
        for crop, target in zip(inputs[..., 0], targets[..., 0], strict=True):
            index, (top, left) = _locate(crop, pictures)
            original = pictures[index].hr_y[top : top + _PATCH, left : left + _PATCH]
            center = original[_BORDER:-_BORDER, _BORDER:-_BORDER]
            np.testing.assert_allclose(target, center / 255, rtol=0, atol=1e-7)


def test_crops_and_targets_are_transformed_together(pictures, packed):
    codes = {
        (flip, quarters): lambda crop, flip=flip, quarters=quarters: np.rot90(
            crop[::-1] if flip else crop, quarters
        )
        for flip in (False, True)
        for quarters in range(4)
    }
    seen = set()
    for inputs, targets in _batches(packed, 20):
        for crop, target in zip(inputs[..., 0], targets[..., 0], strict=True):
            matches = [
                (name, index, corner)
                for name, turn in codes.items()
                for index, picture in enumerate(pictures)
                for corner in _find(turn(crop), picture.bicubic_y)
            ]
            ((name, index, (top, left)),) = matches
            original = pictures[index].hr_y[top : top + _PATCH, left : left + _PATCH]
            center = original[_BORDER:-_BORDER, _BORDER:-_BORDER]
            np.testing.assert_allclose(codes[name](target), center / 255, rtol=0, atol=1e-7)
            seen.add(name)
    assert seen == set(codes)


def test_every_picture_gives_one_crop_an_epoch(pictures, packed):
    crops = [crop for inputs, _ in _batches(packed, 15, dihedral=False) for crop in inputs[..., 0]]

    found = [_locate(crop, pictures) for crop in crops]

    passes = [found[start : start + 5] for start in range(0, 60, 5)]
    for one_pass in passes:
        assert sorted(index for index, _ in one_pass) == list(range(5))
    # The crops differ from the previous epoch's.
    assert len(set(found)) > 30


@pytest.mark.parametrize("first_step", [1, 3, 6])
def test_resumed_run_sees_the_same_batches(packed, first_step):
    whole = _batches(packed, 8)

    rest = _batches(packed, 8 - first_step, first_step=first_step)

    for expected, found in zip(whole[first_step:], rest, strict=True):
        np.testing.assert_array_equal(found[0], expected[0])
        np.testing.assert_array_equal(found[1], expected[1])


def test_parts_of_a_batch_make_the_whole(packed):
    options = {"full_range": 0.5, "first_step": 2}
    whole = _batches(packed, 3, **options)
    parts = [_batches(packed, 3, shard=(number, 2), **options) for number in range(2)]
    for number, batch in enumerate(whole):
        for kind, planes in enumerate(batch):
            both = np.concatenate([part[number][kind] for part in parts])
            np.testing.assert_array_equal(both, planes)


def test_another_seed_gives_other_crops(packed):
    first, other = (_batches(packed, 1, seed=seed)[0][0] for seed in (0, 1))

    assert not np.array_equal(first, other)


def test_without_border_the_target_is_uncut(pictures, packed):
    for inputs, targets in _batches(packed, 3, border=0, dihedral=False):
        for crop, target in zip(inputs[..., 0], targets[..., 0], strict=True):
            index, (top, left) = _locate(crop, pictures)
            original = pictures[index].hr_y[top : top + _PATCH, left : left + _PATCH]
            np.testing.assert_allclose(target, original / 255, rtol=0, atol=1e-7)


@pytest.mark.parametrize(
    ("fraction", "fewest", "most"), [(0.0, 0, 0), (0.25, 8, 35), (1.0, 80, 80)]
)
def test_some_pairs_are_stretched_to_full_range(packed, fraction, fewest, most):
    stretched = 0
    plain = _batches(packed, 20, seed=3, dihedral=False)
    for one, other in zip(
        plain, _batches(packed, 20, seed=3, dihedral=False, full_range=fraction), strict=True
    ):
        for before, after in zip(zip(*one, strict=True), zip(*other, strict=True), strict=True):
            if not np.array_equal(before[0], after[0]):
                stretched += 1
                for plane, result in zip(before, after, strict=True):
                    expected = (255 * plane - 16) / 219
                    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-6)
    assert fewest <= stretched <= most


def _unpack(packed):
    for start, rows, columns in zip(packed.starts, packed.rows, packed.columns, strict=True):
        yield packed.pixels[start : start + rows * columns].reshape(rows, columns, 2)


def test_shrunken_copies_are_degraded_anew(photo):
    pair = degrade(photo, 3)
    picture = EvaluationPicture("a.png", pair.hr_y[..., 0], pair.bicubic_y[..., 0])

    copies = list(_unpack(pack([picture], 3, (1.0, 0.8, 0.5), patch=20)))

    assert len(copies) == 3
    for copy, size in zip(copies, (1.0, 0.8, 0.5), strict=True):
        hr_y = modcrop(imresize(picture.hr_y, size), 3)
        assert copy.shape == (*hr_y.shape, 2)
        np.testing.assert_allclose(copy[..., 1], hr_y / 255, rtol=0, atol=1e-7)
        np.testing.assert_array_equal(copy[..., 0], degrade_y(hr_y, 3)[1])


@pytest.mark.parametrize(("shifts", "expected"), [(1, 1), (4, 4), (9, 9), (100, 9)])
def test_shifted_copies_move_the_low_resolution_grid(photo, shifts, expected):
    pair = degrade(photo, 3)
    picture = EvaluationPicture("a.png", pair.hr_y[..., 0], pair.bicubic_y[..., 0])

    copies = list(_unpack(pack([picture], 3, (1.0,), patch=20, grid_offsets=shifts)))

    found = set()
    for copy in copies:
        for row, column in itertools.product(range(3), repeat=2):
            hr_y = modcrop(picture.hr_y[row:, column:], 3)
            if hr_y.shape == copy.shape[:2] and np.allclose(copy[..., 1], hr_y / 255, atol=1e-6):
                np.testing.assert_array_equal(copy[..., 0], degrade_y(hr_y, 3)[1])
                found.add((row, column))
    assert len(copies) == len(found) == expected
    assert (0, 0) in found


def test_copies_smaller_than_a_patch_are_left_out(pictures, caplog):
    with caplog.at_level(logging.WARNING):
        copies = list(_unpack(pack(pictures, 3, (1.0, 0.7, 0.05), patch=_PATCH)))

    # At 0.7 only the 25 x 25 one is large enough, cropped to multiples of the scale.
    sizes = sorted(copy.shape[:2] for copy in copies)
    assert sizes == [(13, 13), (13, 50), (18, 18), (20, 31), (25, 25), (40, 14)]
    assert not caplog.records


def test_small_pictures_are_skipped_with_a_count(pictures, caplog):
    with caplog.at_level(logging.WARNING):
        copies = list(_unpack(pack(pictures, 3, (1.0,), patch=14)))

    assert len(copies) == 3
    assert "2 of 5 pictures are smaller than 14 x 14 pixels" in caplog.text


def test_only_small_pictures_are_refused(pictures):
    with pytest.raises(ValueError, match="None of the 5 training pictures has 64 x 64 pixels"):
        pack(pictures, 3, (1.0, 0.5), patch=64)
    with pytest.raises(ValueError, match="None of the 0"):
        pack([], 3, (1.0,), patch=8)


def _named(names):
    """Pictures with these names and pixels of their own."""
    return [
        EvaluationPicture(name, np.full((2, 2), number, np.uint8), np.zeros((2, 2), np.float32))
        for number, name in enumerate(names)
    ]


def _names(pictures):
    return [picture.filename for picture in pictures]


@pytest.mark.parametrize("count", [0, 1, 10, 18])
def test_held_out_split_is_complete_and_disjoint(count):
    names = [f"t{number}.bmp" for number in range(91)]

    training, validation = hold_out(_named(names), count)

    assert len(validation) == count
    assert sorted(_names(training) + _names(validation)) == sorted(names)


def test_held_out_pictures_do_not_depend_on_order():
    pictures = _named([f"t{number}.bmp" for number in range(91)])

    training, validation = hold_out(pictures, 10)

    again = hold_out(pictures[::-1], 10)
    assert [_names(part) for part in again] == [_names(training), _names(validation)]
    # The first ones, which may be alike, are not simply held out.
    assert _names(validation) != sorted(_names(pictures))[:10]


@pytest.mark.parametrize(("pictures", "held_out"), [(1, 0), (4, 0), (5, 1), (9, 1), (40, 8)])
def test_at_most_one_in_five_is_held_out(pictures, held_out):
    training, validation = hold_out(_named([f"{n}.png" for n in range(pictures)]), 10)

    assert len(validation) == held_out
    assert len(training) == pictures - held_out


def test_copies_are_held_out_together():
    pictures = _named([f"{number}.png" for number in range(20)])
    copies = [picture._replace(filename=f"copy of {picture.filename}") for picture in pictures]

    training, validation = hold_out(pictures + copies, 4)

    seen, unseen = ({p.hr_y.tobytes() for p in part} for part in (training, validation))
    assert len(training) + len(validation) == 40
    assert not seen & unseen


class PipelineTestPairs(tfds.core.GeneratorBasedBuilder, skip_registration=True):
    """Three pairs of different sizes, in no order."""

    VERSION = tfds.core.Version("1.0.0")
    SIZES = (("c.png", (12, 18)), ("a.png", (15, 9)), ("b/b.png", (9, 9)))

    @classmethod
    def pairs(cls):
        random = np.random.default_rng(0)
        for name, size in cls.SIZES:
            yield name, degrade(random.integers(0, 256, (*size, 3), dtype=np.uint8), 3)

    def _info(self):
        return tfds.core.DatasetInfo(builder=self, features=pairs.features())

    def _split_generators(self, dl_manager):
        return {"train": self._generate_examples()}

    def _generate_examples(self):
        for name, pair in self.pairs():
            yield name, pair._asdict() | {"filename": name}


def test_prepared_pictures_are_whole_and_sorted(tmp_path):
    builder = PipelineTestPairs(data_dir=tmp_path)
    builder.download_and_prepare()

    pictures = read_pictures(builder, "train")

    assert [picture.filename for picture in pictures] == ["a.png", "b/b.png", "c.png"]
    pairs = dict(PipelineTestPairs.pairs())
    for picture in pictures:
        pair = pairs[picture.filename]
        assert picture.hr_y.dtype == np.uint8
        assert picture.bicubic_y.dtype == np.float32
        np.testing.assert_array_equal(picture.hr_y, pair.hr_y[..., 0])
        np.testing.assert_array_equal(picture.bicubic_y, pair.bicubic_y[..., 0])
    assert len(read_pictures(builder, "train[:2]")) == 2


@pytest.mark.parametrize(
    "feature",
    [
        tfds.features.Image(shape=(None, None, 1)),
        tfds.features.Tensor(shape=(None, None, 1), dtype=np.uint8, encoding="zlib"),
        tfds.features.Tensor(shape=(9, 9, 1), dtype=np.uint8, encoding="bytes"),
    ],
)
def test_records_of_another_layout_are_refused(tmp_path, feature, monkeypatch):
    features = tfds.features.FeaturesDict({**pairs.features(), "hr_y": feature})
    monkeypatch.setattr(pairs, "features", lambda: features)
    builder = PipelineTestPairs(data_dir=tmp_path)

    with pytest.raises(RecordsError, match=r"pipeline_test_pairs/1\.0\.0 does not hold pairs"):
        read_pictures(builder, "train")


def test_balance_weighs_by_inverse_error():
    shape, random = (40, 50), np.random.default_rng(0)
    errors = {"fine.png": 1, "coarse.png": 4, "coarser.png": 8}
    pictures = []
    for name, error in errors.items():
        hr_y = random.integers(50, 200, shape, np.uint8)
        signs = random.choice(np.float32([-1, 1]), shape)
        pictures.append(EvaluationPicture(name, hr_y, (hr_y + error * signs) / np.float32(255)))
    packed = pack(pictures, 3, (1.0,), patch=20)

    assert balanced(packed, 0) is packed
    for exponent, expected in ((0.5, [8, 2, 1]), (1, [64, 4, 1])):
        result = balanced(packed, exponent)
        assert result.pixels is packed.pixels
        times = np.array([np.sum(result.starts == start) for start in packed.starts])
        # Whole numbers, at least one, and four on average.
        expected = np.maximum(1, np.round(4 * np.array(expected) / np.mean(expected)))
        np.testing.assert_array_equal(times, expected)
        assert len(result.rows) == len(result.columns) == times.sum()


def test_constant_picture_is_not_drawn_forever():
    constant = EvaluationPicture(
        "a.png", np.full((30, 30), 51, np.uint8), np.full((30, 30), 0.2, np.float32)
    )
    other = EvaluationPicture(
        "b.png", np.full((30, 30), 51, np.uint8), np.full((30, 30), 0.21, np.float32)
    )
    result = balanced(pack([constant, other], 3, (1.0,), patch=20), 1)

    assert 1 < len(result.starts) < 100
