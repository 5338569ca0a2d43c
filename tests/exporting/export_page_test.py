"""The page in a real browser, opened from disk: its pixels are those of `upscale`."""

import base64
import io
import pathlib
import time

import numpy as np
import pytest
from drawn_networks import EVERYTHING, drawn
from PIL import Image

import srcnn_tf
from srcnn_tf.exporting import browser as browsers
from srcnn_tf.exporting.contents import Contents
from srcnn_tf.exporting.formats import html_page
from srcnn_tf.exporting.parity import drawn_picture
from srcnn_tf.imaging.tiling import Tiler
from srcnn_tf.upscaling.enlarging import Enlarger

_NETWORK = EVERYTHING[1]


@pytest.fixture(scope="module")
def browser():
    obstacle = browsers.obstacle()
    if obstacle:
        pytest.skip(obstacle)
    with browsers.headless() as driver:
        yield driver


@pytest.fixture(scope="module")
def network():
    return drawn(_NETWORK)


@pytest.fixture(scope="module")
def page(tmp_path_factory, network):
    path = tmp_path_factory.mktemp("my page") / "enlarge # 2.html"
    html_page.write(Contents(network, 2, color=True), path)
    return path


@pytest.fixture
def opened(browser, page):
    browser.get(page.resolve().as_uri())
    return browser


def _save(path, pixels):
    Image.fromarray(pixels).save(path)
    return path


def _choose(browser, path):
    browser.find_element("id", "file").send_keys(str(path))
    return _wait(browser)


def _wait(browser, until=(" s on ", "could not", "no picture", "too large")):
    for _ in range(600):
        text = browser.find_element("id", "status").text
        if any(part in text for part in until):
            return text
        time.sleep(0.05)
    raise AssertionError(text)


def _canvas(browser, name):
    script = f"return document.getElementById('{name}').toDataURL()"
    encoded = browser.execute_script(script).partition(",")[2]
    with Image.open(io.BytesIO(base64.b64decode(encoded))) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def _assert_equal(found, expected):
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected).max() <= 1


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["gpu", "workers"])
@pytest.mark.parametrize("architecture", EVERYTHING, ids=lambda each: each.name)
def test_shaders_and_workers_give_what_upscale_gives(browser, tmp_path, architecture, engine):
    network = drawn(architecture)
    scale = network.scale or 2
    html_page.write(Contents(network, scale, color=True), tmp_path / "page.html")
    # Wider than a tile.
    for height, width in ((2, 2), (31, 300 // scale)):
        picture = drawn_picture(height, width, 3)
        found = browsers.enlarge(browser, tmp_path / "page.html", picture, engine)
        _assert_equal(found, srcnn_tf.upscale(picture, scale, network))


def test_a_chosen_picture_is_enlarged_beside_bicubic(opened, network, tmp_path):
    picture = drawn_picture(70, 90, 3)
    said = _choose(opened, _save(tmp_path / "a.png", picture))
    assert said.startswith("180 x 140 pixels in ")
    _assert_equal(_canvas(opened, "network-result"), srcnn_tf.upscale(picture, 2, network))
    bicubic = Enlarger(2, Tiler(512)).enlarge(picture)
    _assert_equal(_canvas(opened, "bicubic-result"), bicubic)
    assert not opened.find_element("id", "progress").is_displayed()
    assert [each for each in opened.get_log("browser") if each["level"] == "SEVERE"] == []


def test_a_dropped_picture_is_enlarged(opened, network, tmp_path):
    picture = drawn_picture(20, 30, 3)
    encoded = base64.b64encode(_save(tmp_path / "a.png", picture).read_bytes()).decode()
    opened.execute_script(
        """const bytes = Uint8Array.from(atob(arguments[0]), (char) => char.charCodeAt(0));
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([bytes], 'a.png', { type: 'image/png' }));
        document.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));""",
        encoded,
    )
    _wait(opened)
    _assert_equal(_canvas(opened, "network-result"), srcnn_tf.upscale(picture, 2, network))


def test_what_is_saved_is_what_is_shown(opened, network, tmp_path):
    picture = drawn_picture(24, 33, 3)
    _choose(opened, _save(tmp_path / "holiday.png", picture))
    folder = {"behavior": "allow", "downloadPath": str(tmp_path)}
    opened.execute_cdp_cmd("Page.setDownloadBehavior", folder)
    opened.find_element("id", "save").click()
    saved = tmp_path / "holiday_x2.png"
    for _ in range(200):
        if saved.exists() and saved.stat().st_size:
            break
        time.sleep(0.05)
    _assert_equal(np.asarray(Image.open(saved).convert("RGB")), _canvas(opened, "network-result"))


def test_what_is_transparent_is_laid_on_white(opened, network, tmp_path):
    picture = drawn_picture(20, 20, 3)
    alpha = np.full((20, 20, 1), 255, np.uint8)
    alpha[:, :7] = 0
    _choose(opened, _save(tmp_path / "a.png", np.concatenate([picture, alpha], axis=2)))
    picture[:, :7] = 255
    _assert_equal(_canvas(opened, "network-result"), srcnn_tf.upscale(picture, 2, network))


def test_the_edge_follows_keys_and_mouse(opened, tmp_path):
    from selenium.webdriver import ActionChains, Keys

    _choose(opened, _save(tmp_path / "a.png", drawn_picture(60, 80, 3)))
    script = "return parseFloat(document.getElementById('stage').style.getPropertyValue('--at'))"
    opened.find_element("id", "wipe").send_keys(Keys.ARROW_RIGHT * 3)
    assert opened.execute_script(script) == 53
    stage = opened.find_element("id", "stage")
    ActionChains(opened).move_to_element(stage).click_and_hold().move_by_offset(
        -stage.size["width"] // 4, 0
    ).release().perform()
    assert opened.execute_script(script) == pytest.approx(25, abs=2)


def test_a_file_that_is_no_picture_is_said_and_the_next_one_works(opened, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture")
    assert "notes.txt is no picture" in _choose(opened, tmp_path / "notes.txt")
    assert "60 x 40" in _choose(opened, _save(tmp_path / "a.png", drawn_picture(20, 30, 3)))


@pytest.mark.parametrize("width", [390, 1280])
def test_fits_the_width_of_phone_and_desk(opened, tmp_path, width):
    metrics = {"width": width, "height": 844, "deviceScaleFactor": 2, "mobile": width < 500}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        _choose(opened, _save(tmp_path / "a.png", drawn_picture(150, 350, 3)))
        assert opened.execute_script("return document.documentElement.scrollWidth") <= width
    finally:
        opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_nothing_is_asked_of_a_network_and_names_are_escaped(tmp_path, network):
    path = pathlib.Path(tmp_path, "page.html")
    html_page.write(Contents(network, 2, color=True), path)
    text = path.read_text(encoding="utf-8")
    assert "http:" not in text and "https:" not in text and "//cdn" not in text
    assert text.count("</script>") == 2
