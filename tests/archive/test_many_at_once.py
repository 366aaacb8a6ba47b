"""Many at once: two hundred people at one counter, eight clerks who file into one category."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import categories, documents, parties, volumes
from archive.base import ledger
from archive.base.db import Database, now
from archive.base.ledger import HOUSE
from archive.documents import Document, gaps
from archive.volumes import Volume
from tests import stock
from tests.people import NOON
from tests.server import Server

CROWD = 200
CLERKS, PAPERS = 8, 40


@pytest.mark.slow
def test_of_two_hundred_who_lend_one_folder_at_once_one_wins_and_nobody_gets_a_500(
    database_url: str, tmp_path: Path
) -> None:
    with Server(tmp_path / "data", database_url=database_url) as server:
        code = shelve_one(database_url)
        due_on = (now() + timedelta(days=14)).date().isoformat()

        def lend(_: int) -> int:
            status, _told = server.post(
                f"/folders/{code}/check-out", borrower=1, purpose="核对", due_on=due_on
            )
            return status

        with ThreadPoolExecutor(CROWD) as crowd:
            answers = Counter(crowd.map(lend, range(CROWD)))
        assert answers == {200: 1, 409: CROWD - 1}
        assert "all sound" in server.run("ledger", "verify")
        assert server.get(f"/folders/{code}")["loan"]["borrower"]["name"] == "tester"


@pytest.mark.parametrize("parties_of_papers", [1, PAPERS])
def test_clerks_who_file_at_once_get_every_number_once_and_nobody_is_refused(
    database: Database, parties_of_papers: int
) -> None:
    with database.writing() as session:
        categories.found(session, "Q001", "测试公司", at=NOON)
        waiting = [stock.read(session, f"{number}.pdf").id for number in range(PAPERS)]

    def file(number: int) -> str:
        with database.writing() as session:
            paper = documents.by_id(session, number)
            return stock.file(session, paper, f"第{number % parties_of_papers}公司").code

    with ThreadPoolExecutor(CLERKS) as clerks:
        codes = set(clerks.map(file, waiting))
    with database.reading() as session:
        items = sorted(paper.item or 0 for paper in session.scalars(select(Document)))
        numbers = sorted(session.scalars(select(Volume.number)))
        assert gaps.check(session).ok
        assert ledger.verify(session).ok
    assert len(codes) == PAPERS
    assert numbers == list(range(1, parties_of_papers + 1))
    assert items == (list(range(1, PAPERS + 1)) if parties_of_papers == 1 else [1] * PAPERS)


def shelve_one(url: str) -> str:
    """The code of a folder in the server's archive."""
    database = Database(url)
    with database.writing() as session:
        party = parties.create(session, "上海远帆国际贸易有限公司", by=HOUSE, at=now())
        category = categories.plan(session)[1]
        volume = volumes.taking(session, category, party, 2024, "D10", by=HOUSE, at=now())
        code = volumes.folders_of(session, volume)[0].code
    database.close()
    return code
