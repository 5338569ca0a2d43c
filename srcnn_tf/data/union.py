"""One training set of several datasets' pictures."""

from collections.abc import Mapping, Sequence

from srcnn_tf.data.pipeline import EvaluationPicture


def united(datasets: Mapping[str, Sequence[EvaluationPicture]]) -> list[EvaluationPicture]:
    """Returns the pictures of all datasets, in the order of the datasets.

    Of several, a picture's name becomes `<dataset>/<filename>`: two datasets may use one name, and
    which pictures are held out of training depends on names. A single dataset stays as it is.

    Args:
      datasets: from `read_pictures`, by name.
    """
    if len(datasets) == 1:
        (pictures,) = datasets.values()
        return list(pictures)
    return [
        picture._replace(filename=f"{name}/{picture.filename}")
        for name, pictures in datasets.items()
        for picture in pictures
    ]
