"""Lists are found by an index, however large the archive grows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from archive import batches, documents, locations, scans, shelving
from archive.base.ledger import HOUSE
from archive.volumes import Folder
from tests.people import NOON

LISTS: dict[str, Callable[[Session], object]] = {
    "ix_document_unfiled": lambda session: documents.inbox(session, before=None, limit=50),
    "ix_batch_name": lambda session: batches.lately(
        session, "folder", "扫描/3月", since=NOON - timedelta(days=1)
    ),
    "ix_location_parent": lambda session: locations.below(session, None, limit=50),
    "ix_folder_move_folder": lambda session: shelving.moves_of(session, Folder(id=1), limit=20),
    "ix_scan_job_unfinished": scans.unfinished,
    "ix_scan_job_clerk": lambda session: scans.last_of(session, HOUSE),
}


@pytest.mark.parametrize("index", LISTS)
def test_a_list_is_read_from_its_own_index(session: Session, index: str) -> None:
    asked: list[tuple[str, Any]] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
    LISTS[index](session)
    statement, parameters = asked[-1]
    explain = "EXPLAIN QUERY PLAN"
    if connection.dialect.name == "postgresql":
        # A few rows are read sooner without any index.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN"
    plan = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
    assert any(index in str(step) for step in plan), plan
