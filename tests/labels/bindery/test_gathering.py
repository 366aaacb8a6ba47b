"""What the forms of volumes say is what the records say."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy.orm import Session

from archive import documents, volumes
from archive.base import web
from archive.volumes import Arrangement, Volume
from labels.bindery import printing
from labels.bindery.gathering import Gatherer
from labels.forms.words import Language
from tests import stock
from tests.counting import counting


def volume(session: Session, name: str = stock.HENGYUE, papers: int = 3) -> Volume:
    """A volume with so many papers, signed in May of each year from 2021 on."""
    filed = [
        stock.file(
            session, stock.read(session, f"{name}-{number}.pdf", "一", "二"), name,
            title=f"第{number}份合同", dated=f"{2020 + number}-05",
        )
        for number in range(1, papers + 1)
    ]  # fmt: skip
    found = filed[0].volume
    assert found is not None
    return found


def gather(session: Session, language: Language = "zh") -> Gatherer:
    return Gatherer(session, language)


def test_a_cover_tells_of_the_volume_and_of_its_papers_dates(session: Session) -> None:
    (form,) = gather(session).covers([volume(session)])
    assert (form.code, form.title) == (
        "Q001-ZY·KH·2·2024·D10-0001",
        f"{stock.HENGYUE} 合同与订单 2024",
    )
    assert (form.category, form.retention) == ("2 合同与订单", "10 年")
    assert (form.items, form.pages) == (3, 6)
    assert (form.first, form.last) == ("2021-05", "2023-05")
    (english,) = gather(session, "en").covers(volumes.of_plan(session, 2, 2024, limit=9))
    assert (english.category, english.retention) == ("2 Contracts and orders", "10 years")


def test_a_catalogue_follows_the_order_of_the_papers_and_says_what_is_special(
    session: Session,
) -> None:
    found = volume(session)
    first, second, _third = documents.in_order(session, found)
    first.position, second.position = second.position, first.position
    first.is_copy, first.original_at, first.remark = True, "财务部", "缺第2页"
    first.responsible, first.paper_pages = "恒岳公司", 5
    session.flush()
    (catalogue,) = gather(session).catalogues([found])
    rows = list(catalogue.items)
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.code[-3:] for row in rows] == [
        second.code[-3:], first.code[-3:], "003",
    ]  # fmt: skip
    assert rows[1].remark == f"缺第2页；复印件；原件：财务部；件号{first.item:03d}"
    assert (rows[1].responsible, rows[1].pages, rows[1].reference) == ("恒岳公司", 5, "HY-2024-1")
    assert rows[2].remark == ""
    assert rows[2].secrecy == "普通商密"


def test_each_folder_has_its_spine_as_thick_as_it_is(session: Session) -> None:
    found = volume(session)
    (folder,) = volumes.folders_of(session, found)
    folder.thickness_mm = 15
    (spine,) = gather(session).spines([found], [folder], None)
    assert (spine.width, spine.is_box, spine.number, spine.items) == (15, False, "0001", "001-003")
    folder.thickness_mm = 40
    (spine,) = gather(session).spines([found], [folder], None)
    assert (spine.width, spine.is_box, spine.fonds) == (40, True, "Q001")
    found.arrangement, folder.thickness_mm = Arrangement.ITEM, 10
    (spine,) = gather(session).spines([found], [folder], None)
    assert (spine.width, spine.is_box, spine.subject) == (20, True, "合同与订单")


def test_a_note_sheet_says_what_its_keeper_wrote(session: Session) -> None:
    found = volume(session, papers=1)
    found.keeper_note, found.compiled_by, found.compiled_on = "缺第2页", "陈静", date(2025, 1, 10)
    (form,) = gather(session).notes([found])
    assert (form.note, form.compiled_by, form.compiled_on) == ("缺第2页", "陈静", "2025-01-10")
    assert not form.is_box


def test_file_lists_part_categories_and_years_and_number_each_from_one(session: Session) -> None:
    ours = [volume(session, f"第{number}公司", 1) for number in (1, 2)]
    other = stock.file(session, stock.read(session, "other.pdf"), "第3公司", year=2025).volume
    assert other is not None
    lists = list(gather(session).file_lists([ours[1], other, ours[0]]))
    assert [one.year for one in lists] == ["2024", "2025"]
    assert [(entry.number, entry.code) for entry in lists[0].entries] == [
        (1, ours[1].code), (2, ours[0].code),
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["cover", "spine", "note", "list"])
def test_the_questions_stay_as_many_however_many_volumes_are_printed(
    house: web.House, form: str
) -> None:
    asked = []
    for count in (1, 4):
        with house.database.writing() as session:
            codes = [volume(session, f"{count}-{number}", 1).code for number in range(count)]
        with house.database.reading() as session, counting(house) as questions:
            chosen = printing.volumes_typed(session, codes)
            printing.draw(session, chosen, printing.Wanted(form), BytesIO())
        asked.append(len(questions))
    assert asked[0] == asked[1]
