"""Marks lie on the text as it is; a snippet shows them in their sentence, safely."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from search.highlight import marks, snippet

TEXT = st.text("租赁合同，。\n ab<&>HT-20", max_size=300)


def plain(html: str) -> str:
    return re.sub("</?mark>", "", html)


def test_marks_are_characters_of_the_text_as_it_is() -> None:
    text = "一、合 \n同编号（副本）"
    assert marks("合同", text) == [(2, 6)]
    assert text[2:6] == "合 \n同"


def test_a_percentage_is_marked_with_its_sign_where_that_was_asked_for() -> None:
    text = "预付 30％，余款 70 % 货到付清；第 30 条"
    assert [text[a:b] for a, b in marks("30%", text)] == ["30％", "30"]
    assert [text[a:b] for a, b in marks("70%", text)] == ["70 %"]
    assert [text[a:b] for a, b in marks("30", text)] == ["30", "30"]


def test_overlapping_marks_are_one() -> None:
    assert marks("违约责 约责任", "违约责任") == [(0, 4)]


def test_neighbouring_words_keep_their_own_marks() -> None:
    assert marks("租赁 合同", "租赁合同") == [(0, 2), (2, 4)]


def test_a_snippet_begins_with_the_sentence_of_the_mark() -> None:
    text = "前面的话很长很长。" * 30 + "双方签订租赁合同。" + "后面的话。" * 60
    shown = snippet(text, marks("租赁", text), width=40)
    assert shown.startswith("…双方签订<mark>租赁</mark>合同。")
    assert shown.endswith("…")
    assert len(plain(shown)) <= 60


def test_a_snippet_shows_the_place_with_most_marks() -> None:
    text = "租赁。" + "无关的句子。" * 60 + "租赁合同编号。" + "无关的句子。" * 60
    assert "<mark>租赁</mark><mark>合同</mark><mark>编号</mark>" in snippet(
        text, marks("租赁 合同 编号", text)
    )


def test_a_snippet_cannot_carry_html() -> None:
    text = "<script>租赁</script> & co"
    assert snippet(text, marks("租赁", text)) == (
        "&lt;script&gt;<mark>租赁</mark>&lt;/script&gt; &amp; co"
    )


def test_a_line_end_within_chinese_is_no_blank_in_a_snippet() -> None:
    text = "本合\n同自\n生效 and\nmore"
    assert snippet(text, marks("生效", text)) == "本合同自<mark>生效</mark> and more"


def test_a_page_without_marks_shows_its_beginning() -> None:
    assert snippet("甲方。" * 100, []).startswith("甲方。")
    assert snippet("", []) == ""


def test_a_mark_longer_than_the_width_is_cut() -> None:
    text = "租赁" * 300
    shown = snippet(text, marks(f'"{text}"', text), width=50)
    assert "<mark>" in shown
    assert len(plain(shown)) <= 60


@given(TEXT, st.sampled_from(["租赁", "合", "ab", "HT-20", "a*", "租赁合同"]), st.integers(10, 200))
def test_a_snippet_is_never_empty_when_there_is_a_mark(text: str, typed: str, width: int) -> None:
    found = marks(typed, text)
    shown = snippet(text, found, width)
    assert ("<mark>" in shown) == bool(found)
    assert len(plain(shown)) <= 6 * (width + 40)


@given(TEXT, st.sampled_from(["租赁", "合", "ab 合同", "HT20"]))
def test_marks_are_in_order_and_apart(text: str, typed: str) -> None:
    found = marks(typed, text)
    assert all(0 <= a < b <= len(text) for a, b in found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
