"""A folder of one's own pictures as a dataset."""
