"""Leaves of stacks as the splitter sees them: signs and readings, made without a picture."""

from dataclasses import replace

from scanning.reading import Line, PageReading
from scanning.stacks.blanks import Blankness
from scanning.stacks.codes import Code
from scanning.stacks.meanings import Broken, Cover, Meaning, Separator
from scanning.stacks.signs import PageSigns
from scanning.stacks.splitting import Split

OURS = "https://archive.example.com/c/"
BOX = (100, 100, 400, 400)


def meaning(text: str) -> Meaning:
    """C1 to C9 are covers, C9 for one use only; S is a separator; F a folder's label."""
    code = text.removeprefix(OURS)
    if code in {f"C{number}" for number in range(1, 10)} | {"COVER001"}:
        return Cover(code, reusable=code != "C9")
    if code == "S":
        return Separator()
    if code in ("F", text):
        return None
    return Broken()


def page(*texts: str, depth: float = 0.9, ink: float = 0.05) -> PageSigns:
    codes = tuple(Code(text, "QRCode", BOX, depth) for text in texts)
    return PageSigns(1240, 1754, 150, codes=codes, ink=ink)


def bare(blankness: Blankness) -> PageSigns:
    return PageSigns(1240, 1754, 150, blankness=blankness, ink=0.0001)


TEXT, BLANK = page(), bare("blank")
PATCH = replace(page(), patches=("T",))
COVER, SEPARATOR = page(OURS + "C1"), page(OURS + "S")
DIM = replace(page(ink=0.004), unread=(BOX,))


def read(*texts: str, height: int = 40, confidence: float = 0.95) -> PageReading:
    """A page with these lines, each so high."""
    lines = tuple(
        Line(text, (120, 150 + 90 * row, 120 + 30 * len(text), 150 + 90 * row + height), confidence)
        for row, text in enumerate(texts)
    )
    return PageReading(1, lines, 0, 0.0, 1240, 1754, 150, "test", "1", "ocr")


def papers(found: Split) -> list[tuple[int, ...]]:
    return [paper.pages for paper in found.papers]


def told(found: Split) -> list[int]:
    return [doubt.at for doubt in found.doubts]


FIRST = read("购销合同", "甲方：上海远帆物流有限公司", "第1页 共2页")
