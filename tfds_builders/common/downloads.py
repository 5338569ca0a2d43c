"""Downloading a dataset's pictures: verified, from mirrors where needed, failing within seconds.

TFDS's own download manager sets no timeout, retries for minutes when there is no network, and
knows one address a file; hence these few lines of our own.
"""

import concurrent.futures
import http.client
import pathlib
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence

from srcnn_tf.files.atomic_files import atomic_write
from tfds_builders.common.manifest import (
    DatasetUnavailableError,
    Picture,
    problem_with_bytes,
    problem_with_file,
)

PROBE_SECONDS = 5
_TRANSFER_SECONDS = 20
_ATTEMPTS = 2  # at each address; a second look cures most dropped connections
_AT_A_TIME = 8


def download(pictures: Sequence[Picture], folder: pathlib.Path) -> None:
    """Puts the pictures into a folder, but for those that are already there, and whole.

    Raises:
      DatasetUnavailableError: there is no network, or a file cannot be had, as published, from any
        of its urls. What has been downloaded until then stays for the next attempt.
    """
    wanted = [picture for picture in pictures if problem_with_file(folder / picture.file, picture)]
    if not wanted:
        return
    obstacle = unreachable(wanted)
    if obstacle is not None:
        raise DatasetUnavailableError(obstacle)
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
    first_by_host = {}
    for address in pictures[0].urls:
        first_by_host.setdefault(urllib.parse.urlsplit(address).netloc, address)
    obstacles = []
    for host, address in first_by_host.items():
        obstacle = _probe(address)
        if obstacle is None:
            return None
        obstacles.append(f"{host} cannot be reached ({obstacle})")
    return ", ".join(obstacles) or "no address is known"


def fetch(address: str, limit: int) -> bytes:
    """Returns what is at an https address, but not more than `limit` bytes.

    Raises:
      OSError, http.client.HTTPException: as urllib raises them.
      ValueError: the address, or where it redirects to, is not https.
    """
    _require_https(address)
    with urllib.request.urlopen(address, timeout=_TRANSFER_SECONDS) as response:
        _require_https(response.geturl())
        return response.read(limit)


def _download_one(picture: Picture, folder: pathlib.Path) -> None:
    faults = []
    for address in picture.urls:
        for _ in range(_ATTEMPTS):
            try:
                content = fetch(address, picture.size + 1)
            except (OSError, ValueError, http.client.HTTPException) as error:
                fault = f"cannot be fetched ({error})"
                continue
            fault = problem_with_bytes(content, picture)
            if fault is None:
                with atomic_write(folder / picture.file) as temporary:
                    temporary.write_bytes(content)
                return
            break  # The address answers, with something else: asking again would change nothing.
        faults.append(f"  {address} {fault}")
    raise DatasetUnavailableError("\n".join([f"{picture.file} cannot be downloaded:", *faults]))


def _probe(address: str) -> str | None:
    """Asks for an address's head; whatever its host answers, the network is there."""
    outcome = ["no answer"]

    def ask():
        try:
            _require_https(address)
            request = urllib.request.Request(address, method="HEAD")
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


def _require_https(address: str) -> None:
    if not address.startswith("https://"):
        raise ValueError(f"{address} is not https")
