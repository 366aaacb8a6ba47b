"""How truly fields are read: per field precision, recall, and how right what is certain is.

python -m tests.bench.fields [--seeds N] [--json]

Reads the shared scans whose fields were written down by hand (given.json; JUANZONG_SHARED, or
../shared beside the repository) and papers drawn here (forms/), each with the second reader.
"""

import argparse
import json
import re
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanning import batch
from scanning.fields import Suggestion, names_of
from scanning.workshop import Workshop
from tests.bench import forms
from tests.bench.forms.facts import Truth
from tests.bench.reading import SHARED

GIVEN = Path(__file__).with_name("given.json")
FIRST_SEED = 301  # None of those that the rules were written with.


@dataclass
class Tally:
    """Of one field: how often it was there, was said, was right, and the same of the certain."""

    there: int = 0
    said: int = 0
    right: int = 0
    certain: int = 0
    certain_right: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        mine, theirs = vars(self), vars(other)
        return Tally(**{name: mine[name] + theirs[name] for name in mine})

    def figures(self) -> dict[str, Any]:
        return {
            "there": self.there,
            "precision": _share(self.right, self.said),
            "recall": _share(self.right, self.there),
            "certain": _share(self.certain, self.said),
            "certain right": _share(self.certain_right, self.certain),
        }


class Bench:
    """Papers with their truths, counted field by field."""

    def __init__(self) -> None:
        self.tallies: dict[str, Tally] = {}
        self.papers = 0
        self.wrong_kinds: list[str] = []
        self.wrongly_certain: list[str] = []

    def take(self, name: str, truth: Truth, told: Suggestion) -> None:
        self.papers += 1
        if told.kind != truth.kind:
            self.wrong_kinds.append(f"{name}: {told.kind}, not {truth.kind}")
        said = {field: told.fields[field] for field in names_of(told.kind) if field in told.fields}
        for field in sorted({*truth.fields, *said}):
            # What cannot be told from the paper counts neither way.
            if field in truth.fields and truth.fields[field] is None:
                continue
            meant, found = truth.fields.get(field), said.get(field)
            right = found is not None and meant is not None and _bare(found.value) == _bare(meant)
            is_certain = found is not None and found.certain
            if is_certain and not right:
                self.wrongly_certain.append(f"{name}: {field}")
            self._count(
                f"{truth.kind} {field}",
                Tally(
                    meant is not None, found is not None, right, is_certain, right and is_certain
                ),
            )

    def _count(self, name: str, one: Tally) -> None:
        self.tallies[name] = self.tallies.get(name, Tally()) + one

    def rows(self) -> Iterator[dict[str, Any]]:
        for name, tally in sorted(self.tallies.items()):
            yield {"field": name} | tally.figures()
        yield {"field": "all"} | sum(self.tallies.values(), Tally()).figures()


def _bare(value: object) -> str:
    """Without the blanks and stops that printing adds, and with plain signs."""
    plain = unicodedata.normalize("NFKC", json.dumps(value, ensure_ascii=False))
    return re.sub(r"[\s.,]", "", plain).lower()


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def given() -> Iterator[tuple[Path, Truth]]:
    for name, truth in json.loads(GIVEN.read_text(encoding="utf-8")).items():
        yield SHARED / "data" / "scans" / name, Truth(truth["kind"], truth["fields"])


def drawn(folder: Path, seeds: int) -> Iterator[tuple[Path, Truth]]:
    for layout in (*forms.KNOWN, *forms.HELD_OUT):
        for seed in range(FIRST_SEED, FIRST_SEED + seeds):
            paper = forms.drawn(layout, seed)
            path = folder / f"{paper.name}.jpg"
            paper.image.save(path, quality=80, dpi=(150, 150))
            yield path, paper.truth


def measure(papers: Iterator[tuple[Path, Truth]], workshop: Workshop) -> Bench:
    bench = Bench()
    for path, truth in papers:
        pages = batch.read_file(path, workshop=workshop).pages
        bench.take(path.name, truth, workshop.run(batch.suggest, path, pages))
    return bench


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--seeds", type=int, default=1)
    asked.add_argument("--json", action="store_true")
    wanted, began = asked.parse_args(), time.time()
    with tempfile.TemporaryDirectory() as folder, Workshop(workers=2, seconds=300) as workshop:
        benches = {
            "given": measure(given(), workshop),
            "drawn": measure(drawn(Path(folder), wanted.seeds), workshop),
        }
    if wanted.json:
        told = {name: {"rows": list(bench.rows())} for name, bench in benches.items()}
        print(json.dumps(told, ensure_ascii=False))
        return
    for name, bench in benches.items():
        _print(name, bench)
    print(f"{time.time() - began:.0f} seconds in all")


def _print(name: str, bench: Bench) -> None:
    rows = list(bench.rows())
    print(f"{name}: {bench.papers} papers, kinds wrong: {bench.wrong_kinds or 'none'}")
    print("| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
    for row in rows:
        print("| " + " | ".join("" if one is None else str(one) for one in row.values()) + " |")
    print(f"certain, and wrong: {bench.wrongly_certain or 'none'}\n")


if __name__ == "__main__":
    main()
