"""A headless browser, where there is one: to run an exported page and compare what it gives."""

import base64
import contextlib
import importlib.util
import pathlib
import shutil
import tempfile
from collections.abc import Iterator

import numpy as np

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
    # WebGL without a graphics card: shaders run on the processor, as exactly as on one.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
# For the slowest network on the largest of the drawn pictures, by one core.
_PATIENCE_SECONDS = 300
_ENLARGE = """
const [encoded, width, height, wanted, done] = arguments;
(async () => {
  const pixels = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
  window.engines ||= {};
  const engine = window.engines[wanted] ||= await chooseEngine(network, wanted);
  const across = width * network.scale;
  const result = new Uint8Array(3 * across * height * network.scale);
  await enlarge(network, engine, pixels, width, height, (tile, made) => {
    let at = 0;
    for (let y = tile.top; y < tile.bottom; y++) {
      for (let x = tile.left; x < tile.right; x++, at += 4) {
        result.set(made.subarray(at, at + 3), 3 * (y * across + x));
      }
    }
  });
  let text = "";
  for (let at = 0; at < result.length; at += 32768) {
    text += String.fromCharCode(...result.subarray(at, at + 32768));
  }
  done(btoa(text));
})().catch((error) => done({ error: String(error) }));
"""


def obstacle() -> str | None:
    """Says why no browser can be driven here, or returns None."""
    missing = [] if importlib.util.find_spec("selenium") else ["selenium"]
    if not _browser():
        missing.append("chromium")
    if not shutil.which("chromedriver"):
        missing.append("chromedriver")
    return f"no browser to run it here ({', '.join(missing)} not installed)" if missing else None


def _browser() -> str | None:
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


@contextlib.contextmanager
def headless() -> Iterator:
    """Yields Selenium's driver of a headless Chromium; see `obstacle`."""
    from selenium import webdriver

    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = _browser() or ""
        for argument in (*_ARGUMENTS, f"--user-data-dir={profile}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
        driver.set_script_timeout(_PATIENCE_SECONDS)
        try:
            yield driver
        finally:
            driver.quit()


def enlarge(driver, page: pathlib.Path, picture: np.ndarray, engine: str = "auto") -> np.ndarray:
    """Enlarges a picture by the page's own functions.

    Args:
      driver: from `headless`.
      page: the file; it is opened unless it is open.
      picture: uint8 (H, W, 3).
      engine: `gpu`, `workers`, or `auto`, the first that works.

    Returns:
      uint8 (sH, sW, 3).

    Raises:
      ValueError: the page fails.
    """
    url = page.resolve().as_uri()
    if driver.current_url != url:
        driver.get(url)
    height, width, _ = picture.shape
    opaque = np.concatenate([picture, np.full((height, width, 1), 255, np.uint8)], axis=2)
    encoded = base64.b64encode(opaque.tobytes()).decode()
    answer = driver.execute_async_script(_ENLARGE, encoded, width, height, engine)
    if isinstance(answer, dict):
        raise ValueError(f"fails ({answer['error']})")
    values = np.frombuffer(base64.b64decode(answer), np.uint8)
    scale = round((values.size / (3 * height * width)) ** 0.5)
    return values.reshape(height * scale, width * scale, 3)
