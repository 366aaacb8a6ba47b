"""Sheets: what each page of a stack is, by its signs, its codes' meanings and its reading."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scanning.errors import N_
from scanning.reading import PageReading
from scanning.stacks import shadows
from scanning.stacks.meanings import Broken, Cover, Meaning, Meanings, Separator
from scanning.stacks.said import Said
from scanning.stacks.signs import PageSigns

# What stands as a barcode on many printed patch sheets, for readers that know no patch codes.
PATCH_TEXT = re.compile(r"PATCH[ _-]?T", re.IGNORECASE)
LETTERS = re.compile(r"[0-9A-Za-z]{6,12}")
# A cover has a large code and a few words. Invoices and licences have small ones, which a scan of
# low resolution makes unreadable, and some have little print; so the small one must stand alone.
LARGE = 0.115  # of the page's longer side: 34 mm on A4
LITTLE_INK, LEAST_INK = 0.02, 0.006  # around a large code, and around a small one
# Confidence and number of letters from which on there is something to read.
SURE, SOME = 0.8, 8


class Role(StrEnum):
    """What a page is to the stack. Only `CONTENT` stands in papers; nothing else is deleted."""

    CONTENT = "content"
    COVER = "cover"
    SEPARATOR = "separator"
    BLANK = "blank"
    DOUBTFUL = "doubtful"


class Reason(StrEnum):
    """Why a paper begins where it does."""

    START = "start"
    COVER = "cover"
    SEPARATOR = "separator"
    PATCH = "patch"
    BLANK = "blank"
    UNREAD = "unread"
    READER = "reader"


@dataclass(frozen=True)
class Sheet:
    """One page judged: whether it `ends` the paper before it and why, whether for `certain`,
    the key of the `cover` it is, and what a clerk should look at."""

    role: Role
    ends: Reason | None = None
    cover: str | None = None
    certain: bool = True
    doubts: tuple[Said, ...] = ()


def judge(signs: PageSigns, reading: PageReading | None, meanings: Meanings) -> Sheet:
    """What a page is. `reading` is None where it was not, or not yet, read."""
    told = [meaning for code in signs.codes if (meaning := meanings(code.text)) is not None]
    if known := _known(told):
        return known
    is_broken = any(isinstance(one, Broken) for one in told)
    is_dim = bool(signs.unread) or is_broken
    is_bare = _is_patch(signs) and not signs.codes
    if (is_dim or is_bare) and (lettered := _by_letters(reading, meanings)):
        return lettered
    if _is_patch(signs):
        doubts = (Said(UNREAD_SEPARATOR),) if is_dim else ()
        return Sheet(Role.SEPARATOR, Reason.PATCH, doubts=doubts)
    if is_broken:
        # A QR code is read rightly or not at all: whatever this is, it is no sheet of ours.
        return Sheet(Role.CONTENT, doubts=(Said(BROKEN_CODE),))
    if signs.unread or signs.patches:
        return _dim(signs) if signs.unread else _apart(OTHER_PATCH)
    return _written_or_blank(signs, reading)


def _apart(doubt: str) -> Sheet:
    """A sheet that may part papers, kept apart until a clerk has looked."""
    return Sheet(Role.DOUBTFUL, Reason.UNREAD, certain=False, doubts=(Said(doubt),))


def _known(told: Sequence[Meaning]) -> Sheet | None:
    """A page with codes of ours; several that agree are one."""
    covers = {one.key for one in told if isinstance(one, Cover)}
    if len(covers) > 1:
        return _apart(TWO_COVERS)
    if covers:
        return Sheet(Role.COVER, Reason.COVER, cover=covers.pop())
    if any(isinstance(one, Separator) for one in told):
        return Sheet(Role.SEPARATOR, Reason.SEPARATOR)
    return None


def _is_patch(signs: PageSigns) -> bool:
    return "T" in signs.patches or any(PATCH_TEXT.fullmatch(code.text) for code in signs.codes)


def _by_letters(reading: PageReading | None, meanings: Meanings) -> Sheet | None:
    """A sheet whose code cannot be read, but the letters printed beside it."""
    for letters in LETTERS.findall(reading.text) if reading else ():
        known = _known([meanings(letters)])
        if known:
            doubt = Said(BY_ITS_LETTERS, {"letters": letters})
            return Sheet(known.role, known.ends, known.cover, doubts=(doubt,))
    return None


def _dim(signs: PageSigns) -> Sheet:
    """A page with a large code that nobody can read."""
    sides = [max(right - left, bottom - top) for left, top, right, bottom in signs.unread]
    is_small = max(sides) < LARGE * max(signs.width, signs.height)
    if signs.ink < (LEAST_INK if is_small else LITTLE_INK):
        return _apart(UNREAD_SHEET)
    return Sheet(Role.CONTENT, doubts=(Said(UNREAD_CODE),))


def _written_or_blank(signs: PageSigns, reading: PageReading | None) -> Sheet:
    """Blank is what the picture says is blank. A reading tells whether a few marks are text, but
    it reads print that shines through as well: of pale marks it only raises a doubt."""
    is_read = sure_letters(reading) >= SOME
    if signs.blankness == "written" or (signs.blankness == "almost" and is_read):
        return Sheet(Role.CONTENT)
    if signs.blankness == "almost":
        return Sheet(Role.CONTENT, doubts=(Said(ALMOST_BLANK),))
    if signs.blankness == "faint" or (is_read and shadows.is_marked(signs.trace)):
        return Sheet(Role.CONTENT, doubts=(Said(PALE),))
    return Sheet(Role.BLANK)


def sure_letters(reading: PageReading | None) -> int:
    """How many letters and figures were read without doubt."""
    lines = reading.lines if reading else ()
    text = "".join(line.text for line in lines if line.confidence >= SURE)
    return sum(unicodedata.category(character)[0] in "LN" for character in text)


UNREAD_SEPARATOR = N_(
    "This separator carries a code that cannot be read. "
    "If it is a cover sheet, say which one; the papers before and after it are parted."
)
TWO_COVERS = N_("Two different covers are on this sheet. Say which one holds for what follows.")
OTHER_PATCH = N_("This sheet carries a patch code that is not T. Say whether a new paper begins.")
BY_ITS_LETTERS = N_(
    "The code on this sheet cannot be read; it was taken for %(letters)s by the letters beside it. "
    "Compare it with the sheet."
)
BROKEN_CODE = N_(
    "The code on this page looks like one of this archive, but stands for no sheet. "
    "If the page is a cover, say which one; until then it stays in its paper."
)
UNREAD_SHEET = N_(
    "This looks like a cover or a separator whose code cannot be read. Say what it is; "
    "until then a new paper begins after it."
)
UNREAD_CODE = N_(
    "On this page is a large code that cannot be read. "
    "If the page is a cover sheet, say so; until then it stays in its paper."
)
PALE = N_(
    "What is on this page is so pale that it may shine through from the other side. "
    "Set it aside if it is a blank back."
)
ALMOST_BLANK = N_("There is almost nothing on this page. Set it aside if it is a blank back.")
