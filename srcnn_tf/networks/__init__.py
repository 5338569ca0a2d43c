"""What a network is, without TensorFlow: its architecture, its arrays, its files."""
