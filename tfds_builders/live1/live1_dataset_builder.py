"""LIVE1, as `dataset.toml` and `checksums.tsv` describe it."""

from tfds_builders.common.published_pictures import PublishedPictures


class Builder(PublishedPictures):
    """LIVE1, a config for each scale."""
