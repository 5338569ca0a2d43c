"""Enlarging: one picture, many pictures."""
