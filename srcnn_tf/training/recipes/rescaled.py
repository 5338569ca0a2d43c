"""`rescaled`: smaller copies of every picture, too; made the srcnn-9-1-5 for x2 and x3."""

from srcnn_tf.training.recipes.recipe import Recipe, register

register(
    Recipe(
        "rescaled",
        {
            "equivariant": False,
            "steps": 12_000,
            "rescale_factors": (1.0, 0.9, 0.8, 0.7, 0.6),
            "final_learning_rate": 0.0,
            "ema_decay": 0.98,
            "precision": "mixed_bfloat16",
            "validation_pictures": 0,
            "evaluate_every": 1000,
            "jit_compile": False,
        },
        "smaller copies of every picture, too, and nothing held out",
        aliases=("shipped_sizes",),
    )
)
