"""Folders of one's own with splits and with pairs: what records hold, and that they train."""

import numpy as np
import pytest
import tensorflow_datasets as tfds
from PIL import Image

import tfds_builders  # noqa: F401  (registers the datasets)
from srcnn_tf.data import pipeline
from srcnn_tf.evaluation.benchmarking import benchmark
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.color_modes import RGB
from srcnn_tf.imaging.degradation import degrade, given_pair
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.training_input import PictureInput, SplitPictures
from tfds_builders.common import folder_layout
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.common.preparation import prepared_builder


@pytest.fixture
def save(tmp_path, photo):
    """A function that saves a crop of the photograph, another for each number."""

    def write(name, number, scale=1):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        crop = photo[number : number + 60, : 80 + 2 * number]
        # By dropping pixels, which is not what MATLAB does.
        Image.fromarray(crop[::scale, ::scale]).save(path)
        return crop

    return write


def _names(builder):
    return {
        split: sorted(record["filename"].decode() for record in records)
        for split, records in tfds.as_numpy(builder.as_dataset()).items()
    }


@pytest.mark.parametrize("val", ["val", "validation", "Valid"])
def test_splits_come_from_subfolders(tmp_path, save, caplog, val):
    for number, name in enumerate(["train/a.png", "train/x/b.png", f"{val}/a.png", "other/c.png"]):
        save(name, number)
    builder = prepared_builder("image_folder", 2, tmp_path / "data", tmp_path / "photos")
    assert _names(builder) == {"train": ["a.png", "x/b.png"], "validation": ["a.png"]}
    assert f"1 pictures outside of train/, {val}/ are left out" in caplog.text


def test_other_subfolders_are_one_split(tmp_path, save):
    for number, name in enumerate(["train/a.png", "beach/b.png"]):
        save(name, number)
    assert folder_layout.splits(tmp_path / "photos") == {"train": tmp_path / "photos"}
    builder = prepared_builder("image_folder", 2, tmp_path / "data", tmp_path / "photos")
    assert _names(builder) == {"train": ["beach/b.png", "train/a.png"]}


@pytest.fixture
def paired(tmp_path, save):
    """Pairs by another degradation, in splits; names as DIV2K has them, too."""
    for number, name in enumerate(["a", "b"]):
        save(f"train/hr/{name}.png", number)
        save(f"train/lr/{name}.bmp", number, scale=2)
    save("val/hr/c.png", 3)
    save("val/lr/cx2.png", 3, scale=2)
    return tmp_path / "photos"


def test_pairs_are_taken_as_they_are(tmp_path, paired):
    builder = prepared_builder("image_folder", 2, tmp_path / "data", paired)
    assert builder.builder_config.name == "x2_pairs"
    assert _names(builder) == {"train": ["a.png", "b.png"], "validation": ["c.png"]}
    (example,) = tfds.as_numpy(builder.as_dataset(split="validation"))
    high = np.asarray(Image.open(paired / "val" / "hr" / "c.png"))
    low_y = rgb_to_y(high[::2, ::2])
    np.testing.assert_array_equal(example["hr"], high)
    np.testing.assert_array_equal(example["lr"], high[::2, ::2])
    np.testing.assert_array_equal(example["lr_y"][..., 0], (low_y / 255.0).astype(np.float32))
    enlarged = imresize(low_y / 255.0, 2).astype(np.float32)
    np.testing.assert_array_equal(example["bicubic_y"][..., 0], enlarged)
    # Found again where no folder is named, and by name.
    again = prepared_builder("image_folder", 2, tmp_path / "data")
    assert again.builder_config.name == "x2_pairs"
    assert len(tfds.load("image_folder/x2_pairs", split="train", data_dir=tmp_path / "data")) == 2


def test_pairs_train_and_score_as_given(tmp_path, paired):
    builder = prepared_builder("image_folder", 2, tmp_path / "data", paired)
    pictures = SplitPictures(
        *(pipeline.read_pictures(builder, split) for split in ("train", "validation"))
    )
    config = TrainConfig(scale=2, batch_size=2, patch_size=20, rescale_factors=(1.0, 0.8))
    data = PictureInput(pictures, config)
    assert data.summary == "2 pictures trained on, 1 held out"
    inputs, targets = next(iter(data.batches(border=6, first_step=0)))
    assert inputs.shape == (2, 20, 20, 1) and targets.shape == (2, 8, 8, 1)
    packed = pipeline.pack(pictures.training, 2, (1.0, 0.8), 20, grid_offsets=4)
    np.testing.assert_array_equal(
        packed.pixels[:, 0], np.concatenate([p.bicubic_y.ravel() for p in pictures.training])
    )
    scores = benchmark("image_folder", pictures.validation, 2, {}, log=lambda line: None)
    assert "c.png" in str(scores)


def test_pairs_are_given_in_color_too(tmp_path, paired):
    builder = prepared_builder("image_folder", 2, tmp_path / "data", paired)
    pictures = pipeline.read_pictures(builder, "train", color=True)
    for picture in pictures:
        low = np.asarray(Image.open(paired / "train" / "lr" / f"{picture.filename[0]}.bmp"))
        np.testing.assert_array_equal(picture.small, low)
    packed = pipeline.pack(pictures, 2, (1.0, 0.8), 20, grid_offsets=4, grid="low", color=RGB)
    small = np.concatenate([picture.small.reshape(-1, 3) for picture in pictures])
    np.testing.assert_allclose(packed.pixels[:, :3], small / 255, rtol=0, atol=1e-7)


def test_validation_split_is_limited_and_may_be_left_out(paired, tmp_path):
    builder = prepared_builder("image_folder", 2, tmp_path / "data", paired)
    train = pipeline.read_pictures(builder, "train")
    few = TrainConfig(scale=2, validation_pictures=1)
    assert len(PictureInput(SplitPictures(train[:1], train), few).validation) == 1
    none = TrainConfig(scale=2, validation_pictures=0)
    assert len(PictureInput(SplitPictures(train[:1], train), none).validation) == 0


@pytest.mark.parametrize(
    "change, sentence",
    [
        (lambda folder: (folder / "lr" / "a.png").unlink(), "a.png has no partner in"),
        (
            lambda folder: Image.new("RGB", (30, 30)).save(folder / "lr" / "a.png"),
            "is not 2 times as large; choose the config of the right scale",
        ),
        (
            lambda folder: Image.new("L", (40, 30)).save(folder / "lr" / "a.png"),
            "are a gray and a color picture",
        ),
    ],
    ids=["missing", "size", "gray"],
)
def test_unfit_pairs_are_named_and_skipped(tmp_path, save, caplog, change, sentence):
    for name, number in (("a", 0), ("b", 1)):
        save(f"hr/{name}.png", number)
        save(f"lr/{name}.png", number, scale=2)
    change(tmp_path / "photos")
    builder = prepared_builder("image_folder", 2, tmp_path / "data", tmp_path / "photos")
    assert _names(builder) == {"train": ["b.png"]}
    assert sentence in caplog.text and "1 of 2 pictures, 1 skipped" in caplog.text


def test_pairs_need_both_folders(tmp_path, save):
    save("hr/a.png", 0)
    builder = tfds.builder("image_folder/x2_pairs", data_dir=tmp_path / "data")
    options = tfds.download.DownloadConfig(manual_dir=tmp_path / "photos")
    with pytest.raises(DatasetUnavailableError, match="has no folder lr/; pairs are in hr/"):
        builder.download_and_prepare(download_config=options)


def test_sub_images_of_pairs_are_refused(tmp_path, paired):
    with pytest.raises(ValueError, match="holds pairs, hr/ and lr/"):
        prepared_builder("image_folder", 2, tmp_path / "data", paired, subimages=True)


def test_given_pair_of_matlabs_small_picture_is_near_the_computed(photo):
    pair = degrade(photo[:, :198], 3)
    again = given_pair(photo[:, :198], pair.lr, 3)
    np.testing.assert_array_equal(again.hr_y, pair.hr_y)
    np.testing.assert_array_equal(again.lr, pair.lr)
    # Rounded to 8 bits, in colors before luminance.
    assert np.abs(again.lr_y - pair.lr_y).max() < 2 / 255
    with pytest.raises(ValueError, match="enlarged by 2"):
        given_pair(photo, pair.lr, 2)
