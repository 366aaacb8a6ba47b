"""The form of a text, and the way back from it to the text."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import JOINED, LONGEST, grams, read, terms

ANYTHING = st.text(st.characters(codec=None), max_size=60)
PAPERLIKE = st.text(
    '合同编号王甲乙，。：（） \n\r\tHT-2024/0.31aＡ㎏é\u0301\u00ad\ud800\u3000*"', max_size=60
)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", "  "),
        ("甲方：HT-2024-0031 （以下\n简称）", " 甲方 ht 2024 0031 以下简称 "),
        ("第 3 条", " 第 3 条 "),
        ("，。", "  "),
        ("Ａ㎏", " akg "),
        ("in\u00adterest", " interest "),
        ("二〇二四年", " 二〇二四年 "),
    ],
)
def test_a_text_has_one_form(text: str, form: str) -> None:
    assert read(text).form == form


@given(st.one_of(ANYTHING, PAPERLIKE))
def test_every_character_of_the_form_stands_somewhere_in_the_text(text: str) -> None:
    reading = read(text)
    assert len(reading.form) == len(reading.at)
    for at, char in enumerate(reading.form):
        if char != " ":
            start, end = reading.place(at, at + 1)
            assert 0 <= start < end <= len(text)
            assert char in read(text[start:end]).form


@given(st.one_of(ANYTHING, PAPERLIKE))
def test_the_form_is_its_own_form(text: str) -> None:
    once = read(text).form
    assert read(once).form == once


@given(PAPERLIKE)
def test_composed_and_decomposed_letters_have_one_form(text: str) -> None:
    forms = {read(unicodedata.normalize(kind, text)).form for kind in ("NFC", "NFD", "NFKC")}
    assert len(forms) == 1


def test_chinese_is_indexed_by_single_characters_and_neighbours() -> None:
    assert list(grams(" 甲乙丙 ht ")) == ["甲", "乙", "丙", "甲乙", "乙丙", "ht"]


def test_a_code_is_indexed_in_every_run_of_its_parts() -> None:
    counted = terms(read("HT-2024-0031"))
    assert set(counted) == {"ht", "2024", "0031", "ht2024", "20240031", "ht20240031"}


def test_a_row_of_dots_does_not_swell_the_index() -> None:
    assert len(terms(read(".".join("ab" * 2_000)))) <= 2 * JOINED


def test_an_endless_word_is_cut() -> None:
    assert max(map(len, terms(read("a" * 10_000)))) == LONGEST


@pytest.mark.parametrize(
    "rubbish",
    [
        "a",
        "a-",
        "a.",
        "合a",
        "合 ",
        "-\n",
        "\u0301",
        " - ",
        "王A·1 ",
        "一百",
        "二〇",
        "一 ",
        "¥1,",
        "1,234",
        "2024年",
        "3-1-",
        "jan ",
        "元",
    ],
)
def test_rubbish_as_long_as_a_book_is_read_soon(rubbish: str) -> None:
    began = time.process_time()
    terms(read(rubbish * 20_000))
    assert time.process_time() - began < 2
