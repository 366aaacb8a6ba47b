"""Stacks taken apart: what parts papers, what only suggests it, and what a clerk is told."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanning.stacks.meanings import nothing
from scanning.stacks.said import Said
from scanning.stacks.sheets import Reason, Role
from scanning.stacks.signs import PageSigns
from scanning.stacks.splitting import Settings, Split, split
from tests.scanning.leaves import (
    BLANK,
    COVER,
    DIM,
    FIRST,
    OURS,
    PATCH,
    SEPARATOR,
    TEXT,
    bare,
    meaning,
    page,
    papers,
    read,
    told,
)

# What parts papers for certain


def test_a_stack_without_any_sign_is_one_paper() -> None:
    found = split([TEXT, TEXT, TEXT])
    assert papers(found) == [(0, 1, 2)]
    assert found.papers[0].boundary.reason is Reason.START
    assert found.doubts == ()


def test_no_pages_make_no_papers() -> None:
    assert split([]) == Split((), (), (), ())


@pytest.mark.parametrize(
    ("sheet", "role", "reason"),
    [
        (COVER, Role.COVER, Reason.COVER),
        (SEPARATOR, Role.SEPARATOR, Reason.SEPARATOR),
        (PATCH, Role.SEPARATOR, Reason.PATCH),
        (page("PATCHT"), Role.SEPARATOR, Reason.PATCH),
    ],
)
def test_our_sheets_and_patch_t_part_for_certain(
    sheet: PageSigns, role: Role, reason: Reason
) -> None:
    found = split([TEXT, TEXT, sheet, TEXT], meaning)
    assert papers(found) == [(0, 1), (3,)]
    assert found.roles[2] is role
    assert found.papers[1].boundary.reason is reason
    assert found.papers[1].boundary.certain
    assert found.doubts == ()


def test_a_cover_holds_until_the_next_one_also_past_separators() -> None:
    stack = [COVER, TEXT, SEPARATOR, TEXT, page(OURS + "C2"), TEXT, PATCH, TEXT]
    found = split(stack, meaning)
    assert [paper.cover for paper in found.papers] == ["C1", "C1", "C2", "C2"]


def test_a_code_printed_twice_on_a_sheet_is_one() -> None:
    found = split([page(OURS + "C1", OURS + "C1"), TEXT], meaning)
    assert found.papers[0].cover == "C1"
    assert found.doubts == ()


# Codes of others


@pytest.mark.parametrize(
    "text",
    [
        "6901234567892",
        "01,10,3100204130,0712345,12800.00,20250118,0712345,A1B2,",
        "https://kd.example.cn/t/123",
        "https://other.example.org/c/C1",
        OURS + "F",
        "",
        "\x00\ud83d",
        "x" * 4_000,
    ],
)
def test_others_codes_never_part_and_raise_no_doubt(text: str) -> None:
    for known in (meaning, nothing):
        found = split([TEXT, page(text), page(text, ink=0.001), TEXT], known)
        assert papers(found) == [(0, 1, 2, 3)]
        assert found.doubts == ()


def test_a_foreign_code_beside_ours_changes_nothing() -> None:
    found = split([TEXT, page("6901234567892", OURS + "C1"), TEXT], meaning)
    assert found.papers[1].cover == "C1"


# Doubt


@pytest.mark.parametrize("ink", [0.05, 0.001])
def test_a_code_like_ours_that_is_none_is_doubted_and_parts_nothing(ink: float) -> None:
    found = split([TEXT, page(OURS + "C1x", ink=ink), TEXT], meaning)
    assert papers(found) == [(0, 1, 2)]
    assert told(found) == [1]


def test_a_code_like_ours_on_a_patch_sheet_is_doubted_and_the_patch_parts() -> None:
    found = split([TEXT, replace(page(OURS + "C1x"), patches=("T",)), TEXT], meaning)
    assert papers(found) == [(0,), (2,)]
    assert told(found) == [1]


def test_a_sheet_with_little_but_a_dim_code_parts_uncertainly() -> None:
    found = split([TEXT, DIM, TEXT, TEXT], meaning)
    assert papers(found) == [(0,), (2, 3)]
    assert found.roles[1] is Role.DOUBTFUL
    assert not found.papers[1].boundary.certain
    assert told(found) == [1]


def test_a_written_page_with_a_dim_code_stays_in_its_paper_and_is_doubted() -> None:
    found = split([TEXT, replace(DIM, ink=0.06), TEXT], meaning)
    assert papers(found) == [(0, 1, 2)]
    assert told(found) == [1]


def test_an_invoice_with_little_print_and_a_small_dim_code_stays_in_its_paper() -> None:
    small = replace(DIM, unread=((100, 100, 225, 225),), ink=0.012)
    found = split([TEXT, small, TEXT], meaning)
    assert papers(found) == [(0, 1, 2)]
    assert told(found) == [1]
    assert split([TEXT, replace(small, ink=0.003), TEXT]).roles[1] is Role.DOUBTFUL


def test_the_letters_beside_a_dim_code_tell_which_cover_it_is() -> None:
    readings = [read("合同"), read("批次封面", "COVER001"), read("合同")]
    for sheet in (DIM, replace(DIM, patches=("T",)), PATCH):
        found = split([TEXT, sheet, TEXT], meaning, readings)
        assert found.roles[1] is Role.COVER
        assert found.papers[1].cover == "COVER001"
        assert told(found) == [1], "a clerk compares"


def test_letters_on_a_written_page_are_no_cover() -> None:
    readings = [read("合同"), read("见封面 COVER001"), read("合同")]
    found = split([TEXT, TEXT, TEXT], meaning, readings)
    assert papers(found) == [(0, 1, 2)]


def test_a_patch_with_a_dim_code_parts_for_certain_but_what_it_is_is_doubted() -> None:
    found = split([TEXT, replace(DIM, patches=("T",)), TEXT], meaning)
    assert found.papers[1].boundary.certain
    assert told(found) == [1]


def test_a_patch_without_a_code_among_sheets_of_ours_is_doubted() -> None:
    assert told(split([COVER, TEXT, PATCH, TEXT], meaning)) == [2]
    assert told(split([TEXT, PATCH, TEXT], meaning)) == []


def test_another_patch_than_t_only_parts_uncertainly() -> None:
    found = split([TEXT, replace(page(), patches=("3",)), TEXT], meaning)
    assert papers(found) == [(0,), (2,)]
    assert not found.papers[1].boundary.certain
    assert told(found) == [1]


def test_two_different_covers_on_a_sheet_are_doubted_and_neither_is_believed() -> None:
    found = split([COVER, TEXT, page(OURS + "C1", OURS + "C2"), TEXT], meaning)
    assert found.roles[2] is Role.DOUBTFUL
    assert told(found) == [2]
    assert papers(found) == [(1,), (3,)]


def test_the_same_cover_twice_in_a_row_is_one_and_two_different_ones_are_doubted() -> None:
    assert told(split([COVER, COVER, TEXT], meaning)) == []
    assert told(split([COVER, BLANK, page(OURS + "C2"), TEXT], meaning)) == [0]


def test_a_cover_at_the_end_covers_nothing() -> None:
    assert told(split([COVER, TEXT, page(OURS + "C2"), BLANK], meaning)) == [2]


def test_a_cover_for_one_use_that_comes_again_is_doubted() -> None:
    once = page(OURS + "C9")
    found = split([once, TEXT, once, TEXT], meaning)
    assert told(found) == [2]
    assert found.doubts[0].said.params == {"page": 1}
    assert told(split([COVER, TEXT, COVER, TEXT], meaning)) == []


# Blank pages


def test_blank_backs_are_set_aside_and_part_nothing() -> None:
    found = split([TEXT, BLANK, TEXT, BLANK], settings=Settings(two_sided=True))
    assert papers(found) == [(0, 2)]
    assert found.papers[0].blanks == (1, 3)
    assert found.roles[1] is Role.BLANK


def test_blank_pages_part_when_asked() -> None:
    found = split([TEXT, BLANK, TEXT], settings=Settings(blank_parts=True))
    assert papers(found) == [(0,), (2,)]
    assert found.papers[1].boundary.reason is Reason.BLANK


def test_in_a_two_sided_stack_only_a_sheet_blank_on_both_sides_parts() -> None:
    stack = [TEXT, BLANK, TEXT, TEXT, BLANK, BLANK, TEXT, BLANK]
    found = split(stack, settings=Settings(two_sided=True, blank_parts=True))
    assert papers(found) == [(0, 2, 3), (6,)]


def test_an_almost_blank_page_stays_and_is_doubted_unless_it_can_be_read() -> None:
    stack = [TEXT, bare("almost")]
    assert told(split(stack)) == [1]
    assert told(split(stack, readings=[read("合同"), read("已于2024年3月1日收讫")])) == []
    assert papers(split(stack)) == [(0, 1)]


def test_a_pale_page_is_doubted_also_when_a_reader_reads_something_there() -> None:
    readings = [read("合同"), read("司公限有口出进")]
    assert told(split([TEXT, bare("faint")], readings=readings)) == [1]


def test_a_code_that_shines_through_belongs_to_the_other_side() -> None:
    behind = replace(bare("blank"), codes=page(OURS + "C1", depth=0.2).codes)
    found = split([COVER, behind, TEXT], meaning)
    assert found.roles[:2] == (Role.COVER, Role.BLANK)
    # Without another side that explains it, a pale code is a code.
    assert split([behind, TEXT], meaning).roles[0] is Role.COVER


def test_the_back_of_a_separator_is_set_aside_unless_it_is_written_on() -> None:
    two_sided = Settings(two_sided=True)
    assert split([COVER, bare("almost"), TEXT, BLANK], meaning, settings=two_sided).doubts == ()
    found = split([COVER, TEXT, TEXT, BLANK], meaning, settings=two_sided)
    assert papers(found) == [(1, 2)]
    assert told(found) == [1]


# Whatever comes, nothing is lost

ANY = st.sampled_from([
    TEXT, BLANK, PATCH, COVER, SEPARATOR, DIM, bare("almost"), bare("faint"), page("690123"),
    page(OURS + "C1", OURS + "C2"), page(OURS + "nothing"), page(OURS + "C9"),
    replace(page(), patches=("2",)),
])  # fmt: skip


@given(st.lists(ANY, max_size=30), st.booleans(), st.booleans(), st.booleans())
def test_every_page_of_content_is_in_one_paper_in_the_order_of_the_stack(
    stack: list[PageSigns], two_sided: bool, blank_parts: bool, trust_reader: bool
) -> None:
    settings = Settings(two_sided, blank_parts, trust_reader)
    found = split(stack, meaning, [FIRST] * len(stack), settings)
    content = [at for at, role in enumerate(found.roles) if role is Role.CONTENT]
    assert [at for paper in found.papers for at in paper.pages] == content
    assert all(paper.boundary.at == paper.pages[0] for paper in found.papers)
    assert {at for at, role in enumerate(found.roles) if role is Role.DOUBTFUL} <= {*told(found)}
    for doubt in found.doubts:
        assert "%(" not in str(doubt.said)


def test_every_sentence_can_be_filled_in() -> None:
    assert str(Said("page %(page)s", {"page": 3})) == "page 3"
