"""Counting what the database is asked: lists must not ask more the longer they are."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from archive.base import web


@contextmanager
def counting(house: web.House) -> Iterator[list[str]]:
    """The questions that the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(house.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(house.database.engine, "before_cursor_execute", note)
