"""The datasets: importing this package registers all of them for `tfds.load` and `tfds.builder`."""

from tfds_builders.common import builder_classes

builder_classes.register_all()
