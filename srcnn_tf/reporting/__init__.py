"""Comparison figures and the HTML page."""
