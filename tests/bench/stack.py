"""From a stack of scans to a searchable PDF: Juanzong beside OCRmyPDF, plain RapidOCR and plain
Tesseract, on one core and on two.

python -m tests.bench.stack [--pages N] [--json]

The shared scans with known text are put into PDFs of a few pages each, sheets of A4 apart from
smaller pictures; either program makes a searchable PDF of each in turn, so that a busy machine is
as busy for one as for the other. Sheets have the resolution that their files or A4 tell, smaller
pictures 200 dots an inch, at which neither program enlarges them. OCRmyPDF
does what an archive would ask of it: PDF/A, pages turned and straightened, Chinese and English. The
plain engines only read the pictures, as in `tests.bench.reading`; they make no PDF.
It is looked for in .bench/ocrmypdf (`make bench` puts it there) and on the PATH.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import psutil
from PIL import Image
from pypdf import PdfWriter

from scanning import engines, quality
from scanning.pdf.binding import Sheaf
from scanning.reading import PageReading
from scanning.workshop import Workshop
from tests import given
from tests.bench import memory, tables
from tests.bench.reading import plain_rapidocr, plain_tesseract, scorer

HOUSE = Path(__file__).parents[2]
STACK = 6  # pages
LANGUAGES = "chi_sim+eng"
# A picture of fewer pixels on its longer side is no scan of A4 at 150 dots an inch or more.
LEAST_SHEET = 1_750
LEAST_DPI, ASSUMED_DPI = 150, 200
SHEETS, SMALLER, ALL = "A4", "smaller", "all"
SAMPLE_SECONDS = 0.5  # A look at a child of 1 GB takes a fortieth of a second of a core.

Maker = Callable[[Path, Path, int], list[str]]
"""Makes a searchable PDF (from, to, processes); the text of its pages."""


@dataclass
class Tally:
    """What one program made of the stacks so far."""

    name: str
    make: Maker
    processes: int
    size: str
    scores: list[dict[str, float]] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    megabytes: float = 0.0

    def take(self, stack: Path, truths: list[str], idle: set[int]) -> None:
        """Make one of a stack; the processes that are `idle` meanwhile belong to another tally."""
        watch = memory.Watch(seconds=SAMPLE_SECONDS, but=idle)
        with tempfile.TemporaryDirectory() as folder, watch as used:
            began, used_before = time.perf_counter(), _cpu_seconds()
            texts = self.make(stack, Path(folder) / "out.pdf", self.processes)
            self.seconds += time.perf_counter() - began
            self.cpu += _cpu_seconds() - used_before
        self.megabytes = max(self.megabytes, used.most)
        pairs = zip(truths, texts, strict=True)
        self.scores += [scorer().score_page(truth, text) for truth, text in pairs]

    def __add__(self, other: "Tally") -> "Tally":
        """The same program's work on the stacks of both."""
        return replace(
            self,
            size=ALL,
            scores=self.scores + other.scores,
            seconds=self.seconds + other.seconds,
            cpu=self.cpu + other.cpu,
            megabytes=max(self.megabytes, other.megabytes),
        )

    def figures(self) -> dict[str, Any]:
        total = {key: sum(score[key] for score in self.scores) for key in self.scores[0]}
        return {
            "program": self.name,
            "processes": self.processes,
            "size": self.size,
            "pages": len(self.scores),
            "pages a minute": round(60 * len(self.scores) / self.seconds, 1),
            "CPU s a page": round(self.cpu / len(self.scores), 2),
            "cer": round(total["wrong"] / total["chars"], 4),
            "lcer": round(total["line_wrong"] / total["chars"], 4),
            "field": round(total["found"] / total["fields"], 4),
            f"peak MB ({memory.KIND})": round(self.megabytes),
        }


class Warm:
    """A program that reads in children of ours, which are warm, as a server's are."""

    def __init__(self) -> None:
        self._workshops: dict[int, Workshop] = {}
        self.children: dict[int, set[int]] = {}

    def warm(self, stack: Path, processes: int) -> None:
        """Let every child read a page, so that its engine is loaded."""
        if processes in self._workshops:
            return
        before = _children()
        workshop = Workshop(workers=processes, seconds=600, megabytes=8_000)
        with ThreadPoolExecutor(processes) as threads:
            list(threads.map(lambda _: self.read(workshop, stack, 1), range(processes)))
        self._workshops[processes] = workshop
        self.children[processes] = _children() - before

    def read(self, workshop: Workshop, stack: Path, number: int) -> Any:
        """Read one page of a stack."""
        raise NotImplementedError

    def close(self) -> None:
        for workshop in self._workshops.values():
            workshop.close()

    def _read_all(self, stack: Path, processes: int) -> list[Any]:
        workshop, pages = self._workshops[processes], range(1, len(_scans(stack)) + 1)
        with ThreadPoolExecutor(processes) as threads:
            return list(threads.map(lambda number: self.read(workshop, stack, number), pages))


class Juanzong(Warm):
    """Our own workshop; it binds a searchable PDF."""

    def read(self, workshop: Workshop, stack: Path, number: int) -> PageReading:
        return workshop.read_page(stack, number)

    def __call__(self, stack: Path, target: Path, processes: int) -> list[str]:
        readings = tuple(self._read_all(stack, processes))
        self._workshops[processes].bind([Sheaf(stack, readings)], target)
        return [reading.text for reading in readings]


class Plain(Warm):
    """An engine on the pictures as they came; it makes no PDF."""

    def __init__(self, engine: Callable[[Path], str]) -> None:
        super().__init__()
        self._engine = engine

    def read(self, workshop: Workshop, stack: Path, number: int) -> str:
        return workshop.run(self._engine, _scans(stack)[number - 1])

    def __call__(self, stack: Path, _target: Path, processes: int) -> list[str]:
        return self._read_all(stack, processes)


def ocrmypdf(program: str) -> Maker:
    def make(stack: Path, target: Path, processes: int) -> list[str]:
        sidecar = target.with_suffix(".txt")
        call = [
            program, "-l", LANGUAGES, "--output-type", "pdfa", "--rotate-pages", "--deskew",
            "--jobs", str(processes), "--sidecar", str(sidecar), "-q", str(stack), str(target),
        ]  # fmt: skip
        subprocess.run(call, check=True, capture_output=True)
        return sidecar.read_text(encoding="utf-8").removesuffix("\f").split("\f")

    return make


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def _cpu_seconds() -> float:
    """CPU seconds of this process and of everything it started, alive or ended."""
    used = os.times()
    total = used.user + used.system + used.children_user + used.children_system
    for child in psutil.Process().children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def stacks(pages: int, folder: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """The scans as PDFs of a few pages, their size, and the true texts of these."""
    listed = [one for one in given.listed() if one["gt"]]
    chosen = listed[:: max(1, len(listed) // pages)][:pages]
    for size in (SHEETS, SMALLER):
        alike = [one for one in chosen if (max(one["size"]) >= LEAST_SHEET) == (size == SHEETS)]
        for first in range(0, len(alike), STACK):
            some = alike[first : first + STACK]
            target = folder / f"{size}-{first}.pdf"
            _bound([given.SCANS / one["file"] for one in some], target)
            yield size, target, [(given.SCANS / one["gt"]).read_text() for one in some]


def _scans(stack: Path) -> list[Path]:
    """The pictures of which a stack was made."""
    return sorted(stack.with_suffix("").iterdir())


def _bound(scans: list[Path], target: Path) -> None:
    """The scans as a PDF, each at its own resolution, and as pictures in a folder beside it."""
    target.with_suffix("").mkdir()
    with PdfWriter() as writer:
        for number, scan in enumerate(scans):
            (target.with_suffix("") / f"{number:03}{scan.suffix}").symlink_to(scan.absolute())
            picture, page = Image.open(scan), BytesIO()
            picture.convert("RGB").save(page, "PDF", resolution=_resolution(picture))
            writer.append(page)
        writer.write(target)


def _resolution(picture: Image.Image) -> float:
    if max(picture.size) < LEAST_SHEET:
        return ASSUMED_DPI
    told = float(picture.info.get("dpi", (0, 0))[0])
    return told if told >= LEAST_DPI else quality.as_a4(*picture.size) or ASSUMED_DPI


def measure(pages: int) -> list[dict[str, Any]]:
    found = shutil.which("ocrmypdf", path=str(HOUSE / ".bench/ocrmypdf/bin")) or shutil.which(
        "ocrmypdf"
    )
    warm: dict[str, Warm] = {"Juanzong": Juanzong(), "plain RapidOCR": Plain(plain_rapidocr)}
    if engines.READERS["tesseract"]().available():
        warm["plain Tesseract"] = Plain(plain_tesseract)
    makers: dict[str, Any] = dict(warm)
    if found:
        makers["OCRmyPDF"] = ocrmypdf(found)
    tallies = [
        Tally(name, make, processes, size)
        for size in (SHEETS, SMALLER) for processes in (1, 2) for name, make in makers.items()
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for size, stack, truths in stacks(pages, Path(folder)):
            for one, processes in product(warm.values(), (1, 2)):
                one.warm(stack, processes)
            for tally in tallies:
                if tally.size == size:
                    tally.take(stack, truths, _idle(warm, tally))
    for one in warm.values():
        one.close()
    half = len(tallies) // 2
    pairs = zip(tallies[:half], tallies[half:], strict=True)
    everything = [sheets + smaller for sheets, smaller in pairs if sheets.scores and smaller.scores]
    return [tally.figures() for tally in tallies + everything if tally.scores]


def _idle(warm: Mapping[str, Warm], tally: Tally) -> set[int]:
    """The warm children that have no part in what a program does with so many processes."""
    return {
        child
        for name, one in warm.items()
        for processes, children in one.children.items()
        if (name, processes) != (tally.name, tally.processes)
        for child in children
    }


def main() -> None:
    wanted = tables.options(__doc__, pages=1_000).parse_args()
    rows = measure(wanted.pages)
    print(tables.tables({"stack": rows}, as_json=wanted.json))
    if not wanted.json and all(row["program"] != "OCRmyPDF" for row in rows):
        print("OCRmyPDF is not here: `make bench` installs it into .bench/ocrmypdf.")


if __name__ == "__main__":
    main()
