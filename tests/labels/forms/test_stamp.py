"""The archive stamp: its size, its cells, and where it stands on pages of every kind."""

from io import BytesIO

import numpy as np
import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from labels.forms.pen import Area
from labels.forms.stamp import NotStampable, Stamp, stamp
from tests.labels.forms.paperwork import overlapping

TOLD = Stamp("Q001", "2024", "0012", "销售部", "D10", "86")
DPI = 150
DOT = 25.4 / DPI


def paper(width: float = 210, height: float = 297, turned: int = 0, cropped: float = 0) -> BytesIO:
    """Two pages with a line of text at the foot; turned, and cropped by so many mm."""
    drawn = BytesIO()
    canvas = Canvas(drawn, pagesize=(width * mm, height * mm))
    for number in (1, 2):
        canvas.drawString(30 * mm, 20 * mm, f"page {number}")
        canvas.showPage()
    canvas.save()
    writer = PdfWriter(clone_from=drawn)
    for page in writer.pages:
        page.cropbox.lower_left = (cropped * mm, cropped * mm)
        page.rotate(turned)
    made = BytesIO()
    writer.write(made)
    return made


def stamped(pdf: BytesIO, *taken: Area) -> BytesIO:
    target = BytesIO()
    stamp(pdf, target, TOLD, taken)
    return target


def red(pdf: BytesIO, page: int = 0) -> tuple[float, float, float, float]:
    """Left, top, width and height in mm of all that is red on a page as it is shown."""
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=DPI / 72).to_numpy().astype(int)
    rows, columns = np.nonzero(picture[:, :, 2] - picture[:, :, 0] > 90)
    left, top = columns.min() * DOT, rows.min() * DOT
    return left, top, (columns.max() + 1) * DOT - left, (rows.max() + 1) * DOT - top


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("cropped", [0, 12])
def test_the_stamp_stands_upright_at_the_top_centre_of_any_page(turned: int, cropped: int) -> None:
    pdf = stamped(paper(turned=turned, cropped=cropped))
    left, top, width, height = red(pdf)
    across = (297 if turned % 180 else 210) - cropped
    # The lines' middle is the stamp's size; each is 0.4 mm wide, and a dot is 0.17.
    assert (width, height) == pytest.approx((45.4, 16.4), abs=0.35)
    assert left + width / 2 == pytest.approx(across / 2, abs=0.35)
    assert top == pytest.approx(4.8, abs=0.35)


def test_its_six_cells_say_what_they_were_told_and_the_page_keeps_its_words() -> None:
    pdf = stamped(paper())
    first, second = PdfReader(pdf).pages
    told = first.extract_text().split()
    assert {*TOLD.cells, "page"} <= set(told)
    assert "Q001" not in second.extract_text()
    assert overlapping(pdf) == []


def test_the_office_may_be_empty() -> None:
    target = BytesIO()
    stamp(paper(), target, Stamp("Q001", "2024", "0012", "", "D10", "86"))
    assert "D10" in PdfReader(target).pages[0].extract_text()


def test_the_stamp_keeps_off_what_is_written_at_the_top() -> None:
    heading = Area(60 / 210, 5 / 297, 80 / 210, 14 / 297)
    left, top, width, _ = red(stamped(paper(), heading))
    assert top >= 19 or left >= 140 or left + width <= 60
    assert top < 60
    full = Area(0, 0, 1, 1)
    left, top, width, _ = red(stamped(paper(), full))
    assert (left + width / 2, top) == pytest.approx((105, 4.8), abs=0.35)


def locked() -> bytes:
    writer, made = PdfWriter(clone_from=paper()), BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(made)
    return made.getvalue()


def empty() -> bytes:
    made = BytesIO()
    PdfWriter().write(made)
    return made.getvalue()


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7 torn", b"no PDF at all", locked(), empty()])
def test_what_is_no_whole_open_pdf_is_refused(body: bytes) -> None:
    target = BytesIO()
    with pytest.raises(NotStampable):
        stamp(BytesIO(body), target, TOLD)
    assert target.getvalue() == b""


def test_the_source_stays_as_it_is() -> None:
    source = paper()
    before = source.getvalue()
    stamped(source)
    assert source.getvalue() == before
