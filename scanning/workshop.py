"""The workshop: papers are read in child processes, so that a bad one harms nobody else.

Each child keeps its engine warm and uses one core. A child that dies, hangs or eats memory
costs its own page a refusal, and another child takes its place. A child whose parent is gone
ends itself.
"""

import ctypes
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from queue import LifoQueue
from types import TracebackType
from typing import Any, Self, TypeVar

import cv2

from scanning import engines, originals, pipeline
from scanning.errors import PageTookTooLong, PageTookTooMuchMemory, ReaderDied, Unreadable
from scanning.originals import Original
from scanning.pdf import binding
from scanning.pdf.binding import Sheaf
from scanning.reading import PageReading

Result = TypeVar("Result")

STARTING_SECONDS = 60.0
SECONDS_A_PAGE = 2.0  # for a searchable PDF
WATCHING_SECONDS = 0.05
REST_SECONDS = 60.0  # without a task, until a child needs less memory than at work
NICENESS = 10  # pages of the server and hand scanners come first


class Workshop:
    """`workers` children; each task may take `seconds` of time and its child `megabytes`.

    May be used from many threads at once: a task waits until a child is free. Starts its
    children when they are first needed.
    """

    def __init__(self, workers: int = 2, seconds: float = 120.0, megabytes: int = 1_500) -> None:
        self.workers = workers
        self._seconds = seconds
        self._children = [Child(megabytes) for _ in range(workers)]
        # Last in, first out: one caller alone keeps one child warm, not all.
        self._free: LifoQueue[Child] = LifoQueue()
        self._closed = False
        for child in self._children:
            self._free.put(child)

    def probe(self, path: Path) -> Original:
        return self.run(originals.probe, path)

    def read_page(
        self,
        path: Path,
        number: int,
        *,
        engine: str = engines.DEFAULT,
        picture: Path | None = None,
        turned: int | None = None,
    ) -> PageReading:
        told = {"engine": engine, "picture": picture, "turned": turned}
        return self.run(pipeline.read_page, path, number, **told)

    def bind(self, sheaves: Sequence[Sheaf], target: Path) -> None:
        """The searchable PDF of a paper; the more pages, the more time."""
        pages = sum(max(len(sheaf.readings), len(sheaf.pages)) for sheaf in sheaves)
        self._run(self._seconds + SECONDS_A_PAGE * pages, binding.bind, (sheaves, target), {})

    def run(self, task: Callable[..., Result], *args: object, **kwargs: object) -> Result:
        """Do `task`, a function of a module, in a child; raise its refusal here."""
        return self._run(self._seconds, task, args, kwargs)

    def _run(
        self,
        seconds: float,
        task: Callable[..., Result],
        args: Sequence[object],
        kwargs: Mapping[str, object],
    ) -> Result:
        child = self._free.get()
        try:
            if self._closed:
                raise ReaderDied
            return child.run(seconds, task, args, kwargs)
        finally:
            self._free.put(child)

    def close(self) -> None:
        """End the children, busy ones too: what they were reading is refused as ReaderDied."""
        self._closed = True
        for child in self._children:
            child.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Child:
    """One process of the workshop, started when first needed and again after it has ended."""

    def __init__(self, megabytes: int) -> None:
        self._megabytes = megabytes
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def run(
        self,
        seconds: float,
        task: Callable[..., Result],
        args: Sequence[object],
        kwargs: Mapping[str, object],
    ) -> Result:
        try:
            pipe = self._started()
            pipe.send((task, args, kwargs))
            self._wait(pipe, seconds)
            refusal, result = pipe.recv()
        except (EOFError, OSError) as error:
            self.end()
            raise ReaderDied from error
        if refusal is not None:
            raise refusal
        answer: Result = result
        return answer

    def _is_idle(self) -> bool:
        """Whether the child waits for a task; one that died meanwhile has closed its end."""
        if self._pipe is None or self._process is None:
            return False
        return self._process.is_alive() and not self._pipe.poll(0)

    def _wait(self, pipe: Connection, seconds: float) -> None:
        """Wait for the answer, and look meanwhile how much memory the child takes.

        It cannot watch itself: a library that eats memory lets no other thread of it run.
        """
        over = time.monotonic() + seconds
        while not pipe.poll(WATCHING_SECONDS):
            if self._has_eaten_too_much():
                self.end()
                raise PageTookTooMuchMemory(megabytes=self._megabytes)
            if time.monotonic() > over:
                self.end()
                raise PageTookTooLong(seconds=round(seconds))

    def _has_eaten_too_much(self) -> bool:
        process = self._process
        if process is None or process.pid is None:
            return False
        try:
            pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        except (FileNotFoundError, ProcessLookupError):
            return False
        return pages * os.sysconf("SC_PAGE_SIZE") > self._megabytes * 1_000_000

    def end(self) -> None:
        """Kill the process and whatever it had started."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if process is not None and process.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.join()
        if pipe is not None:
            pipe.close()

    def _started(self) -> Connection:
        if self._is_idle() and self._pipe is not None:
            return self._pipe
        self.end()
        spawn = multiprocessing.get_context("spawn")
        pipe, theirs = spawn.Pipe()
        process = spawn.Process(
            target=_serve, args=(theirs, self._megabytes, os.getpid()), daemon=True
        )
        self._pipe, self._process = pipe, process
        process.start()
        theirs.close()  # Only the child holds it now, so its death ends the pipe.
        if self._process is not process:
            # The workshop was closed meanwhile and has not seen this child start.
            process.kill()
        if not pipe.poll(STARTING_SECONDS):
            raise EOFError
        pipe.recv()
        return pipe


def _serve(pipe: Connection, megabytes: int, parent: int) -> None:
    """What a child does: one task after another, until its parent closes the pipe or is gone."""
    os.setsid()  # Its own group, so that it and the programs it starts are ended together.
    os.nice(NICENESS)
    os.environ["OMP_THREAD_LIMIT"] = "1"  # Tesseract's threads
    cv2.setNumThreads(1)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    with suppress(EOFError, BrokenPipeError):
        pipe.send("ready")
        while True:
            if not pipe.poll(REST_SECONDS):
                engines.rest()
                _give_back()
            task, args, kwargs = pipe.recv()
            pipe.send(_answer(task, args, kwargs, megabytes))
            _give_back()


def _answer(
    task: Callable[..., object], args: Sequence[object], kwargs: Mapping[str, Any], megabytes: int
) -> tuple[Exception | None, object]:
    """(refusal, result). Any other error is a fault of ours: it ends the child, in its log."""
    try:
        return None, task(*args, **kwargs)
    except MemoryError:
        return PageTookTooMuchMemory(megabytes=megabytes), None
    except (Unreadable, OSError) as refusal:
        return refusal, None


def _give_back() -> None:
    """Give the system the memory that was freed; the C library keeps it else, and more each hour.

    2 to 6 ms: large pictures leave holes in the heap that the next ones do not fit.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's own
    if trim is not None:
        trim(0)


def _watch(parent: int) -> None:
    """End this child when its parent is gone."""
    while os.getppid() == parent:
        time.sleep(WATCHING_SECONDS)
    os.killpg(0, signal.SIGKILL)
