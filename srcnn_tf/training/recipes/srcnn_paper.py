"""`srcnn_paper`: the recipe of arXiv:1501.00092, section 4, for its networks.

With `--dataset=image_folder --manual_dir=t91` it streams sub-images of 33 x 33 at stride 14, as the
paper does; those of a dataset in memory are cut anywhere, one from each picture in turn, and
`--validation_pictures` can hold some out to draw a curve by. Weights from N(0, 0.001), no
augmentation, stochastic gradient descent with momentum 0.9 at a constant rate, batches of 128,
every layer valid.

The paper's rates, 1e-4 and 1e-5 in the last layer, are of a loss that sums the squared error over
the pixels of a sub-image and halves it, as Caffe's Euclidean loss does. Ours is the mean over
pixels, so that they are multiplied by half of the pixels of a target: 21 x 21 for 9-1-5, hence
1e-4 x 441 / 2 = 0.022; for 9-5-5, with 17 x 17, `--learning_rate=0.01445`.

The paper counts backpropagations by sub-images: 8 x 10^8 of them are 6,250,000 steps.
"""

from srcnn_tf.training.recipes.recipe import Recipe, register

# Of the targets of 9-1-5.
_PIXELS = 21 * 21

register(
    Recipe(
        "srcnn_paper",
        {
            "network": "srcnn-9-1-5",
            "initialization": "paper",
            "equivariant": False,
            "steps": 100_000,
            "batch_size": 128,
            "patch_size": 33,
            "rescale_factors": (1.0,),
            "grid_offsets": 1,
            "dihedral": False,
            "full_range": 0.0,
            "optimizer": "srcnn_sgd",
            "learning_rate": 1e-4 * _PIXELS / 2,
            "final_learning_rate": 1.0,
            "warmup_steps": 0,
            "ema_decay": 0.0,
            "precision": "float32",
            "validation_pictures": 0,
            "evaluate_every": 5_000,
        },
        "the SRCNN paper's own: SGD with its rates, sub-images of --dataset=image_folder",
        streams="own",
    )
)
