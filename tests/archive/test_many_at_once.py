"""Two hundred people at one counter, through the real server."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from archive import categories, parties, volumes
from archive.base.db import Database, now
from archive.base.ledger import HOUSE
from tests.server import Server

CROWD = 200


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
