"""Arithmetic on arrays, by NumPy and Pillow: MATLAB's resize, color, crops, tiles."""
