"""Other people's training loops on our data: run one as `python -m srcnn_tf.examples.NAME`."""
