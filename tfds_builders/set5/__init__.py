"""The Set5 dataset."""
