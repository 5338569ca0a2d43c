"""The Set14 dataset."""
