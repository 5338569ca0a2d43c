"""Downloading a dataset's pictures: verified, from mirrors where needed, failing within seconds.

TFDS's own download manager sets no timeout, retries for minutes when there is no network, and
knows one URL a file; hence these few lines of our own.
"""

import concurrent.futures
import hashlib
import http.client
import logging
import pathlib
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence

from srcnn_tf.files.atomic_files import atomic_write
from tfds_builders.common.manifest import (
    DatasetUnavailableError,
    Picture,
    problem_with_digest,
    problem_with_file,
)

PROBE_SECONDS = 5
_TRANSFER_SECONDS = 20
_ATTEMPTS = 2  # at each URL; a second look cures most dropped connections
_AT_A_TIME = 8
_CHUNK = 1 << 20  # bytes
_LARGE = 50e6  # bytes; larger files are named, since they take a while

_LOGGER = logging.getLogger(__name__)


def download(pictures: Sequence[Picture], folder: pathlib.Path) -> None:
    """Puts the pictures into a folder, but for those that are already there, and whole.

    Raises:
      DatasetUnavailableError: there is no network, or a file cannot be had, as published, from any
        of its URLs. What has been downloaded until then stays for the next attempt.
    """
    wanted = [picture for picture in pictures if problem_with_file(folder / picture.file, picture)]
    if not wanted:
        return
    reason = unreachable(wanted)
    if reason is not None:
        raise DatasetUnavailableError(reason)
    with concurrent.futures.ThreadPoolExecutor(_AT_A_TIME) as pool:
        transfers = [pool.submit(_download_one, picture, folder) for picture in wanted]
        try:
            for transfer in concurrent.futures.as_completed(transfers):
                transfer.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def unreachable(pictures: Sequence[Picture]) -> str | None:
    """Returns why no host of the first picture answers within seconds, or None if one does."""
    first_by_host: dict[str, str] = {}
    for url in pictures[0].urls:
        first_by_host.setdefault(urllib.parse.urlsplit(url).netloc, url)
    reasons = []
    for host, url in first_by_host.items():
        reason = _probe(url)
        if reason is None:
            return None
        reasons.append(f"{host} cannot be reached ({reason})")
    return ", ".join(reasons) or "no URL is known"


def fetch(url: str, limit: int) -> Iterator[bytes]:
    """Yields what is at an https URL, piece by piece, but not more than `limit` bytes.

    Raises:
      OSError, http.client.HTTPException: as urllib raises them.
      ValueError: the URL, or where it redirects to, is not https.
    """
    _require_https(url)
    with urllib.request.urlopen(url, timeout=_TRANSFER_SECONDS) as response:
        _require_https(response.geturl())
        while limit > 0 and (chunk := response.read(min(limit, _CHUNK))):
            limit -= len(chunk)
            yield chunk


def _download_one(picture: Picture, folder: pathlib.Path) -> None:
    problems = []
    for url in picture.urls:
        for _ in range(_ATTEMPTS):
            try:
                problem = _fetch_into(folder / picture.file, url, picture)
            except _TransferError as error:
                problem = f"cannot be fetched ({error})"
                continue
            if problem is None:
                return
            break  # The URL answers, with something else: asking again would change nothing.
        problems.append(f"  {url} {problem}")
    raise DatasetUnavailableError("\n".join([f"{picture.file} cannot be downloaded:", *problems]))


class _TransferError(Exception):
    """A transfer broke off."""


class _WrongContentError(Exception):
    """What was transferred is not what was published; the message says how it differs."""


def _fetch_into(path: pathlib.Path, url: str, picture: Picture) -> str | None:
    """Writes what is at a URL, if that is `picture`, and else returns how it differs."""
    if picture.size > _LARGE:
        _LOGGER.info("Downloading %s, %.0f MB.", url, picture.size / 1e6)
    size, digest = 0, hashlib.sha256()
    try:
        with atomic_write(path) as temporary, temporary.open("wb") as file:
            chunks = fetch(url, picture.size + 1)
            while True:
                try:
                    chunk = next(chunks, None)
                except (OSError, ValueError, http.client.HTTPException) as error:
                    raise _TransferError(error) from error
                if chunk is None:
                    break
                size += len(chunk)
                digest.update(chunk)
                file.write(chunk)
            problem = problem_with_digest(size, digest.hexdigest(), picture)
            if problem is not None:
                raise _WrongContentError(problem)
    except _WrongContentError as error:
        return str(error)
    return None


def _probe(url: str) -> str | None:
    """Asks for a URL's head; whatever its host answers, the network is there."""
    outcome = ["no answer"]

    def ask():
        try:
            _require_https(url)
            request = urllib.request.Request(url, method="HEAD")
            urllib.request.urlopen(request, timeout=PROBE_SECONDS).close()
            outcome[0] = None
        except urllib.error.HTTPError:
            outcome[0] = None
        except (OSError, ValueError, http.client.HTTPException) as error:
            outcome[0] = str(getattr(error, "reason", error))

    # Name resolution heeds no timeout and cannot be interrupted, so a thread waits for it, and
    # whoever waits for the thread does so no longer than was agreed.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PROBE_SECONDS)
    return outcome[0]


def _require_https(url: str) -> None:
    if not url.startswith("https://"):
        raise ValueError(f"{url} is not https")
