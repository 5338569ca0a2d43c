"""Sub-images: cut where the paper's authors cut them, from the whole picture's pair."""

import json

import numpy as np
import tensorflow_datasets as tfds
from PIL import Image

from srcnn_tf.files.image_files import find_images, read_image
from srcnn_tf.imaging.degradation import degrade
from tfds_builders.common import pairs, subimages
from tfds_builders.image_folder.image_folder_dataset_builder import Builder

_X3 = subimages.configs()[1]


def test_positions_match_the_authors_loop(photo):
    cut = list(subimages.examples(photo, "a.png", _X3))

    # for x = 1:14:hei-33+1, for y = 1:14:wid-33+1, of 150 x 198 pixels after modcrop.
    assert [(e["row"], e["column"]) for _, e in cut] == [
        (row, column) for row in range(0, 118, 14) for column in range(0, 166, 14)
    ]
    assert len({key for key, _ in cut}) == len(cut)


def test_planes_are_cut_from_the_whole_pair(photo):
    pair = degrade(photo, 3)
    for _, example in subimages.examples(photo, "a.png", _X3):
        here = np.s_[example["row"] :, example["column"] :]
        np.testing.assert_array_equal(example["hr_y"], pair.hr_y[here][:33, :33])
        error = example["bicubic_y"].astype(np.float64) - pair.bicubic_y[here][:33, :33]
        assert np.abs(error).max() * 255 <= 0.07


def test_a_picture_fits_if_it_is_large_enough_after_the_crop():
    x4 = subimages.configs()[2]
    assert not subimages.fits(np.zeros((80, 35), np.uint8), x4)
    assert subimages.fits(np.zeros((36, 36, 3), np.uint8), x4)
    assert len(list(subimages.examples(np.zeros((36, 36, 3), np.uint8), "a", x4))) == 1


def test_t91_gives_as_many_as_the_authors(shared_data):
    folder = shared_data / "t91"
    sides = [read_image(folder / name).shape[:2] for name in find_images(folder)]
    counts = [
        ((rows - rows % 3 - 33) // 14 + 1) * ((columns - columns % 3 - 33) // 14 + 1)
        for rows, columns in sides
    ]
    assert sum(counts) == 21_884
    picture = read_image(folder / find_images(folder)[0])
    assert len(list(subimages.examples(picture, "a", _X3))) == counts[0]


def test_builds_records_of_another_size_and_stride(tmp_path, photo, caplog):
    (tmp_path / "photos").mkdir()
    Image.fromarray(photo).save(tmp_path / "photos" / "a.png")
    Image.fromarray(photo[:30]).save(tmp_path / "photos" / "low.png")
    # As `tfds build --config='{...}'` makes it.
    config = pairs.PairConfig(
        **json.loads('{"name": "x2_41", "scale": 2, "subimage_size": 41, "subimage_stride": 50}')
    )
    builder = Builder(config=config, data_dir=tmp_path / "data")
    builder.download_and_prepare(
        download_config=tfds.download.DownloadConfig(manual_dir=tmp_path / "photos")
    )

    assert "low.png is 200x30 pixels, too small for a sub-image of 41x41" in caplog.text
    records = list(tfds.as_numpy(builder.as_dataset(split="train")))
    places = {(int(record["row"]), int(record["column"])) for record in records}
    assert places == {(row, column) for row in (0, 50, 100) for column in (0, 50, 100, 150)}
    bicubic_y = degrade(photo, 2).bicubic_y.astype(np.float16)
    for record in records:
        here = np.s_[record["row"] :, record["column"] :]
        np.testing.assert_array_equal(record["bicubic_y"], bicubic_y[here][:41, :41])
        assert record["filename"] == b"a.png"
