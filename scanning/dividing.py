"""The door of stacks: what the archive knows of codes, and what the reader makes of a stack."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from archive import batches, covers, documents
from archive.base.errors import N_
from archive.covers import COVER
from archive.documents import Original, PageRole, Part
from scanning.reading import PageReading
from scanning.stacks import sheets
from scanning.stacks.meanings import Broken, Cover, Meaning, Meanings, Separator
from scanning.stacks.said import Said
from scanning.stacks.signs import PageSigns
from scanning.stacks.splitting import Settings, Split

ROLES = {
    sheets.Role.CONTENT: PageRole.CONTENT,
    sheets.Role.COVER: PageRole.COVER,
    sheets.Role.SEPARATOR: PageRole.SEPARATOR,
    sheets.Role.BLANK: PageRole.BLANK,
    sheets.Role.DOUBTFUL: PageRole.DOUBTFUL,
}
# A page that could not be read: nothing speaks for a boundary there, its shape neither.
UNREAD = PageSigns(width=210, height=297, dpi=0)
# Longer files are one paper unless a code says otherwise: whoever scans a book knows it is one.
MOST_JUDGED = 400

NOT_DIVIDED = N_(
    "This file could not be taken apart by itself. If it is several papers, split it where "
    "each of them begins."
)
NOTHING_THERE = N_(
    "Nothing can be seen on this page. Set it aside if it is blank; if not, scan it once more."
)


@dataclass(frozen=True)
class Stack:
    """What `split` is told of a stack, ready for a child of the workshop."""

    pages: Sequence[PageSigns]
    meanings: dict[str, Meaning]
    readings: Sequence[PageReading | None]
    settings: Settings


def stack_of(session: Session, original: Original, *, address: str) -> Stack:
    """What was seen and read on the pages of an original, and what the codes there stand for."""
    is_judged = original.pages <= MOST_JUDGED
    pages = documents.leaves_of(session, original, with_readings=is_judged)
    batch = batches.by_id(session, original.batch_id)
    signs = [PageSigns.from_dict(page.signs) if page.signs else UNREAD for page in pages]
    readings = [_reading(page.reading) for page in pages] if is_judged else []
    told = _told_by(signs, readings, _meanings(session, address))
    settings = Settings(blank_parts=batch.blank_parts, two_sided=batch.two_sided)
    return Stack(signs, told, readings, settings)


def parts(stack: Stack, found: Split | None) -> list[Part]:
    """What each page of a stack is and which paper it belongs to; None where splitting broke
    off."""
    if found is None:
        doubt = {"text": NOT_DIVIDED, "params": {}}
        rest = [Part(PageRole.CONTENT, 0)] * (len(stack.pages) - 1)
        return [Part(PageRole.CONTENT, 0, doubt), *rest]
    return _parts(found) if found.papers else _nothing_but_ours(found)


def _told_by(
    signs: Sequence[PageSigns], readings: Sequence[PageReading | None], meaning: Meanings
) -> dict[str, Meaning]:
    """What the codes mean, and the letters on sheets whose code nobody can read."""
    told = {code.text: meaning(code.text) for page in signs for code in page.codes}
    for page, reading in zip(signs, readings, strict=False):
        is_broken = any(isinstance(told[code.text], Broken) for code in page.codes)
        if reading and (page.unread or page.patches or is_broken):
            told |= {text: meaning(text) for text in sheets.LETTERS.findall(reading.text)}
    return told


def _meanings(session: Session, address: str) -> Meanings:
    asked = covers.meaning_in(session, address=address)

    def meaning(text: str) -> Meaning:
        sheet = asked(text)
        if sheet is None:
            return None
        if isinstance(sheet, bool):
            return Broken()
        return Cover(str(sheet.id)) if sheet.kind == COVER else Separator()

    return meaning


def _parts(found: Split) -> list[Part]:
    run = {at: (number, paper) for number, paper in enumerate(found.papers) for at in paper.pages}
    doubts = _doubts(found)
    made = []
    for at, role in enumerate(found.roles):
        number, paper = run.get(at, (-1, None))
        cover = int(paper.cover) if paper and paper.cover else None
        known = ROLES[role] if paper is None else PageRole.CONTENT
        made.append(Part(known, number, doubts.get(at), cover))
    return made


def _nothing_but_ours(found: Split) -> list[Part]:
    """Blank pages and covers alone are still something that somebody scanned: a person looks."""
    doubts = _doubts(found)
    bare = {"text": NOTHING_THERE, "params": {}}
    return [
        Part(PageRole.CONTENT, 0, doubts.get(at) or (bare if role is sheets.Role.BLANK else None))
        for at, role in enumerate(found.roles)
    ]


def _doubts(found: Split) -> dict[int, dict[str, Any]]:
    """What a person should look at, by page; a doubt counts more than a mere suggestion."""
    told = {
        one.at: _told(one.said, suggests=True) for one in (*found.suggestions, *_uncertain(found))
    }
    return told | {one.at: _told(one.said) for one in found.doubts}


def _uncertain(found: Split) -> Sequence[Any]:
    return [paper.boundary for paper in found.papers if not paper.boundary.certain]


def _told(said: Said, *, suggests: bool = False) -> dict[str, Any]:
    told = {"text": said.text, "params": dict(said.params)}
    return told | {"suggests": True} if suggests else told


def _reading(told: dict[str, Any] | None) -> PageReading | None:
    return PageReading.from_dict(told | {"text": ""}) if told else None
