"""`subimages`: for sub-images as the paper has them, which are streamed from disk."""

from srcnn_tf.training.recipes.recipe import Recipe, register

register(
    Recipe(
        "subimages",
        {
            "batch_size": 128,
            "patch_size": 33,
            # Sub-images hold neither smaller nor moved copies.
            "rescale_factors": (1.0,),
            "grid_offsets": 1,
            "validation_pictures": 0,
        },
        "streams sub-images of --dataset=image_folder, which need not fit into memory",
        streams="always",
    )
)
