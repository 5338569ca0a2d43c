"""Photographs that come with scikit-image."""
