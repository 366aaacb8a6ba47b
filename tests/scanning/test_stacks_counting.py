"""Counting: two passes of a simplex feeder in one order, and pages against paper."""

import pytest

from scanning.stacks.counting import collate, reconcile


def test_backs_of_a_stack_turned_over_come_last_sheet_first() -> None:
    order = collate(3, 3).order
    assert order == (
        ("front", 0), ("back", 2), ("front", 1), ("back", 1), ("front", 2), ("back", 0),
    )  # fmt: skip


def test_backs_in_the_same_order_are_taken_as_they_come() -> None:
    assert collate(2, 2, backwards=False).order == (
        ("front", 0), ("back", 0), ("front", 1), ("back", 1),
    )  # fmt: skip


@pytest.mark.parametrize(("fronts", "backs"), [(3, 2), (0, 1), (5, 0)])
def test_passes_of_different_length_are_not_mixed_and_said(fronts: int, backs: int) -> None:
    found = collate(fronts, backs)
    assert [side for side, _ in found.order] == ["front"] * fronts + ["back"] * backs
    assert found.doubt is not None
    assert f"{fronts} front pages and {backs} back pages" in str(found.doubt)


def test_no_page_is_lost_or_doubled() -> None:
    for backwards in (True, False):
        found = collate(40, 40, backwards=backwards)
        assert len(set(found.order)) == 80
        assert found.doubt is None


def test_as_many_pages_as_sheets_are_right() -> None:
    assert reconcile(37, 37).doubt is None
    assert reconcile(37, 74, two_sided=True).doubt is None


@pytest.mark.parametrize(("pages", "ours"), [(20, 0), (22, 1)])
def test_twice_as_many_pages_as_sheets_are_told_as_fronts_and_backs(pages: int, ours: int) -> None:
    doubt = reconcile(10, pages, sheets_of_ours=ours).doubt
    assert doubt is not None
    assert f"10 sheets, and {pages} pages came: both sides, it seems" in str(doubt)


def test_our_own_sheets_may_be_counted_or_not() -> None:
    assert reconcile(37, 40, sheets_of_ours=3).doubt is None
    assert reconcile(40, 40, sheets_of_ours=3).doubt is None
    assert reconcile(37, 80, two_sided=True, sheets_of_ours=3).doubt is None
    assert reconcile(38, 40, sheets_of_ours=3).doubt is not None


def test_too_few_pages_are_said_with_both_counts() -> None:
    found = reconcile(37, 36)
    assert (found.expected, found.counted) == (37, 36)
    assert "37 sheets" in str(found.doubt) and "only 36" in str(found.doubt)


def test_too_many_pages_are_said_otherwise() -> None:
    assert "scanned twice" in str(reconcile(37, 38).doubt)
