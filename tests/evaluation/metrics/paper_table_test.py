"""The SRCNN paper's table of metrics, from Set5's pictures and the authors' filters."""

import numpy as np
import pytest

from srcnn_tf.engines.runners import runner
from srcnn_tf.evaluation import published
from srcnn_tf.evaluation.metrics import catalog
from srcnn_tf.evaluation.metrics.scored_picture import ScoredPicture
from srcnn_tf.files.image_files import read_image
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.networks.weight_files import read_network

# How far a mean may be off: the paper has NQM and WPSNR by the same code. Its IFC at x3 is 1.7 %
# lower than here, at x2 and x4 by less than 1 % higher.
_TOLERANCES = {"nqm": 0.04, "wpsnr": 0.02, "ifc": 0.09}


@pytest.mark.slow
@pytest.mark.parametrize("scale", [2, 3, 4])
def test_means_over_set5_are_the_papers(shared_data, scale):
    pytest.importorskip("pyrtools")
    run = runner(read_network(shared_data / "paper_weights" / "9-5-5_imagenet" / f"x{scale}.mat"))
    figures = []
    for path in sorted((shared_data / "set5").iterdir()):
        pair = degrade(read_image(path), scale)
        bicubic, hr_y = pair.bicubic_y[..., 0], pair.hr_y[..., 0]
        pictures = [ScoredPicture(plane, hr_y, scale) for plane in (bicubic, run(bicubic))]
        figures.append(
            [[catalog.METRICS[name].compute(each) for name in _TOLERANCES] for each in pictures]
        )
    means = np.mean(figures, axis=0)
    for method, ours in zip((published.BICUBIC, published.SRCNN_PAPER), means, strict=True):
        theirs = published.published_score(method, "set5", scale)
        for (name, tolerance), figure in zip(_TOLERANCES.items(), ours, strict=True):
            assert figure == pytest.approx(theirs[name], abs=tolerance), (method, name)
