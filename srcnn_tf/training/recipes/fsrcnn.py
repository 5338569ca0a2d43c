"""`fsrcnn`: for the network of that name."""

from srcnn_tf.training.recipes.recipe import Recipe, register

register(
    Recipe(
        "fsrcnn",
        {
            "steps": 12_000,
            "batch_size": 32,
            # Of small pixels. The halo is seven or eight: edges are learned from, too.
            "patch_size": 32,
            "padding": "replicate",
            "loss": "l1",
            "learning_rate": 0.02,
            "final_learning_rate": 0.0,
            "weight_decay": 0.1,
            "ema_decay": 0.999,
            "evaluate_every": 1000,
        },
        "for fsrcnn: absolute error, crops of 32 x 32 small pixels",
    )
)
