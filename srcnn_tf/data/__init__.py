"""Prepared records to pictures, crops and batches."""
