"""`slim`: for `slim-<layers>x<filters>`."""

from srcnn_tf.training.recipes.recipe import Recipe, register

register(
    Recipe(
        "slim",
        {
            "steps": 12_000,
            "batch_size": 32,
            # Of small pixels. A halo of 12 would leave little of them: edges are learned from, too.
            "patch_size": 32,
            "padding": "replicate",
            "loss": "l1",
            "learning_rate": 0.02,
            "final_learning_rate": 0.0,
            "weight_decay": 0.1,
            "ema_decay": 0.999,
            "evaluate_every": 1000,
        },
        "for slim networks: absolute error, crops of 32 x 32 small pixels",
    )
)
