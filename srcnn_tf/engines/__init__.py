"""Running and differentiating a network: Keras, the CPU engine, one function that chooses."""
