"""Clips: films and animated pictures, frame by frame."""
