"""`long_equivariant`, `long_plain`: 20,000 steps on all pictures, chosen on ones held out of T91.

The pretrained srcnn-9-5-5 for x3 and x4 were made by the first; the 9-5-5 for x2 and the 9-1-5 for
x4 by the second.
"""

from srcnn_tf.training.recipes.recipe import Recipe, register

_FIELDS = {
    "equivariant": True,
    "steps": 20_000,
    "ema_decay": 0.999,
    "precision": "float32",
    "validation_pictures": 0,
    "evaluate_every": 1000,
}

register(
    Recipe("long_equivariant", _FIELDS, "20,000 steps, nothing held out", aliases=("shipped",))
)
register(
    Recipe(
        "long_plain",
        {**_FIELDS, "equivariant": False},
        "the same, free to treat flips and rotations differently",
        aliases=("shipped_plain",),
    )
)
