"""Classic5, as `dataset.toml` and `checksums.tsv` describe it."""

from tfds_builders.common.published_pictures import PublishedPictures


class Builder(PublishedPictures):
    """Classic5, a config for each scale."""
