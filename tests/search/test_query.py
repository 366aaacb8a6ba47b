"""Whatever somebody types is read; nothing typed breaks the index or takes long."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engines import Index, open_index
from search.entry import Entry, Question
from search.highlight import marks, snippet
from search.query import parse
from tests.search.naive import NaiveIndex

TYPED = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.text('租赁合同编号王HT-·2024/0031 ab*＊"“”「」()，。\n\x00\ud800', max_size=30),
    st.text("0123456789¥,.-/年月日万元壹佰二十〇 ", max_size=16),
)
PAGES = st.lists(
    st.one_of(
        st.text("租赁合同编号王HT-·2024/0031ab 　，。\n", max_size=40),
        st.text("0123¥,.-/年月日万元壹佰二十〇 租", max_size=40),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize(
    ("typed", "patterns"),
    [
        ("租赁 合同", ["租赁", "合同"]),
        ('"租赁 合同"', ["租赁合同"]),
        ("租赁\u3000合同", ["租赁", "合同"]),
        ('甲"乙 丙"丁', ["甲", "乙丙", "丁"]),
        ("Letter OF", [" letter ", " of "]),
        ("ship*", [" ship"]),
        ("合同*", ["合同"]),
        ("租赁 租赁", ["租赁"]),
        ("rent Nov 16, 2023 May", [" rent ", " nov 16 2023 ", " may "]),
        ("2023-11 Nov 16, 2023", [" 2023 11 ", " nov 16 2023 "]),
        ("合同2024年 3月1日签", ["合同 2024 年", " 3 月 1 日签"]),
        ('" " “”', []),
    ],
)
def test_what_is_typed_is_read_as_clauses(typed: str, patterns: list[str]) -> None:
    assert [clause.pattern for clause in parse(typed).clauses] == patterns


@pytest.mark.parametrize(
    ("typed", "everything"),
    [("", True), (" \n", True), ("*", True), ("* *", True), ("，", False), ('"', False)],
)
def test_nothing_and_a_star_ask_for_everything(typed: str, everything: bool) -> None:
    assert parse(typed).everything is everything


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Index:
    index = open_index(tmp_path_factory.mktemp("kept") / "index")
    pages = ("租赁合同编号 HT-2024-0031", "letter of credit ab", "王")
    index.write([Entry(i, title="甲", pages=pages) for i in range(20)], [], 1)
    return index


@given(typed=TYPED)
def test_nothing_typed_breaks_it(kept: Index, typed: str) -> None:
    results = kept.search(Question(typed))
    assert results.total in (0, 20)
    assert snippet("租赁合同编号", marks(typed, "租赁合同编号"))


@given(
    since=st.text("0123456789-年ab ", max_size=12),
    until=st.text(max_size=12),
    offset=st.integers(),
    limit=st.integers(),
    category=st.text(max_size=3),
    party=st.none() | st.integers(),
)
def test_no_filter_breaks_it(
    kept: Index, since: str, until: str, offset: int, limit: int, category: str, party: int | None
) -> None:
    question = Question("王", category, "", party, since, until, offset, limit)
    assert kept.search(question).total in (0, 20)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(written=st.lists(PAGES, min_size=1, max_size=6), typed=st.lists(TYPED, max_size=6))
def test_the_engine_finds_exactly_what_reading_every_page_finds(
    tmp_path_factory: pytest.TempPathFactory, written: list[list[str]], typed: list[str]
) -> None:
    entries = [Entry(i, pages=tuple(pages)) for i, pages in enumerate(written)]
    engine, naive = open_index(tmp_path_factory.mktemp("exact") / "index"), NaiveIndex()
    for index in (engine, naive):
        index.write(entries[::2], [], 1)
        index.write(entries[1::2], [], 2)
    parts = [page[3:9] for pages in written for page in pages]
    for question in map(Question, [*typed, *parts, *(f'"{part}"' for part in parts)]):
        found, right = engine.search(question), naive.search(question)
        assert {h.document for h in found.hits} == {h.document for h in right.hits}, question
        assert found.total == right.total
        for entry in entries:
            pages = engine.pages(question.text, entry.document)
            assert list(pages) == list(naive.pages(question.text, entry.document)), question
    engine.close()


def test_a_question_as_long_as_a_book_is_answered_soon(kept: Index) -> None:
    began = time.thread_time()
    kept.search(Question("合同 " * 100_000))
    kept.search(Question("合同编号" * 100_000))
    kept.search(Question("\u0301" * 100_000))
    assert time.thread_time() - began < 1
