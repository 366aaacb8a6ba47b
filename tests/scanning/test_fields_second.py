"""The second reader looks only at a field's own words, and never holds a paper up."""

from pathlib import Path

import numpy as np
import pytesseract
import pytest

from scanning import second
from scanning.engines import tesseract
from scanning.images import Picture
from scanning.reading import PageReading
from scanning.second import SecondReader, Sheet
from tests.scanning.papers import drawn

PAGE = PageReading(1, (), 90, 0.0, 1240, 1754, 150, "test", "1", "ocr")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Picture]:
    """The pictures that Tesseract is shown."""
    shown: list[Picture] = []

    def read_words(picture: Picture, script: str, lines: int) -> str:
        shown.append(picture)
        return script

    monkeypatch.setattr(tesseract, "read_words", read_words)
    return shown


def reader(folder: Path) -> SecondReader:
    """Of a page that was scanned lying on its side."""
    drawn().rotate(90, expand=True).save(folder / "page.png")
    return SecondReader([Sheet(folder / "page.png", PAGE.number, PAGE)])


def test_it_is_shown_the_words_upright_with_a_little_paper(
    tmp_path: Path, seen: list[Picture]
) -> None:
    assert reader(tmp_path)(1, (150, 180, 650, 220), "han") == "han"
    height, width = seen[0].shape[:2]
    assert (height, width) == (40 + 2 * 6, 500 + 2 * 12)
    # The title stands there, so there is ink.
    assert seen[0].min() < 60


def test_a_box_at_the_edge_stays_on_the_page(tmp_path: Path, seen: list[Picture]) -> None:
    reader(tmp_path)(1, (0, 0, 1240, 30), "latin")
    assert seen[0].shape[1] == 1240


def test_after_its_time_it_reads_no_more(
    tmp_path: Path, seen: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = reader(tmp_path)
    slow(1, (150, 180, 650, 220), "han")
    monkeypatch.setattr(second, "MOST_SECONDS", 0.0)
    assert slow(1, (150, 180, 650, 220), "han") == ""


def test_without_its_language_it_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytesseract, "get_languages", lambda: ["eng"])
    assert tesseract.read_words(np.zeros((40, 200, 3), np.uint8), "han") == ""
