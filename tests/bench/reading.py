"""How truly and how quickly pages are read: Juanzong beside plain RapidOCR and plain Tesseract.

python -m tests.bench.reading [--pages N] [--json]

Reads the shared scans whose true text is known (JUANZONG_SHARED, or ../shared beside the
repository), every engine in its own process with one thread, page by page in turn, so that a
busy machine is as busy for one as for the other. "Plain" is what a first attempt does: the
engine on the picture as it came, its lines put together row by row.
"""

import importlib.util
import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np
import pytesseract
from PIL import Image

from scanning import engines, pipeline
from scanning.workshop import Workshop
from tests import given
from tests.bench import tables


@dataclass
class Tally:
    """What one reader made of the pages so far."""

    name: str
    read: Callable[[Path], str]
    workshop: Workshop
    scores: list[dict[str, float]] = field(default_factory=list)
    seconds: float = 0.0
    memory: float = 0.0

    def take(self, scan: Path, truth: str) -> None:
        text, seconds, megabytes = self.workshop.run(measured, self.read, scan)
        self.scores.append(scorer().score_page(truth, text))
        self.seconds += seconds
        self.memory = max(self.memory, megabytes)

    def figures(self) -> dict[str, Any]:
        total = {key: sum(score[key] for score in self.scores) for key in self.scores[0]}
        return {
            "reader": self.name,
            "pages": len(self.scores),
            "cer": round(total["wrong"] / total["chars"], 4),
            "lcer": round(total["line_wrong"] / total["chars"], 4),
            "field": round(total["found"] / total["fields"], 4),
            "CPU s a page": round(self.seconds / len(self.scores), 2),
            "peak MB": round(self.memory),
        }


def measured(read: Callable[[Path], str], scan: Path) -> tuple[str, float, float]:
    """The text, the CPU seconds it took with all its children, and the peak memory so far in MB."""
    before = _cpu_seconds()
    text = read(scan)
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(kind).ru_maxrss for kind in kinds)
    return text, _cpu_seconds() - before, peak / 1_000


def _cpu_seconds() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def juanzong(scan: Path) -> str:
    return pipeline.read_page(scan, 1).text


def plain_rapidocr(scan: Path) -> str:
    found = _rapidocr()(np.array(Image.open(scan).convert("RGB"))[:, :, ::-1])
    if found.txts is None:
        return ""
    boxes = [np.asarray(box, float) for box in found.boxes]
    return _in_rows([
        (text, box[:, 1].min(), box[:, 1].max(), box[:, 0].min())
        for text, box in zip(found.txts, boxes, strict=True)
    ])  # fmt: skip


def plain_tesseract(scan: Path) -> str:
    return str(pytesseract.image_to_string(Image.open(scan), lang="chi_sim", config="--psm 3"))


@cache
def _rapidocr() -> Any:
    from rapidocr import RapidOCR

    threads = "EngineConfig.onnxruntime.{}_op_num_threads"
    one_thread = {threads.format("intra"): 1, threads.format("inter"): 1}
    return RapidOCR(params={"Global.log_level": "error"} | one_thread)


def _in_rows(lines: list[tuple[str, float, float, float]]) -> str:
    """(text, top, bottom, left): those that share half their height are one row."""
    rows: list[list[tuple[str, float, float, float]]] = []
    for line in sorted(lines, key=lambda one: one[1] + one[2]):
        _, top, bottom, _ = line
        if rows:
            _, row_top, row_bottom, _ = rows[-1][0]
            shared = min(bottom, row_bottom) - max(top, row_top)
            if shared > min(bottom - top, row_bottom - row_top) / 2:
                rows[-1].append(line)
                continue
        rows.append([line])
    ordered = (sorted(row, key=lambda one: one[3]) for row in rows)
    return "\n".join(" ".join(text for text, *_ in row) for row in ordered)


@cache
def scorer() -> ModuleType:
    """The shared scorer, so that the figures are everybody's."""
    found = importlib.util.spec_from_file_location("score", given.SHARED / "tools" / "score_ocr.py")
    if found is None or found.loader is None:
        raise FileNotFoundError(given.SHARED)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def measure(pages: int) -> list[dict[str, Any]]:
    listed = [one for one in given.listed() if one["gt"]]
    chosen = listed[:: max(1, len(listed) // pages)][:pages]
    readers = {"Juanzong": juanzong, "plain RapidOCR": plain_rapidocr}
    if engines.READERS["tesseract"]().available():
        readers["plain Tesseract"] = plain_tesseract
    tallies = [
        Tally(name, read, Workshop(workers=1, seconds=600, megabytes=8_000))
        for name, read in readers.items()
    ]
    cv2.setNumThreads(1)
    for scan in chosen:
        for tally in tallies:
            tally.take(given.SCANS / scan["file"], (given.SCANS / scan["gt"]).read_text())
    for tally in tallies:
        tally.workshop.close()
    return [tally.figures() for tally in tallies]


def main() -> None:
    wanted = tables.options(__doc__, pages=1_000).parse_args()
    began = time.time()
    print(tables.tables({"reading": measure(wanted.pages)}, as_json=wanted.json))
    if not wanted.json:
        print(f"{time.time() - began:.0f} seconds in all")


if __name__ == "__main__":
    main()
