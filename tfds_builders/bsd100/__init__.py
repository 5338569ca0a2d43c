"""The BSD100 dataset."""
