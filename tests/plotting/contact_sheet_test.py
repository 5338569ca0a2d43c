"""Contact sheets show pictures pixel for pixel."""

import numpy as np

from srcnn_tf.plotting.contact_sheet import Cell, Row, contact_sheet


def _found(sheet, pixels):
    windows = np.lib.stride_tricks.sliding_window_view(sheet, pixels.shape)[:, :, 0]
    return np.argwhere((windows == pixels).all(axis=(2, 3, 4)))


def test_every_picture_is_there_pixel_for_pixel_in_its_column():
    random = np.random.default_rng(0)
    rows = [
        Row(f"row {row}", [Cell(random.integers(0, 256, size, np.uint8), "20 dB") for _ in "ab"])
        for row, size in enumerate([(9, 12, 3), (11, 12, 3)])
    ]
    sheet = contact_sheet(["first", "second"], rows)
    places = [[_found(sheet, cell.pixels) for cell in row.cells] for row in rows]
    assert all(len(place) == 1 for row in places for place in row)
    (first, second), (third, _) = [[tuple(place[0]) for place in row] for row in places]
    assert first[0] == second[0] and first[1] < second[1]
    assert third[1] == first[1] and third[0] > first[0] + 9


def test_gray_pictures_are_shown_gray():
    gray = np.arange(48, dtype=np.uint8).reshape(6, 8)
    sheet = contact_sheet(["only"], [Row("", [Cell(gray, "")])])
    assert len(_found(sheet, np.repeat(gray[..., None], 3, axis=2))) == 1
