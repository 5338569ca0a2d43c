"""`bin/benchmark --suite=photos`: reads scikit-image's photographs, scores, prints and writes."""

import dataclasses
import sys
from collections.abc import Sequence

from srcnn_tf.data.catalog import FALLBACK
from srcnn_tf.data.originals import read_originals
from srcnn_tf.data.record_files import RecordsError
from srcnn_tf.files import atomic_files
from srcnn_tf.reporting import photo_suite
from tfds_builders.common.preparation import DatasetUnavailableError, prepared_builder


def score(
    scales: Sequence[int],
    qualities: Sequence[int] | None,
    data_dir: str | None,
    json: str | None,
    markdown: str | None,
) -> None:
    """Prints the table, or ends the program with a sentence.

    Args:
      scales: of the enlargements; none for the usual ones.
      qualities: of the JPEGs; None for the usual ones.
      data_dir: where TFDS keeps prepared datasets.
      json: a file to write all scores to.
      markdown: a file to write the table to.
    """
    if 1 in scales:
        sys.exit("bin/benchmark: --suite=photos enlarges; leave scale 1 out.")
    try:
        pictures = {}
        for scale in scales or photo_suite.SCALES:
            builder = prepared_builder(FALLBACK, scale, data_dir)
            splits = [read_originals(builder, split) for split in builder.info.splits]
            pictures[scale] = {name: each for split in splits for name, each in split.items()}
        results = photo_suite.photo_suite(
            pictures,
            qualities or photo_suite.QUALITIES,
            log=lambda line: print(line, file=sys.stderr, flush=True),
        )
        print(photo_suite.text(results))
        if json:
            atomic_files.write_json(json, [dataclasses.asdict(each) for each in results])
        if markdown:
            atomic_files.write_text(markdown, photo_suite.text(results, markdown=True) + "\n")
    except (DatasetUnavailableError, RecordsError) as error:
        sys.exit(f"bin/benchmark: {error}")
    except OSError as error:
        sys.exit(f"bin/benchmark: a file cannot be read or written ({error}); see its folder.")
