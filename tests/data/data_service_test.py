"""Tests of the tf.data service: two data workers, two trainers, every record once an epoch."""

import collections
import threading
import types

import numpy as np
import pytest
import tensorflow as tf

from srcnn_tf.data import data_service

_SHARDS, _EACH = 8, 40


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    """Record files whose records are their numbers."""
    folder = tmp_path_factory.mktemp("shards")
    made = []
    for shard in range(_SHARDS):
        path = str(folder / str(shard))
        with tf.io.TFRecordWriter(path) as writer:
            for number in range(_EACH):
                writer.write(str(shard * _EACH + number).encode())
        made.append(types.SimpleNamespace(filename=path, skip=0, take=_EACH))
    return made


@pytest.fixture(scope="module")
def service():
    """The address of a dispatcher with two workers."""
    dispatcher = data_service.start_dispatcher(0)
    workers = [data_service.start_worker(dispatcher.target, 0) for _ in range(2)]
    yield dispatcher.target
    del workers, dispatcher


def test_two_trainers_see_every_record_once(shards, service):
    passes, seen = 2, [[], []]

    def train(numbers):
        records = data_service.records_of_epochs(shards, seed=1, passes=passes)
        served = data_service.served(records, service=service, job="run")
        numbers.extend(int(record) for record in served.as_numpy_iterator())

    trainers = [threading.Thread(target=train, args=(numbers,)) for numbers in seen]
    for trainer in trainers:
        trainer.start()
    for trainer in trainers:
        trainer.join()
    expected = dict.fromkeys(range(_SHARDS * _EACH), passes)
    assert collections.Counter(seen[0] + seen[1]) == expected


def test_epochs_are_shuffled_differently(shards):
    records = data_service.records_of_epochs(shards, seed=1, passes=2)
    numbers = np.array([int(record) for record in records.as_numpy_iterator()])
    first, second = np.split(numbers, 2)
    assert sorted(first) == sorted(second) == list(range(_SHARDS * _EACH))
    assert list(first) != list(second)


def test_taken_port_is_named():
    dispatcher = data_service.start_dispatcher(0)
    port = int(dispatcher.target.rpartition(":")[2])
    with pytest.raises(data_service.DataServiceError, match=f"port {port}"):
        data_service.start_dispatcher(port)
