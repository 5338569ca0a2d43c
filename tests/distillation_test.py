"""Targets from teachers: their mean over turns, mixed with the originals; bad ones are named."""

import numpy as np
import pytest

from srcnn_tf import distillation, pipeline, training
from srcnn_tf.inference import plane_enhancer, self_ensemble
from srcnn_tf.pretrained_weights import FOLDER, load_pretrained
from srcnn_tf.train_config import TrainConfig
from srcnn_tf.training_input import PictureInput
from srcnn_tf.weights import read_weights

_TEACHERS = tuple(str(FOLDER / f"srcnn-9-{n}-5_x3.safetensors") for n in (1, 5))


def _packed():
    random = np.random.default_rng(0)
    rows, columns = np.array([30, 24]), np.array([27, 40])
    starts = np.array([0, rows[0] * columns[0]])
    pixels = random.random((int((rows * columns).sum()), 2), dtype=np.float32)
    return pipeline.PackedPictures(pixels, starts, rows, columns)


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_targets_are_the_mean_of_the_teachers_self_ensembles_and_the_originals(share):
    before, packed = _packed(), _packed()
    teachers = [
        self_ensemble(plane_enhancer(load_pretrained(f"srcnn-9-{n}-5", scale=3))) for n in (1, 5)
    ]

    taught = distillation.taught(packed, distillation.load_teachers(_TEACHERS, 3), share)

    for start, rows, columns in zip(*before[1:], strict=True):
        pixels = before.pixels[start : start + rows * columns].reshape(rows, columns, 2)
        mean = np.mean([teach(np.ascontiguousarray(pixels[..., 0])) for teach in teachers], axis=0)
        expected = share * mean + (1 - share) * pixels[..., 1]
        found = taught.pixels[start : start + rows * columns].reshape(rows, columns, 2)
        np.testing.assert_array_equal(found[..., 0], pixels[..., 0])
        np.testing.assert_allclose(found[..., 1], expected, atol=1e-6)


def test_training_sees_the_teachers_targets():
    random = np.random.default_rng(1)
    pictures = [
        pipeline.EvaluationPicture(
            str(number),
            random.integers(0, 255, (60, 60), np.uint8),
            random.random((60, 60), np.float32),
        )
        for number in range(2)
    ]
    changes = {"sizes": (1.0,), "shifts": 1, "validation_pictures": 0, "patch_size": 33}
    plain = PictureInput(pictures, TrainConfig(scale=3, **changes))
    taught = PictureInput(pictures, TrainConfig(scale=3, teachers=_TEACHERS, **changes))

    batches = [next(iter(source.batches(border=8, first_step=0))) for source in (plain, taught)]

    np.testing.assert_array_equal(batches[0][0], batches[1][0])
    assert np.abs(batches[0][1] - batches[1][1]).max() > 0.1


def test_a_missing_teacher_or_one_of_another_scale_is_named(tmp_path):
    pictures = [
        pipeline.EvaluationPicture(
            "a", np.zeros((60, 60), np.uint8), np.zeros((60, 60), np.float32)
        )
    ]
    missing = str(tmp_path / "none.safetensors")
    for teacher, scale in ((missing, 3), (_TEACHERS[0], 2)):
        config = TrainConfig(scale=scale, teachers=(teacher,))
        with pytest.raises(training.TrainingError, match=r"\.safetensors"):
            training.train(config, pictures, tmp_path / str(scale), data="t")


def test_the_records_tell_teachers_apart_by_their_bytes():
    digests = distillation.digests(_TEACHERS)
    assert list(digests) == list(_TEACHERS)
    assert len({*digests.values()}) == 2
    assert all(len(digest) == 64 for digest in digests.values())
    assert read_weights(_TEACHERS[0])[1].network == "srcnn-9-1-5"
