"""The queue only nudges; a duty is done by at most so many at once, and no nudge is forgotten."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.base import tasks
from archive.base.tasks import Alone, HueyQueue

WORKER = """
import sys
from pathlib import Path
from archive.base.tasks import Duties, HueyQueue
seen = Path(sys.argv[2])
def note(word):
    def duty():
        with seen.open("a") as file:
            file.write(word + "\\n")
    return duty
by_name = {name: note(name) for name in ("open", "read")}
duties = Duties(by_name, "read", note("start"), note("stop"), lambda: True)
HueyQueue(Path(sys.argv[1])).work(duties, 2, parent=int(sys.argv[3]))
"""


def start(queue: Path, seen: Path, parent: int) -> "subprocess.Popen[bytes]":
    call = [sys.executable, "-c", WORKER, str(queue), str(seen), str(parent)]
    return subprocess.Popen(call, cwd=Path(__file__).parents[2])


def until(seen: Path, word: str, times: int) -> None:
    for _ in range(300):
        if seen.exists() and seen.read_text().split().count(word) >= times:
            return
        time.sleep(0.05)
    raise AssertionError(f"{word} was not done {times} times")


def waiting(queue: HueyQueue) -> int:
    """Nudges that nobody has looked at yet."""
    return int(queue._huey.pending_count())


def until_none_waits(queue: HueyQueue) -> None:
    for _ in range(300):
        if waiting(queue) == 0:
            return
        time.sleep(0.05)
    raise AssertionError("nudges were left lying")


def test_a_worker_sweeps_at_its_start_answers_nudges_and_ends_in_order(tmp_path: Path) -> None:
    seen, queue = tmp_path / "seen", HueyQueue(tmp_path / "queue.db")
    worker = start(tmp_path / "queue.db", seen, os.getpid())
    until(seen, "read", 1)
    assert seen.read_text().split()[0] == "start"
    for times in (2, 3):
        queue.nudge("read")
        until(seen, "read", times)
    # Asked of the living worker: the sweep of a new minute may nudge while it ends, and such a
    # nudge rightly waits for the next one.
    until_none_waits(queue)
    worker.terminate()
    assert worker.wait(15) == 0
    assert seen.read_text().split().count("stop") == 1


def test_nudges_before_a_worker_is_there_are_answered_when_it_comes(tmp_path: Path) -> None:
    seen, queue = tmp_path / "seen", HueyQueue(tmp_path / "queue.db")
    queue.nudge("open")
    queue.nudge("open")
    assert waiting(queue) == 2
    worker = start(tmp_path / "queue.db", seen, os.getpid())
    until(seen, "open", 3)
    worker.kill()
    worker.wait()


def test_a_worker_whose_server_is_gone_already_ends_at_once(tmp_path: Path) -> None:
    worker = start(tmp_path / "queue.db", tmp_path / "seen", 1)
    assert worker.wait(15) == 1


def test_a_nudge_that_cannot_be_written_harms_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = HueyQueue(tmp_path / "queue.db")

    def full(_duty: str) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(queue, "_perform", full)
    # The change that it tells of is committed: the sweep finds it within a minute.
    queue.nudge("open")
    assert waiting(queue) == 0


@pytest.mark.parametrize("places", [1, 3])
def test_never_more_than_so_many_are_inside_and_nothing_is_forgotten(places: int) -> None:
    lock, to_do, inside, most = threading.Lock(), 0, 0, 0

    def step() -> bool:
        nonlocal to_do, inside, most
        with lock:
            inside += 1
            most = max(most, inside)
            found = to_do > 0
            to_do -= found
        time.sleep(0.0002)
        with lock:
            inside -= 1
        return found

    duty = Alone(places, step)

    def bring(_: int) -> None:
        nonlocal to_do
        for _turn in range(50):
            with lock:
                to_do += 1
            duty()

    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(bring, range(12)))
    assert to_do == 0
    assert most <= places


def test_work_that_comes_while_the_last_one_leaves_is_done() -> None:
    """Someone nudges between the last look and the leaving: exactly then."""
    to_do = [True]
    looks = 0

    def step() -> bool:
        nonlocal looks
        looks += 1
        if to_do.pop() if to_do else False:
            return True
        if looks == 2:
            to_do.append(True)
            nudge = threading.Thread(target=duty)
            nudge.start()
            nudge.join()
        return False

    duty = Alone(1, step)
    duty()
    assert to_do == []


def test_a_duty_that_fails_keeps_no_place() -> None:
    calls = []

    def step() -> bool:
        calls.append(1)
        if len(calls) == 1:
            raise ZeroDivisionError
        return False

    duty = Alone(1, step)
    with pytest.raises(ZeroDivisionError):
        duty()
    duty()
    assert len(calls) == 2


def test_nudges_are_counted_even_when_many_come_at_once() -> None:
    """`+= 1` of several threads loses some: a lost one looks as if nobody had come."""
    duty = Alone(1, lambda: False)

    def often(_: int) -> None:
        for _turn in range(300):
            duty()

    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as crowd:
            list(crowd.map(often, range(8)))
    finally:
        sys.setswitchinterval(switching)
    assert duty.calls == 2400


def test_a_process_knows_whether_a_holder_is_gone() -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    host = tasks.identity().rpartition(":")[0]
    assert tasks.is_gone(f"{host}:{ended.pid}")
    assert not tasks.is_gone(tasks.identity())
    assert not tasks.is_gone(f"{host}:1")
    assert not tasks.is_gone("another-machine:1")
