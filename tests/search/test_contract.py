"""Every engine finds what the contract says, and nothing else."""

import pytest

from search.engines import Index
from search.entry import Entry, Question
from search.highlight import marks, snippet
from tests.search.contract import CASES, Case

LEASE = Entry(
    1,
    title="房屋租赁合同",
    names=("上海远东物流有限公司", "HT-2024-0031"),
    pages=("甲方将房屋租给乙方。", "违约责任：letter of credit。", "争议由法院解决，甲方承担。"),
    category="2",
    kind="contract",
    party=7,
    dated="2024-05-03",
    code="0001-HT-2024-7",
)
WAYBILL = Entry(2, "公路运单", (), ("承运人负责。", "甲方"), "4", "waybill", 8, "2024-05", "")
LETTER = Entry(3, "函", (), ("甲方来函",), "4", "other", None, "2023", "")
UNDATED = Entry(4, "便条", (), (), "", "", None, "", "")


def found(index: Index, question: Question) -> list[int]:
    return [hit.document for hit in index.search(question).hits]


@pytest.fixture
def filled(index: Index) -> Index:
    index.write([LEASE, WAYBILL, LETTER, UNDATED], [], 41)
    return index


def test_every_engine_finds_what_the_contract_says(index: Index) -> None:
    index.write([Entry(i, pages=(case.text,)) for i, case in enumerate(CASES)], [], 1)
    for typed in dict.fromkeys(case.typed for case in CASES):
        said = {i: c for i, c in enumerate(CASES) if c.typed == typed}
        hits = index.search(Question(typed, limit=len(CASES))).hits
        answered = {hit.document: hit.page for hit in hits}
        for i, case in said.items():
            assert (i in answered) == (case.marked is not None), case
            assert answered.get(i, 1) == 1, case


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.typed!a} in {case.text!a}"[:60])
def test_the_words_that_answer_are_marked(case: Case) -> None:
    ranges = marks(case.typed, case.text)
    assert bool(ranges) >= (case.marked is not None)
    if case.marked is not None:
        assert [case.text[a:b] for a, b in ranges] == case.marked
        assert "<mark>" in snippet(case.text, ranges)


def test_words_may_stand_on_different_pages(filled: Index) -> None:
    assert found(filled, Question("租给 credit")) == [1]
    assert found(filled, Question("租给 承运人")) == []


def test_words_may_stand_in_title_names_code_and_pages(filled: Index) -> None:
    assert found(filled, Question("房屋租赁合同 远东物流 HT20240031 法院")) == [1]
    assert found(filled, Question("0001-HT-2024-7")) == [1]


def test_a_name_does_not_run_on_into_the_next(filled: Index) -> None:
    assert found(filled, Question("合同上海")) == []
    assert found(filled, Question("有限公司HT")) == []


def test_a_hit_names_its_best_page(filled: Index) -> None:
    assert filled.search(Question("违约责任 credit")).hits[0].page == 2
    assert filled.search(Question("争议 甲方")).hits[0].page == 3


def test_a_hit_in_title_or_names_alone_has_page_0(filled: Index) -> None:
    assert filled.search(Question("远东物流")).hits[0].page == 0


def test_a_hit_in_title_and_text_names_the_page(filled: Index) -> None:
    assert filled.search(Question("房屋")).hits[0].page == 1


def test_the_pages_of_a_document_that_hold_any_of_the_words_are_told(filled: Index) -> None:
    assert list(filled.pages("甲方", 1)) == [1, 3]
    assert list(filled.pages("credit 法院", 1)) == [2, 3]
    assert list(filled.pages('"letter of credit"', 1)) == [2]
    assert list(filled.pages("cred*", 1)) == [2]
    assert list(filled.pages("甲方", 2)) == [2]
    # Title and names are no page.
    assert list(filled.pages("远东物流", 1)) == []
    for asked in (("甲方", 99), ("无此内容", 1), ("", 1), ("，", 1)):
        assert list(filled.pages(*asked)) == []


def test_the_pages_are_those_that_were_written_last(filled: Index) -> None:
    filled.write([Entry(1, pages=("甲", "乙", "甲乙"))], [2], 42)
    assert list(filled.pages("甲", 1)) == [1, 3]
    assert list(filled.pages("甲方", 1)) == []
    assert list(filled.pages("甲方", 2)) == []


def test_filters_narrow(filled: Index) -> None:
    assert sorted(found(filled, Question("甲方"))) == [1, 2, 3]
    assert sorted(found(filled, Question("甲方", category="4"))) == [2, 3]
    assert found(filled, Question("甲方", kind="contract")) == [1]
    assert found(filled, Question("甲方", party=8)) == [2]
    assert found(filled, Question("甲方", category="4", party=7)) == []
    assert found(filled, Question("甲方", category="no such")) == []


def test_dates_narrow_and_partial_ones_count_whole(filled: Index) -> None:
    assert sorted(found(filled, Question("甲方", since="2024"))) == [1, 2]
    assert sorted(found(filled, Question("甲方", since="2024-05-04"))) == [2]
    assert sorted(found(filled, Question("甲方", until="2023-06"))) == [3]
    assert sorted(found(filled, Question("甲方", since="2024-05", until="2024-05"))) == [1, 2]
    assert found(filled, Question("甲方", since="2025")) == []


def test_filters_alone_list_everything_that_passes(filled: Index) -> None:
    assert sorted(found(filled, Question())) == [1, 2, 3, 4]
    assert sorted(found(filled, Question(" * "))) == [1, 2, 3, 4]
    assert sorted(found(filled, Question(category="4"))) == [2, 3]


def test_the_total_counts_what_is_not_shown(filled: Index) -> None:
    results = filled.search(Question("甲方", limit=2))
    assert (results.total, len(results.hits)) == (3, 2)
    rest = filled.search(Question("甲方", offset=2, limit=2))
    assert (rest.total, len(rest.hits)) == (3, 1)
    assert {h.document for h in results.hits + rest.hits} == {1, 2, 3}
    assert filled.search(Question("甲方", offset=50)).hits == ()


def test_a_document_written_again_is_replaced(filled: Index) -> None:
    filled.write([Entry(1, title="便函", pages=("新文本",))], [], 42)
    assert found(filled, Question("甲方 credit")) == []
    assert found(filled, Question("新文本")) == [1]
    assert filled.count() == 4


def test_a_document_written_twice_at_once_is_kept_as_written_last(index: Index) -> None:
    index.write([Entry(1, pages=("旧",)), Entry(1, pages=("新",))], [1], 1)
    assert index.count() == 1
    assert found(index, Question("新")) == [1]
    assert found(index, Question("旧")) == []


def test_a_document_taken_out_is_gone(filled: Index) -> None:
    filled.write([], [1, 99], 42)
    assert found(filled, Question("credit")) == []
    assert filled.count() == 3
    assert sorted(found(filled, Question())) == [2, 3, 4]


def test_the_bookmark_is_kept_with_the_commit(index: Index) -> None:
    assert index.bookmark() == 0
    index.write([LEASE], [], 41)
    assert index.bookmark() == 41
    index.write([], [], 57)
    assert (index.bookmark(), index.count()) == (57, 1)


def test_a_cleared_index_is_new(filled: Index) -> None:
    filled.clear()
    assert (filled.bookmark(), filled.count(), found(filled, Question("甲方"))) == (0, 0, [])
    filled.write([LEASE], [], 3)
    assert found(filled, Question("甲方")) == [1]
