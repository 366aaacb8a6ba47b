"""Covers and separators: read back, whole or worn, and known to any scanner by their bars."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from labels.covers import StackSheet, draw
from labels.decode import decode
from labels.draw import CodeTooFine, Drawn, NothingToPrint
from tests.labels.papers import TITLES, as_file, pictures

PATCH_T = (2, 2, 5, 2, 2, 2, 5)


def cover(number: int, lines: int = 4) -> StackSheet:
    code = f"7K3M{number:03}Q"
    url = f"https://archive.example.com/c/{code}"
    return StackSheet(code, url, "批次封面", TITLES[:lines], "放在一批文件的最上面，一起扫描。")


def printed(*sheets: StackSheet) -> tuple[bytes, Drawn]:
    target = BytesIO()
    drawn = draw(sheets, target)
    return target.getvalue(), drawn


def texts(picture: Image.Image) -> list[str]:
    return [code.text for code in decode(as_file(picture)) if code.kind == "QRCode"]


@pytest.mark.parametrize("dpi", [100, 203, 300])
def test_both_codes_of_every_sheet_are_read_back(dpi: int) -> None:
    sheets = [cover(number, lines=number) for number in range(4)]
    pdf, drawn = printed(*sheets)
    assert drawn.pages == 4
    assert [texts(page) for page in pictures(pdf, dpi)] == [[one.url] * 2 for one in sheets]


def test_one_code_is_left_when_either_half_of_the_sheet_is_lost() -> None:
    (page,) = pictures(printed(cover(1))[0], 150)
    for half in ((0, 0, page.width, page.height // 2), (0, page.height // 2, *page.size)):
        assert texts(page.crop(half)) == [cover(1).url]


def test_a_crooked_and_cut_sheet_keeps_a_code() -> None:
    (page,) = pictures(printed(cover(2))[0], 150)
    crooked = page.rotate(7, expand=False, fillcolor="white")
    edge = 15 * 150 // 25
    assert cover(2).url in texts(crooked.crop((edge, edge, page.width, page.height)))


def test_the_bars_read_as_patch_t_from_every_edge() -> None:
    (page,) = pictures(printed(cover(1))[0], 254)
    dark = np.array(page.convert("L")) < 128
    for turns in range(4):
        turned = np.rot90(dark, turns)
        inwards = turned[:400, turned.shape[1] // 2]
        changes = np.flatnonzero(np.diff(inwards.astype(int)))[:8]
        # 254 dpi is ten pixels a millimetre; a unit is 0.04 inches.
        assert tuple(np.round(np.diff(changes) / 10.16)) == PATCH_T
        assert changes[0] > 60, "a quarter of an inch from the edge"


def test_a_quarter_inch_around_the_bars_is_white() -> None:
    (page,) = pictures(printed(cover(1))[0], 254)
    dark = np.array(page.convert("L")) < 128
    for turns in range(4):
        turned = np.rot90(dark, turns)
        bars = turned[90:294]
        assert bars.any()
        assert not turned[294 : 294 + 63, 400:-400].any()


def test_sheets_are_vectors_with_embedded_fonts() -> None:
    pdf, _ = printed(cover(1), cover(2, lines=0))
    assert not re.search(rb"/Subtype\s*/Image", pdf)
    pages = PdfReader(BytesIO(pdf)).pages
    fonts = [
        font.get_object()
        for page in pages
        for font in cast(Any, page)["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def test_the_words_can_be_copied_and_stand_beside_the_codes() -> None:
    sheet = cover(3)
    pdf, drawn = printed(sheet)
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    assert drawn.lacking == ""
    assert text.count(sheet.code) == 2
    for part in (sheet.heading, TITLES[0], sheet.note):
        assert part in text.replace("\r\n", "")


def test_long_words_never_reach_codes_or_bars() -> None:
    url = cover(1).url
    endless = StackSheet("7" * 8, url, "批次封面" * 40, ("合同" * 200,) * 9, "注意" * 400)
    (page,) = pictures(printed(endless)[0], 150)
    assert texts(page) == [url] * 2


def test_printing_no_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingToPrint):
        draw([], tmp_path / "out.pdf")
    assert list(tmp_path.iterdir()) == []


def test_an_address_too_long_for_a_scanner_is_refused_before_it_is_printed(tmp_path: Path) -> None:
    long = StackSheet("7K3M0001", "https://example.com/" + "x" * 900, "封面")
    with pytest.raises(CodeTooFine):
        draw([cover(1), long], tmp_path / "out.pdf")
    assert list(tmp_path.iterdir()) == []
