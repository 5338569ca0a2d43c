"""Recipes, the step, the loop, checkpoints, the folder of a run."""
