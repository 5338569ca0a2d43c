"""All metrics by name, and how to add one.

A file of your own adds a metric that tables, records and the page then have by its name:

    from srcnn_tf.evaluation.metrics import catalog
    from srcnn_tf.evaluation.metrics.metric import Metric

    catalog.register(Metric("mae", "MAE", lambda p: abs(p.hr_y.astype(float) - p.y).mean()))
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Sequence

from srcnn_tf import extras
from srcnn_tf.evaluation import metrics as package
from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.registry import Registry

METRICS: Registry[Metric] = Registry("metric")

# What the papers state, and what everything is scored by unless other metrics are chosen.
DEFAULT_METRICS = ("psnr", "ssim")


def register(metric: Metric) -> Metric:
    """Adds a metric under its name.

    Raises:
      ValueError: another one has the name.
    """
    METRICS.register(metric.name, metric)
    return metric


def chosen(names: Sequence[str]) -> tuple[Metric, ...]:
    """Looks metrics up.

    Raises:
      ValueError: there is none of such a name (the message lists those that there are), a name
        stands twice, there are no names, or a metric's package is not installed.
    """
    metrics = tuple(METRICS[name] for name in names)
    if not metrics or len(set(names)) < len(metrics):
        raise ValueError(f"Choose metrics, each once; there is: {', '.join(METRICS)}.")
    for metric in metrics:
        if metric.package and importlib.util.find_spec(metric.package) is None:
            missing = ModuleNotFoundError(name=metric.package)
            raise ValueError(f"The metric {metric.name}: {extras.in_words(missing)}")
    return metrics


def needs_color(names: Sequence[str]) -> bool:
    """Whether any of the metrics looks at colors, so that `read_pictures` must read them."""
    return any(metric.needs_color for metric in chosen(names))


# One file a metric; every file in this folder that has one is found by itself.
for _found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
    if hasattr(_module := importlib.import_module(_found.name), "METRIC"):
        register(_module.METRIC)
