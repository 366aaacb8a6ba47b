"""The database: moments keep their zone, writers wait for each other, the schema is one."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import make_url, select
from sqlalchemy.orm import Session

from app import create_app
from archive import numbers, records
from archive.base import db, web
from archive.base.db import Database, OtherVersion
from archive.base.errors import Busy
from archive.base.settings import Settings
from archive.locations import Location, at_code
from archive.users import Invitation, Role
from tests import people
from tests.people import Visitor

HOME = Path(__file__).parents[2]
OPEN = """
import sys
from archive.base.db import open_database
from archive.base.settings import load
print(open_database(load(data=sys.argv[1], database_url=sys.argv[2])).revision())
"""
MIDNIGHT = datetime(2026, 3, 2, 0, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))


def test_a_moment_comes_back_as_it_went_in_to_the_microsecond(
    database: Database, session: Session
) -> None:
    session.add(Invitation(digest="x", role=Role.CLERK, expires_at=MIDNIGHT))
    session.commit()
    with database.reading() as other:
        kept = other.scalars(select(Invitation)).one()
        assert kept.expires_at == MIDNIGHT
        assert kept.expires_at.tzinfo == UTC
        assert kept.used_at is None
        assert other.scalar(select(Invitation.id).where(Invitation.expires_at <= MIDNIGHT))
        before = MIDNIGHT - timedelta(microseconds=1)
        assert not other.scalar(select(Invitation.id).where(Invitation.expires_at <= before))


def test_the_migrations_make_exactly_the_tables_of_the_records(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, records.METADATA) == []


def test_an_error_undoes_the_whole_change(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        at_code(session, "K01")
        raise ZeroDivisionError
    with database.reading() as session:
        assert session.scalars(select(Location)).all() == []


def test_who_first_reads_and_then_writes_waits_and_is_not_refused(database: Database) -> None:
    together = threading.Barrier(16)

    def shelve(_: int) -> None:
        together.wait()
        for place in range(5):
            with database.writing() as session:
                at_code(session, f"K{place}")

    with ThreadPoolExecutor(16) as crowd:
        list(crowd.map(shelve, range(16)))
    with database.reading() as session:
        assert len(session.scalars(select(Location)).all()) == 5


def test_writers_that_want_two_things_in_two_orders_do_not_block_each_other(
    database: Database,
) -> None:
    together = threading.Barrier(8)

    def take(number: int) -> None:
        together.wait()
        for _ in range(10):
            with database.writing() as session:
                for series in ("a", "b") if number % 2 else ("b", "a"):
                    numbers.take(session, series)

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(take, range(8)))
    with database.writing() as session:
        assert (numbers.take(session, "a"), numbers.take(session, "b")) == (81, 81)


def test_who_only_looks_is_not_kept_waiting_by_a_writer(database: Database) -> None:
    with database.writing() as writer:
        at_code(writer, "K01")
        with database.reading() as reader:
            assert reader.scalars(select(Location)).all() == []


def emptied(url: str, tmp_path: Path) -> str:
    """A database of the same kind without a single table."""
    if make_url(url).get_backend_name() == "sqlite":
        return f"sqlite:///{tmp_path / 'fresh.db'}"
    bare = Database(url)
    with bare.engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    bare.close()
    return url


@pytest.mark.parametrize("folders", ["one folder", "a folder each"])
def test_several_processes_may_open_an_empty_archive_at_once(
    database_url: str, tmp_path: Path, folders: str
) -> None:
    """In one folder: server, worker and command of a machine. In a folder each: machines."""
    url = emptied(database_url, tmp_path)

    started = []
    for number in range(3):
        data = tmp_path / ("data" if folders == "one folder" else f"data{number}")
        call = [sys.executable, "-c", OPEN, str(data), url]
        started.append(subprocess.Popen(call, stdout=subprocess.PIPE, text=True, cwd=HOME))
    revisions = {process.communicate(timeout=60)[0].strip() for process in started}
    assert [process.returncode for process in started] == [0, 0, 0]
    assert len(revisions) == 1
    assert "None" not in revisions


def test_who_waits_too_long_for_a_turn_to_write_is_told_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_SECONDS", 1)
    app = create_app(settings)
    house: web.House = app.extensions[web.HOUSE_KEY]
    with house.database.writing() as session:
        clerk = people.hire(session).clerk
    visitor = Visitor(app, clerk)
    with house.database.writing() as writer:
        at_code(writer, "K01")
        reply = visitor.post("/parties/new", name="某公司")
        assert (reply.status, reply.data) == (503, {"error": Busy.text})
        assert visitor.get("/parties").data["parties"] == []
    assert visitor.post("/parties/new", name="某公司").status == 201
    house.database.close()


def test_an_archive_of_another_version_is_left_alone(database: Database, tmp_path: Path) -> None:
    database.migrate(tmp_path / "lock")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'later'")
    with pytest.raises(OtherVersion, match="later"):
        database.migrate(tmp_path / "lock")
