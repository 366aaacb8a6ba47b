"""How much memory processes take together, looked at while a bench runs."""

import threading
from collections.abc import Collection
from typing import Self

import psutil

# Of what processes share, PSS counts to each its part; RSS counts it once for each of them.
KIND = "PSS" if psutil.LINUX else "RSS"


class Watch:
    """What this process's children take together, in MB; or another process and its children."""

    def __init__(
        self, process: int | None = None, *, seconds: float, but: Collection[int] = ()
    ) -> None:
        """It looks every so many `seconds`; `but` are processes that have no part in it."""
        self._root = psutil.Process(process)
        self._itself = [] if process is None else [self._root]
        self._seconds, self._but = seconds, but
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.looks: list[float] = []

    @property
    def most(self) -> float:
        return max(self.looks, default=0.0)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(self._seconds):
            family = self._itself + self._root.children(recursive=True)
            self.looks.append(sum(_held(one) for one in family if one.pid not in self._but) / 1e6)


def _held(process: psutil.Process) -> int:
    """Bytes; none of one that has ended meanwhile."""
    try:
        if psutil.LINUX:
            return int(process.memory_full_info().pss)
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
