"""T91, as `dataset.toml` and `checksums.tsv` describe it."""

from tfds_builders.common.published_pictures import PublishedPictures


class Builder(PublishedPictures):
    """T91, a config for each scale."""
