"""The LIVE1 dataset."""
