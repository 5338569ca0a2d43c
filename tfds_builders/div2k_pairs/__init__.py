"""DIV2K, whose files TFDS's own dataset lists, as our pairs."""
