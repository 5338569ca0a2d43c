"""Model cards: what a network of the package is, how it was made, what it scores, what it is for.

All but a few sentences comes from the weight files; those are in `networks/pretrained/notes.toml`.
"""

import itertools
import pathlib
import tomllib
from collections.abc import Sequence

from srcnn_tf.data.catalog import DATASETS, DEFAULT_BENCHMARKS
from srcnn_tf.evaluation import published, published_compact
from srcnn_tf.evaluation.metrics.catalog import DEFAULT_METRICS, METRICS
from srcnn_tf.evaluation.published import title
from srcnn_tf.evaluation.table import markdown
from srcnn_tf.files import atomic_files
from srcnn_tf.networks import pretrained_weights
from srcnn_tf.networks.architecture import LOW_GRID, Architecture
from srcnn_tf.networks.families.family import family_of
from srcnn_tf.networks.pretrained_list import PretrainedNetwork, list_pretrained
from srcnn_tf.networks.weight_files import read_description

_NOTES = "notes.toml"
_ACTIVATIONS = {"relu": "ReLU", "prelu": "PReLU", "tanh": "tanh"}
# Published networks that a card's scores stand beside: the same network, if it has a paper, and
# VDSR, which was trained on the pictures that most of ours were.
_SAME = {"srcnn-9-1-5": "SRCNN 9-1-5", "fsrcnn": "FSRCNN", "espcn": "ESPCN"}
_BESIDE = ("SRCNN 9-5-5", "VDSR")


def cards() -> dict[str, str]:
    """Makes the card of every network of the package: Markdown, by the network's name."""
    by_name: dict[str, list[PretrainedNetwork]] = {}
    for each in list_pretrained():
        by_name.setdefault(each.name, []).append(each)
    return {name: card(networks) for name, networks in sorted(by_name.items())}


def write_cards() -> list[pathlib.Path]:
    """Writes the cards beside the weight files, and removes those of networks that are gone."""
    texts = cards()
    for path in pretrained_weights.FOLDER.glob("*.md"):
        if path.stem not in texts:
            path.unlink()
    paths = [pretrained_weights.FOLDER / f"{name}.md" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        atomic_files.write_text(path, text)
    return paths


def card(networks: Sequence[PretrainedNetwork]) -> str:
    """Makes the card of one network.

    Args:
      networks: one of a name for each scale, at least one.

    Raises:
      WeightsError: a weight file is unusable.
    """
    notes = _notes(networks[0].name)
    parts = [
        f"# {networks[0].name}",
        notes.get("what", ""),
        "## What it is",
        _layers(read_description(networks[0].path)[0]),
        markdown(_cost(networks)),
        "## Scores",
        markdown(_scores(networks)),
        _about_scores(networks),
        *_compressed(networks),
        "## When to use it",
        notes.get("when", ""),
        "## Limits",
        notes.get("limits", ""),
        "## How it was made",
        *map(_training, networks),
        "What each run logged, its recipe and its curve are in `runs` beside this file. `make "
        "weights` makes them all again.",
        f"License of the weights: {networks[0].license}. The pictures that they were trained on "
        "belong to their owners and are not part of the package.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _notes(name: str) -> dict[str, str]:
    path = pretrained_weights.FOLDER / _NOTES
    if not path.is_file():
        return {}
    notes = tomllib.loads(path.read_text(encoding="utf-8"))
    return notes.get(name) or notes.get(family_of(name).name, {})


def _layers(architecture: Architecture) -> str:
    """Says in words what the layers are; the last is another for every scale on the low grid."""
    parts = []
    for layer, group in itertools.groupby(architecture.layers[:-1]):
        count = len(list(group))
        activation = _ACTIVATIONS.get(layer.activation, "no activation")
        times = f"{count} times " if count > 1 else ""
        parts.append(f"{times}{layer.side} x {layer.side} to {layer.filters} ({activation})")
    low = architecture.grid == LOW_GRID
    last = f"{architecture.layers[-1].side} x {architecture.layers[-1].side} to "
    parts.append(last + ("scale x scale, which become pixels" if low else "1"))
    skip = {"none": "", "nearest": ", repeated,", "bicubic": ", enlarged by bicubic,"}
    added = f" The small picture{skip[architecture.global_skip]} is added to the result."
    return (
        f"{len(architecture.layers)} convolutions of luminance, on the "
        f"{'small picture' if low else 'picture enlarged by bicubic'}: {'; '.join(parts)}."
        f"{added if architecture.global_skip != 'none' else ''}"
    )


def _cost(networks):
    rows = [["Scale", "Parameters", "Multiply-adds per output pixel", "Looks around", "Bytes"]]
    for each in networks:
        halo = read_description(each.path)[0].halo
        cost = [f"{each.parameters:,}", f"{each.multiply_adds:,.0f}"]
        rows.append([f"x{each.scale}", *cost, f"{halo} pixels of its input", f"{each.bytes:,}"])
    return rows


def _scores(networks):
    """Rows of cells, the header first: our PSNR and SSIM beside what was published."""
    wanted = dict.fromkeys((*_BESIDE, _SAME.get(networks[0].name, "")))
    others = [each for each in published_compact.NETWORKS if each.title in wanted]
    names = [f"{each.title} (published)" for each in others]
    rows = [["Dataset", "Scale", networks[0].name, "Bicubic", *names]]
    scored = {name for each in networks for name in each.scores}
    for dataset in dict.fromkeys((*DEFAULT_BENCHMARKS, *DATASETS)):
        for each in networks if dataset in scored else ():
            own = each.scores.get(dataset, {})
            ours = " / ".join(METRICS[name].format(own.get(name)) for name in DEFAULT_METRICS)
            bicubic = published.published_score(published.BICUBIC, dataset, each.scale)
            psnrs = [bicubic and bicubic.get("psnr")]
            psnrs += [other.scores.get(dataset, {}).get(each.scale) for other in others]
            cells = [METRICS["psnr"].format(psnr) for psnr in psnrs]
            rows.append([title(dataset), f"x{each.scale}", ours if own else "-", *cells])
    return rows


def _compressed(networks) -> list[str]:
    """The scores on JPEGs, if there are any: a row a dataset and scale, a column a quality."""
    names = list(dict.fromkeys(name for each in networks for name in each.scores if " " in name))
    if not names:
        return []
    conditions = list(dict.fromkeys(name.partition(" ")[2] for name in names))
    rows = [["Dataset", "Scale", *conditions]]
    for dataset in dict.fromkeys(name.partition(" ")[0] for name in names):
        for each in networks:
            found = [each.scores.get(f"{dataset} {condition}", {}) for condition in conditions]
            if any(found):
                cells = [METRICS["psnr"].format(quality.get("psnr")) for quality in found]
                rows.append([title(dataset), f"x{each.scale}", *cells])
    about = "PSNR of Y in dB where the small picture is a JPEG of that quality."
    return [markdown(rows), about]


def _about_scores(networks) -> str:
    wanted = dict.fromkeys((*_BESIDE, _SAME.get(networks[0].name, "")))
    sources = "; ".join(
        f"{each.title}: {each.source}, trained on {each.training_data}"
        for each in published_compact.NETWORKS
        if each.title in wanted
    )
    return (
        f"{networks[0].name}: PSNR of Y in dB / SSIM, by the papers' protocol (`bin/benchmark`). "
        f"The others: PSNR, as published. {sources}. Nothing that a network was trained on is "
        "scored."
    )


def _training(each: PretrainedNetwork) -> str:
    """Says what a network was trained on, by which command, how long and on what."""
    info = read_description(each.path)[1]
    made, stem = info.provenance, pretrained_weights.stem(each.name, each.scale)
    start = made.get("config", {}).get("initial_weights")
    seconds = made.get("training_seconds")
    facts = [
        f"{info.steps:,} steps on {' and '.join(map(title, info.training_sets))}",
        f"starting from {start}" if start else "",
        f"{_duration(seconds)} of steps" if seconds else "",
        f"on {made['device']} in {made.get('precision')}" if made.get("device") else "",
        made.get("date", ""),
    ]
    links = ", ".join(
        f"[{name}](runs/{stem}/{name})"
        for name in ("config.json", "train.log", "metrics.jsonl", "curve.png")
        if (pretrained_weights.FOLDER / pretrained_weights.RUNS / stem / name).is_file()
    )
    return f"x{each.scale}: {', '.join(filter(None, facts))}. {links}\n\n    {made.get('command')}"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"
