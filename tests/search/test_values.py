"""Dates and amounts are known however they are written, and nothing else is taken for one."""

import pytest

from search.analysis import read
from search.values import meant, number, values


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("十五", 15), ("二十", 20), ("三十一", 31), ("一千零五", 1_005), ("拾万", 100_000),
        ("一百二十万", 1_200_000), ("壹佰贰拾捌万陆仟伍佰", 1_286_500), ("两万", 20_000),
        ("一亿二千万", 120_000_000), ("三万亿", 3 * 10**12), ("五千零三十亿零六", 503_000_000_006),
        ("零", 0), ("万", None), ("百万", None), ("二〇二四", None), ("一二", None),
        ("千百十", None), ("一万二万", None), ("二十三百", None), ("一千一千", None),
    ],
)  # fmt: skip
def test_chinese_numbers_are_read(words: str, figures: int | None) -> None:
    assert number(words) == figures


@pytest.mark.parametrize(
    ("typed", "forms"),
    [
        ("2024年3月1日。", ("@2024-03-01",)),
        ("20240301", ("@2024-03-01", "¥20240301")),
        ("2024年3月", ("@2024-03",)),
        ("June 5th 2024", ("@2024-06-05",)),
        ("May 2024", ()),
        ("2023-02-29", ()),
        ("2024-13-01", ()),
        ("0000年0月0日", ()),
        ("2024年", ()),
        ("自2024年3月1日起", ()),
        ("1200000.00", ("¥1200000",)),
        ("0.50", ("¥0.5",)),
        ("007", ("¥7",)),
        ("12,00", ()),
        ("1,2345", ()),
        ("192.168.1.1", ()),
        ("壹佰贰拾万", ("¥1200000",)),
        ("五", ()),
        ("五元", ("¥5",)),
        ("", ()),
    ],
)
def test_what_somebody_types_is_one_date_or_amount_or_none(
    typed: str, forms: tuple[str, ...]
) -> None:
    assert meant(read(typed).folded) == forms


def test_a_plain_number_is_a_word_and_no_value_of_a_text() -> None:
    assert list(values("第3条 2024 ht-2024-0031 1200000 五，千万，万一")) == []
    assert [form for form, _, _ in values("1,200 与 3.50 与 三万")] == ["¥1200", "¥3.5", "¥30000"]


def test_values_stand_where_the_text_has_them() -> None:
    text = "總價　人民幣壹佰貳拾萬圓整（￥１，２００，０００．００）"
    found = [(value.joined, text[value.start : value.end]) for value in read(text).values]
    assert found == [
        ("¥1200000", "￥１，２００，０００．００"),
        ("¥1200000", "人民幣壹佰貳拾萬圓整"),
    ]
