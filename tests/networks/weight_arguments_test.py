"""Which files and which column names follow from what a user gives as weights."""

import pytest
from benchmark_data import write_weights

from srcnn_tf.networks.pretrained_weights import pretrained_path
from srcnn_tf.networks.weight_arguments import pretrained_contenders, read_contenders
from srcnn_tf.networks.weights_info import WeightsError


def _columns(*arguments):
    contenders = read_contenders([str(argument) for argument in arguments])
    return {
        contender.label: {scale: file.path.name for scale, file in contender.files.items()}
        for contender in contenders
    }


def test_a_run_is_judged_by_its_best_weights_and_bears_its_folders_name(tmp_path):
    write_weights(tmp_path / "run" / "last.safetensors", 3)
    assert _columns(tmp_path / "run") == {"run": {3: "last.safetensors"}}
    write_weights(tmp_path / "run" / "best.safetensors", 3)
    assert _columns(tmp_path / "run") == {"run": {3: "best.safetensors"}}
    last = tmp_path / "run" / "last.safetensors"
    assert _columns(last) == {"run": {3: "last.safetensors"}}


def test_runs_in_folders_by_scale_are_one_column(tmp_path):
    for scale in (2, 4):
        write_weights(tmp_path / "mine" / f"x{scale}" / "best.safetensors", scale)
    expected = {"mine": {2: "best.safetensors", 4: "best.safetensors"}}
    assert _columns(tmp_path / "mine") == expected
    assert _columns(tmp_path / "mine" / "x4", tmp_path / "mine" / "x2") == expected


def test_networks_in_one_folder_are_a_column_each(tmp_path):
    for network in ("srcnn-9-1-5", "srcnn-9-5-5"):
        write_weights(tmp_path / "all" / f"{network}_x3.safetensors", 3, network)
    assert set(_columns(tmp_path / "all")) == {"all srcnn-9-1-5", "all srcnn-9-5-5"}


def test_weights_of_one_name_and_scale_get_columns_of_their_own(tmp_path):
    for run in ("a", "b"):
        write_weights(tmp_path / run / "net.safetensors", 3)
    paths = [tmp_path / run / "net.safetensors" for run in ("a", "b")]
    assert list(_columns(*paths)) == ["net", f"net ({paths[1]})"]


def test_the_user_names_a_column(tmp_path):
    path = write_weights(tmp_path / "net.safetensors", 3)
    assert list(_columns(f"ours={path}")) == ["ours"]


def test_the_authors_filters_take_their_folders_name(shared_data):
    folder = shared_data / "paper_weights" / "9-5-5_imagenet"
    assert _columns(folder) == {"9-5-5_imagenet": {2: "x2.mat", 3: "x3.mat", 4: "x4.mat"}}
    assert _columns(folder / "x3.mat") == {"9-5-5_imagenet": {3: "x3.mat"}}


def test_a_folder_without_weights_is_named(tmp_path):
    with pytest.raises(WeightsError, match=f"{tmp_path} holds no weights"):
        _columns(tmp_path)


def test_two_files_for_one_scale_are_both_named(tmp_path):
    for name in ("first", "second"):
        write_weights(tmp_path / f"{name}.safetensors", 3)
    with pytest.raises(WeightsError, match=r"first\.safetensors and .*second\.safetensors"):
        _columns(tmp_path)


def test_networks_of_the_package_are_named():
    everything = {contender.label: contender for contender in pretrained_contenders()}
    assert {"srcnn-9-1-5", "srcnn-9-5-5"} <= set(everything)
    assert set(everything["srcnn-9-5-5"].files) == {2, 3, 4}
    (one,) = pretrained_contenders(["srcnn-9-1-5", "srcnn-9-1-5"])
    assert one.files[3].network.name == "srcnn-9-1-5"
    with pytest.raises(
        WeightsError, match=r"No network srcnn-9-2-5 comes .* srcnn-9-1-5, .*or all"
    ):
        pretrained_contenders(["all", "srcnn-9-2-5"])


def test_files_stand_beside_networks_of_the_package(tmp_path):
    before = pretrained_contenders(["srcnn-9-1-5"])
    path = pretrained_path("srcnn-9-5-5", 3)
    found = read_contenders([f"mine={path}", f"srcnn-9-1-5={path}"], before)
    assert [each.label for each in found][:2] == ["srcnn-9-1-5", "mine"]
    assert len({each.label for each in found}) == 3
