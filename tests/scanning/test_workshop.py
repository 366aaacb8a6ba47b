"""Reading in children with limits: a bad paper costs its own page, and nothing else."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scanning import errors
from scanning.workshop import Workshop
from tests.scanning.papers import CONTRACT, drawn, printed_pdf


def own_process() -> int:
    return os.getpid()


def sleep_long(started: Path) -> None:
    started.write_text(str(os.getpid()))
    time.sleep(60)


def eat_memory() -> int:
    eaten = []
    for _ in range(200):
        eaten.append(b"x" * 20_000_000)
        time.sleep(0.01)
    return len(eaten)


def start_a_program_and_sleep(started: Path) -> None:
    program = subprocess.Popen(["sleep", "60"])
    started.write_text(str(program.pid))
    time.sleep(60)


_kept: list[bytes] = []


def leave_a_hole() -> int:
    """Take 200 MB of the heap and free all but the last; the memory held meanwhile, in bytes."""
    blocks = [b"x" * 100_000 for _ in range(2_000)]
    _kept.append(blocks[-1])
    return memory()


def memory() -> int:
    """What this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def stumble() -> None:
    raise ZeroDivisionError


def wait_for(file: Path) -> int:
    """The number written into the file, once it is there."""
    for _ in range(600):
        if file.exists() and file.read_text():
            return int(file.read_text())
        time.sleep(0.05)
    raise AssertionError(f"{file} was never written")


def gone(process: int) -> bool:
    for _ in range(200):
        threads = Path(f"/proc/{process}/task")
        status = Path(f"/proc/{process}/stat")
        # The first thread may be gone before the others, which keep its files open.
        if not status.exists() or (
            status.read_text().rpartition(")")[2].split()[0] == "Z"
            and len(list(threads.iterdir())) == 1
        ):
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop(workers=2, seconds=20, megabytes=1_200) as opened:
        yield opened


@pytest.fixture
def hasty() -> Iterator[Workshop]:
    with Workshop(workers=1, seconds=1.5, megabytes=400) as opened:
        yield opened


def test_a_page_is_read_in_a_child(workshop: Workshop, tmp_path: Path) -> None:
    drawn().save(tmp_path / "page.png")
    assert workshop.probe(tmp_path / "page.png").pages == 1
    assert workshop.read_page(tmp_path / "page.png", 1).text == "\n".join(CONTRACT)
    assert workshop.run(own_process) != os.getpid()


def test_a_refusal_in_the_child_is_raised_here_with_its_words(
    workshop: Workshop, tmp_path: Path
) -> None:
    path = printed_pdf(tmp_path / "two.pdf", pages=2)
    with pytest.raises(errors.NoSuchPage, match="There is no page 9: the file has 2"):
        workshop.read_page(path, 9)


def test_a_file_that_is_not_there_is_no_reason_to_die(workshop: Workshop) -> None:
    with pytest.raises(FileNotFoundError):
        workshop.probe(Path("nowhere.pdf"))


def test_a_child_killed_in_the_middle_costs_only_its_own_page(
    workshop: Workshop, tmp_path: Path
) -> None:
    path = printed_pdf(tmp_path / "contract.pdf")
    with ThreadPoolExecutor() as threads:
        doomed = threads.submit(workshop.run, sleep_long, tmp_path / "started")
        os.kill(wait_for(tmp_path / "started"), signal.SIGKILL)
        beside = threads.submit(workshop.read_page, path, 1)
        with pytest.raises(errors.ReaderDied, match="Try the page again"):
            doomed.result()
        assert CONTRACT[0] in beside.result().text
    assert CONTRACT[0] in workshop.read_page(path, 1).text


def test_a_child_killed_while_it_waited_is_replaced(workshop: Workshop) -> None:
    idle = workshop.run(own_process)
    os.kill(idle, signal.SIGKILL)
    assert gone(idle)
    assert workshop.run(own_process) != idle


def test_a_fault_of_our_own_ends_the_child_and_not_the_workshop(workshop: Workshop) -> None:
    with pytest.raises(errors.ReaderDied):
        workshop.run(stumble)
    assert workshop.run(own_process)


def test_a_page_that_takes_too_long_is_stopped(hasty: Workshop, tmp_path: Path) -> None:
    with pytest.raises(errors.PageTookTooLong, match="within 2 seconds"):
        hasty.run(sleep_long, tmp_path / "started")
    assert gone(wait_for(tmp_path / "started"))
    assert hasty.run(own_process)


def test_a_program_the_child_had_started_ends_with_it(hasty: Workshop, tmp_path: Path) -> None:
    with pytest.raises(errors.PageTookTooLong):
        hasty.run(start_a_program_and_sleep, tmp_path / "started")
    assert gone(wait_for(tmp_path / "started"))


def test_a_page_that_eats_memory_is_stopped(tmp_path: Path) -> None:
    with Workshop(workers=1, seconds=20, megabytes=400) as small:
        with pytest.raises(errors.PageTookTooMuchMemory, match="more than 400 MB"):
            small.run(eat_memory)
        assert small.run(own_process)


def test_a_child_gives_back_what_a_page_has_freed(workshop: Workshop) -> None:
    held = workshop.run(leave_a_hole)
    assert workshop.run(memory) < held - 150_000_000


def test_closing_the_workshop_frees_who_waits_and_leaves_no_child(tmp_path: Path) -> None:
    workshop = Workshop(workers=1, seconds=60)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(workshop.run, sleep_long, tmp_path / "started")
        child = wait_for(tmp_path / "started")
        workshop.close()
        with pytest.raises(errors.ReaderDied):
            waiting.result()
    assert gone(child)
    with pytest.raises(errors.ReaderDied):
        workshop.run(own_process)


ORPHANER = """
import os, sys, threading, time
from pathlib import Path
from scanning.workshop import Workshop
from tests.scanning.test_workshop import sleep_long
if __name__ == "__main__":
    workshop = Workshop(workers=1)
    threading.Thread(target=workshop.run, args=(sleep_long, Path(sys.argv[1])), daemon=True).start()
    time.sleep(60)
"""


def test_a_child_whose_parent_is_killed_ends_itself(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(ORPHANER)
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "parent.py"), str(tmp_path / "started")],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    child = wait_for(tmp_path / "started")
    parent.kill()
    parent.wait()
    assert gone(child)


def test_children_let_others_go_first(workshop: Workshop) -> None:
    assert workshop.run(os.nice, 0) == min(19, os.nice(0) + 10)


def test_many_threads_share_two_children(workshop: Workshop) -> None:
    seen: set[int] = set()
    lock = threading.Lock()

    def note(_: int) -> None:
        with lock:
            seen.add(workshop.run(own_process))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(note, range(40)))
    assert 1 <= len(seen) <= 2
