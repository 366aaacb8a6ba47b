"""Corrected lines and other readings: plain data, no database."""

from typing import Any

import pytest

from archive.documents import lines
from tests import stock

PAPER = "设备采购合同\n甲方：江苏恒岳\n总价 1000 元"


def reading(text: str = PAPER, **told: Any) -> dict[str, Any]:
    return stock.reading(text) | told


def texts(told: dict[str, Any]) -> list[str]:
    return [line["text"] for line in told["lines"]]


def test_a_corrected_line_is_sure_and_the_others_stay() -> None:
    before = reading()
    after, done = lines.corrected(before, 2, "总价 1800 元")
    assert texts(after) == ["设备采购合同", "甲方：江苏恒岳", "总价 1800 元"]
    assert after["lines"][2]["confidence"] == 1.0
    assert (done["before"], done["after"], done["box"]) == (
        "总价 1000 元", "总价 1800 元", before["lines"][2]["box"],
    )  # fmt: skip
    assert texts(before)[2] == "总价 1000 元"


def test_characters_keep_their_places_where_their_number_stays() -> None:
    told = reading()
    told["lines"][0]["cuts"] = [100, 200, 300, 400, 500, 600, 700]
    same, _ = lines.corrected(told, 0, "设备采购台同")
    longer, _ = lines.corrected(told, 0, "设备采购合同书")
    assert same["lines"][0]["cuts"] == told["lines"][0]["cuts"]
    assert "cuts" not in longer["lines"][0]


def test_an_added_line_lies_below_the_one_before_it() -> None:
    after, _ = lines.added(reading(), 1, "合同编号 7")
    assert texts(after)[1] == "合同编号 7"
    assert after["lines"][1]["box"] == [100, 140, 900, 180]
    top, _ = lines.added(reading(""), 0, "印章")
    assert texts(top) == ["印章"]


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("said", ["另一行", ""])
def test_every_correction_can_be_undone(place: int, said: str) -> None:
    after, done = lines.corrected(reading(), place, said)
    assert lines.undone(after, done) == reading()
    more, added = lines.added(reading(), place, "新行")
    assert lines.undone(more, added) == reading()


def test_another_reading_keeps_what_was_corrected() -> None:
    old, first = lines.corrected(reading(), 2, "总价 1800 元")
    old, second = lines.corrected(old, 2, "总价 1880 元")
    new, kept = lines.kept(
        old, reading("设备采购合同\n甲方：江苏恒岳\n总价 IOOO 元"), [first, second]
    )
    assert texts(new)[2] == "总价 1880 元"
    assert texts(lines.undone(new, kept[-1]))[2] == "总价 1800 元"


def test_a_removed_line_stays_away_and_comes_back_when_that_is_undone() -> None:
    old, done = lines.corrected(reading(), 1, "")
    new, kept = lines.kept(old, reading(), [done])
    assert texts(new) == ["设备采购合同", "总价 1000 元"]
    assert texts(lines.undone(new, kept[0])) == PAPER.splitlines()


def test_a_correction_that_finds_no_line_any_more_becomes_one_where_it_was() -> None:
    old, done = lines.corrected(reading(), 1, "甲方：江苏恒岳精密")
    new = reading()
    del new["lines"][1]
    again, kept = lines.kept(old, new, [done])
    assert texts(again) == ["设备采购合同", "甲方：江苏恒岳精密", "总价 1000 元"]
    assert again["lines"][1]["box"] == done["box"]
    assert kept[0]["was"] == []


def test_a_line_that_is_now_read_as_two_is_one_again() -> None:
    old, done = lines.corrected(reading(), 1, "甲方：江苏恒岳精密")
    new = reading()
    left, right = dict(new["lines"][1]), dict(new["lines"][1])
    left |= {"text": "甲方：", "box": [100, 200, 300, 240]}
    right |= {"text": "江苏", "box": [310, 200, 900, 240]}
    new["lines"][1:2] = [left, right]
    again, kept = lines.kept(old, new, [done])
    assert texts(again) == ["设备采购合同", "甲方：江苏恒岳精密", "总价 1000 元"]
    assert len(lines.undone(again, kept[0])["lines"]) == 4


def test_of_two_lines_that_are_now_read_as_one_only_the_corrected_part_is_another() -> None:
    old, done = lines.corrected(reading(), 2, "总价 1800 元")
    new = reading()
    wide = {"text": "甲方：江苏恒岳 总价 1000 元", "box": [100, 200, 900, 340], "confidence": 0.9}
    new["lines"][1:] = [wide]
    again, _ = lines.kept(old, new, [done])
    assert texts(again)[1] == "甲方：江苏恒岳 总价 1800 元"


def test_an_added_line_that_is_now_read_is_there_once() -> None:
    old, done = lines.added(reading("设备采购合同"), 1, "合同编号 HY-7")
    new = reading("设备采购合同")
    new["lines"].append({"text": "合同编号 HY-1", "box": [100, 140, 900, 180], "confidence": 0.9})
    again, _ = lines.kept(old, new, [done])
    assert texts(again) == ["设备采购合同", "合同编号 HY-7"]
    other = reading("设备采购合同\n甲方：江苏恒岳")
    assert texts(lines.kept(old, other, [done])[0]) == [
        "设备采购合同", "合同编号 HY-7", "甲方：江苏恒岳",
    ]  # fmt: skip


def test_what_was_corrected_is_found_again_on_a_page_that_was_turned_and_is_drawn_smaller() -> None:
    old, done = lines.corrected(reading(), 1, "甲方：江苏恒岳精密")
    # Clockwise by 90 degrees, at half the size: (x, y) lies at (height - y, x).
    new = reading(rotation=90, width=877, height=620)
    for line in new["lines"]:
        left, top, right, bottom = line["box"]
        line["box"] = [(1754 - bottom) // 2, left // 2, (1754 - top) // 2, right // 2]
    again, kept = lines.kept(old, new, [done])
    assert texts(again)[1] == "甲方：江苏恒岳精密"
    assert kept[0]["box"] == again["lines"][1]["box"]


def test_lines_below_the_least_are_doubts() -> None:
    told = reading()
    told["lines"][0]["confidence"] = 0.79
    assert lines.doubts(told) == 1
    assert lines.doubts(lines.corrected(told, 0, "设备采购合同")[0]) == 0
