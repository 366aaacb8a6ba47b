"""QR codes: right, as strong as their size allows, and safe inside a page."""

from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from labels import qr

URL = "https://archive.example.com/c/7K3MQ2X8"


def picture(matrix: qr.Matrix) -> Image.Image:
    """The code with its quiet zone, four pixels to a square."""
    side = len(matrix) + 2 * qr.QUIET
    image = Image.new("L", (side, side), 255)
    for bar in qr.bars(matrix):
        image.paste(0, (bar.x + 4, bar.y + 4, bar.x + 4 + bar.width, bar.y + 5))
    return image.resize((side * 4, side * 4), Image.Resampling.NEAREST)


def test_a_code_says_what_was_put_in() -> None:
    (code,) = zxingcpp.read_barcodes(picture(qr.modules(URL)))
    assert code.text == URL


def test_error_correction_is_m_at_least_and_more_where_there_is_room() -> None:
    levels = []
    for text in ("http://archive/c/1", URL, "x" * 30, "x" * 200):
        (code,) = zxingcpp.read_barcodes(picture(qr.modules(text)))
        smallest = qr._version(text, ERROR_CORRECT_M)
        assert len(qr.modules(text)) == 17 + 4 * smallest
        levels.append(code.ec_level)
    assert levels == ["Q", "M", "Q", "M"]


def test_bars_are_the_dark_squares_and_nothing_else() -> None:
    matrix = qr.modules(URL)
    dark = {(x, y) for y, row in enumerate(matrix) for x, square in enumerate(row) if square}
    drawn = [(bar.x + i, bar.y) for bar in qr.bars(matrix) for i in range(bar.width)]
    assert sorted(drawn) == sorted(dark)


def test_the_picture_for_a_page_is_plain_svg_with_white_around() -> None:
    root = ElementTree.fromstring(qr.svg(URL, '<b>"卷夹" & more'))
    assert root.get("aria-label") == '<b>"卷夹" & more'
    assert root.get("viewBox") == f"0 0 {len(qr.modules(URL)) + 8} {len(qr.modules(URL)) + 8}"
    assert not any("style" in element.attrib for element in root.iter())
    path = root.find("{http://www.w3.org/2000/svg}path")
    assert path is not None
    assert path.get("d", "").startswith("M4 4h7v1h-7z")


def test_an_endless_address_is_refused_with_a_reason() -> None:
    with pytest.raises(qr.TooMuchForQr, match="shorten the server's base address"):
        qr.modules("x" * 3_000)
