"""Printed labels: read back by the decoder, all of them, from every paper."""

import itertools
import re
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pytest
from pypdf import PdfReader

from labels.decode import decode
from labels.draw import CodeTooFine, Label, NothingToPrint, draw
from labels.sheets import DEFAULT, SHEETS, NoSuchPlace, Sheet, find
from tests.labels.papers import as_file, label, pictures, printed


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))
def test_every_label_of_every_paper_is_read_back(sheet: Sheet, dpi: int) -> None:
    labels = [label(number) for number in range(max(sheet.places, 3))]
    pdf, drawn = printed(labels, sheet)
    read = [code.text for page in pictures(pdf, dpi) for code in decode(as_file(page))]
    assert read == [one.url for one in labels]
    assert drawn.pages == -(-len(labels) // sheet.places)
    assert drawn.lacking == ""


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))
def test_no_ink_touches_the_border_of_a_label_or_the_rim_of_the_page(sheet: Sheet) -> None:
    labels = [label(number) for number in range(sheet.places)]
    (page,) = pictures(printed(labels, sheet)[0], 150)
    dots = 150 / 25.4
    across, down = (0.9 * side for side in sheet.padding())
    for place in range(1, sheet.places + 1):
        x, y = sheet.corner(place)
        page.paste(
            (255, 255, 255),
            (
                round((x + across) * dots),
                round((y + down) * dots),
                round((x + sheet.width - across) * dots),
                round((y + sheet.height - down) * dots),
            ),
        )
    assert page.convert("L").getextrema() == (255, 255)


def test_a_part_used_sheet_goes_on_where_it_was_left() -> None:
    sheet = find("L7160")
    pdf, drawn = printed([label(number) for number in range(5)], sheet, start=20)
    first, second = pictures(pdf, 203)
    on_first, on_second = decode(as_file(first)), decode(as_file(second))
    assert drawn.pages == 2
    assert [code.text for code in on_first] == [label(0).url, label(1).url]
    assert [code.text for code in on_second] == [label(number).url for number in (2, 3, 4)]
    x, y = sheet.corner(20)
    corner_x, corner_y = on_first[0].position[0]
    assert x < corner_x / 203 * 25.4 < x + 10
    assert y < corner_y / 203 * 25.4 < y + 10


def test_a_full_sheet_is_one_page() -> None:
    assert printed([label(number) for number in range(14)], DEFAULT)[1].pages == 1
    assert printed([label(number) for number in range(13)], DEFAULT, start=2)[1].pages == 1


def _fonts(pdf: bytes) -> list[Any]:
    resources = [cast(Any, page["/Resources"]) for page in PdfReader(BytesIO(pdf)).pages]
    return [font.get_object() for one in resources for font in one["/Font"].values()]


def test_codes_are_vectors_and_fonts_are_embedded_in_part() -> None:
    pdf, _ = printed([label(number) for number in range(30)], DEFAULT)
    assert not re.search(rb"/Subtype\s*/Image", pdf)
    fonts = _fonts(pdf)
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)
    assert all(re.match(r"/[A-Z]{6}\+", font["/BaseFont"]) for font in fonts)
    assert len(pdf) < 400_000


def test_the_words_of_a_label_can_be_copied_rare_characters_too() -> None:
    words = Label("7K3MQ2X8", "http://a/c/1", "Q001-0012", "㛃䶮𬭚贸易", ("第 1 盒",))
    pdf, _ = printed([words], DEFAULT)
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    for part in ("7K3MQ2X8", "Q001-0012", "㛃䶮𬭚贸易", "第 1 盒"):
        assert part in text


def test_a_character_that_no_font_has_is_reported() -> None:
    words = Label("7K3MQ2X8", "http://a/c/1", "Q001-0012", "甲\U0010fffd乙")
    assert printed([words], DEFAULT)[1].lacking == "\U0010fffd"


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))
def test_the_longest_words_leave_the_code_readable(sheet: Sheet) -> None:
    words = Label("7" * 60, label(1).url, "Q001-" * 40, "合同" * 300, ("行" * 200,) * 30)
    (page,) = pictures(printed([words], sheet)[0], 203)
    assert [code.text for code in decode(as_file(page))] == [words.url]


def test_labels_can_be_written_to_a_file(tmp_path: Path) -> None:
    draw([label(1)], DEFAULT, tmp_path / "标签.pdf")
    assert (tmp_path / "标签.pdf").read_bytes().startswith(b"%PDF")


def test_a_first_label_that_is_not_on_the_sheet_is_refused(tmp_path: Path) -> None:
    for start in (0, 15, -1):
        with pytest.raises(NoSuchPlace, match="from 1 to 14"):
            draw([label(1)], DEFAULT, tmp_path / "out.pdf", start)
    assert list(tmp_path.iterdir()) == []


def test_printing_nothing_is_refused() -> None:
    with pytest.raises(NothingToPrint, match="choose at least one label"):
        printed([], DEFAULT)


def test_an_address_too_long_for_the_label_is_refused_before_it_is_printed(tmp_path: Path) -> None:
    long = Label("1", "https://example.com/" + "x" * 400, "Q001")
    with pytest.raises(CodeTooFine, match="50 × 30 mm"):
        draw([long], find("50x30"), tmp_path / "out.pdf")
    assert list(tmp_path.iterdir()) == []
    assert printed([long], find("105x74"))[1].pages == 1


def test_neighbouring_labels_keep_to_one_grid() -> None:
    pdf, _ = printed([label(number) for number in range(14)], DEFAULT)
    (page,) = pictures(pdf, 300)
    corners = [code.position[0] for code in decode(as_file(page))]
    pitches = [b[1] - a[1] for a, b in itertools.pairwise(corners[::2])]
    assert all(pitch == pytest.approx(38.1 / 25.4 * 300, abs=3) for pitch in pitches)
