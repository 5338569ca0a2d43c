"""One file for each format: what writes it, and what runs it."""
