"""Fonts: finding Chinese fonts on this machine and embedding them whole enough to print.

reportlab embeds TrueType outlines only, so Noto CJK (PostScript outlines) is of no use here. LXGW
WenKai has the rare characters of names that others lack (㛃 䶮 𬭚). What it still lacks is drawn
with the next font of the chain; what all of them lack is drawn as 〓, the printer's old mark for a
sort that is not in the case, and reported: nothing vanishes silently.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from labels.refusals import N_, Refusal

Weight = Literal["regular", "bold"]

# Debian's package of the first font, and the one line that installs it.
PACKAGE = "fonts-lxgw-wenkai"

# File names in order of preference. Only one of a chain must be there.
CHAINS: dict[Weight, tuple[str, ...]] = {
    "regular": (
        "LXGWWenKai-Regular.ttf",
        "wqy-zenhei.ttc",  # fonts-wqy-zenhei: all of Extension A
        "wqy-microhei.ttc",
        "HanaMinA.ttf",  # fonts-hanazono: the rest of Unicode
        "HanaMinB.ttf",
    ),
    "bold": (
        "LXGWWenKai-Bold.ttf",
        "wqy-zenhei.ttc",
        "wqy-microhei.ttc",
        "HanaMinA.ttf",
        "HanaMinB.ttf",
    ),
}

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
    Path("/Library/Fonts"),
)

LACKING = "〓"

# Signs that change or join their neighbours and have no shape of their own.
SHAPELESS = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)


class FontMissing(Refusal):
    """No Chinese font that can be embedded is installed."""

    text = N_(
        "No Chinese font for printing was found: install one with "
        "“apt install %(package)s” and print again."
    )


class EmbeddedTTFont(TTFont):
    """A TrueType font whose rare characters can also be searched and copied in the PDF.

    reportlab 5.1 writes a character past U+FFFF into the font's Unicode map as five hexadecimal
    digits; PDF 32000-1 §9.10.3 asks for UTF-16, that is eight. Readers then see another character.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab's own name
        before = set(doc.idToObject)
        super().addObjects(doc)
        for name in set(doc.idToObject) - before:
            if name.startswith("toUnicodeCMap:"):
                stream = doc.idToObject[name]
                stream.content = re.sub(r"<([0-9A-F]{5,6})>", _as_utf16, stream.content)


def _as_utf16(code: re.Match[str]) -> str:
    return f"<{chr(int(code[1], 16)).encode('utf-16-be').hex().upper()}>"


@dataclass(frozen=True)
class Run:
    """Characters that stand together in one font."""

    font: str
    text: str


class Font:
    """A chain of registered fonts that draws as one."""

    def __init__(self, faces: tuple[TTFont, ...]) -> None:
        self.faces = faces
        self._sorts: dict[str, _Sort] = {}

    def lacks(self, text: str) -> str:
        """The characters of a text that none of the fonts has, each once, in order."""
        return "".join(dict.fromkeys(c for c in clean(text) if self._sort(c).drawn != c))

    def runs(self, text: str) -> tuple[Run, ...]:
        """A text cut where the font changes, with 〓 for what no font has."""
        groups = groupby(map(self._sort, clean(text)), key=lambda sort: sort.font)
        return tuple(Run(font, "".join(sort.drawn for sort in sorts)) for font, sorts in groups)

    def width(self, text: str, size: float) -> float:
        """How wide the text is drawn, in points."""
        return sum(self._sort(character).width for character in clean(text)) * size

    def widths(self, text: str) -> tuple[float, ...]:
        """How wide each character of a text that is clean already is drawn at size 1."""
        return tuple(self._sort(character).width for character in text)

    def _sort(self, character: str) -> "_Sort":
        if character not in self._sorts:
            self._sorts[character] = self._find(character) or self._sort(LACKING)
        return self._sorts[character]

    def _find(self, character: str) -> "_Sort | None":
        code = ord(character)
        for face in self.faces:
            if code in face.face.charToGlyph:
                return _Sort(face.fontName, character, face.stringWidth(character, 1))
        return None


class _Sort(NamedTuple):
    """A character as it is drawn: in which font, as what, how wide at size 1."""

    font: str
    drawn: str
    width: float


def clean(text: str) -> str:
    """The text as it is drawn: composed, without line ends, controls and shapeless signs."""
    composed = unicodedata.normalize("NFC", SHAPELESS.sub("", text))
    return "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in composed)


@lru_cache
def load(weight: Weight = "regular") -> Font:
    """The font of that weight, registered with reportlab. Raises FontMissing."""
    paths = [path for name in CHAINS[weight] if (path := _find(name, FOLDERS))]
    if not paths:
        raise FontMissing(package=PACKAGE)
    return Font(tuple(_register(path) for path in paths))


@lru_cache
def _register(path: Path) -> TTFont:
    font = EmbeddedTTFont(path.stem, str(path))
    pdfmetrics.registerFont(font)
    return font


def _find(name: str, folders: Iterable[Path]) -> Path | None:
    found = (path for folder in folders for path in folder.rglob(name))
    return next(found, None)
