"""Several datasets make one training set, and one stays as it is."""

import numpy as np

from srcnn_tf.data.pipeline import EvaluationPicture, hold_out
from srcnn_tf.data.union import united


def _pictures(*names):
    random = np.random.default_rng(len(names))
    return [
        EvaluationPicture(name, random.integers(0, 256, (6, 6), np.uint8), np.zeros((6, 6)))
        for name in names
    ]


def test_one_dataset_keeps_its_names():
    pictures = _pictures("a.png", "b.png")
    assert united({"t91": pictures}) == pictures


def test_pictures_of_one_name_are_told_apart():
    ours, theirs = _pictures("a.png", "b.png"), _pictures("a.png")
    together = united({"t91": ours, "bsd200": theirs})
    assert [picture.filename for picture in together] == ["t91/a.png", "t91/b.png", "bsd200/a.png"]
    assert together[0].hr_y is ours[0].hr_y and together[2].hr_y is theirs[0].hr_y


def test_each_is_trained_on_or_held_out():
    names = [f"{number}.png" for number in range(10)]
    together = united({"t91": _pictures(*names), "bsd200": _pictures(*names[:9])})
    training, held_out = hold_out(together, 3)
    assert len(held_out) == 3 and len(training) == 16
    assert len({picture.filename for picture in training + held_out}) == 19
