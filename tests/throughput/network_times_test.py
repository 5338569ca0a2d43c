"""Networks of the package are timed by name, from the same small plane."""

import pytest

from srcnn_tf.networks.pretrained_list import list_pretrained
from srcnn_tf.throughput.network_times import milliseconds


@pytest.mark.slow
def test_every_network_of_a_scale_is_timed():
    networks = list_pretrained(3)
    times = milliseconds(networks, rounds=1, size=(96, 60))
    assert set(times) == {each.name for each in networks}
    assert all(each > 0 for each in times.values())


def test_networks_of_several_scales_are_refused():
    with pytest.raises(ValueError, match="Networks of one scale"):
        milliseconds(list_pretrained())
