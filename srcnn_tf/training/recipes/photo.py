"""`photo`: for `slim-<layers>x<filters>-photo`, on compressed and noisy pictures."""

from srcnn_tf.training.recipes.recipe import Recipe, register

register(
    Recipe(
        "photo",
        {
            # As `slim`, but longer: crops differ in what happened to them, too.
            "steps": 40_000,
            "batch_size": 32,
            "patch_size": 32,
            "padding": "replicate",
            "compressed": 0.85,
            # More, and fine texture is taken for noise: see RECIPES_TRIED.md.
            "noisy": 0.05,
            "loss": "l1",
            "learning_rate": 0.02,
            "final_learning_rate": 0.0,
            "weight_decay": 0.1,
            "ema_decay": 0.999,
            "evaluate_every": 2000,
        },
        "for slim networks for photographs: small pictures with JPEG's and WebP's loss, and noise",
    )
)
