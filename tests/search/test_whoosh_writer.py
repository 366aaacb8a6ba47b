"""Segments are merged so that there are few of them and no commit takes long."""

from pathlib import Path

import pytest

from search.engines import open_index
from search.engines.whoosh_writer import FAN, LARGEST, to_merge
from search.entry import Entry, Question


def test_eight_small_segments_become_one() -> None:
    sizes = {str(i): 2 for i in range(FAN)}
    assert to_merge(sizes) == set(sizes)
    assert to_merge({"0": 2, "1": 3}) == set()


def test_a_large_segment_is_left_alone() -> None:
    small = {str(i): 2 for i in range(FAN)}
    assert to_merge({**small, "large": 50_000}) == set(small)


def test_an_empty_segment_falls_away() -> None:
    assert to_merge({"empty": 0, "full": 9}) == {"empty"}


@pytest.mark.parametrize("records", [2, 3, 5, 9, 40, 100])
def test_five_thousand_commits_copy_little_and_leave_few_segments(records: int) -> None:
    sizes: dict[str, int] = {}
    copied = []
    for commit in range(5_000):
        merged = to_merge(sizes)
        copied.append(sum(sizes.pop(name) for name in merged))
        sizes[str(commit)] = records + copied[-1]
    assert max(copied) <= 2 * LARGEST
    assert sum(copied) <= 4 * records * 5_000
    assert len(sizes) < 4 * FAN + records * 5_000 / (LARGEST / 2)


def test_a_segment_of_more_pages_than_two_bytes_count_is_exact(tmp_path: Path) -> None:
    index = open_index(tmp_path / "index")
    entries = [Entry(i, pages=("甲",) * 999) for i in range(70)]
    index.write([*entries, Entry(70, pages=("乙", "甲乙"))], [], 1)
    assert index.search(Question("甲乙")).hits[0].document == 70
    assert index.search(Question("甲")).total == 71
    index.write([], [5], 2)
    assert index.search(Question("甲")).total == 70
