"""The flags of `bin/benchmark` that say which networks are scored, and what they mean."""

import sys

from absl import flags

NETWORKS = flags.DEFINE_list(
    "networks",
    None,
    "What to score of what comes with srcnn_tf: all (the default, if no --weights are given), or "
    "names such as slim-10x16,srcnn-9-5-5; --list shows them.",
)
WEIGHTS = flags.DEFINE_multi_string(
    "weights",
    [],
    "What to score, comma-separated or repeated: a weight file (.safetensors, or x3.mat of the "
    "paper's authors), a run's folder, or a folder of several scales. NAME=PATH names the column. "
    "`none` for bicubic alone.",
)
LIST = flags.DEFINE_bool(
    "list", False, "List the networks that come with srcnn_tf, with scores and cost, and end."
)
NAMES = ("networks", "weights", "list")


def list_networks(json: str | None) -> None:
    """Prints the list, and writes it to a JSON file if one is given; ends the program on errors."""
    from srcnn_tf.evaluation import network_table
    from srcnn_tf.files import atomic_files
    from srcnn_tf.networks.pretrained_list import list_pretrained

    networks = list_pretrained()
    print(network_table.text(networks))
    if json:
        try:
            atomic_files.write_json(json, network_table.record(networks))
        except OSError as error:
            sys.exit(f"bin/benchmark: {json} cannot be written ({error}); name another file.")


def given() -> bool:
    """Whether the user named networks or weights."""
    return NETWORKS.value is not None or bool(WEIGHTS.value)


def paths() -> list[str]:
    """Returns what `--weights` names: paths, and `NAME=PATH`."""
    return [path for value in WEIGHTS.value for path in value.split(",") if path]


def contenders():
    """Returns the networks to score: those of the package, then those of files.

    Raises:
      WeightsError: there is no such network, or a file is unusable.
    """
    from srcnn_tf.networks.weight_arguments import pretrained_contenders, read_contenders

    if not given():
        return pretrained_contenders()
    found = pretrained_contenders(NETWORKS.value) if NETWORKS.value else []
    if paths() == ["none"]:
        return found
    return read_contenders(paths(), found)
