"""Charts from plain numbers, by Matplotlib."""
