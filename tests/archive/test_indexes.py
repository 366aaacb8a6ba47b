"""Lists are found by an index, however large the archive grows."""

from sqlalchemy import event
from sqlalchemy.orm import Session

from archive import documents
from archive.documents import Document


def test_the_inbox_is_read_from_its_own_index(session: Session) -> None:
    asked: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2]))
    documents.inbox(session, before=None, limit=50)
    statement = asked[-1]
    assert "state NOT IN ('filed', 'joined', 'older')" in statement
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (50, 0)).all()
        assert any("ix_document_unfiled" in str(step) for step in plan)
    else:
        indexes = {index.name for index in Document.__table__.indexes}  # type: ignore[attr-defined]
        assert "ix_document_unfiled" in indexes
