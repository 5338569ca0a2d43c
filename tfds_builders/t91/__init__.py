"""The T91 dataset."""
