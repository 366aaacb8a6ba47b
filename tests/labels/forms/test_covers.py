"""Covers of volumes: the paper's size, every field, titles that are never cut."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from labels.draw import NothingToPrint
from labels.forms import covers
from labels.forms.covers import HARD, SOFT, Cover, CoverForm
from labels.forms.words import Language
from tests.labels.forms.paperwork import embedded, overlapping, pages, rules, size, words

FORM = CoverForm(
    "上海启明国际贸易股份有限公司", "2 合同与订单", "江苏恒岳精密机械有限公司 合同与订单 2024",
    "Q001-ZY·KH·2·2024·D10-0001", "10 年", 12, 86, "2024-01-05", "2024-12", "XS-2024-7",
)  # fmt: skip
LONGEST = "关于𠮷野家株式会社与㐱氏物流有限公司签订的设备采购合同及其补充协议，" * 12


def printed(*forms: CoverForm, cover: Cover = HARD, language: Language = "zh") -> BytesIO:
    target = BytesIO()
    drawn = covers.draw(forms, target, cover=cover, language=language)
    assert (drawn.pages, drawn.lacking) == (len(forms), "")
    return target


@pytest.mark.parametrize(("cover", "sides"), [(HARD, (220, 310)), (SOFT, (210, 297))])
def test_a_cover_is_as_large_as_the_standard_has_it(
    cover: Cover, sides: tuple[float, float]
) -> None:
    (page,) = pages(printed(FORM, cover=cover))
    assert size(page) == sides
    # The frame of the title and the table at the foot stand 25 mm from either side.
    frames = [rule for rule in rules(page) if rule.height and rule.width > 100]
    assert [(frame.x, frame.width) for frame in frames] == [(25, sides[0] - 50)] * 2


def test_a_cover_says_every_field_and_no_word_lies_on_another() -> None:
    pdf = printed(FORM)
    told = words(pages(pdf)[0])
    for field in (
        "全宗名称", FORM.fonds, "类目名称", "2合同与订单", "案卷题名",
        "江苏恒岳精密机械有限公司", "合同与订单2024", "时间", "自2024年1月起至2024年12月止",
        "保管期限", "10年", "件/页数", "本卷共12件86页", "归档号", "XS-2024-7", "档号", FORM.code,
    ):  # fmt: skip
        assert field in told
    assert overlapping(pdf) == []
    assert embedded(pages(pdf)[0])


@pytest.mark.parametrize("cover", [HARD, SOFT])
def test_the_longest_title_and_name_stand_whole_on_a_cover(cover: Cover) -> None:
    form = replace(FORM, title=LONGEST[:400], fonds=LONGEST[:200], category=LONGEST[:100])
    pdf = printed(form, cover=cover)
    told = words(pages(pdf)[0])
    for field in (form.title, form.fonds, form.category):
        assert field in told
    assert "…" not in told
    assert overlapping(pdf) == []


def test_a_title_is_broken_where_it_has_spaces() -> None:
    lines = pages(printed(FORM))[0].extract_text().splitlines()
    assert "江苏恒岳精密机械有限公司" in lines


def test_dates_stay_as_partial_as_they_are_and_none_is_made_up() -> None:
    partial = replace(FORM, first="2024", last="2025-03-01")
    assert "自2024年起至2025年3月止" in words(pages(printed(partial))[0])
    assert "起至" not in words(pages(printed(replace(FORM, first="", last="")))[0])


def test_a_cover_may_be_english_or_both() -> None:
    english = words(pages(printed(FORM, language="en"))[0])
    assert "Archivalcode" in english
    assert "from2024-01to2024-12" in english
    assert "全宗名称" not in english
    pdf = printed(FORM, language="both")
    assert "全宗名称Fonds" in words(pages(pdf)[0])
    assert overlapping(pdf) == []


def test_covers_are_drawn_as_they_come_one_a_page() -> None:
    target = BytesIO()
    titles = (f"第{number}卷" for number in range(1, 41))
    drawn = covers.draw((replace(FORM, title=title) for title in titles), target)
    assert drawn.pages == 40
    assert "第40卷" in words(pages(target)[39])


def test_no_cover_at_all_is_refused_and_no_file_is_left(tmp_path: Path) -> None:
    with pytest.raises(NothingToPrint):
        covers.draw([], tmp_path / "out.pdf")
    assert list(tmp_path.iterdir()) == []
