"""Note sheets of volumes and boxes."""

from dataclasses import replace
from io import BytesIO

import pytest

from labels.forms import notes
from labels.forms.notes import NoteForm
from tests.labels.forms.paperwork import embedded, overlapping, pages, size, words

FORM = NoteForm(
    False, "Q001-ZY·KH·2·2024·D10-0001", 12, 86, "第3件为复印件。\n原件存财务部。",
    "Q001-ZY·KH·2·2023·D10-0009", "陈静", "2025-01-10", "王芳", "2025-02-01",
)  # fmt: skip


def printed(*forms: NoteForm) -> BytesIO:
    target = BytesIO()
    assert notes.draw(forms, target).lacking == ""
    return target


def test_a_volumes_note_sheet_says_who_made_it_and_what_lies_in_it() -> None:
    pdf = printed(FORM)
    (page,) = pages(pdf)
    told = words(page)
    assert size(page) == (210, 297)
    for field in (
        "卷内备考表", f"档号：{FORM.code}", f"互见号：{FORM.see_also}", "本卷情况说明：",
        "本卷共有文件12件，86页。", "第3件为复印件。", "立卷人：陈静", "检查人：王芳",
        "立卷时间：2025年1月10日",
    ):  # fmt: skip
        assert field in told
    assert "检查日期" not in told
    assert overlapping(pdf) == []
    assert embedded(page)


def test_a_boxs_note_sheet_has_its_own_fields() -> None:
    told = words(pages(printed(replace(FORM, is_box=True)))[0])
    for field in (
        "盒内文件情况说明：", "本盒共有文件12件，86页。", "整理人：陈静", "整理日期：2025年1月10日",
        "检查人：王芳", "检查日期：2025年2月1日",
    ):  # fmt: skip
        assert field in told
    assert "互见号" not in told


def test_a_keepers_paragraphs_stay_apart() -> None:
    lines = pages(printed(FORM))[0].extract_text().splitlines()
    assert [line for line in lines if line in FORM.note.splitlines()] == FORM.note.splitlines()


@pytest.mark.parametrize("paragraph", [1, 7, 500])
def test_the_longest_note_stands_whole(paragraph: int) -> None:
    said = ("第三件缺第二页，" * 200)[:1000]
    note = "\n".join(said[at : at + paragraph] for at in range(0, len(said), paragraph))[:1000]
    pdf = printed(replace(FORM, note=note))
    assert "".join(note.split()) in words(pages(pdf)[0])
    assert overlapping(pdf) == []


def test_what_is_not_known_yet_is_left_to_be_written_by_hand() -> None:
    told = words(pages(printed(NoteForm(False, FORM.code, 1, 2)))[0])
    assert "立卷人：" in told
    assert "None" not in told
