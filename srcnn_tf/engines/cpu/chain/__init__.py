"""Any chain of convolutions on a CPU; see `README.md` beside the package's other kernels."""
