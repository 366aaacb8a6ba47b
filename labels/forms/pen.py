"""The pen: lines, words and pages of forms in millimetres from the paper's top left corner."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from labels import fonts
from labels.draw import RISE, SMALLEST, Drawn, NothingToPrint
from labels.fitting import Fitted, fit
from labels.fonts import Font, clean

THIN, THICK = 0.25, 0.7  # lines' widths, in mm

# In columns, these lie along the line (GB/T 15834-2011 §5.2); figures and Latin words do too.
_LYING = "（）《》〈〉「」『』【】“”‘’—…～()[]{}<>-–~·"
_IN_COLUMNS = re.compile(r"[!-~\u00a0-\u024f]+|.")
# From one character or column of upright text to the next, as a share of the size.
PITCH, COLUMN = 1.1, 1.3
LEAST_UPRIGHT = 5.0  # points: four columns on a spine of 10 mm


class Area(NamedTuple):
    """A place on the page in mm: its upper left corner, its width and height."""

    x: float
    y: float
    width: float
    height: float

    def inside(self, rim: float) -> "Area":
        """The same without a rim."""
        return Area(self.x + rim, self.y + rim, self.width - 2 * rim, self.height - 2 * rim)


class Pen:
    """Ink on one document. Pages may differ in size."""

    def __init__(self, target: Path | BinaryIO, title: str) -> None:
        self.regular, self.bold = fonts.load("regular"), fonts.load("bold")
        self.canvas = Canvas(
            str(target) if isinstance(target, Path) else target,
            # See labels.draw: Helvetica must not be named in the file.
            initialFontName=cast(Any, self.regular.faces[0].fontName),
            pageCompression=1,
        )
        self.canvas.setTitle(title)
        self._height = 0.0
        self._pages = 0
        self._written: set[str] = set()

    def page(self, width: float, height: float) -> None:
        """Begin a page of this size."""
        if self._pages:
            self.canvas.showPage()
        self.canvas.setPageSize((width * mm, height * mm))
        self._height = height
        self._pages += 1

    def finish(self) -> Drawn:
        """Write the file. Raises NothingToPrint where no page was begun."""
        if not self._pages:
            raise NothingToPrint
        self.canvas.showPage()
        self.canvas.save()
        return Drawn(self._pages, self.regular.lacks("".join(sorted(self._written))))

    def line(self, x: float, y: float, to_x: float, to_y: float, width: float = THIN) -> None:
        self.canvas.setLineWidth(width * mm)
        self.canvas.line(x * mm, self._up(y), to_x * mm, self._up(to_y))

    def frame(self, area: Area, width: float = THIN) -> None:
        self.canvas.setLineWidth(width * mm)
        self.canvas.rect(
            area.x * mm, self._up(area.y + area.height), area.width * mm, area.height * mm
        )

    def write(
        self, text: str, area: Area, size: float, *,
        bold: bool = False, across: float = 0.0, down: float = 0.5,
    ) -> None:  # fmt: skip
        """A text as large as it goes into an area, at most `size` points.

        `across` and `down` tell where in it: 0 at the left or top, 0.5 in the middle, 1 at the end.
        """
        font = self.bold if bold else self.regular
        fitted = fit(text, font, area.width * mm, area.height * mm, size, SMALLEST)
        self.set(fitted, area, bold=bold, across=across, down=down)

    def set(
        self, fitted: Fitted, area: Area, *,
        bold: bool = False, across: float = 0.0, down: float = 0.5,
    ) -> None:  # fmt: skip
        """Lines that were fitted before, put into an area; see `write`."""
        font = self.bold if bold else self.regular
        top = self._up(area.y) - down * (area.height * mm - fitted.height)
        for number, line in enumerate(fitted.lines):
            x = area.x * mm + across * (area.width * mm - font.width(line, fitted.size))
            self._line(
                line, font, fitted.size, x, top - RISE * fitted.size - number * fitted.leading
            )

    def upright(self, text: str, area: Area, size: float) -> None:
        """A text in columns from top to bottom, the first at the right, in the area's middle.

        What is too long for letters of LEAST_UPRIGHT points ends with "…".
        """
        columns, size = _columns(list(_in_columns(text, self.bold)), area, size)
        width = size * (1 + COLUMN * (len(columns) - 1))
        middle = (area.x + area.width / 2) * mm + (width - size) / 2
        for column in columns:
            length = sum(piece.length for piece in column) * size
            y = self._up(area.y) - max(0.0, (area.height * mm - length) / 2)
            for piece in column:
                self._stand(piece, middle, y, size)
                y -= piece.length * size
            middle -= COLUMN * size

    def _stand(self, piece: "_Piece", middle: float, y: float, size: float) -> None:
        """One character, or one lying word, of a column around `middle`, down from `y`."""
        if not piece.lies:
            x = middle - self.bold.width(piece.text, size) / 2
            self._line(piece.text, self.bold, size, x, y - RISE * size * PITCH)
            return
        self.canvas.saveState()
        self.canvas.translate(middle - 0.35 * size, y)
        self.canvas.rotate(-90)
        self._line(piece.text, self.bold, size, 0, 0)
        self.canvas.restoreState()

    def _line(self, line: str, font: Font, size: float, x: float, y: float) -> None:
        self._written.update(line)
        text = self.canvas.beginText(x, y)
        for run in font.runs(line):
            text.setFont(run.font, size)
            text.textOut(run.text)
        self.canvas.drawText(text)

    def _up(self, y: float) -> float:
        """Millimetres from the top as points from the bottom."""
        return (self._height - y) * mm


class _Piece(NamedTuple):
    """What stands or lies in a column as one, and how long it is there at size 1."""

    text: str
    lies: bool
    length: float


def _in_columns(text: str, font: Font) -> Iterator[_Piece]:
    for found in _IN_COLUMNS.findall(" ".join(clean(text).split())):
        if len(found) > 1 or found in _LYING or found.isascii():
            yield _Piece(found, True, font.width(found, 1) + (PITCH - 1))
        else:
            yield _Piece(found, False, PITCH)


def _columns(pieces: list[_Piece], area: Area, size: float) -> tuple[list[list[_Piece]], float]:
    """The pieces in columns that fit the area, and their size."""
    room = area.width * mm
    columns = _filled(pieces, area.height * mm / size)
    while size > LEAST_UPRIGHT and size * (1 + COLUMN * (len(columns) - 1)) > room:
        size -= 0.5
        columns = _filled(pieces, area.height * mm / size)
    most = 1 + max(0, int((room / size - 1) / COLUMN))
    if len(columns) > most:
        columns = columns[:most]
        columns[-1][-1] = _Piece("…", True, PITCH)
    return columns, size


def _filled(pieces: list[_Piece], length: float) -> list[list[_Piece]]:
    columns: list[list[_Piece]] = [[]]
    used = 0.0
    for piece in pieces:
        if columns[-1] and used + piece.length > length:
            columns.append([])
            used = 0.0
        columns[-1].append(piece)
        used += piece.length
    return columns
