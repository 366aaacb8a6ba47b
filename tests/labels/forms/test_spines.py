"""Spines: strips of exact width on A4 sheets, each with its fields and cut marks."""

from dataclasses import replace
from io import BytesIO

import pytest

from labels.forms import spines
from labels.forms.spines import BOXES, COVERS, NoSuchSpine, SpineForm
from tests.labels.forms.paperwork import embedded, overlapping, pages, rules, size, words

FORM = SpineForm(
    20, False, "Q001", "2024", "10 年", "合同与订单", "0012", "2",
    "江苏恒岳精密机械有限公司（南京）与𠮷野家 Trading 合同与订单 2024", "001-128", "XS-7",
)  # fmt: skip
KINDS = [*((width, False) for width in COVERS), *((width, True) for width in BOXES)]


def printed(*forms: SpineForm) -> BytesIO:
    target = BytesIO()
    assert spines.draw(forms, target).lacking == ""
    return target


@pytest.mark.parametrize(("width", "is_box"), KINDS)
def test_a_spine_is_cut_at_its_exact_width_and_length(width: int, is_box: bool) -> None:
    pdf = printed(replace(FORM, width=width, is_box=is_box))
    (page,) = pages(pdf)
    assert size(page) == (210, 297)
    marks = [rule for rule in rules(page) if rule.width == 0 and rule.height == 4]
    assert {mark.x for mark in marks} == {12, 12 + width}
    # Each stands 1.5 mm outside: between the upper and the lower ones are 260 mm of spine.
    lower, upper = sorted({mark.y for mark in marks})
    assert round(upper - lower - 4 - 3, 2) == 260
    assert overlapping(pdf) == []
    assert embedded(page)


def test_a_covers_spine_and_a_boxs_have_the_fields_of_their_standards() -> None:
    cover = words(pages(printed(FORM))[0])
    for field in ("全宗号Q001", "年度2024", "案卷号0012", "类别号2", "归档号XS-7", "保管期限10年"):
        assert field in cover
    box = words(pages(printed(replace(FORM, is_box=True)))[0])
    for field in (
        "全宗号Q001",
        "年度2024",
        "保管期限10年",
        "机构(问题)",
        "起止件号001-128",
        "盒号0012",
    ):
        assert field in box
    assert "合同与订单" in box


@pytest.mark.parametrize(("width", "is_box"), KINDS)
def test_no_fields_name_is_cut_on_a_spine_in_both_languages(width: int, is_box: bool) -> None:
    target = BytesIO()
    spines.draw([replace(FORM, width=width, is_box=is_box)], target, language="both")
    told = words(pages(target)[0])
    assert "…" not in told
    assert ("Fondsno." in told) == (width >= 20)


def test_a_title_runs_from_top_to_bottom() -> None:
    lines = pages(printed(replace(FORM, title="江苏恒岳")))[0].extract_text().splitlines()
    assert [line for line in lines if line in "江苏恒岳"] == ["江", "苏", "恒", "岳"]


def test_several_spines_share_a_sheet_and_the_rest_goes_to_the_next() -> None:
    forms = [replace(FORM, width=10, number=f"{number:04}") for number in range(1, 31)]
    sheets = pages(printed(*forms))
    assert len(sheets) == 3
    assert [words(sheet).count("全宗号") for sheet in sheets] == [12, 12, 6]
    for sheet in sheets:
        assert max(rule.x + rule.width for rule in rules(sheet)) < 210 - 4.5


def test_a_title_too_long_for_a_thin_spine_ends_with_dots_inside_it() -> None:
    pdf = printed(replace(FORM, width=10, title="关于设备采购合同的补充协议" * 30))
    (page,) = pages(pdf)
    assert "…" in words(page)
    assert overlapping(pdf) == []


@pytest.mark.parametrize(("width", "is_box"), [(12, False), (30, False), (10, True), (0, True)])
def test_a_spine_that_no_cover_or_box_has_is_refused(width: int, is_box: bool) -> None:
    with pytest.raises(NoSuchSpine, match="boxes 20, 30, 40 or 50"):
        printed(replace(FORM, width=width, is_box=is_box))
