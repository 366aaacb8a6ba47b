"""How truly fields are read: per field precision, recall, and how right what is certain is.

python -m tests.bench.fields [--seeds N] [--json]

Reads the shared scans whose fields were written down by hand (given.json; JUANZONG_SHARED, or
../shared beside the repository) and papers drawn here (forms/), each with the second reader;
and other people's forms, typed out (typed/), with one that is made up.
"""

import json
import random
import re
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanning import batch
from scanning.fields import Suggestion, learning, names_of, suggest
from scanning.second import Sheet
from scanning.workshop import Workshop
from tests.bench import forms, tables, typed
from tests.bench.forms.facts import Facts, Truth
from tests.given import SCANS

GIVEN = Path(__file__).with_name("given.json")
OURS = "江苏恒岳精密机械有限公司"
LAYOUTS = (*forms.KNOWN, *forms.HELD_OUT)
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
        asked = {*names_of(told.kind), *truth.fields}
        said = {field: told.fields[field] for field in asked if field in told.fields}
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
        yield SCANS / name, Truth(truth["kind"], truth["fields"])


def drawn(folder: Path, seeds: int, *, badly: bool = False) -> Iterator[tuple[Path, Truth]]:
    for layout in LAYOUTS:
        for seed in range(FIRST_SEED, FIRST_SEED + seeds):
            paper = forms.drawn(layout, seed, badly=badly)
            path = folder / f"{paper.name}.jpg"
            paper.image.save(path, quality=35 if badly else 80)
            yield path, paper.truth


def measure(papers: Iterator[tuple[Path, Truth]], workshop: Workshop) -> Bench:
    bench = Bench()
    for path, truth in papers:
        pages = batch.read_file(path, workshop=workshop).pages
        bench.take(
            path.name,
            truth,
            workshop.run(batch.suggest_twice, [Sheet(path, page.number, page) for page in pages]),
        )
    return bench


def typed_out(half: str, seeds: Sequence[int | None]) -> Bench:
    """Other people's forms, read without an engine; with a seed as a poor scan is misread."""
    bench = Bench()
    for seed in seeds:
        for one in typed.papers(half, seed):
            bench.take(one.name, one.truth, suggest(one.readings, second=one.second))
    return bench


def learned(examples_each: int, asked_each: int = 4) -> dict[str, Any]:
    """How often the learner knows a paper's form and its party, after so many papers of each
    form, among twenty regular parties, one character in thirty misread."""
    anybody = Facts(1)
    regulars = [anybody.company() for _ in range(20)]
    papers: list[tuple[str, list[str], dict[str, str]]] = []
    for seed in range(examples_each + asked_each):
        for number, layout in enumerate(LAYOUTS):
            sheet, truth = layout(Facts(FIRST_SEED + 1_000 * number + seed, regulars))
            text = _misread("\n".join(sheet.said), seed)
            party = _party(truth)
            names = [OURS, _misread(party, 100 * number + seed)]
            papers.append((text, names, {"type": layout.__name__, "party": party}))
    known = len(LAYOUTS) * examples_each
    examples = [learning.learn(*paper) for paper in papers[:known]]
    # A party that was never filed cannot be known.
    filed = {answers["party"] for _, _, answers in papers[:known]}
    asked = [
        (learning.suggest(examples, text, names), answers)
        for text, names, answers in papers[known:]
        if answers["party"] in filed
    ]
    return {"examples of each form": examples_each} | {
        f"{name} right": _share(
            sum(name in told and told[name].value == meant[name] for told, meant in asked),
            sum(bool(meant[name]) for _, meant in asked),
        )
        for name in ("type", "party")
    }


def _party(truth: Truth) -> str:
    """Who the paper is filed for."""
    parties = truth.fields.get("parties")
    if isinstance(parties, list):
        return str(parties[-1]["name"])
    names = ("consignee", "buyer", "name", "payer", "principal")
    return str(next((truth.fields[name] for name in names if name in truth.fields), ""))


def _misread(text: str, seed: int) -> str:
    chance = random.Random(seed)
    return "".join(chance.choice("一口日目") if chance.random() < 1 / 30 else c for c in text)


def main() -> None:
    wanted, began = tables.options(__doc__, seeds=1).parse_args(), time.time()
    with tempfile.TemporaryDirectory() as folder, Workshop(workers=2, seconds=300) as workshop:
        benches = {
            "given": measure(given(), workshop),
            "drawn": measure(drawn(Path(folder), wanted.seeds), workshop),
            "drawn, badly scanned": measure(
                drawn(Path(folder), wanted.seeds, badly=True), workshop
            ),
        }
    for half in typed.HALVES:
        benches[f"typed, {half}"] = typed_out(half, [None])
        benches[f"typed, {half}, misread"] = typed_out(half, range(1, 4))
    if wanted.json:
        told = {name: {"rows": list(bench.rows())} for name, bench in benches.items()}
        print(json.dumps(told, ensure_ascii=False))
        return
    for name, bench in benches.items():
        _print(name, bench)
    for count in (1, 3, 10):
        print(f"learned: {learned(count)}")
    print(f"{time.time() - began:.0f} seconds in all")


def _print(name: str, bench: Bench) -> None:
    rows = list(bench.rows())
    print(f"{name}: {bench.papers} papers, kinds wrong: {bench.wrong_kinds or 'none'}")
    print(tables.table(rows))
    print(f"certain, and wrong: {bench.wrongly_certain or 'none'}\n")


if __name__ == "__main__":
    main()
