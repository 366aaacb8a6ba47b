"""Serving: `juanzong serve` starts the web server and watches one worker; `juanzong work` is more.

The worker is a process of its own, so that reading and indexing never slow a page. When it dies it
is started again; when the server ends, it ends.
"""

import atexit
import ctypes
import gc
import logging
import os
import resource
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Self

import click
from filelock import FileLock, Timeout
from flask import current_app
from gunicorn.app.base import BaseApplication

from archive.base import web
from archive.base.settings import Settings, load
from archive.base.tasks import Duties, HueyQueue
from archive.base.terminal import Program

BREATH_SECONDS = 2.0  # Between two starts of a worker that dies at once.
STOP_SECONDS = 10
LOOK_SECONDS = 0.2
SILENCE_SECONDS = 30  # of a client in the middle of its request
MOST_FILES = 65_536
WORKER_LOCK = "worker.lock"
ARENA_MAX = -8  # M_ARENA_MAX of glibc's <malloc.h>


@click.command()
@click.option("--no-worker", is_flag=True, help="Only the web server: workers run elsewhere.")
@click.pass_obj
def serve(program: Program, no_worker: bool) -> None:
    """Start the web server, and one worker beside it."""
    settings = load()
    _open_many_files()
    # Made and migrated here once, before several processes want it.
    app = program.create_app()
    greeting = program.greeting(app)
    app.extensions[web.HOUSE_KEY].database.close()
    worker = None if no_worker else Watched(_call_of_worker())
    click.echo(greeting)
    Server(program, settings, worker).run()


@click.command()
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
@click.pass_obj
def work(program: Program, parent: int | None) -> None:
    """Read and index what waits, until stopped. Run more of these on more machines."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    _open_many_files()
    share_one_heap()
    app = program.create_app()
    house: web.House = app.extensions[web.HOUSE_KEY]
    if not isinstance(house.queue, HueyQueue):
        raise TypeError(house.queue)
    with app.app_context(), Presence(house.settings):
        house.queue.work(program.duties(app), house.settings.readers, parent)


def _open_many_files() -> None:
    """Let this process open as many files as it may: a large index has hundreds of them."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, MOST_FILES), hard))


def share_one_heap() -> None:
    """Let all threads of this process take memory from one heap.

    The C library gives each thread a heap of its own, and what one has freed no other can use: a
    worker's dozen threads grow by 40 MB in a thousand papers so, and by 16 with one heap.
    """
    choose = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc's own
    if choose is not None:
        choose(ARENA_MAX, 1)


class Presence:
    """Holds the lock that tells others of this machine that a worker is here."""

    def __init__(self, settings: Settings) -> None:
        self._lock = FileLock(settings.data / WORKER_LOCK)

    def __enter__(self) -> Self:
        self.is_taken()
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def is_taken(self) -> bool:
        """Whether the lock is ours; taken now if it has become free."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        return True


def finish_work(program: Program, waiting: Callable[[], int], *, hidden: bool) -> None:
    """Wait until nothing of `waiting` is left and all can be found: for this machine's worker,
    else doing its duties.

    `waiting` says how much is left; the progress is shown to people unless `hidden`.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.extensions[web.HOUSE_KEY].settings
    first = waiting()
    hidden = hidden or not sys.stderr.isatty()
    duties = program.duties(app)
    followed: Callable[[], bool] | None = None
    with (
        ExitStack() as stack,
        click.progressbar(length=first, file=sys.stderr, hidden=hidden) as bar,
    ):
        here = stack.enter_context(Presence(settings))
        hands: Hands | None = None
        while True:
            # The worker that was here may have been stopped meanwhile: then this process goes on.
            if hands is None and here.is_taken():
                hands = stack.enter_context(Hands(duties, settings.readers))
            if hands:
                hands.look()
            left = waiting()
            bar.update(first - left - bar.pos)
            if not left:
                followed = followed or duties.followed()
                if followed():
                    return
            time.sleep(LOOK_SECONDS)


class Hands:
    """This process does the worker's duties while nobody else does."""

    def __init__(self, duties: Duties, readers: int) -> None:
        self._duties, self._readers = duties, readers
        self._pool = ThreadPoolExecutor(readers)
        self._long: list[Future[None]] = []

    def __enter__(self) -> Self:
        self._duties.start()
        return self

    def look(self) -> None:
        """Do the short duties, and go on with the long one in as many threads as it may take."""
        for name, duty in self._duties.by_name.items():
            if name != self._duties.long and name not in self._duties.steady:
                duty()
        if all(future.done() for future in self._long):
            # What a thread died of is told here and not lost in it.
            for future in self._long:
                future.result()
            long = self._duties.by_name[self._duties.long]
            self._long = [self._pool.submit(long) for _ in range(self._readers)]

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._duties.stop()


class Watched:
    """A process that is started again whenever it ends by itself."""

    def __init__(self, call: list[str]) -> None:
        self._call = call
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and watch over it from a thread.

        The first time it is started from here: a thread that starts a program while the server
        forks would share its pipe with the fork, and wait for as long as that lives.
        """
        self._process = self._started()
        threading.Thread(target=self._watch, daemon=True, name="watch-worker").start()

    def stop(self) -> None:
        """End it for good."""
        self._stopping.set()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _watch(self) -> None:
        while self._process is not None:
            self._process.wait()
            if self._stopping.wait(BREATH_SECONDS):
                return
            self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        # The signal of Ctrl-C goes to a whole group: the worker gets its own, and is told.
        return subprocess.Popen(self._call, start_new_session=True)  # noqa: S603


class Server(BaseApplication):
    """Gunicorn with threads: one process, whose memory holds one index and one pool."""

    def __init__(self, program: Program, settings: Settings, worker: Watched | None) -> None:
        self._program, self._settings, self._worker = program, settings, worker
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": self._settings.server_threads,
            # A slow upload keeps its thread; the other threads go on answering.
            "timeout": 120,
            "graceful_timeout": 5,
            "keepalive": 5,
            # Gunicorn's most: a question of 500 Chinese characters is an address of 4,500.
            "limit_request_line": 8190,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": self._ready,
            "on_exit": self._leave,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        house = self._program.create_app()
        # What the house is made of stays as long as it serves: Python's collector would look it
        # through again and again, and hold a page up for a tenth of a second and more each time.
        gc.collect()
        gc.freeze()
        # Let go of at the end, or libraries warn on the terminal that things of theirs are left.
        atexit.register(gc.unfreeze)
        return house

    def _ready(self, server: Any) -> None:
        for listener in server.LISTENERS:
            limit_silence(listener.sock)
        if self._worker:
            self._worker.start()

    def _leave(self, _server: object) -> None:
        if self._worker:
            self._worker.stop()


def limit_silence(listening: socket.socket) -> None:
    """Wait only so long for the next bytes of a request; what is accepted inherits it.

    A phone that leaves the network in the middle of an upload says nothing more: it would keep
    its thread for ever.
    """
    listening.setsockopt(
        socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENCE_SECONDS, 0)
    )


COMMANDS: tuple[click.Command, ...] = (serve, work)


def _call_of_worker() -> list[str]:
    # It is told whom it belongs to: by the time it looks, its parent may have been killed.
    return [sys.executable, *_myself(), "work", "--parent", str(os.getpid())]


def _myself() -> list[str]:
    """How this program was called, so that a child is called the same."""
    return [sys.argv[0]] if sys.argv[0].endswith(".py") or os.access(sys.argv[0], os.R_OK) else []
