"""Networks as files that other software runs, each checked by running it."""
