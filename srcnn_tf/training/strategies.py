"""The `tf.distribute` strategy of a run: how it is chosen and made."""

import json
import logging
import os

import tensorflow as tf

from srcnn_tf.training import joining

_LOGGER = logging.getLogger(__name__)
_JOBS = ("chief", "worker")


class StrategyError(Exception):
    """The strategy cannot be made here; the message says why and what to do."""


def create_strategy(name: str = "auto") -> tf.distribute.Strategy:
    """Makes a strategy; call it before anything else that TensorFlow computes.

    Args:
      name: of `startup.STRATEGIES`. `one_device` is TensorFlow's default strategy; `mirrored` has
        all GPUs of this process (without any, all its logical CPUs), `multi_worker` those of all
        processes that the environment's `TF_CONFIG` names. `auto` is the last if they are several,
        `mirrored` if there are several GPUs, else `one_device`.

    Raises:
      StrategyError: `TF_CONFIG` is missing, is damaged, or names no cluster, or the other processes
        did not come.
    """
    cluster = _cluster()
    processes = sum(len(urls) for urls in cluster.values())
    if name == "auto":
        several = len(tf.config.list_physical_devices("GPU")) > 1
        name = "multi_worker" if processes > 1 else "mirrored" if several else "one_device"
    if name == "one_device":
        return tf.distribute.get_strategy()
    if name == "mirrored":
        devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
        return tf.distribute.MirroredStrategy([device.name for device in devices])
    if not processes:
        raise StrategyError(
            "--strategy=multi_worker needs the environment variable TF_CONFIG, which names the "
            "cluster's processes and this one's place among them; "
            "srcnn_tf/training/CLUSTERS.md shows how to set it."
        )
    _LOGGER.info("joining a cluster of %d processes; this waits for all of them", processes)
    try:
        joining.wait_for_others(*_mine_and_others(cluster))
        return tf.distribute.MultiWorkerMirroredStrategy()
    except (ValueError, RuntimeError, OSError, tf.errors.OpError) as error:
        raise StrategyError(
            f"The cluster of TF_CONFIG could not be joined ({_first_line(error)}); see that every "
            "process is started, with the same cluster and an index of its own."
        ) from error


def _cluster():
    """Returns the urls of the cluster in TF_CONFIG by job; an empty one if there is none."""
    text = os.environ.get("TF_CONFIG", "").strip()
    if not text:
        return {}
    try:
        config = json.loads(text)
        cluster = config.get("cluster", {})
        # Others, such as evaluators and parameter servers, have no part in this.
        urls = {job: list(cluster[job]) for job in cluster if job in _JOBS}
        if urls:
            urls[config["task"]["type"]][int(config["task"]["index"])]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise StrategyError(
            f"The environment variable TF_CONFIG is not as it should be ({error!r}); it reads like "
            '{"cluster": {"worker": ["host1:port", "host2:port"]}, '
            '"task": {"type": "worker", "index": 0}}.'
        ) from error
    return urls


def _mine_and_others(cluster):
    """Returns the url of this process, and those of the cluster's others."""
    task = json.loads(os.environ["TF_CONFIG"])["task"]
    urls = {(job, index): url for job in cluster for index, url in enumerate(cluster[job])}
    mine = urls.pop((task["type"], int(task["index"])))
    return mine, list(urls.values())


def _first_line(error):
    return str(error).splitlines()[0] if str(error) else repr(error)
