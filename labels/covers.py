"""Covers and separators: the sheets that tell a stack of papers where one ends and what comes next.

Each carries its QR code twice, in opposite corners, so that a crease, a torn corner or a crooked
feed leaves one; and along all four edges the bars of patch code T, which any scanner's own
software knows as the end of a paper. Source of the bars' measures: Kodak A-61599, "Patch Code
Information": bars and spaces of 0.08 and 0.20 inches, 0.80 in all, within 94 mm of the edge that
is fed first and a quarter of an inch from anything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import inch, mm
from reportlab.pdfgen.canvas import Canvas

from labels import fonts, qr
from labels.draw import RISE, SMALLEST, CodeTooFine, Drawn, NothingToPrint
from labels.fitting import fit
from labels.fonts import Font
from labels.layout import Box

WIDTH, HEIGHT = A4

# Patch T from the edge inwards, bar and space in turn, in inches.
PATCH_T = (0.08, 0.08, 0.20, 0.08, 0.08, 0.08, 0.20)
PATCH = sum(PATCH_T) * inch
FROM_EDGE = 9 * mm
# How long the bars are along the short and the long edges; scanners look for them two inches
# from the middle of the feeder.
ALONG_WIDTH, ALONG_HEIGHT = 130 * mm, 90 * mm

# A code of 45 mm is read through folds, seals and pen strokes; squares of 0.8 mm by any scanner.
CODE_SIDE = 45 * mm
FINEST_MODULE = 0.8 * mm
# From the page's edges to the codes: past the bars and their quarter of an inch of white.
CODE_FROM_EDGE = FROM_EDGE + PATCH + 0.28 * inch

HEADING, LARGEST, CODE_SIZE, NOTE = 34.0, 26.0, 16.0, 11.0


@dataclass(frozen=True)
class StackSheet:
    """What stands on one sheet: a cover, or a separator, which has no `lines`.

    `url` is in the QR codes and `code` under them for those who must type it; `heading` says
    what sheet it is, `lines` what the papers behind it are (customer, category, kind, volume),
    `note` what to do with the sheet.
    """

    code: str
    url: str
    heading: str
    lines: tuple[str, ...] = ()
    note: str = ""


def draw(sheets: Sequence[StackSheet], target: Path | BinaryIO) -> Drawn:
    """Write a PDF of the sheets, one on each A4 page.

    Raises NothingToPrint, CodeTooFine, TooMuchForQr or FontMissing, all of them before anything
    is written.
    """
    if not sheets:
        raise NothingToPrint
    regular, bold = fonts.load("regular"), fonts.load("bold")
    canvas = _canvas(target, regular)
    for sheet in sheets:
        _patches(canvas)
        _codes(canvas, sheet, bold)
        _words(canvas, sheet, regular, bold)
        canvas.showPage()
    canvas.save()
    return Drawn(len(sheets), regular.lacks("".join(map(_text, sheets))))


def _text(sheet: StackSheet) -> str:
    return "".join((sheet.code, sheet.heading, *sheet.lines, sheet.note))


def _canvas(target: Path | BinaryIO, font: Font) -> Canvas:
    return Canvas(
        str(target) if isinstance(target, Path) else target,
        pagesize=A4,
        # See labels.draw: Helvetica must not be named in the file.
        initialFontName=cast(Any, font.faces[0].fontName),
        pageCompression=1,
    )


def _patches(canvas: Canvas) -> None:
    """The bars along each edge, which read the same from whichever edge the sheet is fed."""
    for edge in range(4):
        canvas.saveState()
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(90 * edge)
        across, along = (WIDTH, ALONG_HEIGHT) if edge % 2 else (HEIGHT, ALONG_WIDTH)
        y = across / 2 - FROM_EDGE
        for number, thickness in enumerate(PATCH_T):
            y -= thickness * inch
            if number % 2 == 0:
                canvas.rect(-along / 2, y, along, thickness * inch, stroke=0, fill=1)
        canvas.restoreState()


def _codes(canvas: Canvas, sheet: StackSheet, font: Font) -> None:
    """The code at the top left and the bottom right, its letters towards the page's middle."""
    matrix = qr.modules(sheet.url)
    module = CODE_SIDE / len(matrix)
    if module < FINEST_MODULE:
        raise CodeTooFine(size="A4")
    quiet = qr.QUIET * module
    upper, lower = HEIGHT - CODE_FROM_EDGE, CODE_FROM_EDGE + CODE_SIDE
    right = WIDTH - CODE_FROM_EDGE - CODE_SIDE
    _code(canvas, matrix, CODE_FROM_EDGE, upper)
    _code(canvas, matrix, right, lower)
    indent = (CODE_SIDE - font.width(sheet.code, CODE_SIZE)) / 2
    under = upper - CODE_SIDE - quiet - CODE_SIZE * RISE
    _line(canvas, sheet.code, font, CODE_SIZE, CODE_FROM_EDGE + indent, under)
    _line(canvas, sheet.code, font, CODE_SIZE, right + indent, lower + quiet)


def _code(canvas: Canvas, matrix: qr.Matrix, x: float, top: float) -> None:
    """All squares as one path: drawn one by one, viewers show seams between them."""
    module = CODE_SIDE / len(matrix)
    path = canvas.beginPath()
    for bar in qr.bars(matrix):
        path.rect(x + bar.x * module, top - (bar.y + 1) * module, bar.width * module, module)
    canvas.drawPath(path, stroke=0, fill=1)


def _words(canvas: Canvas, sheet: StackSheet, regular: Font, bold: Font) -> None:
    """The heading beside the upper code, the lines in the middle, the note beside the lower."""
    side, air = CODE_FROM_EDGE, 9 * mm
    beside = WIDTH - 2 * side - CODE_SIDE - air
    top = HEIGHT - side
    heading = Box(side + CODE_SIDE + air, top - CODE_SIDE, beside, CODE_SIDE)
    _block(canvas, sheet.heading, bold, heading, HEADING)
    # The codes' letters stand in the air above and below.
    foot = side + CODE_SIDE + 2 * air
    middle = Box(side, foot, WIDTH - 2 * side, top - CODE_SIDE - 3 * air - foot)
    _lines(canvas, sheet.lines, regular, middle)
    _block(canvas, sheet.note, regular, Box(side, side, beside, CODE_SIDE), NOTE)


def _lines(canvas: Canvas, lines: tuple[str, ...], font: Font, box: Box) -> None:
    """Each line in its share of the height, as large as it goes."""
    share = box.height / max(4, len(lines))
    for number, line in enumerate(lines):
        place = Box(box.x, box.top - (number + 1) * share, box.width, 0.85 * share)
        _block(canvas, line, font, place, LARGEST)


def _block(canvas: Canvas, text: str, font: Font, box: Box, largest: float) -> None:
    """A text from the top of a box downwards."""
    fitted = fit(text, font, box.width, box.height, largest, SMALLEST)
    for number, line in enumerate(fitted.lines):
        y = box.top - RISE * fitted.size - number * fitted.leading
        _line(canvas, line, font, fitted.size, box.x, y)


def _line(canvas: Canvas, line: str, font: Font, size: float, x: float, y: float) -> None:
    text = canvas.beginText(x, y)
    for run in font.runs(line):
        text.setFont(run.font, size)
        text.textOut(run.text)
    canvas.drawText(text)
