"""How fast: the work that srcnn_tf is made for, timed beside peers in one run.

`suite` runs it; each of `resizing`, `feeding`, `stepping`, `enhancing` and `starting` names one
kind of work and who competes in it.
"""

GROUPS = ("startup", "resize", "input", "training", "pictures")
