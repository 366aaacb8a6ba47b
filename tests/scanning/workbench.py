"""A workshop without children, for tests of what is around it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from scanning import originals
from scanning.originals import Original
from scanning.reading import Line, PageReading
from tests.scanning.papers import CONTRACT


class Bench:
    """A workshop without children: it looks at files itself and reads what it is told."""

    trouble: list[Exception | None]
    read: list[int]
    together: int
    most: int

    def __init__(self, workers: int, seconds: float, megabytes: int) -> None:
        self.workers = workers

    def probe(self, path: Path) -> Original:
        self._stumble("probe")
        return originals.probe(path)

    def read_page(
        self, path: Path, number: int, *, engine: str, picture: Path, turned: int | None
    ) -> PageReading:
        self._stumble("read")
        self.read.append(number)
        picture.write_bytes(b"picture")
        box = (100, 100, 900, 140)
        lines = tuple(Line(f"{text} {number}", box, 0.99) for text in CONTRACT)
        return PageReading(number, lines, 0, 0.0, 1240, 1754, 150, engine, "1", "ocr")

    def run(self, task: Callable[..., Any], *args: object) -> Any:
        return task(*args)

    def close(self) -> None:
        self.closed = True

    def _stumble(self, where: str) -> None:
        if self.trouble and (problem := self.trouble.pop(0)):
            raise problem
