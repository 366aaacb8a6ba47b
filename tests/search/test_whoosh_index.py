"""The Whoosh index under blows: killed, damaged, short of disk, written and read all at once."""

import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from search import analysis
from search.engines import EngineUnknown, Index, IndexBusy, IndexTorn, open_index, whoosh_index
from search.entry import Entry, Question
from tests.search.naive import NaiveIndex

REPOSITORY = Path(__file__).parents[2]
WRITER = """
import sys
from itertools import count
from pathlib import Path
from search.engines import open_index
from search.entry import Entry
index = open_index(Path(sys.argv[1]))
for i in count(int(sys.argv[2])):
    index.write([Entry(i, pages=("常在的文字", f"第{i}件"))], [i - 5] if i % 5 == 0 else [], i)
    print(i, flush=True)
    if i == int(sys.argv[3]):
        break
"""


def writer(folder: Path, first: int, last: int = 10**9) -> "subprocess.Popen[str]":
    """A process that commits document after document, each numbered like its bookmark."""
    command = [sys.executable, "-c", WRITER, str(folder), str(first), str(last)]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)


def left(last: int) -> int:
    """How many documents are kept once `last` is written: each fifth takes an older one out."""
    return last - max(0, last // 5 - 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_killed_in_the_middle_of_a_write_it_opens_at_its_last_commit(folder: Path) -> None:
    chance = random.Random(7)
    told = 0
    for _ in range(5):
        child = writer(folder, told + 1)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(chance.uniform(0, 0.25))
        child.send_signal(signal.SIGKILL)
        written = [told + 1, *map(int, child.stdout.read().split())]
        child.wait()
        index = open_index(folder)
        told = index.bookmark()
        assert told in (written[-1], written[-1] + 1)
        assert index.count() == index.search(Question("常在的文字")).total == left(told)
        assert index.search(Question(f"第{told}件")).total == 1
        index.close()


def test_what_a_killed_writer_left_is_swept_up(folder: Path) -> None:
    index = open_index(folder)
    index.write([Entry(1, pages=("甲",))], [], 1)
    (folder / "MAIN_abandoned.rec").write_bytes(b"half")
    index.write([Entry(2, pages=("乙",))], [], 2)
    assert not (folder / "MAIN_abandoned.rec").exists()


def test_a_full_disk_leaves_the_last_commit(folder: Path) -> None:
    index = open_index(folder)
    index.write([Entry(1, pages=("先前的",))], [], 1)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            index.write([Entry(2, pages=("太多的文字" * 20_000,))], [1], 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (index.bookmark(), index.search(Question("先前")).total) == (1, 1)
    index.write([Entry(2, pages=("太多的文字" * 20_000,))], [1], 2)
    assert (index.count(), index.search(Question("多的文")).total) == (1, 1)


def flip(file: Path) -> None:
    """One byte in the middle changed."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def cut(file: Path) -> None:
    """The second half lost."""
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])


def empty(file: Path) -> None:
    """A file of no length, as a power failure leaves it."""
    file.write_bytes(b"")


def zeroed(file: Path) -> None:
    """The length is right, the bytes never came to the disk."""
    file.write_bytes(bytes(file.stat().st_size))


@pytest.mark.parametrize("damage", [flip, cut, empty, zeroed, Path.unlink])
@pytest.mark.parametrize("kind", ["*.toc", "*.seg"])
def test_a_damaged_index_says_so_and_can_be_built_again(
    folder: Path, kind: str, damage: Callable[[Path], None]
) -> None:
    open_index(folder).write([Entry(1, pages=("甲",))], [], 1)
    damage(next(folder.glob(kind)))
    index = open_index(folder)
    asked: list[Callable[[], object]] = [
        index.bookmark,
        index.count,
        lambda: index.search(Question("甲")),
        lambda: index.write([Entry(2)], [], 2),
    ]
    for ask in asked:
        with pytest.raises(IndexTorn, match="built again"):
            ask()
    index.clear()
    assert (index.bookmark(), index.count()) == (0, 0)
    index.write([Entry(2, pages=("乙",))], [], 2)
    assert open_index(folder).search(Question("乙")).total == 1


def test_a_folder_taken_away_is_torn_for_who_has_it_open_and_new_for_who_opens_it(
    folder: Path,
) -> None:
    index = open_index(folder)
    index.write([Entry(1, pages=("甲",))], [], 1)
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    with pytest.raises(IndexTorn):
        index.search(Question("甲"))
    anew = open_index(folder)
    assert (anew.bookmark(), index.bookmark(), index.count()) == (0, 0, 0)


def test_an_index_that_reads_texts_in_an_earlier_way_is_built_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(whoosh_index, "FORM", 1)
        earlier.setattr(analysis, "FORM", 1)
        index = open_index(folder)
        index.write([Entry(1, pages=("甲",))], [], 9)
        assert index.count() == 1
    index = open_index(folder)
    with pytest.raises(IndexTorn):
        index.search(Question("甲"))
    index.clear()
    index.write([Entry(1, pages=("甲",))], [], 9)
    assert open_index(folder).count() == 1


def test_an_index_cleared_elsewhere_is_seen_as_new(folder: Path) -> None:
    reader, other = open_index(folder), open_index(folder)
    reader.write([Entry(1, pages=("甲",))], [], 9)
    other.clear()
    assert (reader.bookmark(), reader.count()) == (0, 0)


def test_a_commit_is_seen_at_once_by_other_processes(folder: Path) -> None:
    index = open_index(folder)
    child = writer(folder, 1, last=40)
    assert child.stdout is not None
    for line in child.stdout:
        assert index.search(Question(f"第{int(line)}件")).total == 1
        assert index.bookmark() >= int(line)
    assert child.wait() == 0


def test_readers_never_see_half_a_commit(folder: Path) -> None:
    """Each commit writes the same documents again: at no moment is one missing or twice there."""
    writing, reading = open_index(folder), open_index(folder)
    papers = [Entry(i, title="常在", pages=("租赁合同", "违约责任")) for i in range(20)]
    writing.write(papers, [], 0)

    def commit() -> None:
        for row in range(40):
            writing.write(papers[row % 18 : row % 18 + 3], [], row)

    with ThreadPoolExecutor(4) as threads:
        commits = threads.submit(commit)
        readers = [threads.submit(watch, reading, commits.done) for _ in range(3)]
        totals = {total for reader in readers for total in reader.result()}
    commits.result()
    assert totals == {20}


def watch(index: Index, over: Callable[[], bool]) -> set[int]:
    """All totals that a reader gets until it is over."""
    totals = set()
    while not over():
        totals.add(index.search(Question("常在 违约责任")).total)
        totals.add(index.count())
    return totals


def test_two_processes_write_and_nothing_is_lost(folder: Path) -> None:
    children = [writer(folder, first, last=first + 24) for first in (1_000, 2_000)]
    for child in children:
        child.communicate(timeout=60)
        assert child.returncode == 0
    found = open_index(folder).search(Question("常在的文字", limit=100)).hits
    assert {hit.document for hit in found} >= {1_024, 2_024, 1_001, 2_001}
    assert len(found) == 2 * (25 - 4)


def test_threads_that_share_an_index_write_one_after_the_other(folder: Path) -> None:
    index = open_index(folder)
    with ThreadPoolExecutor(4) as threads:
        for n in range(24):
            threads.submit(index.write, [Entry(n, pages=("甲",))], [], n)
    assert index.count() == index.search(Question("甲")).total == 24


def test_a_writer_that_waits_too_long_says_that_another_is_writing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_index, "WAIT", 0.05)
    holding, waiting = whoosh_index.WhooshIndex(folder), whoosh_index.WhooshIndex(folder)
    with holding._writing(), pytest.raises(IndexBusy, match="try again"):
        waiting.write([], [], 1)
    waiting.write([], [], 1)


def test_an_engine_nobody_knows_is_refused_by_name(folder: Path) -> None:
    with pytest.raises(EngineUnknown, match="no search engine lucene: choose one of whoosh"):
        open_index(folder, engine="lucene")


def test_after_many_commits_merges_and_deletions_it_still_finds_exactly_what_there_is(
    folder: Path,
) -> None:
    chance = random.Random(3)
    engine, naive = open_index(folder), NaiveIndex()
    for row in range(150):
        written = [paper(chance) for _ in range(chance.choice((1, 1, 1, 3, 10)))]
        gone = [chance.randrange(60)] if chance.random() < 0.3 else []
        for index in (engine, naive):
            index.write(written, gone, row)
    assert engine.count() == naive.count()
    for typed in ("甲", "甲乙", "丙丁甲", "甲 戊己", "ht-3", "ht3", "h*", "乙丙丁戊", ""):
        found, right = (i.search(Question(typed, limit=100)) for i in (engine, naive))
        assert {h.document for h in found.hits} == {h.document for h in right.hits}, typed
    assert len(list(folder.glob("*.seg"))) < 25


def paper(chance: random.Random) -> Entry:
    """A small paper of few characters, so that everything occurs in many combinations."""
    texts = ("".join(chance.choices("甲乙丙丁戊己 ", k=12)) for _ in range(chance.randint(0, 3)))
    return Entry(chance.randrange(60), title=f"HT-{chance.randrange(9)}", pages=tuple(texts))
