"""The Classic5 dataset."""
