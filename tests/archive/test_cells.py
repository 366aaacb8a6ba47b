"""Cells read as values: full-width figures, Excel's dates and numbers, and what is none of them."""

from datetime import datetime

import pytest

from archive.base.errors import Refusal
from archive.base.typed import NotADate, NotAnAmount
from archive.exchange import cells
from archive.exchange.tables import Error, Formula, Value


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("  设备采购合同\n（副本） ", "设备采购合同 （副本）"),
        ("a\x00b\u200bc\ud800", "abc"),
        (2024, "2024"),
        (2024.0, "2024"),
        (12.5, "12.5"),
        (None, ""),
    ],
)
def test_a_text_is_kept_as_it_reads(value: Value, kept: str) -> None:
    assert cells.text(20)(value) == kept


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (datetime.fromisoformat("2024-05-02"), "2024-05-02"),
        ("2024年5月2日", "2024-05-02"),
        ("２０２４．５", "2024-05"),
        (20240502, "2024-05-02"),
        ("20240502", "2024-05-02"),
        (2024, "2024"),
        ("", ""),
    ],
)
def test_a_date_is_read_in_the_forms_that_catalogues_have(value: Value, kept: str) -> None:
    assert cells.dated(value) == kept


@pytest.mark.parametrize("value", ["2024年2月30日", "20240230", "去年", 45000.5, 20241301])
def test_a_day_that_is_none_is_refused(value: Value) -> None:
    with pytest.raises(NotADate):
        cells.dated(value)


@pytest.mark.parametrize(
    ("value", "kept"), [("１２", 12), (12.0, 12), ("1,200", 1200), (None, None), (" 7 ", 7)]
)
def test_a_whole_number_may_be_in_full_width(value: Value, kept: int | None) -> None:
    assert cells.whole(1, 5000)(value) == kept


@pytest.mark.parametrize("value", ["十二", 12.5, "0", "5001", "-1", "1e3", "9" * 400])
def test_a_number_that_is_none_or_out_of_bounds_is_refused(value: Value) -> None:
    with pytest.raises(cells.NotAWholeNumber):
        cells.whole(1, 5000)(value)


@pytest.mark.parametrize(
    ("read", "value", "refusal"),
    [
        (cells.text(10), Formula("=cmd|'/C calc'!A0"), cells.FormulaCell),
        (cells.dated, Error("#REF!"), cells.ErrorCell),
        (cells.code(30), 9.135010000010001e17, cells.RoundedNumber),
        (cells.text(300), "长" * 301, cells.TooLong),
        (cells.amount, "一百万", NotAnAmount),
        (cells.flag, "也许", cells.NotYesOrNo),
        (cells.choice({"公开": "public"}), "绝密", cells.NoneOfThese),
        (cells.required(cells.text(10)), "  ", cells.NeedsValue),
    ],
)
def test_a_cell_that_cannot_be_kept_says_why(
    read: cells.Reader, value: Value, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        read(value)


def test_a_choice_is_known_by_any_of_its_names() -> None:
    read = cells.choice({"公开": "public", "public": "public"})
    assert [read(value) for value in ("公开", "PUBLIC", "")] == ["public", "public", ""]


def test_yes_and_no_in_both_languages() -> None:
    assert [cells.flag(value) for value in ("是", "Yes", True, "复制件", 1)] == [True] * 5
    assert [cells.flag(value) for value in ("否", "", None, False, "原件")] == [False] * 5
