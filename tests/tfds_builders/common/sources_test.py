"""Published pictures come from the user's folder or from their URLs, all verified."""

import pathlib
import shutil
import time
import urllib.request

import published_sets
import pytest
import tensorflow_datasets as tfds

from tfds_builders.common import downloads, sources
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.set5.set5_dataset_builder import Builder

_DUMMY_DATA = pathlib.Path(str(Builder.code_path)).with_name("dummy_data")
_PICTURES = published_sets.describe(_DUMMY_DATA)
_NAMES = [picture.file for picture in _PICTURES]


@pytest.fixture
def web(monkeypatch):
    """A fake internet: URLs to bytes, and the list of requests."""
    pages = {
        address: (_DUMMY_DATA / picture.file).read_bytes()
        for picture in _PICTURES
        for address in picture.urls
    }
    asked = []

    def fetch(address, limit):
        asked.append(address)
        if address not in pages:
            raise OSError(f"nothing at {address}")
        yield pages[address][:limit]

    monkeypatch.setattr(downloads, "fetch", fetch)
    monkeypatch.setattr(downloads, "unreachable", lambda pictures: None)
    pages["asked"] = asked
    return pages


@pytest.fixture
def manual(tmp_path):
    return pathlib.Path(shutil.copytree(_DUMMY_DATA, tmp_path / "manual_folder"))


def _manager(tmp_path, manual_dir=None):
    download_dir = tmp_path / "downloads"
    return tfds.download.DownloadManager(
        download_dir=download_dir,
        manual_dir=manual_dir or download_dir / "manual",
        manual_dir_instructions="instructions",
    )


def _locate(tmp_path, manual_dir=None):
    return sources.locate(_manager(tmp_path, manual_dir), Builder.DATASET, _PICTURES)


def test_complete_manual_folder_needs_no_download(tmp_path, manual, web):
    assert _locate(tmp_path, manual) == [manual / name for name in _NAMES]
    assert web["asked"] == []


def test_folder_of_folders_is_looked_into(tmp_path, manual, web, caplog):
    manual.rename(tmp_path / "set5")
    with caplog.at_level("INFO"):
        assert _locate(tmp_path, tmp_path) == [tmp_path / "set5" / name for name in _NAMES]
    assert f"set5: pictures from {tmp_path / 'set5'}" in caplog.messages
    assert web["asked"] == []


def test_bad_files_of_a_manual_folder_are_named(tmp_path, manual, web):
    altered = bytearray((manual / _NAMES[0]).read_bytes())
    altered[-1] ^= 1
    (manual / _NAMES[0]).write_bytes(altered)
    with pytest.raises(DatasetUnavailableError) as raised:
        _locate(tmp_path, manual)
    assert _NAMES[0] in str(raised.value) and _PICTURES[0].sha256 in str(raised.value)
    assert _NAMES[1] not in str(raised.value)

    (manual / _NAMES[0]).write_bytes(altered[:-3])
    (manual / _NAMES[1]).unlink()
    with pytest.raises(DatasetUnavailableError) as raised:
        _locate(tmp_path, manual)
    size = _PICTURES[0].size
    assert f"{_NAMES[0]} has {size - 3} bytes, expected {size}" in str(raised.value)
    assert f"{_NAMES[1]} is missing" in str(raised.value)
    assert web["asked"] == []


def test_absent_or_empty_manual_folder_is_an_error(tmp_path, web):
    (tmp_path / "empty").mkdir()
    for name in ("absent", "empty"):
        with pytest.raises(DatasetUnavailableError, match=name):
            _locate(tmp_path, tmp_path / name)
    assert web["asked"] == []


def test_default_folder_counts_only_if_it_has_pictures(tmp_path, web):
    default = tmp_path / "downloads" / "manual"
    default.mkdir(parents=True)
    (default / "another_dataset.zip").touch()
    assert _locate(tmp_path)[0].parent == tmp_path / "downloads" / "set5"

    for name in _NAMES:
        shutil.copy(_DUMMY_DATA / name, default)
    assert _locate(tmp_path) == [default / name for name in _NAMES]


def test_pinned_url_is_downloaded_once(tmp_path, web):
    paths = _locate(tmp_path)

    for path, name in zip(paths, _NAMES, strict=True):
        assert path.read_bytes() == (_DUMMY_DATA / name).read_bytes()
    assert sorted(web["asked"]) == [picture.urls[0] for picture in _PICTURES]
    assert _locate(tmp_path) == paths
    assert len(web["asked"]) == len(_NAMES)


@pytest.mark.parametrize("fault", ["altered", "too long", "gone"])
def test_mirror_is_tried_if_the_pinned_url_fails(tmp_path, web, fault):
    pinned, mirror = _PICTURES[0].urls
    if fault == "gone":
        del web[pinned]
    else:
        web[pinned] = b"x" * len(web[pinned]) if fault == "altered" else web[pinned] + b"x"

    assert _locate(tmp_path)[0].read_bytes() == web[mirror]
    assert mirror in web["asked"]


def test_wrong_bytes_are_an_error_and_leave_no_file(tmp_path, web):
    for address in _PICTURES[1].urls:
        web[address] = b"wrong"

    with pytest.raises(DatasetUnavailableError) as raised:
        _locate(tmp_path)
    for part in (_NAMES[1], *_PICTURES[1].urls, "--manual_dir"):
        assert part in str(raised.value)
    assert not (tmp_path / "downloads" / "set5" / _NAMES[1]).exists()


def test_offline_error_comes_within_seconds(tmp_path):
    # The domain .invalid is reserved, so it exists nowhere, with a network or without.
    start = time.monotonic()
    with pytest.raises(DatasetUnavailableError) as raised:
        _locate(tmp_path)
    assert time.monotonic() - start < 3 * downloads.PROBE_SECONDS
    assert len(str(raised.value).splitlines()) == 3
    assert "pinned.invalid cannot be reached" in str(raised.value)


def test_silent_host_times_out(monkeypatch):
    def hang(*args, **kwargs):
        time.sleep(3)
        raise TimeoutError

    monkeypatch.setattr(downloads, "PROBE_SECONDS", 0.1)
    monkeypatch.setattr(urllib.request, "urlopen", hang)

    start = time.monotonic()
    assert "no answer" in downloads.unreachable(_PICTURES)
    assert time.monotonic() - start < 2


def test_urls_other_than_https_are_refused():
    with pytest.raises(ValueError, match="not https"):
        next(downloads.fetch("http://pinned.invalid/picture.bmp", 10))
