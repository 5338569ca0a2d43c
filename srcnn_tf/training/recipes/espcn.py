"""`espcn`: for the network of that name."""

from srcnn_tf.training.recipes.recipe import Recipe, register

register(
    Recipe(
        "espcn",
        {
            "steps": 12_000,
            # Of small pixels; the halo of four is not padded but cut off the targets.
            "patch_size": 32,
            "learning_rate": 0.01,
            "final_learning_rate": 0.0,
            "ema_decay": 0.999,
            "evaluate_every": 1000,
        },
        "for espcn: squared error, crops of 32 x 32 small pixels",
    )
)
