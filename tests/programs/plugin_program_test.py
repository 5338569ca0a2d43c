"""From outside: a file with a network family of one's own, a metric, a loss, a recipe; a dataset.

Everything is chosen by name: the network trains, resumes, scores with the metric in the table, and
its weight file enlarges where the plugin is not known.
"""

import json
import re

import numpy as np
import own_dataset
import programs
import pytest
from PIL import Image

from srcnn_tf.networks.weight_files import read_network

pytestmark = pytest.mark.slow

_PLUGIN = '''
import numpy as np

from srcnn_tf.evaluation.metrics import catalog
from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.networks import Architecture, Family, Layer, register
from srcnn_tf.training.losses.loss import register as register_loss
from srcnn_tf.training.recipes.recipe import Recipe, register as register_recipe


def build(name, scale=None):
    """Two layers with a skip, on the low grid."""
    if name != "twin" or scale is None:
        return None
    layers = (Layer(3, 8, "relu"), Layer(3, 8, "prelu", skip=1), Layer(3, scale**2))
    return Architecture(name, layers, grid="low", upscale=scale, global_skip="bicubic")


def root_mean_square(outputs, targets):
    import tensorflow as tf

    return tf.sqrt(tf.reduce_mean(tf.square(outputs - targets)) + 1e-9)


def psnr_of_rgb(picture):
    error = picture.hr.astype(float) - picture.rgb
    return 10 * np.log10(255**2 / np.mean(error**2))


register(Family("twin", ("twin",), build, grid="low", recipe="brisk"))
register_loss("rms", root_mean_square)
register_recipe(
    Recipe(
        "brisk",
        {
            "steps": 200,
            "patch_size": 12,
            "loss": "rms",
            "optimizer": "adam",
            "learning_rate": 0.003,
            "validation_pictures": 1,
            "evaluate_every": 100,
        },
    )
)
catalog.register(Metric("mine", "PSNR of my RGB", psnr_of_rgb, unit="dB", needs_color=True))
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outside")
    (folder / "twin.py").write_text(_PLUGIN)
    own_dataset.write(folder / "dunes")
    # To score on, which what was trained on is not for.
    own_dataset.write(folder / "ripples")
    return folder


def _run(folder, program, *flags):
    done = programs.run(
        program,
        *flags,
        cwd=folder,
        SRCNN_TF_DATASETS=f"{folder / 'dunes'}:{folder / 'ripples'}",
        TFDS_DATA_DIR=str(folder / "data"),
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def weights(folder):
    train = (
        "--scale=3", "--plugin=twin.py", "--network=twin", "--dataset=dunes", "--workdir=run",
        "--data_dir=data", "--test_sets=dunes",
    )  # fmt: skip
    _run(folder, "train", *train, "--stop_after=60")
    done = _run(folder, "train", *train)
    assert "resuming at step 60 of 200" in done.stderr
    assert re.search(r"Dunes +x3 ", done.stdout)
    return folder / "run" / "last.safetensors"


def test_a_family_of_ones_own_trains_by_its_recipe(weights):
    network = read_network(weights)
    assert network.name == "twin"
    assert network.info.steps == 200
    assert network.info.provenance["config"]["loss"] == "rms"


def test_it_is_scored_by_a_metric_of_ones_own(folder, weights):
    done = _run(
        folder, "benchmark", f"--weights={weights}", "--datasets=ripples", "--scales=3",
        "--plugin=twin.py", "--metrics=psnr,mine", "--data_dir=data", "--json=scores.json",
    )  # fmt: skip
    assert "PSNR of my RGB" in done.stdout
    (scores,) = json.loads((folder / "scores.json").read_text())["results"]
    (figures,) = scores["mean"]["networks"].values()
    assert figures["mine"] > scores["mean"]["bicubic"]["mine"]


def test_its_file_enlarges_where_the_plugin_is_not_known(folder, weights):
    small = folder / "small.png"
    Image.fromarray(np.full((20, 24, 3), [200, 180, 120], np.uint8)).save(small)
    _run(folder, "upscale", "-i", "small.png", "--scale=3", f"--model={weights}")
    assert Image.open(folder / "small_x3.png").size == (72, 60)


def test_an_unknown_name_is_answered_with_the_known_ones(folder):
    for flag, expected in (
        ("--network=twin", "no network 'twin'; the networks are espcn, fsrcnn, slim-4x8"),
        ("--loss=rms", "loss must be one of charbonnier, l1, mse, not 'rms'"),
        ("--optimizer=sgd", "optimizer must be one of adam, muon, "),
        ("--recipe=brisk", "no recipe 'brisk'"),
    ):
        done = programs.run("train", "--scale=3", flag, cwd=folder)
        assert done.returncode == 1
        assert expected in done.stderr
        assert "Traceback" not in done.stderr
