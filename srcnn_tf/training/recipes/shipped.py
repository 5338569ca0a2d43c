"""`shipped` and `shipped_plain`: recipes of shipped SRCNNs, chosen on pictures held out of T91."""

from srcnn_tf.training.recipes.recipe import Recipe, register

_FIELDS = {
    "equivariant": True,
    "steps": 20_000,
    "ema_decay": 0.999,
    "precision": "float32",
    "validation_pictures": 0,
    "evaluate_every": 1000,
}

register(Recipe("shipped", _FIELDS, "that of the shipped srcnn-9-5-5 for x3 and x4"))
register(
    Recipe(
        "shipped_plain",
        {**_FIELDS, "equivariant": False},
        "that of the shipped srcnn-9-5-5 for x2 and srcnn-9-1-5 for x4",
    )
)
