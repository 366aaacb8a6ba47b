"""What runs the models, and how: the trials that chose the runtime, its threads and its memory.

python -m tests.bench.runtimes [--pages N] [--json]

Every trial reads the same pages in a process of its own, page by page in turn. What counts is CPU
time, as the workshop reads as many pages at once as there are cores.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from scanning import pipeline
from scanning.engines import openvino, rapid
from scanning.workshop import Workshop
from tests import given
from tests.bench import tables
from tests.bench.reading import Tally

ONNX, OPENVINO = "rapidocr-onnxruntime", "rapidocr"


@dataclass(frozen=True)
class Trial:
    """A way to run the models; `options` are OpenVINO's, `step` the breadths of lines it sees,
    `least_squeezed` how far a line may be squeezed to one of them."""

    name: str
    engine: str
    threads: int = rapid.THREADS
    least_line: int = rapid.LEAST_LINE
    step: int = openvino.STEP
    least_squeezed: float = rapid.LEAST_SQUEEZED
    options: Mapping[str, Any] = field(default_factory=dict)


ON_ONNX = (
    Trial("ONNX Runtime", ONNX),
    Trial("ONNX Runtime, 2 threads", ONNX, threads=2),
    Trial("ONNX Runtime, lines filled up to 320", ONNX, least_line=320),
)
ON_OPENVINO = (
    Trial("OpenVINO", OPENVINO),
    Trial("OpenVINO, 2 threads", OPENVINO, options={"INFERENCE_NUM_THREADS": 2}),
    Trial("OpenVINO, full precision", OPENVINO, options={"INFERENCE_PRECISION_HINT": "f32"}),
    Trial(
        "OpenVINO, every breadth seen and remembered", OPENVINO,
        step=1, options={"CPU_RUNTIME_CACHE_CAPACITY": 5_000},
    ),
    Trial("OpenVINO, lines filled up, none squeezed", OPENVINO, least_squeezed=1.0),
    Trial("OpenVINO, lines squeezed to 0.8", OPENVINO, least_squeezed=0.8),
    Trial("OpenVINO, nothing remembered", OPENVINO, options={"CPU_RUNTIME_CACHE_CAPACITY": 0}),
)  # fmt: skip


def read(trial: Trial, scan: Path) -> str:
    """In the trial's own process, whose first page loads the models as the trial says."""
    rapid.THREADS, rapid.LEAST_LINE, openvino.STEP = trial.threads, trial.least_line, trial.step
    rapid.LEAST_SQUEEZED = trial.least_squeezed
    openvino.OPTIONS.update(trial.options)
    return pipeline.read_page(scan, 1, engine=trial.engine).text


def measure(pages: int) -> list[dict[str, Any]]:
    listed = [one for one in given.listed() if one["gt"]]
    trials = ON_ONNX + (ON_OPENVINO if openvino.is_quicker_here() else ())
    tallies = [
        Tally(trial.name, partial(read, trial), Workshop(workers=1, seconds=600, megabytes=8_000))
        for trial in trials
    ]
    for scan in listed[:: max(1, len(listed) // pages)][:pages]:
        for tally in tallies:
            tally.take(given.SCANS / scan["file"], (given.SCANS / scan["gt"]).read_text())
    for tally in tallies:
        tally.workshop.close()
    return [tally.figures() for tally in tallies]


def main() -> None:
    wanted = tables.options(__doc__, pages=8).parse_args()
    print(tables.tables({"runtimes": measure(wanted.pages)}, as_json=wanted.json))


if __name__ == "__main__":
    main()
