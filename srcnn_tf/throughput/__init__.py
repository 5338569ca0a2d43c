"""How fast: the work that srcnn_tf is made for, timed beside peers in one run.

`suite` runs it; each `bench_*` module holds the cases of one group and their contenders.
"""

# Of the processor; and `device`, of whatever TensorFlow computes on, such as a GPU.
CPU_GROUPS = ("startup", "resize", "input", "training", "pictures", "networks", "whole")
GROUPS = (*CPU_GROUPS, "device")
