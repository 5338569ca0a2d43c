"""One page that shows a benchmark: tables, pictures to wipe across, curves, networks."""

import os
import pathlib
from collections.abc import Iterable, Mapping

from srcnn_tf.evaluation import published, table
from srcnn_tf.evaluation.metrics.catalog import DEFAULT_METRICS, chosen
from srcnn_tf.files import atomic_files
from srcnn_tf.plotting import style
from srcnn_tf.reporting import page_pictures
from srcnn_tf.reporting.page_folder import MARK, PAGE
from srcnn_tf.reporting.page_pictures import Shown
from srcnn_tf.training.run_records import METRICS, draw_run_curve, read_metrics


def write_report(
    folder: str | os.PathLike,
    record: dict,
    shown: Mapping[tuple[str, int, str, str], Shown],
) -> pathlib.Path:
    """Writes `index.html`, and the curves of the runs whose weights were scored, beside it.

    The page needs neither a server nor a network: style and script are in it, and pictures are
    named relative to it.

    Args:
      folder: where the pictures are, as `ReportPictures` wrote them.
      record: from `record.benchmark_record`; its metrics must be in the catalog.
      shown: the pictures; scores of pictures that are not there have no slider.

    Returns:
      The page's path.

    Raises:
      OSError: a file cannot be written.
    """
    import jinja2

    folder = pathlib.Path(folder)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(pathlib.Path(__file__).resolve().parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    curves, without_curve = _curves(folder, record["weights"])
    results = record["results"]
    labels = list(dict.fromkeys(w for each in results for w in _labels(each)))
    page = environment.get_template("report.html.j2").render(
        mark=MARK,
        record=record,
        labels=labels,
        # As in the text: more networks are rows, and each metric has a table of its own.
        many=len(labels) > table.MOST_COLUMNS,
        metrics=chosen(list(results[0]["mean"]["bicubic"]) if results else DEFAULT_METRICS),
        published=[(method, published.METHODS[method]) for method in _published(results)],
        groups=[_group(each, shown) for each in results],
        set_sources=published.set_sources(each["dataset"] for each in results),
        title=published.title,
        networks=[_network(each) for each in record["weights"]],
        curves=curves,
        without_curve=without_curve,
    )
    atomic_files.write_text(folder / PAGE, page)
    return folder / PAGE


def _published(results):
    """Methods that stand beside ours: those with figures, and the usual ones by the papers'."""
    usual = published.ENLARGING if any("protocol" not in each for each in results) else ()
    known = {method for each in results for method in each["published"]}
    return [
        each
        for each in (*published.ENLARGING, *published.DEBLOCKING)
        if each in known or each in usual
    ]


def _labels(scores):
    return scores["mean"]["networks"]


def _group(scores, shown):
    """One dataset at one scale: its scores, and for each picture its place on the page."""
    condition = scores.get("condition", "")
    name = page_pictures.group_name(scores["dataset"], scores["scale"], condition)
    pictures = []
    for number, image in enumerate(scores["per_image"], start=1):
        key = (scores["dataset"], scores["scale"], condition, image["filename"])
        pictures.append({**image, "id": f"{name}_{number}", "shown": shown.get(key)})
    setting = f"x{scores['scale']} {condition}".strip()
    baseline = scores.get("baseline", "Bicubic")
    return {
        "baseline": baseline,
        "word": baseline if baseline.isupper() else baseline.lower(),
        **scores,
        "id": name,
        "title": f"{published.title(scores['dataset'])} {setting}",
        "setting": setting,
        "pictures": pictures,
        "labels": _labels(scores),
        "differences": scores.get("differences", {}),
    }


def _network(weights):
    """What the page says of one weight file."""
    provenance = weights["provenance"]
    return {
        **weights,
        "file": pathlib.PurePath(weights["file"]).name,
        "made": {name: value for name, value in provenance.items() if isinstance(value, str)},
    }


def _curves(folder, weights: Iterable[dict]):
    """Draws the curve of each run, light and dark; also says which have none, and why."""
    curves: list[dict] = []
    without: dict[str, str] = {}
    for each in weights:
        title = f"{each['label']} x{each['scale']}"
        run = _run_folder(pathlib.Path(each["file"]))
        if run is None:
            without[title] = "no records of its training lie beside the weights"
            continue
        names = [f"curves/{len(curves) + 1}_{kind}.png" for kind in ("light", "dark")]
        try:
            for name in names:
                draw_run_curve(run, folder / name, dark="dark" in name)
            curves.append({"title": title, "files": names, "text": _in_words(run)})
        except style.MissingPackageError as error:
            without[title] = str(error)
        except (ValueError, KeyError, TypeError) as error:
            without[title] = f"the records of its training are damaged ({error!r})"
    return curves, without


def _run_folder(weights: pathlib.Path) -> pathlib.Path | None:
    """Where a weight file's training records are: beside it, or as the package ships them."""
    for folder in (weights.parent, weights.parent / "runs" / weights.stem):
        if (folder / METRICS).is_file():
            return folder
    return None


def _in_words(run) -> str:
    metrics = read_metrics(run / METRICS)
    losses = [line for line in metrics if line["kind"] == "train"]
    validation = [line for line in metrics if line["kind"] == "validation"]
    text = "Training curve"
    if losses:
        text += f": the loss goes from {losses[0]['loss']:.2g} to {losses[-1]['loss']:.2g}"
        text += f" in {losses[-1]['step']:,} steps"
    if validation:
        last = validation[-1]
        text += f"; on held-out pictures the network ends at {last['psnr']:.2f} dB"
        text += f", bicubic has {last['bicubic_psnr']:.2f} dB"
    return f"{text}."
