"""`read_config`: the recipe of a run that was made before, from its `config.json`."""

import json
import pathlib

from srcnn_tf.training.config import TrainConfig


def read_config(path: pathlib.Path) -> tuple[str, TrainConfig]:
    """Returns the data and the recipe of a run's `config.json`, of an earlier version too.

    Raises:
      ValueError: there is no such file, or it holds no recipe; the message names it.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError("it holds no recipe, which is an object of names and values")
        return values.pop("data"), TrainConfig.from_json(values)
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror}); check the name.") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"{path} cannot be used: {error}") from error
