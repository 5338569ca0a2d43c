"""The Urban100 dataset."""
