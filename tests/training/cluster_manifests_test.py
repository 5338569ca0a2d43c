"""Tests of the files that start a cluster: schema, and that each process learns its place."""

import json
import os
import pathlib
import subprocess

import pytest
import yaml

_FOLDER = pathlib.Path(__file__).resolve().parents[2] / ".github" / "cluster"


def _manifests():
    text = (_FOLDER / "job.yaml").read_text(encoding="utf-8")
    return {manifest["kind"]: manifest for manifest in yaml.safe_load_all(text)}


def _program(folder, name, text):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/bash\n{text}\n")
    path.chmod(0o755)


def _run(command, folder, **environment):
    """Runs a script where bin/train prints its cluster and flags; returns the lines."""
    _program(folder, "bin/train", 'echo "$TF_CONFIG"; echo "$@"')
    path = f"{folder}:{os.environ['PATH']}"
    result = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


@pytest.mark.parametrize("kind", ["Service", "Job"])
def test_kubernetes_manifest_fits_the_schema(kind):
    validate = pytest.importorskip("kubernetes_validate").validate
    assert validate(_manifests()[kind], "1.34", strict=True)


def test_each_pod_of_the_job_learns_its_place(tmp_path):
    job, service = (_manifests()[kind] for kind in ("Job", "Service"))
    pod = job["spec"]["template"]["spec"]
    assert pod["subdomain"] == service["metadata"]["name"]
    assert service["spec"]["selector"] == {"job-name": job["metadata"]["name"]}
    [container] = pod["containers"]
    environment = {each["name"]: each["value"] for each in container["env"]}
    assert int(environment["WORKERS"]) == job["spec"]["completions"] == job["spec"]["parallelism"]

    command = [*container["command"], *container["args"]]
    for index in range(4):
        config, flags = _run(command, tmp_path, JOB_COMPLETION_INDEX=str(index), **environment)
        assert json.loads(config) == {
            "cluster": {"worker": [f"srcnn-{number}.srcnn:2222" for number in range(4)]},
            "task": {"type": "worker", "index": index},
        }
        assert "--strategy=multi_worker" in flags


def test_each_task_of_the_slurm_job_learns_its_place(tmp_path):
    _program(
        tmp_path, "scontrol", 'echo "show hostnames nodes" | grep -q "^$*" && printf "a\\nb\\n"'
    )
    _program(
        tmp_path, "srun", 'for SLURM_PROCID in 0 1; do export SLURM_PROCID; "${@:2}" || exit; done'
    )
    lines = _run(
        ["bash", str(_FOLDER / "job.slurm")],
        tmp_path,
        SLURM_JOB_ID="123456",
        SLURM_JOB_NODELIST="nodes",
    )
    for index, config in enumerate(lines[::2]):
        assert json.loads(config) == {
            "cluster": {"worker": ["a:23456", "b:23456"]},
            "task": {"type": "worker", "index": index},
        }
    assert all("--strategy=multi_worker" in flags for flags in lines[1::2])


def test_failed_slurm_job_is_requeued_a_few_times(tmp_path):
    _program(tmp_path, "scontrol", '[ "$1" = requeue ] && echo "again $2" >> log; echo a')
    _program(tmp_path, "srun", "exit 1")
    for restarts, queued in (("0", 1), ("19", 2), ("20", 2)):
        environment = {"SLURM_JOB_ID": "7", "SLURM_JOB_NODELIST": "a"}
        result = subprocess.run(
            ["bash", str(_FOLDER / "job.slurm")],
            cwd=tmp_path,
            env={
                "PATH": f"{tmp_path}:{os.environ['PATH']}",
                "SLURM_RESTART_COUNT": restarts,
                **environment,
            },
            capture_output=True,
            timeout=60,
        )
        assert result.returncode == 1
        assert (tmp_path / "log").read_text().splitlines() == ["again 7"] * queued
