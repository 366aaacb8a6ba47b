"""Text layers: the words a PDF page already has, if they are good enough not to be read again.

Good means: they stand upright, nearly all of them are real characters, and nearly all the ink
on the page is theirs. So a page number printed onto a scan is no text layer, nor is the hidden
layer behind a scan, which is another program's guess, and mostly a worse one than ours.
"""

import ctypes
import math
import unicodedata
from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from scanning import images
from scanning.reading import Line
from scanning.words import close_up

MOST_GARBAGE = 0.03
NOT_CHARACTERS = {"Cn", "Cs", "Cc"}  # unassigned, lone halves of a pair, controls
LEAST_INK = 0.6  # share of the page's ink that lies under the layer's characters
WIDE_GAP = 1.5  # heights of the line; a wider gap parts two columns or cells
MEASURING_DPI = 72
RULE = 40  # pixels at MEASURING_DPI; straighter and longer than any stroke of writing

# Letters outside these come from fonts whose own code was mistaken for Unicode.
USUAL_SCRIPTS = (
    *("LATIN", "CJK", "GREEK", "CYRILLIC", "HIRAGANA", "KATAKANA", "HANGUL"),
    *("FULLWIDTH", "HALFWIDTH", "MICRO", "FEMININE", "MASCULINE"),
)


@dataclass(frozen=True)
class Character:
    """A character and its box in pixels of the page as shown; `text` is "\n" at a line's end."""

    text: str
    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0


def read(page: pdfium.PdfPage, width: int, height: int) -> list[Line] | None:
    """The page's words, in pixels of a picture of that size; None if they are not good."""
    characters = _characters(page, width, height)
    printed = [one for one in characters if one.text.strip()]
    if not printed or _garbage(printed) > MOST_GARBAGE or _behind_a_scan(page):
        return None
    if _ink_under(page, printed, width, height) < LEAST_INK:
        return None
    return [_line(run) for run in _runs(characters)]


def _characters(page: pdfium.PdfPage, width: int, height: int) -> list[Character]:
    layer = page.get_textpage()
    codes = [raw.FPDFText_GetUnicode(layer, i) for i in range(layer.count_chars())]
    found: list[Character] = []
    for i, code in enumerate(codes):
        if code in {10, 13}:
            found.append(Character("\n"))
        elif not (i and _is_pair(codes[i - 1], code)):
            text = _text(layer, i, code, codes[i + 1] if i + 1 < len(codes) else 0)
            found.append(Character(text, *_box(page, layer, i, width, height)))
    return found


def _text(layer: pdfium.PdfTextPage, index: int, code: int, following: int) -> str:
    """The character at this index; U+FFFD for one that is none, which no database would keep."""
    if code == 2:  # pdfium's mark for a hyphen at a line's end
        return "-"
    if code == 9:
        return " "
    if raw.FPDFText_HasUnicodeMapError(layer, index) == 1 or _sideways(layer, index):
        return "\ufffd"
    if _is_pair(code, following):
        code = 0x10000 + ((code - 0xD800) << 10) + (following - 0xDC00)
    return "\ufffd" if unicodedata.category(chr(code)) in NOT_CHARACTERS else chr(code)


def _is_pair(code: int, following: int) -> bool:
    """Whether these are the two halves in which pdfium tells a character beyond U+FFFF."""
    return 0xD800 <= code < 0xDC00 <= following < 0xE000


def _box(
    page: pdfium.PdfPage, layer: pdfium.PdfTextPage, index: int, width: int, height: int
) -> tuple[float, float, float, float]:
    left, bottom, right, top = layer.get_charbox(index, loose=True)
    x, y = ctypes.c_int(), ctypes.c_int()
    corners = []
    for across, up in ((left, bottom), (right, top)):
        raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, across, up, x, y)
        corners.append((min(max(x.value, 0), width), min(max(y.value, 0), height)))
    (x0, y0), (x1, y1) = corners
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _sideways(layer: pdfium.PdfTextPage, index: int) -> bool:
    """Whether the character leans from the page's own upright by more than a tenth of a turn."""
    # pdfium's angle and a page's /Rotate both go clockwise.
    angle: float = math.degrees(raw.FPDFText_GetCharAngle(layer, index))
    turned: int = layer.page.get_rotation()
    leaning = (angle + turned + 180) % 360 - 180
    return abs(leaning) > 36


def _garbage(characters: list[Character]) -> float:
    """The share of characters that are no real ones."""
    bad = sum(not _usual(one.text) for one in characters)
    return bad / len(characters)


def _usual(char: str) -> bool:
    kind = unicodedata.category(char)
    if kind == "Co" or kind in NOT_CHARACTERS or char == "\ufffd":
        return False
    return not kind.startswith("L") or unicodedata.name(char, "").startswith(USUAL_SCRIPTS)


def _behind_a_scan(page: pdfium.PdfPage) -> bool:
    """Whether most of the text is invisible: drawn so, or under a picture of the whole page."""
    shown: list[bool] = []
    for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_IMAGE]):
        if one.type == raw.FPDF_PAGEOBJ_TEXT:
            mode = raw.FPDFTextObj_GetTextRenderMode(one)
            shown.append(mode != raw.FPDF_TEXTRENDERMODE_INVISIBLE)
        elif any(shown) and one.level == 0 and _covers(page, one):
            shown = [False] * len(shown)
    return 2 * sum(shown) < len(shown)


def _covers(page: pdfium.PdfPage, image: pdfium.PdfImage) -> bool:
    """Whether the picture lies over the whole page and lets nothing shine through."""
    left, bottom, right, top = page.get_cropbox()
    x0, y0, x1, y1 = image.get_bounds()
    if x0 > left + 1 or y0 > bottom + 1 or x1 < right - 1 or y1 < top - 1:
        return False
    if raw.FPDFPageObj_HasTransparency(image):
        return False
    try:
        drawn = image.get_bitmap(render=True, scale_to_original=False).to_numpy()
    except pdfium.PdfiumError:  # A torn picture covers nothing.
        return False
    return drawn.ndim < 3 or drawn.shape[2] < 4 or bool(drawn[:, :, 3].min() == 255)


def _ink_under(page: pdfium.PdfPage, characters: list[Character], width: int, height: int) -> float:
    """The share of the page's ink, ruled lines left out, that lies under the characters."""
    picture = page.render(scale=MEASURING_DPI / 72, rev_byteorder=True).to_numpy()[:, :, :3]
    ink = _without_rules(images.ink(np.ascontiguousarray(picture)))
    across, down = ink.shape[1] / width, ink.shape[0] / height
    ours = np.zeros(ink.shape, np.bool_)
    for one in characters:
        rows = slice(max(0, int(one.top * down) - 2), int(one.bottom * down) + 3)
        ours[rows, max(0, int(one.left * across) - 2) : int(one.right * across) + 3] = True
    return float((ink & ours).sum() / max(1, ink.sum()))


def _without_rules(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    bytes_ = ink.astype(np.uint8)
    rules = np.zeros(ink.shape, np.bool_)
    for shape in ((RULE, 1), (1, RULE)):
        straight = cv2.getStructuringElement(cv2.MORPH_RECT, shape)
        rules |= cv2.morphologyEx(bytes_, cv2.MORPH_OPEN, straight) > 0
    return np.asarray(ink & ~rules)


def _runs(characters: list[Character]) -> list[list[Character]]:
    """Characters that stand together: parted at line ends and at gaps as wide as a column's."""
    runs: list[list[Character]] = [[]]
    for one in characters:
        if one.text == "\n" or (runs[-1] and _apart(runs[-1], one)):
            runs.append([])
        if one.text != "\n":
            runs[-1].append(one)
    return [run for run in runs if any(one.text.strip() for one in run)]


def _apart(run: list[Character], one: Character) -> bool:
    """Spaces that pdfium puts into a gap are as wide as the gap, or of no width at all."""
    printed = [other for other in run if other.text.strip()]
    if not printed or not one.text.strip():
        return False
    last = printed[-1]
    tall = max(last.bottom - last.top, 1.0)
    return one.left - last.right > WIDE_GAP * tall or one.left < last.left - tall


def _line(run: list[Character]) -> Line:
    printed = [one for one in run if one.text.strip()]
    text = "".join(one.text for one in run)
    cuts = (*(round(one.left) for one in run), round(printed[-1].right))
    text, cuts = close_up(text, tuple(np.maximum.accumulate(cuts).tolist()))
    box = (
        round(min(one.left for one in printed)),
        round(min(one.top for one in printed)),
        round(max(one.right for one in printed)),
        round(max(one.bottom for one in printed)),
    )
    return Line(text, box, 1.0, cuts)
