"""Background work: a queue that only nudges, and the worker that answers it.

The state in the records says what is to be done; a nudge says "look now". A nudge that is lost
costs at most a minute, until the sweep looks by itself; one that comes twice finds nothing to do.
"""

import logging
import os
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from huey import SqliteHuey, crontab

POLL_SECONDS = 0.2
REMIND_SECONDS = 1.0
# One for each short duty, two for scanners: they never wait behind long ones.
SPARE_THREADS = 8

log = logging.getLogger(__name__)

Duty = Callable[[], None]


class Queue(Protocol):
    """What the doors see of the queue: they may nudge."""

    def nudge(self, duty: str) -> None:
        """Ask a worker to look at a duty soon. Never blocks on the work itself."""


@dataclass(frozen=True)
class Duties:
    """What a worker does: each by name when nudged, all of them in each sweep, in this order."""

    by_name: Mapping[str, Duty]
    long: str  # the one of them that takes long and may be done by several threads
    start: Duty  # once, before anything else: takes up what a crash left
    stop: Duty
    # Called when all is done: gives the question whether all that was done by then can be found.
    followed: Callable[[], Callable[[], bool]]
    # Duties that a worker looks at every so many seconds, in place of each sweep. They bring papers
    # in or tidy; whoever only helps to finish what is here leaves them to the worker that stays.
    steady: Mapping[str, float] = field(default_factory=dict)


class HueyQueue:
    """Huey on a SQLite file: enough for one machine. Its Redis and PostgreSQL kinds come later."""

    def __init__(self, file: Path) -> None:
        self._huey = SqliteHuey(filename=str(file), results=False, timeout=30)
        self._duties: Duties | None = None
        self._perform = self._huey.task(name="perform")(self._look)
        self._huey.periodic_task(crontab(minute="*"), name="sweep")(self._sweep)

    def nudge(self, duty: str) -> None:
        try:
            self._perform(duty)
        except sqlite3.OperationalError:
            # The disk is full or the file is busy: what it tells of is committed, a sweep finds it.
            log.warning("No worker was nudged to %s.", duty, exc_info=True)

    def work(self, duties: Duties, threads: int, parent: int | None = None) -> None:
        """Answer nudges until told to stop (SIGINT, SIGTERM), or until `parent` is gone."""
        self._duties = duties
        if parent is not None:
            _end_with(parent)
        duties.start()
        consumer = self._huey.create_consumer(
            workers=threads + SPARE_THREADS,
            worker_type="thread",
            initial_delay=POLL_SECONDS,
            max_delay=POLL_SECONDS,
            check_worker_health=True,
        )
        self._sweep()
        stopping = threading.Event()
        threading.Thread(target=self._remind, args=(duties.steady, stopping), daemon=True).start()
        try:
            consumer.run()
        finally:
            stopping.set()
            duties.stop()

    def _look(self, duty: str) -> None:
        if self._duties is not None:
            self._duties.by_name[duty]()

    def _sweep(self) -> None:
        if self._duties is not None:
            for duty in self._duties.by_name:
                if duty not in self._duties.steady:
                    self._perform(duty)

    def _remind(self, steady: Mapping[str, float], stopping: threading.Event) -> None:
        due = dict.fromkeys(steady, 0.0)
        while not stopping.wait(REMIND_SECONDS):
            for duty in [one for one in steady if due[one] <= time.monotonic()]:
                due[duty] = time.monotonic() + steady[duty]
                self.nudge(duty)


class Alone:
    """At most `places` threads do a duty at once; who finds no place leaves.

    Whoever is inside looks once more before going, so that work which came while the last one was
    leaving is not forgotten.
    """

    def __init__(self, places: int, step: Callable[[], bool]) -> None:
        """`step` does one piece of work and says whether there was one."""
        self._free = threading.Semaphore(places)
        self._step = step
        self._counting = threading.Lock()
        self.calls = 0

    def __call__(self) -> None:
        # Counted under a lock: `+= 1` of two threads at once may count one of them only.
        with self._counting:
            self.calls += 1
        while True:
            seen = self.calls
            if not self._free.acquire(blocking=False):
                return
            try:
                while self._step():
                    pass
            finally:
                self._free.release()
            if seen == self.calls:
                return


def identity() -> str:
    """This process's name in a claim: "host:pid"."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_gone(holder: str) -> bool:
    """Whether the holder of a claim was a process of this machine that is no more."""
    host, _, pid = holder.rpartition(":")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _end_with(parent: int) -> None:
    """End this process when its parent is gone: two workers of one server would be one too many."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="watch-parent").start()
