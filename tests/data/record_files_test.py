"""Damage to a prepared dataset is always noticed, and its file is named."""

import re
import shutil
import struct

import benchmark_data
import programs
import pytest

from srcnn_tf.data import originals, pipeline
from srcnn_tf.data.record_files import RecordsError
from tfds_builders.common.preparation import DatasetUnavailableError, prepared_builder

_PICTURES = 3


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A data folder with Set5 x3 in two shards."""
    folder = tmp_path_factory.mktemp("whole")
    benchmark_data.prepare("set5", 3, pictures=_PICTURES, data_dir=folder, shards=2)
    return folder


@pytest.fixture
def data_dir(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "data")


def _shards(data_dir):
    return sorted(data_dir.glob("set5/x3/*/set5-test.tfrecord*"))


def _records(content):
    """Yields where each record begins: 8 bytes of length, 4 of CRC, the payload, 4 of CRC."""
    begin = 0
    while begin < len(content):
        yield begin
        begin += 16 + struct.unpack("<Q", content[begin : begin + 8])[0]


def _read(data_dir):
    return pipeline.read_pictures(prepared_builder("set5", 3, data_dir, download=False), "test")


def _assert_refused(data_dir, file, because=""):
    builder = prepared_builder("set5", 3, data_dir, download=False)
    pattern = rf"^{re.escape(str(file))} .*{because}.*; remove the folder {builder.data_dir}"
    for read in (pipeline.read_pictures, originals.read_originals):
        with pytest.raises(RecordsError, match=pattern):
            read(builder, "test")


def test_whole_dataset_is_read(whole):
    assert len(_read(whole)) == _PICTURES


@pytest.mark.parametrize("region", ["length", "length's checksum", "payload", "checksum", "last"])
def test_flipped_bit_is_noticed(data_dir, region):
    shard = _shards(data_dir)[-1]
    content = bytearray(shard.read_bytes())
    begin = list(_records(content))[-1]
    places = {
        "length": begin + 3,
        "length's checksum": begin + 9,
        "payload": begin + 12 + 1000,
        "checksum": len(content) - 4,
        "last": len(content) - 1,
    }
    content[places[region]] ^= 16
    shard.write_bytes(content)
    _assert_refused(data_dir, shard, "is damaged after . of . records")


@pytest.mark.parametrize("kept", [0, 5, 10, 600, -1])
def test_truncated_file_is_noticed(data_dir, kept):
    shard = _shards(data_dir)[0]
    shard.write_bytes(shard.read_bytes()[:kept])
    _assert_refused(data_dir, shard)


def test_lost_or_repeated_records_are_noticed(data_dir):
    for shard in _shards(data_dir):
        content = shard.read_bytes()
        *_, last = _records(content)
        shard.write_bytes(content[:last])
        _assert_refused(data_dir, shard, "holds . of . records")
        shard.write_bytes(content + content[last:])
        _assert_refused(data_dir, shard, "holds . of . records")
        shard.write_bytes(content)


def test_a_missing_shard_is_named(data_dir):
    shard = _shards(data_dir)[1]
    shard.unlink()
    _assert_refused(data_dir, shard, "is missing")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff", None])
def test_a_damaged_description_is_named(data_dir, content):
    (info,) = data_dir.glob("set5/x3/*/dataset_info.json")
    if content is None:
        info.unlink()
    else:
        info.write_bytes(content)
    with pytest.raises(DatasetUnavailableError, match=rf"^{re.escape(str(info))}.*remove the fol"):
        prepared_builder("set5", 3, data_dir, download=False)


@pytest.mark.slow
def test_programs_report_it_in_one_sentence(data_dir, tmp_path):
    shard = _shards(data_dir)[0]
    shard.write_bytes(shard.read_bytes()[:-9])
    arguments = ["--weights=none", "--datasets=set5", "--scales=3", "--data_dir=data"]
    result = programs.run("benchmark", *arguments, cwd=tmp_path)
    programs.assert_one_sentence(result, str(shard.relative_to(tmp_path)), "remove the folder")
