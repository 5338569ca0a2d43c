"""`default`: what `bin/train` does with the paper's networks; `TrainConfig`'s own values."""

from srcnn_tf.training.recipes.recipe import Recipe, register

register(Recipe("default", {}, "the values that TrainConfig has by itself"))
