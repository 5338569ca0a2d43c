"""What a run writes down about itself: `train.log` for people, `metrics.jsonl` for programs."""

import json
import logging
import pathlib

from srcnn_tf import atomic_files


class RunRecords:
    """A context manager that owns the two files of a run's folder."""

    def __init__(self, workdir: pathlib.Path):
        workdir.mkdir(parents=True, exist_ok=True)
        self._metrics = workdir / "metrics.jsonl"
        self._log = logging.FileHandler(workdir / "train.log", encoding="utf-8")
        self._log.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))

    def __enter__(self):
        logging.getLogger("srcnn_tf").addHandler(self._log)
        return self

    def __exit__(self, *exception):
        logging.getLogger("srcnn_tf").removeHandler(self._log)
        self._log.close()

    def start(self, step: int) -> None:
        """Drops what an interrupted run wrote after the checkpoint that this one resumes from."""
        if not self._metrics.exists():
            return
        kept = [line for line in read_metrics(self._metrics) if line["step"] <= step]
        text = "".join(json.dumps(line) + "\n" for line in kept)
        atomic_files.write_text(self._metrics, text)

    def write(self, kind: str, step: int, values: dict[str, float]) -> None:
        """Appends one line: its kind (`train` or `validation`), the step, and the values."""
        with self._metrics.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"kind": kind, "step": step, **values}) + "\n")


def read_metrics(path: pathlib.Path) -> list[dict]:
    """Reads `metrics.jsonl`; a last line that was cut off by a crash is left out."""
    lines = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            lines.append(json.loads(text))
        except ValueError:
            break
    return lines
