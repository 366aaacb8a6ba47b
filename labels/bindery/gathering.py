"""What the forms of volumes say, gathered from the records: a few questions for any number."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from archive import categories, documents
from archive.base import terminal
from archive.documents import Document
from archive.volumes import Arrangement, Folder, Volume
from labels.forms.covers import CoverForm
from labels.forms.lists import Catalogue, Entry, FileList, Item
from labels.forms.notes import NoteForm
from labels.forms.spines import BOXES, COVERS, SpineForm
from labels.forms.words import Language, Word

SECRECY = {
    "public": Word("公开", "Public"),
    "internal": Word("内部", "Internal"),
    "secret": Word("普通商密", "Trade secret"),
    "core": Word("核心商密", "Core trade secret"),
}
COPY = Word("复印件", "copy")
ORIGINAL_AT = Word("原件：%(place)s", "original: %(place)s")
ITEM = Word("件号%(number)s", "item %(number)s")


@dataclass(frozen=True)
class Gatherer:
    """Gathers forms in one language."""

    session: Session
    language: Language

    def covers(self, volumes: Sequence[Volume]) -> Iterator[CoverForm]:
        spans, periods = documents.spans(self.session, volumes), self._periods()
        for volume in volumes:
            first, last = spans.get(volume.id, ("", ""))
            yield CoverForm(
                fonds=volume.category.fonds.name,
                category=self._category(volume),
                title=volume.title,
                code=volume.code,
                retention=periods.get(volume.retention, volume.retention),
                items=volume.items,
                pages=volume.pages,
                first=first,
                last=last,
            )

    def spines(
        self, volumes: Sequence[Volume], folders: Sequence[Folder], width: int | None
    ) -> Iterator[SpineForm]:
        """A spine for each folder; `width` in mm, else as thick as the folder is."""
        numbers, periods = documents.item_numbers(self.session, volumes), self._periods()
        of_volume = groupby(folders, key=lambda folder: folder.volume_id)
        parts = {volume_id: list(found) for volume_id, found in of_volume}
        for volume in volumes:
            carriers = parts.get(volume.id, [])
            for folder in carriers:
                thickness = width or folder.thickness_mm
                is_box = volume.arrangement == Arrangement.ITEM or thickness > max(COVERS)
                held = numbers.get(folder.id)
                part = f"-{folder.part}" if len(carriers) > 1 else ""
                yield SpineForm(
                    width=width or _standard(thickness, is_box=is_box),
                    is_box=is_box,
                    fonds=volume.category.fonds.code,
                    year=str(volume.year),
                    retention=periods.get(volume.retention, volume.retention),
                    subject=volume.category.name(self._names),
                    number=f"{_number(volume)}{part}",
                    category=str(volume.category.number),
                    title=volume.title,
                    items="-".join(f"{number:03d}" for number in held) if held else "",
                )

    def catalogues(self, volumes: Sequence[Volume]) -> Iterator[Catalogue]:
        """Each volume's papers are asked for as it is drawn: all of them at once may be many."""
        for volume in volumes:
            papers = documents.in_order(self.session, volume)
            items = [self._item(place, paper) for place, paper in enumerate(papers, 1)]
            yield Catalogue(volume.code, volume.title, items)

    def notes(self, volumes: Sequence[Volume]) -> Iterator[NoteForm]:
        for volume in volumes:
            yield NoteForm(
                is_box=volume.arrangement == Arrangement.ITEM,
                code=volume.code,
                items=volume.items,
                pages=volume.pages,
                note=volume.keeper_note,
                compiled_by=volume.compiled_by,
                compiled_on=volume.compiled_on.isoformat() if volume.compiled_on else "",
                checked_by=volume.checked_by,
            )

    def file_lists(self, volumes: Sequence[Volume]) -> Iterator[FileList]:
        """A list for each category and year among the volumes, which stay in their order."""
        spans, periods = documents.spans(self.session, volumes), self._periods()
        lists: dict[tuple[int, int], list[Volume]] = {}
        for volume in volumes:
            lists.setdefault((volume.category_id, volume.year), []).append(volume)
        for (_, year), listed in lists.items():
            entries = []
            for number, volume in enumerate(listed, 1):
                first, last = spans.get(volume.id, ("", ""))
                retention = periods.get(volume.retention, volume.retention)
                entries.append(
                    Entry(
                        number, volume.code, volume.title, volume.items, volume.pages, retention,
                        first, last,
                    )
                )  # fmt: skip
            category = listed[0].category
            yield FileList(category.fonds.name, self._category(listed[0]), str(year), entries)

    def period(self, key: str) -> str:
        """A retention period in words."""
        return self._periods().get(key, key)

    def _item(self, place: int, paper: Document) -> Item:
        return Item(
            number=place,
            title=paper.shown_title,
            pages=paper.pages_on_paper,
            code=paper.code,
            reference=paper.number,
            responsible=paper.responsible,
            dated=paper.dated,
            secrecy=SECRECY[paper.secrecy].said(self.language) if paper.secrecy else "",
            remark=self._remark(place, paper),
        )

    def _remark(self, place: int, paper: Document) -> str:
        """The paper's own remark; that it is a copy; its number where it lies out of its turn."""
        told = [paper.remark]
        if paper.is_copy:
            told.append(COPY.said(self.language))
        if paper.is_copy and paper.original_at:
            told.append(ORIGINAL_AT.said(self.language, place=paper.original_at))
        if paper.item != place:
            told.append(ITEM.said(self.language, number=f"{paper.item:03d}"))
        return "；".join(part for part in told if part)

    def _category(self, volume: Volume) -> str:
        return f"{volume.category.number} {volume.category.name(self._names)}"

    @property
    def _names(self) -> str:
        """The language of names that the records have in two: forms for both are Chinese ones."""
        return "en" if self.language == "en" else "zh"

    def _periods(self) -> dict[str, str]:
        say = terminal.catalogue(self._names).gettext
        return {key: say(name) for key, name in categories.RETENTIONS.items()}


def _standard(thickness: int, *, is_box: bool) -> int:
    """The least standard spine that is as thick, or the thickest."""
    widths = BOXES if is_box else COVERS
    return next((width for width in widths if width >= thickness), widths[-1])


def _number(volume: Volume) -> str:
    """A volume's number with as many figures as its code has."""
    figures = re.search(r"\d+$", volume.code)
    is_number = figures and int(figures[0]) == volume.number
    return figures[0] if figures and is_number else str(volume.number)
