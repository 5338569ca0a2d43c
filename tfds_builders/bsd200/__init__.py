"""The BSD200 dataset."""
