"""How well a paper that is scanned twice is known again, and how seldom another is taken for it.

python -m tests.bench.alike [--seeds N] [--json]

Draws papers (forms/), so many of each layout, with other numbers, dates and parties; reads them;
and keeps them in an archive of its own. Then each comes once more as
another scanner gives it: stamped on arrival, skewed up to 1° otherwise, cropped, brighter or
darker, with noise and a stronger JPEG, read like any page. Every text is what the engine read.

The rule was mended once, after forms.HELD_OUT had been measured: 37 of 42 papers were known again,
and all six quotations were taken for each other. So it is judged by the other layouts, by which it
was not made; whoever mends it again needs new ones.

In the end the look-up is timed in a table of 200,000 rows, half of them of one form.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageEnhance
from sqlalchemy.orm import Session

from archive import categories, documents
from archive.base.db import Database
from archive.base.ledger import HOUSE
from archive.documents import Document
from scanning import likeness
from scanning.fields import suggest
from scanning.reading import PageReading
from scanning.routes.alike import likely_twins
from scanning.workshop import Workshop
from tests import stock
from tests.bench import tables
from tests.bench.forms import KNOWN, Layout
from tests.bench.forms.drawing import Sheet, badly_scanned
from tests.bench.forms.facts import Facts
from tests.looks import FORM, ROWS, crowd, paper
from tests.people import NOON

FIRST_SEED = 80_001  # None of those that a rule was written or measured with before.
ASKED = 100  # look-ups that are timed, of each sort
NAMED = ("missed", "wrong")  # These are told paper by paper, below the table.
OURS = ("江苏恒岳精密机械有限公司",)


@dataclass(frozen=True)
class Twice:
    """A paper's readings: scanned first, first badly, and again."""

    layout: str
    seed: int
    scans: dict[str, PageReading]

    @property
    def name(self) -> str:
        return f"{self.layout}_{self.seed}"


def read(layout: Layout, seed: int, folder: Path, workshop: Workshop) -> Twice:
    """One paper drawn, scanned in all ways, and read."""
    sheet, _ = layout(Facts(seed))
    good = sheet.scanned(random.Random(seed))
    again = sheet_again(layout, seed)
    badly = badly_scanned(good, random.Random(seed))
    quality = 45 + seed % 30
    scans = {}
    for way, image, kept in (("good", good, 80), ("bad", badly, 35), ("again", again, quality)):
        path = folder / f"{layout.__name__}_{seed}_{way}.jpg"
        image.save(path, quality=kept)
        scans[way] = workshop.read_page(path, 1)
    return Twice(layout.__name__, seed, scans)


def sheet_again(layout: Layout, seed: int) -> Image.Image:
    """The same paper later, from another scanner."""
    chance = random.Random(seed + 1_000_000)
    sheet, _ = layout(Facts(seed))
    _stamp(sheet, chance)
    image = sheet.scanned(chance)
    wide, high = image.size
    left, top, right, bottom = (chance.uniform(0, 0.02) for _ in range(4))
    cut = (wide * left, high * top, wide * (1 - right), high * (1 - bottom))
    cropped = image.crop(cut)
    return ImageEnhance.Brightness(cropped).enhance(chance.uniform(0.85, 1.1))


def _stamp(sheet: Sheet, chance: random.Random) -> None:
    """Received on a day: a red stamp wherever the clerk's hand went."""
    x = chance.randint(150, sheet.image.width - 150)
    y = chance.randint(150, sheet.image.height - 150)
    sheet.seal(x, y, "收文专用章", radius=80)
    day = f"2026.{chance.randint(1, 12)}.{chance.randint(1, 28)}"
    sheet.write(x - 50, y + 40, day, 18, ink=(200, 40, 40))


def kept(session: Session, one: Twice, way: str) -> Document:
    """A scan as the reading room keeps it."""
    reading = one.scans[way]
    told = suggest([reading], OURS).to_dict()
    name = f"{one.name}_{way}.jpg"
    document = stock.read(session, name, reading.text, kind=told["kind"], fields=told["fields"])
    documents.page_of(session, document, 1).likeness = reading.likeness
    marks = likeness.marks(reading.text)
    documents.note_looks(session, document, marks, likeness.is_same_paper)
    session.flush()
    return document


def known_again(session: Session, papers: Sequence[Twice], way: str) -> dict[str, Any]:
    """All papers come, then each once more: of how many is said what is true, or another thing."""
    firsts = [(one, kept(session, one, way)) for one in papers]
    wrong = [f"{one.name}, first" for one, first in firsts if likely_twins(session, [first])]
    missed = []
    for one, first in firsts:
        again = kept(session, one, "again")
        twins = likely_twins(session, [again]).get(again.id, [])
        if first not in twins:
            missed.append(f"{one.name}: {_between(session, first, again)}")
        if set(twins) - {first}:
            wrong.append(f"{one.name}, again")
        # The next one is asked about those that came first, too.
        documents.put_away(session, again, by=HOUSE, at=NOON)
    return {
        "first scan": way, "papers": len(papers), "known again": len(papers) - len(missed),
        "asked": 2 * len(papers), "another taken for it": len(wrong),
        "missed": missed, "wrong": wrong,
    }  # fmt: skip


def _between(session: Session, *both: Document) -> str:
    """What two scans have in common."""
    one, other = (documents.page_of(session, document, 1) for document in both)
    bits = "bare"
    if one.likeness is not None and other.likeness is not None:
        bits = str(((one.likeness ^ other.likeness) & (2**64 - 1)).bit_count())
    numbers = [set(likeness.NUMBER.findall(page.text)) for page in (one, other)]
    same, most = len(numbers[0] & numbers[1]), max(map(len, numbers))
    own = " and ".join(documents.suggested_number(document) or "none" for document in both)
    words = likeness.of_words(one.text, other.text)
    return f"{bits} bits, words {words:.2f}, numbers {same} of {most}, its own {own}"


def look_ups(session: Session) -> Iterator[dict[str, Any]]:
    """How long a look-up takes, in ms."""
    crowd(session)
    chance = random.Random(1)
    ways: dict[str, Callable[[], int]] = {
        "of the form of half the archive": lambda: FORM ^ 1 << chance.randrange(64),
        "of any form": lambda: chance.getrandbits(64),
    }
    for way, bits in ways.items():
        took = []
        for number in range(ASKED):
            asked = paper(session, f"{way}-{number}.pdf", bits(), "20240417003", "91320281")
            session.flush()
            session.expunge_all()
            began = time.perf_counter()
            documents.lookalikes(session, session.get_one(Document, asked.id))
            took.append((time.perf_counter() - began) * 1e3)
        middle, late = np.percentile(took, (50, 95)).round(1)
        yield {"a paper": way, "rows": ROWS, "look-ups": ASKED, "p50 ms": middle, "p95 ms": late}


def every(seeds: int, folder: Path) -> list[Twice]:
    """All papers, read by two children at once."""
    wanted = [(layout, FIRST_SEED + at) for layout in KNOWN for at in range(seeds)]
    with Workshop(workers=2, seconds=300) as workshop, ThreadPoolExecutor(2) as threads:
        return list(threads.map(lambda one: read(one[0], one[1], folder, workshop), wanted))


@contextmanager
def archive(folder: Path, name: str) -> Iterator[Session]:
    """An archive of its own on SQLite, with the default plan."""
    database = Database(f"sqlite:///{folder / name}.db")
    database.migrate(folder / f"{name}.lock")
    with database.writing() as session:
        categories.found(session, "Q001", "测试公司", at=NOON)
        yield session
    database.close()


def main() -> None:
    wanted = tables.options(__doc__, seeds=3).parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        papers, known = every(wanted.seeds, folder), []
        for way in ("good", "bad"):
            with archive(folder, way) as session:
                known.append(known_again(session, papers, way))
        with archive(folder, "crowd") as session:
            timed = list(look_ups(session))
    if wanted.json:
        print(tables.tables({"known": known, "timed": timed}, as_json=True))
        return
    print(f"{_pairs(papers)} pairs of different papers have one form\n")
    counts = [{name: one for name, one in row.items() if name not in NAMED} for row in known]
    print(tables.table(counts), "\n")
    for row in known:
        for line in (*row["missed"], *(f"{one}: another taken for it" for one in row["wrong"])):
            print(f"- first scan {row['first scan']}: {line}")
    print("\n" + tables.table(timed))


def _pairs(papers: Sequence[Twice]) -> int:
    return sum(one.layout == other.layout for one, other in combinations(papers, 2))


if __name__ == "__main__":
    main()
