"""Lists are found by an index, however large the archive grows."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from archive import documents


def test_the_inbox_is_read_from_its_own_index(session: Session) -> None:
    asked: list[tuple[str, Any]] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
    documents.inbox(session, before=None, limit=50)
    statement, parameters = asked[-1]
    assert "state NOT IN ('filed', 'joined', 'older', 'away')" in statement
    explain = "EXPLAIN QUERY PLAN"
    if connection.dialect.name == "postgresql":
        # A few rows are read sooner without any index.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN"
    plan = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
    assert any("ix_document_unfiled" in str(step) for step in plan), plan
