"""What tests are given: both databases, the house, the cast, the sample scans."""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from app import create_app
from archive import categories, users
from archive.base import web
from archive.base.db import Database
from archive.base.settings import Settings, load
from tests import given, people, postgres
from tests.furnished import Furnished, furnish
from tests.people import NOON, Cast

POSTGRES = "JUANZONG_TEST_POSTGRESQL"
DATABASES = ("sqlite", "postgresql")
_cluster: list[postgres.Cluster] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once; with xdist, in the process that leads the others."""
    for name in [name for name in os.environ if name.startswith("JUANZONG_") and name != POSTGRES]:
        if name != "JUANZONG_SHARED":
            del os.environ[name]
    if hasattr(config, "workerinput") or POSTGRES in os.environ or not postgres.is_installed():
        return
    cluster = postgres.Cluster()
    os.environ[POSTGRES] = cluster.start()
    _cluster.append(cluster)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """Hash the cast's passwords with little effort: they guard nothing."""
    users._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    users._NOBODY = users._hasher.hash("nobody")


@pytest.fixture(scope="session", autouse=True)
def no_scanners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """SANE without a backend: no test looks for scanners of the house it runs in."""
    setup = tmp_path_factory.mktemp("sane.d")
    (setup / "dll.conf").write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANE_CONFIG_DIR", str(setup))
        yield


def pytest_unconfigure() -> None:
    for cluster in _cluster:
        cluster.stop()
    _cluster.clear()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many tests ran on each database and in the browser."""
    passed = terminalreporter.stats.get("passed", [])
    counts = {
        name: sum(f"[{name}" in report.nodeid or f"-{name}" in report.nodeid for report in passed)
        for name in DATABASES
    }
    walked = sum("walks/" in report.nodeid for report in passed)
    terminalreporter.write_line(
        f"on SQLite: {counts['sqlite']}, on PostgreSQL: {counts['postgresql']}, "
        f"in the browser: {walked} tests passed"
    )


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A migrated empty database of each kind, to be copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    made = {"sqlite": f"sqlite:///{folder / 'archive.db'}"}
    if POSTGRES in os.environ:
        made["postgresql"] = _new_database(f"template_{secrets.token_hex(4)}")
    for kind, url in made.items():
        database = Database(url)
        database.migrate(folder / f"{kind}.lock")
        database.close()
    return made


@pytest.fixture(params=DATABASES)
def database_url(
    request: pytest.FixtureRequest, templates: dict[str, str], tmp_path: Path
) -> Iterator[str]:
    """An empty database of each kind in turn."""
    kind = request.param
    if kind not in templates:
        pytest.skip("PostgreSQL is not installed here: apt-get install postgresql")
    if kind == "sqlite":
        shutil.copy(make_url(templates[kind]).database or "", tmp_path / "archive.db")
        yield f"sqlite:///{tmp_path / 'archive.db'}"
        return
    name = f"t_{secrets.token_hex(6)}"
    yield _new_database(name, template=make_url(templates[kind]).database or "")
    _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session on an archive with the default plan."""
    with database.session(write=True) as opened:
        categories.found(opened, "Q001", "测试公司", at=NOON)
        opened.commit()
        yield opened


@pytest.fixture
def cast(session: Session) -> Cast:
    hired = people.hire(session)
    session.commit()
    return hired


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return load(
        data=tmp_path / "data", database_url=database_url, secret_key="tests", language="en"
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole house, without a worker."""
    made = create_app(settings)
    yield made
    made.extensions[web.HOUSE_KEY].database.close()


@pytest.fixture
def house(app: Flask) -> web.House:
    found: web.House = app.extensions[web.HOUSE_KEY]
    return found


@pytest.fixture
def staffed(app: Flask, house: web.House) -> Cast:
    """The house with everyone's account."""
    with house.database.writing() as session:
        return people.hire(session)


@pytest.fixture
def furnished(app: Flask, staffed: Cast) -> Furnished:
    """The house with a paper to file and a folder on the shelf."""
    return furnish(app, staffed)


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of what is brought to the disk, as they were called at that moment."""
    told: list[str] = []

    def note(handle: int) -> None:
        told.append(str(Path(f"/proc/self/fd/{handle}").readlink()))

    monkeypatch.setattr(os, "fsync", note)
    return told


@pytest.fixture(scope="session")
def scans() -> Path:
    """The given scans; tests that need them say so and are skipped where they are absent."""
    if not given.are_here():
        pytest.skip("the sample scans are not here: set JUANZONG_SHARED to their folder")
    return given.SCANS


def _new_database(name: str, template: str = "template1") -> str:
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    url = make_url(os.environ[POSTGRES]).set(database=name)
    return url.render_as_string(hide_password=False)


def _on_server(statement: str) -> None:
    assert re.fullmatch(r'[A-Z]+ DATABASE "\w+"[\w "()]*', statement)
    engine = create_engine(os.environ[POSTGRES], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
