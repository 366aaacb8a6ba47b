"""The database: one engine, a reading and a writing session, the schema's history.

SQLite in WAL mode by default, PostgreSQL by URL. On both, writers come one after another: a
writing session takes the one lock at its start. On SQLite a transaction that first reads and then
writes would otherwise be refused, not made to wait, when another one wrote meanwhile. On PostgreSQL
two that want the ledger's end and a volume in two orders would block each other, and two that both
find a name free would both take it. Who only reads never waits.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from archive.base.errors import N_, Busy, NoRoom, Refusal
from archive.base.settings import Settings

# What SQLite and PostgreSQL say, and what it means.
TROUBLES: tuple[tuple[str, type[Refusal]], ...] = (
    ("disk is full", NoRoom),
    ("No space left on device", NoRoom),
    ("database is locked", Busy),
    ("due to lock timeout", Busy),
)
MIGRATIONS = Path(__file__).parent.parent / "migrations"
BUSY_SECONDS = 30  # So long a writer waits for its turn.
WRITING = "juanzong_writes"
WRITE_LOCK = 0x6A7A  # "jz": the advisory lock that keeps PostgreSQL's writers one after another.


def refusal_of(error: OperationalError) -> Refusal | None:
    """The refusal that a database's trouble means to whoever asked; None for any other."""
    kind = next((kind for told, kind in TROUBLES if told in str(error.orig)), None)
    return kind() if kind else None


class OtherVersion(Refusal):
    text = N_(
        "This archive has a schema that this version of Juanzong does not know (%(revision)s). "
        "Start the version that made it, or set JUANZONG_DATA to another folder."
    )


class Moment(TypeDecorator[datetime]):
    """A point in time: aware in the program, UTC in the database (SQLite drops the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if not isinstance(value, datetime):
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Record(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment, dict[str, Any]: JSON}


class Database:
    """The engine and its two kinds of session."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._writing_engine = self.engine.execution_options(**{WRITING: True})
        self._reading = sessionmaker(self.engine, expire_on_commit=False)
        self._writing = sessionmaker(self._writing_engine, expire_on_commit=False)

    def session(self, *, write: bool) -> Session:
        """A session that its caller commits and closes."""
        return self._writing() if write else self._reading()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._reading() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction: committed at the end, rolled back on an error.

        Raises:
            NoRoom: the disk is full.
            Busy: another one kept the database for too long.
        """
        try:
            with self._writing.begin() as session:
                yield session
        except OperationalError as error:
            raise refusal_of(error) or error from error

    def migrate(self, lock: Path) -> None:
        """Bring the schema to its newest revision; several processes may start at once.

        The file lock is for those of this machine, the write lock for those of others.

        Raises:
            OtherVersion: another version of the program made it.
        """
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        steps = ScriptDirectory.from_config(config)
        with FileLock(lock):
            found = self.revision()
            if found == steps.get_current_head():
                return
            if found not in (None, *(step.revision for step in steps.walk_revisions())):
                raise OtherVersion(revision=found)
            with self._writing_engine.connect() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                connection.commit()

    def revision(self) -> str | None:
        """The schema's revision, None before the first migration."""
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def close(self) -> None:
        self.engine.dispose()


def open_database(settings: Settings) -> Database:
    """The database of these settings, its data folder made and its schema brought up to date."""
    # A company's papers are nobody else's on this machine.
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.database)
    database.migrate(settings.data / "migrate.lock")
    return database


def now() -> datetime:
    """The present, for doors only: rules are told the time."""
    return datetime.now(UTC)


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        patience = {"options": f"-c lock_timeout={BUSY_SECONDS}s"}
        engine = create_engine(
            url, connect_args=patience, pool_size=20, max_overflow=20, pool_pre_ping=True
        )
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS}, pool_size=40, max_overflow=40
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions itself: _begin_sqlite says which kind is begun.
    connection.isolation_level = None
    _begin_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_wal(connection: Any) -> None:
    """Switch to WAL mode; SQLite does not wait by itself where another one switches just now."""
    over = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as busy:
            if "locked" not in str(busy) or time.monotonic() > over:
                raise
            time.sleep(0.05)
        else:
            return


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Any) -> None:
    if connection.get_execution_options().get(WRITING):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
