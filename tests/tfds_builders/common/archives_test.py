"""Archives of pictures are fetched, verified and unpacked once, whole or not at all."""

import functools
import hashlib
import http.server
import io
import pathlib
import shutil
import tarfile
import threading
import zipfile

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.data import catalog, pipeline
from tfds_builders.common import archives, downloads
from tfds_builders.common.manifest import DatasetUnavailableError, Picture
from tfds_builders.common.preparation import prepared_builder

_NAMES = ["a.png", "b.png", "c.bmp"]


def _encoded(number, name):
    rows, columns = np.mgrid[:40, :50]
    pixels = (128 + 60 * np.sin((rows + (number + 1) * columns) / 9)).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "BMP" if name.endswith("bmp") else "PNG")
    return stream.getvalue()


def _contents():
    """What is in an archive: pictures in a folder, and what archives hold besides."""
    pictures = {f"Dunes/{name}": _encoded(n, name) for n, name in enumerate(_NAMES)}
    others = ("Dunes/readme.txt", "__MACOSX/Dunes/a.png", "Dunes/.hidden.png")
    return pictures | dict.fromkeys(others, b"no picture")


def _write(path: pathlib.Path, contents) -> pathlib.Path:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in contents.items():
                archive.writestr(name, content)
    else:
        with tarfile.open(path, "w:gz" if path.suffix in (".gz", ".tgz") else "w") as archive:
            for name, content in contents.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return path


def _published(path):
    content = path.read_bytes()
    url = f"https://pinned.invalid/{path.name}"
    return Picture(path.name, len(content), hashlib.sha256(content).hexdigest(), (url,))


@pytest.mark.parametrize("name", ["dunes.zip", "dunes.tar", "dunes.tar.gz", "Dunes.TGZ"])
def test_pictures_alone_are_unpacked(tmp_path, name):
    archive = _write(tmp_path / name, _contents())
    assert archives.is_archive(name)
    folder, names = archives.unpacked([archive], [_published(archive)], tmp_path / "cache")
    assert list(names) == _NAMES and folder.name == "Dunes"
    assert (folder / "b.png").read_bytes() == _encoded(1, "b.png")
    files = [path for path in folder.parent.rglob("*") if path.is_file()]
    assert len(files) == len(_NAMES)
    # Unpacked once, and again if another archive is published.
    archive.unlink()
    published = Picture(name, 0, "0" * 64)
    with pytest.raises(FileNotFoundError):
        archives.unpacked([archive], [published], tmp_path / "cache")


def test_pattern_chooses_members(tmp_path):
    archive = _write(tmp_path / "dunes.zip", _contents())
    published = [_published(archive)]
    _, names = archives.unpacked([archive], published, tmp_path / "cache", "Dunes/*.png")
    assert names == ("a.png", "b.png")
    with pytest.raises(DatasetUnavailableError, match=r"no pictures .* match 'x/\*'"):
        archives.unpacked([archive], published, tmp_path / "cache", "x/*")


@pytest.mark.parametrize("name", ["../evil.png", "/tmp/evil.png", "Dunes/../../evil.png"])
@pytest.mark.parametrize("kind", [".zip", ".tar"])
def test_names_that_lead_out_are_refused(tmp_path, name, kind):
    archive = _write(tmp_path / f"dunes{kind}", {"a.png": b"a", name: b"evil"})
    with pytest.raises(DatasetUnavailableError, match="leads out of its folder"):
        archives.unpacked([archive], [_published(archive)], tmp_path / "cache")
    assert [path.name for path in tmp_path.rglob("evil.png")] == []
    assert not list((tmp_path / "cache").glob("unpacked-????????????????"))


def test_links_in_a_tar_are_left_out(tmp_path):
    archive = tmp_path / "dunes.tar"
    with tarfile.open(archive, "w") as tar:
        link = tarfile.TarInfo("link.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(DatasetUnavailableError, match="no pictures are in it"):
        archives.unpacked([archive], [_published(archive)], tmp_path / "cache")


def test_what_a_killed_process_left_is_not_taken(tmp_path):
    archive = _write(tmp_path / "dunes.zip", _contents())
    folder, _ = archives.unpacked([archive], [_published(archive)], tmp_path / "cache")
    shutil.rmtree(folder.parent)
    partial = folder.parent.with_name(f"{folder.parent.name}.partial") / "Dunes"
    partial.mkdir(parents=True)
    (partial / "half.png").touch()
    _, names = archives.unpacked([archive], [_published(archive)], tmp_path / "cache")
    assert list(names) == _NAMES


@pytest.mark.parametrize("kind", [".zip", ".tar", ".tar.gz"])
def test_damaged_archive_is_named(tmp_path, kind):
    archive = _write(tmp_path / f"dunes{kind}", _contents())
    archive.write_bytes(archive.read_bytes()[:700])
    with pytest.raises(DatasetUnavailableError, match=rf"{archive} cannot be unpacked"):
        archives.unpacked([archive], [_published(archive)], tmp_path / "cache")


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A folder that is served on this machine; plain HTTP, since certificates are not at issue."""
    served = tmp_path / "served"
    served.mkdir()
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=served)
    monkeypatch.setattr(handler.func, "log_message", lambda *arguments: None)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{running.server_port}"
        urlopen = downloads.urllib.request.urlopen

        def redirect(request, **options):
            at = getattr(request, "full_url", request)
            with_method = getattr(request, "method", None)
            there = at.replace("https://pinned.invalid", address)
            made = downloads.urllib.request.Request(there, method=with_method)
            return urlopen(made, **options)

        monkeypatch.setattr(downloads.urllib.request, "urlopen", redirect)
        require = downloads._require_https
        monkeypatch.setattr(
            downloads,
            "_require_https",
            lambda url: None if url.startswith(address) else require(url),
        )
        yield served
        running.shutdown()


@pytest.fixture
def dunes(tmp_path, server, request):
    """A dataset of the user's whose pictures are in an archive on a server."""
    archive = _write(server / "dunes.tar.gz", _contents())
    published = _published(archive)
    folder = tmp_path / f"dunes_{request.node.name}"
    folder.mkdir()
    (folder / "dataset.toml").write_text(
        'title = "Dunes"\ndescription = "sand"\nsource = "urls"\nmembers = "Dunes/*"\n'
        'splits = { test = 3 }\nroles = { benchmark = "test" }\n'
    )
    (folder / "checksums.tsv").write_text(
        f"{published.urls[0]}\t{published.size}\t{published.sha256}\t{published.file}\n"
    )
    (folder / f"{folder.name}_dataset_builder.py").write_text(
        "from tfds_builders.common.published_pictures import PublishedPictures\n\n"
        "class Builder(PublishedPictures):\n    pass\n"
    )
    yield catalog.add_folder(folder)
    catalog.DATASETS.unregister(folder.name)


def test_archive_is_downloaded_from_a_server(tmp_path, dunes, server):
    builder = prepared_builder(dunes.name, 2, tmp_path / "data")
    pictures = pipeline.read_pictures(builder, "test")
    assert [picture.filename for picture in pictures] == _NAMES
    # The second scale needs neither the server nor the archive to be unpacked again.
    (server / "dunes.tar.gz").unlink()
    assert len(pipeline.read_pictures(prepared_builder(dunes.name, 3, tmp_path / "data"), "test"))


def test_altered_archive_is_refused(tmp_path, dunes, server):
    archive = server / "dunes.tar.gz"
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    with pytest.raises(DatasetUnavailableError, match=r"dunes\.tar\.gz has SHA-256"):
        prepared_builder(dunes.name, 2, tmp_path / "data")
    assert not list((tmp_path / "data").rglob("*.png"))


def test_archive_in_the_manual_folder_is_found(tmp_path, dunes, server):
    (tmp_path / "pictures").mkdir()
    (server / "dunes.tar.gz").rename(tmp_path / "pictures" / "dunes.tar.gz")
    builder = prepared_builder(dunes.name, 2, tmp_path / "data", tmp_path / "pictures")
    assert builder.info.splits["test"].num_examples == 3


def test_wrong_number_of_pictures_is_named(tmp_path, dunes):
    text = (dunes.folder / "dataset.toml").read_text()
    (dunes.folder / "dataset.toml").write_text(text.replace("test = 3", "test = 4"))
    catalog.DATASETS.unregister(dunes.name)
    changed = catalog.add_folder(dunes.folder)
    with pytest.raises(
        DatasetUnavailableError, match=r"holds 3 pictures, and dataset\.toml says 4"
    ):
        prepared_builder(changed.name, 2, tmp_path / "data")
