"""What the tests of reading are given: the bench, the house they work in, its reading room."""

from collections.abc import Iterator

import pytest
from flask import Flask

from archive.base import web
from scanning import readingroom
from scanning.readingroom import ReadingRoom
from tests.scanning.workbench import Bench


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> type[Bench]:
    """The bench in the place of the workshop; `trouble` is what happens next."""
    Bench.trouble, Bench.read = [], []
    monkeypatch.setattr(readingroom, "Workshop", Bench)
    return Bench


@pytest.fixture
def in_house(app: Flask, house: web.House) -> Iterator[web.House]:
    with app.app_context():
        yield house


@pytest.fixture
def room(in_house: web.House, bench: type[Bench]) -> ReadingRoom:
    return ReadingRoom(in_house)
