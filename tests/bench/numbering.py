"""Twenty processes that file two thousand papers into one category at once: does a number lack?

python -m tests.bench.numbering [--papers N] [--processes N] [--json]

On SQLite and, where it is installed, on PostgreSQL, which does not wait for its disk here; all
papers of one party (item numbers of one volume), and each of a party of its own (volume numbers).
"""

import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from archive import categories, documents
from archive.base import ledger
from archive.base.db import Database
from archive.base.errors import Refusal
from archive.documents import Document
from archive.volumes import Volume
from tests import postgres, stock
from tests.bench import tables

ONE, EACH = "one party", "each of its own"
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Work:
    """What one process files."""

    url: str
    papers: tuple[int, ...]
    parties: str


def measure(papers: int, processes: int) -> list[dict[str, Any]]:
    """A row for each database and way."""
    return [
        {"database": name, "parties": parties} | _filed(url, parties, papers, processes)
        for parties in (ONE, EACH)
        for name, url in _databases()
    ]


def _filed(url: str, parties: str, papers: int, processes: int) -> dict[str, Any]:
    waiting = _waiting(url, papers)
    shares = [Work(url, tuple(waiting[turn::processes]), parties) for turn in range(processes)]
    with multiprocessing.get_context("spawn").Pool(processes) as crowd:
        crowd.map(_ready, range(processes), chunksize=1)
        began = time.perf_counter()
        told = crowd.map(_file, shares, chunksize=1)
        took = time.perf_counter() - began
    waits = [wait for one in told for wait in one[0]]
    return {
        "processes": processes,
        "papers": papers,
        "filed": len(waits),
        "refused": sum(one[1] for one in told),
        "a second": round(len(waits) / took, 1),
        "worst wait s": round(max(waits), 2),
        **_counted(url, parties),
    }


def _ready(_number: int) -> None:
    """Every process is there before the first one begins."""
    time.sleep(0.5)


def _file(work: Work) -> tuple[list[float], int]:
    """How long each took, and how many were refused."""
    database, waits, refused = Database(work.url), [], 0
    for number in work.papers:
        began = time.perf_counter()
        try:
            with database.writing() as session:
                name = stock.HENGYUE if work.parties == ONE else f"第{number}公司"
                stock.file(session, documents.by_id(session, number), name)
        except Refusal:
            refused += 1
        else:
            waits.append(time.perf_counter() - began)
    database.close()
    return waits, refused


def _counted(url: str, parties: str) -> dict[str, Any]:
    """Whether the numbers are 1, 2, 3 … and the ledger is whole."""
    database, number = Database(url), Document.item if parties == ONE else Volume.number
    with database.reading() as session:
        found = session.scalars(select(number).where(number.is_not(None)))
        given = sorted(one for one in found if one is not None)
        codes = list(session.scalars(select(Document.archival_code)))
        told = {
            "numbers": f"{given[0]}-{given[-1]}",
            "consecutive": given == list(range(1, len(given) + 1)),
            "codes distinct": len(set(codes)) == len(codes),
            "ledger whole": ledger.verify(session).ok,
        }
    database.close()
    return told


def _waiting(url: str, papers: int) -> list[int]:
    """Papers that were read; nothing is filed yet."""
    database = Database(url)
    database.migrate(Path(tempfile.mkdtemp()) / "lock")
    with database.writing() as session:
        categories.found(session, "Q001", "测试公司", at=NOON)
        numbers = [stock.read(session, f"{number}.pdf").id for number in range(papers)]
    database.close()
    return numbers


def _databases() -> Iterator[tuple[str, str]]:
    """Names and URLs of empty databases; each is gone when the next one is asked for."""
    with tempfile.TemporaryDirectory() as folder:
        yield "SQLite", f"sqlite:///{folder}/archive.db"
    if postgres.is_installed():
        with _cluster() as url:
            yield "PostgreSQL", url


@contextmanager
def _cluster() -> Iterator[str]:
    cluster = postgres.Cluster()
    try:
        yield cluster.start()
    finally:
        cluster.stop()


def main() -> int:
    """Print the table; 1 when a number lacks, came twice, or somebody was refused."""
    wanted = tables.options(__doc__, papers=2_000, processes=20).parse_args()
    rows = measure(wanted.papers, wanted.processes)
    print(tables.tables({"numbering": rows}, as_json=wanted.json))
    whole = all(row["consecutive"] and row["codes distinct"] and not row["refused"] for row in rows)
    return 0 if whole else 1


if __name__ == "__main__":
    raise SystemExit(main())
