"""The page in a real browser: it opens from disk, wipes, zooms, reveals and sorts, also by keys."""

import html
import io
import json
import re
import shutil
import sys

import benchmark_data
import numpy as np
import pytest
from PIL import Image

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.evaluation.benchmarking import benchmark
from srcnn_tf.evaluation.record import benchmark_record
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.networks.weight_arguments import read_contenders
from srcnn_tf.reporting.page import write_report
from srcnn_tf.reporting.page_folder import obstacle
from srcnn_tf.reporting.page_pictures import ReportPictures

_ENVIRONMENT = {"date": "2026-01-02", "device": "a processor"}
# Names that would break a page, a script or a path if they were not escaped.
_NAMES = ("b<i>&\"'.png", "a # 100%.png", "c/../c.png")


@pytest.fixture(scope="module")
def page(tmp_path_factory, photo):
    """A report on three pictures at x3, scored by two stand-ins for networks, one with a curve."""
    folder = tmp_path_factory.mktemp("report") / "my report"
    runs = tmp_path_factory.mktemp("runs")
    pictures = []
    for number, name in enumerate(_NAMES):
        pair = degrade(photo[:, 20 * number : 20 * number + 129], 3)
        picture = EvaluationPicture(name, pair.hr_y[..., 0], pair.bicubic_y[..., 0])
        pictures.append(picture._replace(hr=pair.hr))
    shots = ReportPictures(folder)
    scores = benchmark(
        "holiday",
        pictures,
        3,
        {"brighter": lambda plane: plane + 0.2, "ours": lambda plane: plane + 0.02},
        log=lambda line: None,
        on_plane=shots.keeper("holiday", 3, pictures),
    )
    benchmark_data.write_weights(runs / "plain" / "brighter.safetensors", 3)
    benchmark_data.write_weights(runs / "run" / "best.safetensors", 3)
    line = {"kind": "train", "step": 1, "loss": 0.5}
    (runs / "run" / "metrics.jsonl").write_text(json.dumps(line) + "\n")
    contenders = read_contenders([str(runs / "plain"), f"ours={runs / 'run'}"])
    return write_report(
        folder, benchmark_record([scores], contenders, {}, _ENVIRONMENT), shots.shown
    )


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    webdriver = pytest.importorskip("selenium.webdriver")
    paths = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if not all(paths):
        pytest.skip("no browser: chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = paths[0]
    for argument in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,900",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(paths[1]))
    yield driver
    driver.quit()


@pytest.fixture
def figure(browser, page):
    """The first picture of the page, freshly loaded, in view."""
    browser.get(page.resolve().as_uri())
    found = browser.find_element("css selector", ".compare")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
    _wait_for_pictures(browser)
    return found


def _wait_for_pictures(browser):
    script = """const done = arguments[0];
        const images = [...document.querySelectorAll('.compare:first-child img')];
        Promise.all(images.map((image) => image.decode())).then(() => done(true));"""
    assert browser.execute_async_script(script)


def _stage(figure):
    """What the picture looks like, without the line on the edge."""
    figure.parent.execute_script("document.querySelector('.divider').style.display = 'none'")
    stage = figure.find_element("css selector", ".stage")
    with Image.open(io.BytesIO(stage.screenshot_as_png)) as shot:
        return np.asarray(shot.convert("RGB")).astype(int)


def _file(page, figure, selector):
    source = figure.find_element("css selector", selector).get_dom_attribute("src")
    with Image.open(page.parent / source) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def _wiped(browser):
    """How much of the width shows the left picture, in percent."""
    script = "return document.querySelector('.stage').style.getPropertyValue('--at')"
    return float(browser.execute_script(script).rstrip("%"))


def _press(browser, key, down=True, up=True):
    for kind in ["keyDown"] * down + ["keyUp"] * up:
        event = {"type": kind, "key": key, "text": key if kind == "keyDown" else ""}
        browser.execute_cdp_cmd("Input.dispatchKeyEvent", event)


def test_loads_from_disk_without_errors_and_all_pictures_are_there(browser, figure):
    broken = browser.execute_async_script(
        """const done = arguments[0];
        const images = [...document.images];
        for (const image of images) image.loading = 'eager';
        Promise.allSettled(images.map((image) => image.decode())).then((all) =>
          done(images.filter((_, at) => all[at].status !== 'fulfilled').map((i) => i.src)));"""
    )
    assert broken == []
    assert browser.get_log("browser") == []
    names = [each.text for each in browser.find_elements("css selector", ".compare strong")]
    assert sorted(names) == sorted(_NAMES)


@pytest.mark.slow
def test_nothing_is_asked_of_a_network(page):
    text = page.read_text(encoding="utf-8")
    assert "http:" not in text and "https:" not in text and "//cdn" not in text


def test_both_halves_of_a_picture_differ_and_are_the_files(browser, page, figure):
    shot = _stage(figure)
    left, right = _file(page, figure, ".left"), _file(page, figure, ".right")
    middle = shot.shape[1] // 2
    assert np.abs(left - right).mean() > 2
    # A pixel at the edge may be of either.
    np.testing.assert_array_equal(shot[:, : middle - 1], left[:, : middle - 1])
    np.testing.assert_array_equal(shot[:, middle + 2 :], right[:, middle + 2 :])


def test_the_edge_follows_the_mouse(browser, figure):
    from selenium.webdriver import ActionChains

    stage = figure.find_element("css selector", ".stage")
    quarter = stage.size["width"] // 4
    ActionChains(browser).move_to_element(stage).click_and_hold().move_by_offset(
        -quarter, 0
    ).release().perform()
    assert _wiped(browser) == pytest.approx(25, abs=2)
    ActionChains(browser).move_by_offset(quarter, 0).perform()
    assert _wiped(browser) == pytest.approx(25, abs=2)  # The button is up.


def test_the_edge_follows_the_arrow_keys(browser, figure):
    from selenium.webdriver import Keys

    slider = figure.find_element("css selector", ".wipe")
    slider.send_keys(Keys.ARROW_RIGHT * 3)
    assert _wiped(browser) == 53
    slider.send_keys(Keys.HOME)
    assert _wiped(browser) == 0


def test_the_original_shows_while_the_key_is_held(browser, page, figure):
    before = _stage(figure)
    _press(browser, "o", up=False)
    np.testing.assert_array_equal(_stage(figure), _file(page, figure, ".original"))
    _press(browser, "o", down=False)
    np.testing.assert_array_equal(_stage(figure), before)


def test_zooming_shows_larger_pixels(browser, page, figure):
    width = figure.find_element("css selector", ".stage").size["width"]
    figure.find_element("css selector", "[data-zoom='2']").click()
    assert figure.find_element("css selector", ".stage").size["width"] == 2 * width
    left = _file(page, figure, ".left")[:40, :40]
    np.testing.assert_array_equal(_stage(figure)[:80, :80], left.repeat(2, 0).repeat(2, 1))


def test_another_network_can_be_chosen_and_is_named(browser, page, figure):
    from selenium.webdriver.support.select import Select

    ours = _file(page, figure, ".right")
    Select(figure.find_element("css selector", "[data-side=right]")).select_by_visible_text(
        "brighter"
    )
    assert _file(page, figure, ".right").mean() > ours.mean() + 20
    assert figure.find_element("css selector", ".right").get_attribute("alt").endswith("brighter")


@pytest.mark.parametrize("column, rising", [(0, True), (1, False)])
def test_sorting_sorts_both_ways(browser, figure, column, rising):
    table = browser.find_elements("css selector", "table")[1]

    def values():
        rows = table.find_elements("css selector", "tbody tr")
        return [row.find_elements("css selector", "th, td")[column].text for row in rows]

    key = str if column == 0 else float
    heading = table.find_elements("css selector", "thead button")[column]
    for expected in (rising, not rising):
        heading.send_keys("\n")  # As a keyboard would.
        assert values() == sorted(values(), key=key, reverse=not expected)
        assert len(set(values())) == 3


@pytest.mark.parametrize("width", [390, 1280])
def test_fits_the_width_of_phone_and_desk(browser, page, width):
    metrics = {"width": width, "height": 844, "deviceScaleFactor": 2, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        browser.get(page.resolve().as_uri())
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_every_picture_and_control_has_a_name(browser, figure):
    nameless = browser.execute_script(
        """return [...document.querySelectorAll('img, button, input, select')].filter((each) =>
          !(each.alt || each.textContent.trim() || each.ariaLabel || each.labels?.length)).length"""
    )
    assert nameless == 0


@pytest.mark.slow
def test_many_networks_are_rows_and_each_metric_has_its_table(tmp_path, photo):
    pair = degrade(photo, 3)
    picture = EvaluationPicture("a.png", pair.hr_y[..., 0], pair.bicubic_y[..., 0])
    networks = {f"network {n}": lambda plane, n=n: plane + 0.001 * n for n in range(5)}
    scores = benchmark("set5", [picture] * 3, 3, networks, log=lambda line: None)
    record = benchmark_record([scores], [], {}, _ENVIRONMENT)
    text = write_report(tmp_path, record, {}).read_text(encoding="utf-8")

    tables = re.findall(r"<table>.*?</table>", text, re.DOTALL)
    assert len(tables) == 4  # Means and pictures, of PSNR and of SSIM.
    assert "<caption>SSIM</caption>" in tables[1] and "Set5 x3" in tables[1]
    assert "Paper's SRCNN (published)" in html.unescape(tables[0])
    assert "SRCNN-keras" not in tables[0]  # Nothing is published of it at x3.
    for metric, table in zip(("psnr", "ssim"), tables, strict=False):
        assert f'data-value="{scores.mean("network 4")[metric]}"' in table
    assert "network 1 -0.0" in text and "95 % interval" in text


def test_tells_of_curves_that_are_there_and_of_those_that_are_not(page):
    text = page.read_text(encoding="utf-8")
    assert "the loss goes from 0.5 to 0.5 in 1 steps" in text
    assert "plain x3: no curve, because no records of its training" in text
    with Image.open(page.parent / "curves" / "1_dark.png") as dark:
        assert np.asarray(dark.convert("L")).mean() < 80


def test_without_matplotlib_the_page_says_why_it_has_no_curve(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.style", None)
    benchmark_data.write_weights(tmp_path / "best.safetensors", 3)
    (tmp_path / "metrics.jsonl").touch()
    record = benchmark_record([], read_contenders([f"ours={tmp_path}"]), {}, _ENVIRONMENT)
    text = write_report(tmp_path / "page", record, {}).read_text(encoding="utf-8")
    assert "ours x3: no curve, because matplotlib is not installed" in text


def test_a_page_of_somebody_else_is_not_overwritten(tmp_path, page):
    assert obstacle(page.parent) is None and obstacle(tmp_path / "new") is None
    (tmp_path / "index.html").write_text("<title>My holidays</title>")
    assert "no report of srcnn_tf" in obstacle(tmp_path)
    assert "is a file" in obstacle(tmp_path / "index.html")
