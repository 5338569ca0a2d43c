"""Metrics, the papers' protocol, published scores, tables."""
