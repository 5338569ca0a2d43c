"""`training_pair` puts input and target into one range, whoever reads the records."""

import numpy as np
import pytest
import tensorflow as tf

import srcnn_tf
from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.imaging.ranges import ARRAYS


@pytest.fixture(scope="module")
def pair(photo):
    return degrade(photo, 3)


@pytest.mark.parametrize("grid", ["bicubic", "low"])
def test_both_are_float32_with_white_at_one(pair, grid):
    source, target = srcnn_tf.training_pair(pair, grid)
    assert source.dtype == target.dtype == np.float32
    np.testing.assert_array_equal(target, pair.hr_y / np.float32(255))
    assert source is not None and abs(source.mean() - target.mean()) < 0.01
    assert source.shape == (pair.bicubic_y if grid == "bicubic" else pair.lr_y).shape


def test_tensors_mappings_and_pictures_give_the_same(pair):
    expected = srcnn_tf.training_pair(pair)
    example = pair._asdict()
    picture = EvaluationPicture("a", pair.hr_y[..., 0], pair.bicubic_y[..., 0])
    (mapped,) = tf.data.Dataset.from_tensors(example).map(srcnn_tf.training_pair)
    for found in (srcnn_tf.training_pair(example), mapped, srcnn_tf.training_pair(picture)):
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(np.asarray(one).reshape(other.shape), other)


def test_a_target_that_was_scaled_already_is_refused(pair):
    with pytest.raises(TypeError, match="hr_y must be uint8"):
        srcnn_tf.training_pair(pair._replace(hr_y=pair.hr_y / 255))
    with pytest.raises(ValueError, match="has no lr_y"):
        srcnn_tf.training_pair({"hr_y": pair.hr_y, "bicubic_y": pair.bicubic_y}, "low")
    with pytest.raises(ValueError, match="grid must be one of"):
        srcnn_tf.training_pair(pair, "high")


def test_arrays_are_as_the_table_says(pair):
    assert list(ARRAYS) == list(pair._fields)
    height, width, _ = pair.hr.shape
    for name, array in pair._asdict().items():
        said = ARRAYS[name]
        assert array.dtype == said.dtype
        sizes = {"(H, W, 3)": (height, width, 3), "(H, W, 1)": (height, width, 1)}
        sizes |= {f"(H/s, W/s, {c})": (height // 3, width // 3, c) for c in (1, 3)}
        assert array.shape == sizes[said.shape]
        assert array.max() <= (255 if said.dtype == "uint8" else 1.1)


def test_features_and_the_page_say_what_the_table_says():
    import programs

    from tfds_builders.common.pairs import features

    page = (programs.CHECKOUT / "srcnn_tf" / "examples" / "README.md").read_text(encoding="utf-8")
    for name, said in ARRAYS.items():
        doc = features()[name].doc
        assert (doc.desc, doc.value_range) == (said.meaning, said.values)
        assert f"| `{name}` | {said.dtype} {said.shape} | {said.values} | {said.meaning} |" in page
