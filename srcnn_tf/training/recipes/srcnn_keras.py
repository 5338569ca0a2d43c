"""`srcnn_keras`: the recipe of the README of SRCNN-keras, which this project set out from.

A batch of 91, one random crop from each of the 91 pictures, 100 steps an epoch, 1000 epochs, no
augmentation. It names neither optimizer nor initialization: Adam at 3e-4 and He's are what such
programs used.
"""

from srcnn_tf.training.recipes.recipe import Recipe, register

register(
    Recipe(
        "srcnn_keras",
        {
            "initialization": "he",
            "equivariant": False,
            "difficulty_exponent": 0.0,
            "steps": 100_000,
            "batch_size": 91,
            "patch_size": 33,
            "rescale_factors": (1.0,),
            "grid_offsets": 1,
            "dihedral": False,
            "full_range": 0.0,
            "optimizer": "adam",
            "learning_rate": 3e-4,
            "final_learning_rate": 1.0,
            "warmup_steps": 0,
            "ema_decay": 0.0,
            "validation_pictures": 0,
            "evaluate_every": 1000,
        },
        "that of the README of SRCNN-keras: one crop a picture, Adam, no augmentation",
        aliases=("seed",),
    )
)
