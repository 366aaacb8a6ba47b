"""The lists: which columns each has, and what stands above and under them.

卷内文件目录 (GB/T 9705-2008), 归档文件目录 (by item, DA/T 22-2015), 案卷目录 (GB/T 11822-2008),
移交清册.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from labels.draw import Drawn
from labels.forms import tables, words
from labels.forms.tables import Column, Fact, Form, Listing
from labels.forms.words import Language, Word, figures

NUMBER = Word("序号", "No.")
REFERENCE = Word("文号", "Reference")
RESPONSIBLE = Word("责任者", "Author")
TITLE = Word("题名", "Title")
DATE = Word("日期", "Date")
PAGE = Word("页号", "Page")
PAGES = Word("页数", "Pages")
ITEMS = Word("件数", "Items")
REMARK = Word("备注", "Remark")
SECRECY = Word("密级", "Secrecy")
DATES = Word("起止年月", "Dates")
REFERENCE_OR_CODE = Word("文号(档号)", "Reference or code")
DEPARTMENT = Word("移交部门", "Handed over by department")
HANDED_ON = Word("移交时间", "Handed over on")
IN_ALL = Word("合计", "In all")
IN_ALL_TOLD = Word("%(rows)s 条，%(pages)s 页", "%(rows)s entries, %(pages)s pages")
GIVER = Word("移交人(签名)", "Handed over by (signature)")
TAKER = Word("接收人(签名)", "Received by (signature)")


# Widths in mm: 173 upright, 260 on its side.
def _catalogue_form(page: Word) -> Form:
    return Form(
        Word("卷内文件目录", "Catalogue of the volume"),
        (
            Column(NUMBER, 12), Column(REFERENCE, 25), Column(RESPONSIBLE, 26),
            Column(TITLE, 52, 0.0), Column(DATE, 20), Column(page, 13), Column(REMARK, 25, 0.0),
        ),
    )  # fmt: skip


CATALOGUE, CATALOGUE_COUNTED = _catalogue_form(PAGE), _catalogue_form(PAGES)
ITEM_CATALOGUE = Form(
    Word("归档文件目录", "Catalogue of items"),
    (
        Column(NUMBER, 12), Column(words.CODE, 44), Column(REFERENCE, 26), Column(RESPONSIBLE, 30),
        Column(TITLE, 60, 0.0), Column(DATE, 20), Column(SECRECY, 16), Column(PAGES, 13),
        Column(REMARK, 39, 0.0),
    ),
    on_its_side=True,
)  # fmt: skip
FILE_LIST = Form(
    Word("案卷目录", "File list"),
    (
        Column(NUMBER, 14), Column(words.CODE, 56), Column(words.VOLUME_TITLE, 82, 0.0),
        Column(DATES, 30), Column(ITEMS, 15), Column(PAGES, 15), Column(words.RETENTION, 22),
        Column(REMARK, 26, 0.0),
    ),
    on_its_side=True,
)  # fmt: skip
TRANSFER = Form(
    Word("档案移交清册", "Transfer list"),
    (
        Column(NUMBER, 14), Column(TITLE, 88, 0.0), Column(words.YEAR, 16),
        Column(REFERENCE_OR_CODE, 58), Column(PAGES, 18), Column(words.RETENTION, 24),
        Column(REMARK, 42, 0.0),
    ),
    on_its_side=True,
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """A paper in a catalogue. `dated` is partial: 2024, 2024-05 or 2024-05-31."""

    number: int
    title: str
    pages: int
    code: str = ""
    reference: str = ""
    responsible: str = ""
    dated: str = ""
    secrecy: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Catalogue:
    """What lies in a volume, in its order."""

    code: str
    title: str
    items: Iterable[Item]


@dataclass(frozen=True)
class Entry:
    """A volume in a file list. Dates are partial."""

    number: int
    code: str
    title: str
    items: int
    pages: int
    retention: str
    first: str = ""
    last: str = ""
    remark: str = ""


@dataclass(frozen=True)
class FileList:
    """The volumes of a category and year."""

    fonds: str
    category: str
    year: str
    entries: Iterable[Entry]


@dataclass(frozen=True)
class Handed:
    """A line of a transfer list: an item with its reference, or a volume with its code."""

    number: int
    title: str
    year: str
    reference: str
    pages: int
    retention: str
    remark: str = ""


@dataclass(frozen=True)
class Transfer:
    """What a department hands over. Who gives and takes, and when, is empty where they sign by
    hand."""

    department: str
    handed_on: str
    lines: tuple[Handed, ...]
    giver: str = ""
    taker: str = ""
    given_on: str = ""
    taken_on: str = ""


def draw_catalogues(
    catalogues: Iterable[Catalogue],
    target: Path | BinaryIO,
    *,
    by_count: bool = False,
    language: Language = "zh",
) -> Drawn:
    """Write 卷内文件目录 as a PDF, each with its own page numbers.

    `by_count` tells of each item how many pages it has (页数), else on which it begins (页号).
    """
    form = CATALOGUE_COUNTED if by_count else CATALOGUE
    listings = (_catalogue(one, by_count) for one in catalogues)
    return tables.draw(form, listings, target, language=language)


def draw_item_catalogues(
    catalogues: Iterable[Catalogue], target: Path | BinaryIO, *, language: Language = "zh"
) -> Drawn:
    """Write 归档文件目录 as a PDF, each with its own page numbers."""
    listings = (Listing(_facts(one), _item_rows(one)) for one in catalogues)
    return tables.draw(ITEM_CATALOGUE, listings, target, language=language)


def draw_file_lists(
    lists: Iterable[FileList], target: Path | BinaryIO, *, language: Language = "zh"
) -> Drawn:
    """Write 案卷目录 as a PDF, each with its own page numbers."""
    return tables.draw(FILE_LIST, map(_file_list, lists), target, language=language)


def draw_transfers(
    transfers: Iterable[Transfer], target: Path | BinaryIO, *, language: Language = "zh"
) -> Drawn:
    """Write 移交清册 as a PDF, each with its sums and places to sign."""
    return tables.draw(
        TRANSFER, (_transfer(one, language) for one in transfers), target, language=language
    )


def _facts(one: Catalogue) -> tuple[Fact, ...]:
    return (Fact(words.CODE, one.code), Fact(words.VOLUME_TITLE, one.title))


def _catalogue(one: Catalogue, by_count: bool) -> Listing:
    items = list(one.items)
    pages = [str(item.pages) for item in items] if by_count else list(_first_pages(items))
    rows = [
        (
            str(item.number), item.reference, item.responsible, item.title, figures(item.dated),
            page, item.remark,
        )
        for item, page in zip(items, pages, strict=True)
    ]  # fmt: skip
    return Listing(_facts(one), rows)


def _first_pages(items: list[Item]) -> Iterator[str]:
    """On which page of the volume each item begins; of the last one also where it ends."""
    first = 1
    for item in items:
        end = first + item.pages - 1
        if not item.pages:
            yield ""
        elif item is items[-1] and end > first:
            yield f"{first}-{end}"
        else:
            yield str(first)
        first = end + 1


def _item_rows(one: Catalogue) -> list[tuple[str, ...]]:
    return [
        (
            str(item.number), item.code, item.reference, item.responsible, item.title,
            figures(item.dated), item.secrecy, str(item.pages), item.remark,
        )
        for item in one.items
    ]  # fmt: skip


def _file_list(one: FileList) -> Listing:
    facts = (
        Fact(words.FONDS, one.fonds), Fact(words.CATEGORY, one.category),
        Fact(words.YEAR, one.year),
    )  # fmt: skip
    rows = [
        (
            str(entry.number), entry.code, entry.title, _span(entry), str(entry.items),
            str(entry.pages), entry.retention, entry.remark,
        )
        for entry in one.entries
    ]  # fmt: skip
    return Listing(facts, rows)


def _span(entry: Entry) -> str:
    """The first and the last month, in figures."""
    first, last = (figures(date[:7]) for date in (entry.first, entry.last))
    return first if first == last or not last else f"{first}-{last}"


def _transfer(one: Transfer, language: Language) -> Listing:
    facts = (
        Fact(DEPARTMENT, one.department), Fact(HANDED_ON, words.day(one.handed_on, language)),
    )  # fmt: skip
    rows = [
        (
            str(line.number), line.title, line.year, line.reference, str(line.pages),
            line.retention, line.remark,
        )
        for line in one.lines
    ]  # fmt: skip
    pages = sum(line.pages for line in one.lines)
    told = IN_ALL_TOLD.said(language, rows=len(one.lines), pages=pages)
    foot = (
        Fact(GIVER, one.giver), Fact(TAKER, one.taker), Fact(DATE, one.given_on),
        Fact(DATE, one.taken_on),
    )  # fmt: skip
    return Listing((*facts, Fact(IN_ALL, told)), rows, foot)
