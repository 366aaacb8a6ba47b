"""Typed papers: other people's forms, typed out as they are laid out, with what they say.

Each file is what the paper says (field: value, ? where no one can tell), a line of dashes, and
the paper as page.py reads it. They are forms that nobody drew with our rules in mind. Those of
held_out/ were written last, and not looked at before the rules for known/ stood.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scanning.reading import PageReading
from tests.bench.forms.facts import Truth
from tests.bench.typed.misreading import Misreader, SecondSight
from tests.bench.typed.page import Cell, laid, pages_of

HERE = Path(__file__).parent
HALVES = ("known", "held_out")
SEPARATOR = "\n----\n"


@dataclass(frozen=True)
class Typed:
    """A paper as it was read, what it says, and a second reader of it."""

    name: str
    readings: tuple[PageReading, ...]
    truth: Truth
    second: SecondSight


def papers(half: str, seed: int | None = None) -> Iterator[Typed]:
    """The papers of one half; with a seed as a poor scan of them is read, lines and letters."""
    for path in sorted((HERE / half).glob("*.txt")):
        said, _, text = path.read_text(encoding="utf-8").partition(SEPARATOR)
        pages = [list(laid(page)) for page in pages_of(text)]
        yield Typed(
            path.stem,
            tuple(_reading(number, page, path.stem, seed) for number, page in enumerate(pages, 1)),
            _truth(said),
            SecondSight(pages, f"{path.stem} {seed}"),
        )


def _reading(number: int, page: list[list[Cell]], name: str, seed: int | None) -> PageReading:
    lines = Misreader(f"{name} {number} {seed}", is_poor=seed is not None).lines(page)
    right = max((line.box[2] for line in lines), default=0)
    bottom = max((line.box[3] for line in lines), default=0)
    size = max(1_240, right + 60), max(1_754 if right < 1_300 else 900, bottom + 60)
    return PageReading(number, tuple(lines), 0, 0.0, *size, 150, "typed", "1", "ocr")


def _truth(said: str) -> Truth:
    told = dict(line.split(": ", 1) for line in said.splitlines())
    kind = told.pop("kind")
    return Truth(kind, {name: _value(name, text) for name, text in told.items()})


def _value(name: str, text: str) -> str | list[str] | list[dict[str, str]] | None:
    if text == "?":
        return None
    if name == "parties":
        pairs = (one.split("=", 1) for one in text.split("; "))
        return [{"name": party, "role": role} for role, party in pairs]
    return text.split(", ") if name == "containers" else text
