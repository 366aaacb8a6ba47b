"""The archive stamp (归档章, DA/T 22-2015): 45 × 16 mm, six equal cells, red, on the first page.

Upper row 全宗号, 年度, 件号; lower row 机构(问题), 保管期限, 页数. It stands in the blank at the
top of the page, in the middle where there is room. It is laid over a copy: the PDF that is
stamped stays as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError
from reportlab.lib.colors import Color
from reportlab.lib.units import mm

from labels.forms.pen import Area, Pen
from labels.refusals import N_, Refusal

WIDTH, HEIGHT = 45.0, 16.0
CELL_WIDTH, CELL_HEIGHT = WIDTH / 3, HEIGHT / 2
RED = Color(0.8, 0, 0)
FROM_EDGE = 5.0  # mm: nearer to the edge many printers do not print
STEP = 5.0  # mm from one place that is tried to the next


class NotStampable(Refusal):
    """What should be stamped is torn, locked, without pages, or no PDF."""

    text = N_("This file cannot be stamped: it is no whole, open PDF. Scan the paper once more.")


@dataclass(frozen=True)
class Stamp:
    """What stands in the six cells; `subject` is 机构(问题), the only one that may be empty."""

    fonds: str
    year: str
    number: str
    subject: str
    retention: str
    pages: str

    @property
    def cells(self) -> tuple[str, ...]:
        """Row by row."""
        return (self.fonds, self.year, self.number, self.subject, self.retention, self.pages)


def stamp(
    source: Path | BinaryIO, target: BinaryIO, told: Stamp, taken: Iterable[Area] = ()
) -> None:
    """Write a copy of a PDF with the stamp on its first page. Raises NotStampable.

    `taken` are places on which something is written, in shares of the sides of the page as it is
    shown: the stamp keeps off them where the page has room at its top.
    """
    try:
        writer = PdfWriter(clone_from=source)
        page = writer.pages[0]
    except (PyPdfError, IndexError) as error:
        raise NotStampable from error
    ink = PdfReader(BytesIO(_drawn(told))).pages[0]
    width, height = _shown(page)
    written = [Area(a.x * width, a.y * height, a.width * width, a.height * height) for a in taken]
    x, y = _place(width, height, written)
    page.merge_transformed_page(ink, _onto(page, x, y), over=True)
    writer.write(target)


def _drawn(told: Stamp) -> bytes:
    """The stamp alone, on a page of its size and a line's width more on each side."""
    made = BytesIO()
    pen = Pen(made, "归档章")
    pen.page(WIDTH + 1, HEIGHT + 1)
    pen.canvas.setStrokeColor(RED)
    pen.canvas.setFillColor(RED)
    pen.frame(Area(0.5, 0.5, WIDTH, HEIGHT), 0.4)
    pen.line(0.5, 0.5 + CELL_HEIGHT, 0.5 + WIDTH, 0.5 + CELL_HEIGHT, 0.4)
    for column in (1, 2):
        x = 0.5 + column * CELL_WIDTH
        pen.line(x, 0.5, x, 0.5 + HEIGHT, 0.4)
    for number, text in enumerate(told.cells):
        row, column = divmod(number, 3)
        x, y = 0.5 + column * CELL_WIDTH, 0.5 + row * CELL_HEIGHT
        pen.write(text, Area(x, y, CELL_WIDTH, CELL_HEIGHT).inside(0.7), 11, across=0.5)
    pen.finish()
    return made.getvalue()


def _shown(page: PageObject) -> tuple[float, float]:
    """Width and height in mm of a page as it is shown."""
    box = page.cropbox
    sides = float(box.width) / mm, float(box.height) / mm
    return (sides[1], sides[0]) if page.rotation % 180 else sides


def _place(width: float, height: float, taken: list[Area]) -> tuple[float, float]:
    """The stamp's upper left corner: the top's middle, else the nearest place beside it or under
    it in the page's upper fifth; the top's middle where all of that is written on."""
    middle = (width - WIDTH) / 2
    aside = [0.0, *(side * step * STEP for step in range(1, 20) for side in (1, -1))]
    for down in range(int(max(0.0, 0.2 * height - HEIGHT) / STEP) + 1):
        y = FROM_EDGE + down * STEP
        for off in aside:
            x = middle + off
            inside = FROM_EDGE <= x <= width - FROM_EDGE - WIDTH
            if inside and not any(_touches(x, y, one) for one in taken):
                return x, y
    return middle, FROM_EDGE


def _touches(x: float, y: float, area: Area) -> bool:
    across = x < area.x + area.width and area.x < x + WIDTH
    return across and y < area.y + area.height and area.y < y + HEIGHT


def _onto(page: PageObject, x: float, y: float) -> Transformation:
    """From the stamp's own page to its place on a page that may be turned and cropped."""
    box = page.cropbox
    width, height = _shown(page)
    at = Transformation().translate((x - 0.5) * mm, (height - y - HEIGHT - 0.5) * mm)
    turned = {
        0: (0.0, 0.0), 90: (height * mm, 0.0), 180: (width * mm, height * mm),
        270: (0.0, width * mm),
    }[page.rotation % 360]  # fmt: skip
    back = at.rotate(page.rotation % 360).translate(*turned)
    return back.translate(float(box.left), float(box.bottom))
