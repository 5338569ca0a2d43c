"""Degraded crops: the clean crop's place, Pillow's loss at some phase, a function of the step."""

import dataclasses
import itertools

import numpy as np
import pytest

from srcnn_tf.data.photo_degradation import PhotoDegradation, at_scale_1, degraded_validation
from srcnn_tf.data.pipeline import EvaluationPicture, pack, training_batches
from srcnn_tf.imaging.compression import jpeg_round_trip
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.imaging.rounding import quantize

_PATCH = 16
_NOTHING = PhotoDegradation(0.0, 0.0, 0.0, 0.0, 0.0, (5, 95))
_EVERYTHING = PhotoDegradation(0.9, 0.3, 0.5, 0.5, 10.0, (5, 95))


@pytest.fixture(scope="module", params=[pytest.param(1, marks=pytest.mark.slow), 2])
def pictures(request, photo):
    """Three parts of a photograph, one of them hardly larger than a crop."""
    scale = request.param
    parts = [photo[:60, :80], photo[60:, 50:], photo[:36, 100:136]]
    pairs = [degrade(part, scale) for part in parts]
    return scale, [
        EvaluationPicture(
            f"{number}.png", pair.hr_y[..., 0], pair.bicubic_y[..., 0], pair.lr_y[..., 0]
        )
        for number, pair in enumerate(pairs)
    ]


def _batches(pictures, photo, count=4, **options):
    scale, pictures = pictures
    packed = pack(pictures, scale, (1.0,), _PATCH, grid="low")
    defaults = {"batch_size": 6, "patch": _PATCH, "border": 0, "seed": 1}
    batches = training_batches(packed, photo=photo, **(defaults | options))
    return list(itertools.islice(batches.as_numpy_iterator(), count))


def test_inputs_without_loss_are_the_crops_rounded(pictures):
    options = {"full_range": 0.5}
    pairs = zip(
        _batches(pictures, None, **options), _batches(pictures, _NOTHING, **options), strict=True
    )
    for (clean, targets), (rounded, same) in pairs:
        np.testing.assert_array_equal(targets, same)
        levels = np.clip(np.round(clean * 255), 0, 255)
        # Floats on the way may round a half otherwise.
        assert np.abs(rounded * 255 - levels).max() <= 1.001
        assert np.mean(np.abs(rounded * 255 - levels) > 0.01) < 0.01


def test_a_compressed_crop_is_cut_from_a_jpeg_of_its_surroundings(pictures):
    _, whole = pictures
    photo = dataclasses.replace(_NOTHING, compressed=1.0, qualities=(30, 30))
    ((clean, _),) = _batches(pictures, None, 1, dihedral=False)
    ((inputs, _),) = _batches(pictures, photo, 1, dihedral=False)
    matched = 0
    for crop, seen in zip(clean[..., 0], inputs[..., 0], strict=True):
        plane, top, left = _locate(crop, whole)
        padded = np.pad(quantize(plane, np.uint8), 16, mode="edge")
        differences = []
        for down, across in itertools.product(range(8), repeat=2):
            corner = slice(16 + top - down, None), slice(16 + left - across, None)
            jpeg = jpeg_round_trip(np.ascontiguousarray(padded[corner][:24, :24]), 30)
            cut = jpeg[down : down + _PATCH, across : across + _PATCH]
            differences.append(np.mean(np.abs(cut - 255.0 * seen) > 1))
        matched += min(differences) < 0.02
        # The others are compressed as the luminance of color files.
        assert np.abs(seen - crop).mean() < 0.1
    assert matched >= 2


def _locate(crop, pictures):
    for picture in pictures:
        windows = np.lib.stride_tricks.sliding_window_view(picture.lr_y, crop.shape)
        found = np.argwhere((windows == crop).all(axis=(2, 3)))
        if len(found):
            return picture.lr_y, *found[0]
    raise AssertionError("The crop is nowhere.")


def test_a_resumed_run_sees_the_same_inputs(pictures):
    whole = _batches(pictures, _EVERYTHING, 5)
    rest = _batches(pictures, _EVERYTHING, 2, first_step=3)
    for expected, found in zip(whole[3:], rest, strict=True):
        np.testing.assert_array_equal(found[0], expected[0])


def test_parts_of_a_batch_make_the_whole(pictures):
    whole = _batches(pictures, _EVERYTHING, 3)
    parts = [_batches(pictures, _EVERYTHING, 3, shard=(number, 2)) for number in range(2)]
    for number, (inputs, _) in enumerate(whole):
        both = np.concatenate([part[number][0] for part in parts])
        np.testing.assert_array_equal(both, inputs)


def test_inputs_are_whole_levels_and_differ(pictures):
    inputs = np.concatenate([batch[0] for batch in _batches(pictures, _EVERYTHING, 8)])
    levels = inputs * 255
    np.testing.assert_allclose(levels, np.round(levels), atol=1e-3)
    assert inputs.min() >= 0 and inputs.max() <= 1
    assert len({crop.tobytes() for crop in inputs}) == len(inputs)


def test_webp_alone_is_far_from_clean_and_the_same_in_every_epoch(pictures):
    photo = dataclasses.replace(_NOTHING, compressed=1.0, webp=1.0, qualities=(20, 20))
    clean = _batches(pictures, None)
    for (crop, _), (seen, _) in zip(clean, _batches(pictures, photo), strict=True):
        difference = np.abs(seen - crop) * 255
        assert 0.5 < difference.mean() < 20


def test_noise_has_the_deviation_that_is_asked_for(pictures):
    photo = dataclasses.replace(_NOTHING, noisy=1.0, noise_levels=10.0)
    pairs = zip(_batches(pictures, None, 30), _batches(pictures, photo, 30), strict=True)
    differences = np.concatenate([seen - clean for (clean, _), (seen, _) in pairs]) * 255
    deviations = differences.std(axis=(1, 2, 3))
    assert deviations.max() < 12
    assert 3.5 < deviations.mean() < 6.5
    assert abs(differences.mean()) < 0.3


def test_held_out_pictures_are_seen_under_four_conditions(pictures):
    scale, whole = pictures
    degraded = degraded_validation(whole, scale)
    assert len(degraded) == 4 * len(whole)
    conditions = list(dict.fromkeys(picture.condition for picture in degraded))
    assert conditions == ["q10", "q40", "q90", "clean" if scale > 1 else "q95"]
    for picture in degraded:
        assert picture.bicubic_y.shape == picture.hr_y.shape
        assert picture.lr_y.shape == tuple(side // scale for side in picture.hr_y.shape)
    seen = quantize(degraded[0].lr_y, np.uint8)
    expected = jpeg_round_trip(quantize(whole[0].lr_y, np.uint8), 10)
    np.testing.assert_array_equal(seen, expected)


def test_at_scale_1_the_small_picture_is_the_original(pictures):
    _, whole = pictures
    for picture, same in zip(whole, at_scale_1(whole), strict=True):
        np.testing.assert_array_equal(quantize(same.lr_y, np.uint8), picture.hr_y)
