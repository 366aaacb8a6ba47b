"""Drawing labels: QR code, archival code, title and lines on a sheet of label paper, as a PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from labels import fonts, qr
from labels.fitting import Fitted, fit
from labels.fonts import Font
from labels.layout import Box, Layout, lay_out
from labels.refusals import N_, Refusal
from labels.sheets import NoSuchPlace, Sheet

# Three dots of a 203 dpi label printer, in points: finer squares run into each other.
FINEST_MODULE = 3 / 203 * 72

# How far the tops of letters stand above their base line, as a share of the size.
RISE = 0.8

# The smallest print that is still read without effort, in points.
SMALLEST = 6.5


class NothingToPrint(Refusal):
    """A PDF without a page is no PDF."""

    text = N_("Nothing was chosen to print: choose at least one label.")


class CodeTooFine(Refusal):
    """The QR code would have squares that a printer cannot keep apart."""

    text = N_(
        "The address in the code is too long for labels of %(size)s: "
        "choose larger labels or shorten the server's base address."
    )


@dataclass(frozen=True)
class Label:
    """What stands on one label.

    `url` is in the QR code, `code` under it for those who must type it; `text` is the archival
    code (档号), `title` what people call the thing, `lines` whatever else there is room for.
    """

    code: str
    url: str
    text: str
    title: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drawn:
    """What was printed: how many pages, and the characters that no font here has (drawn as 〓)."""

    pages: int
    lacking: str


def draw(labels: Sequence[Label], sheet: Sheet, target: Path | BinaryIO, start: int = 1) -> Drawn:
    """Write a PDF of the labels, the first one at place `start` of the first sheet.

    Raises NothingToPrint, NoSuchPlace, CodeTooFine, TooMuchForQr or FontMissing, all of them
    before anything is written.
    """
    if not labels:
        raise NothingToPrint
    if not 1 <= start <= sheet.places:
        raise NoSuchPlace(places=sheet.places)
    pen = _Pen(sheet, target)
    for index, label in enumerate(labels, start - 1):
        if index >= sheet.places and index % sheet.places == 0:
            pen.canvas.showPage()
        pen.draw(label, index % sheet.places + 1)
    pen.canvas.save()
    pages = -(-(start - 1 + len(labels)) // sheet.places)
    return Drawn(pages, pen.regular.lacks("".join(map(_words, labels))))


def _words(label: Label) -> str:
    return "".join((label.code, label.text, label.title, *label.lines))


class _Pen:
    """Ink on one document: its canvas, its paper and its two weights."""

    def __init__(self, sheet: Sheet, target: Path | BinaryIO) -> None:
        self.sheet = sheet
        self.regular = fonts.load("regular")
        self.bold = fonts.load("bold")
        self.canvas = Canvas(
            str(target) if isinstance(target, Path) else target,
            pagesize=(sheet.page_width * mm, sheet.page_height * mm),
            # Helvetica, the default, would be named in the file without being in it. (The cast:
            # types-reportlab takes the name for a number.)
            initialFontName=cast(Any, self.regular.faces[0].fontName),
            pageCompression=1,
        )
        self.canvas.setTitle(f"{sheet.name} · {sheet.size}")

    def draw(self, label: Label, place: int) -> None:
        matrix = qr.modules(label.url)
        layout = lay_out(self.sheet, place, len(matrix))
        if layout.module < FINEST_MODULE:
            raise CodeTooFine(size=self.sheet.size)
        self._code(matrix, layout)
        self._code_line(label.code, layout)
        self._words(label, layout)

    def _code(self, matrix: qr.Matrix, layout: Layout) -> None:
        """All squares as one filled path: drawn one by one, viewers show seams between them."""
        self.canvas.saveState()
        self.canvas.translate(layout.ink.x, layout.ink.top)
        self.canvas.scale(layout.module, -layout.module)
        path = self.canvas.beginPath()
        for bar in qr.bars(matrix):
            path.rect(bar.x, bar.y, bar.width, 1)
        self.canvas.drawPath(path, stroke=0, fill=1)
        self.canvas.restoreState()

    def _code_line(self, code: str, layout: Layout) -> None:
        fitted = fit(code, self.bold, layout.ink.width, layout.code_size, layout.code_size, 4)
        for line in fitted.lines:
            indent = (layout.ink.width - self.bold.width(line, fitted.size)) / 2
            self._line(line, self.bold, fitted.size, layout.ink.x + indent, layout.base)

    def _words(self, label: Label, layout: Layout) -> None:
        """Archival code at the top, lines at the foot, the title in what is left between."""
        room = self._foot(label.lines, self._head(label.text, layout.words))
        largest = min(30, 0.2 * layout.words.height)
        title = fit(label.title, self.bold, room.width, room.height, largest, SMALLEST)
        self._block(title, self.bold, room)

    def _head(self, text: str, box: Box) -> Box:
        """The archival code with a thin rule under it; gives back the room that is left."""
        size = min(16, max(8, 0.115 * box.height))
        fitted = fit(text, self.bold, box.width, 2.3 * size, size, SMALLEST)
        if not fitted.lines:
            return box
        self._block(fitted, self.bold, box)
        under = box.top - fitted.height - 0.25 * size
        self.canvas.setLineWidth(0.5)
        self.canvas.line(box.x, under, box.right, under)
        return Box(box.x, box.y, box.width, under - 0.7 * size - box.y)

    def _foot(self, lines: tuple[str, ...], box: Box) -> Box:
        """The last lines, one under the other, on at most half of the height."""
        size = min(12, max(SMALLEST, 0.11 * box.height))
        leading = 1.35 * size
        shown = [line for line in lines if line.strip()][: int(0.5 * box.height / leading)]
        for index, line in enumerate(reversed(shown)):
            fitted = fit(line, self.regular, box.width, size, size, SMALLEST)
            y = box.y + index * leading
            self._line("".join(fitted.lines), self.regular, fitted.size, box.x, y)
        taken = len(shown) * leading + 0.4 * size if shown else 0
        return Box(box.x, box.y + taken, box.width, box.height - taken)

    def _block(self, fitted: Fitted, font: Font, box: Box) -> None:
        """Lines from the top of a box downwards."""
        for index, line in enumerate(fitted.lines):
            y = box.top - RISE * fitted.size - index * fitted.leading
            self._line(line, font, fitted.size, box.x, y)

    def _line(self, line: str, font: Font, size: float, x: float, y: float) -> None:
        text = self.canvas.beginText(x, y)
        for run in font.runs(line):
            text.setFont(run.font, size)
            text.textOut(run.text)
        self.canvas.drawText(text)
