"""Networks on a CPU by machine code of our own; loads no TensorFlow."""
