"""A real `juanzong serve` for whoever looks at it from outside: a data folder, a port, an end."""

import os
import re
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.server import PROGRAM, free_port

LINK = re.compile(r"https?://\S+/welcome/\S+")
PATIENCE = 60.0  # Seconds until a server must answer, on a machine that does other things too.


class Served:
    """The server and its worker, running between entering and leaving."""

    def __init__(self, data: Path, **settings: str) -> None:
        """`settings` are settings of the house, by name: language="zh"."""
        self.data = data
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._settings = {"data": str(data), "port": str(self.port), **settings}
        self._said: list[str] = []

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [*PROGRAM, "serve"], env=environment(**self._settings), start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()
        self._wait()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            # Its worker watches for its end and follows.
            self._process.kill()
            self._process.wait()

    @property
    def said(self) -> str:
        """What it printed so far."""
        return "".join(self._said)

    @property
    def welcome(self) -> str:
        """The link that makes the first administrator."""
        found = LINK.search(self.said)
        assert found, self.said
        return found[0]

    def _listen(self) -> None:
        assert self._process.stdout
        self._said.extend(self._process.stdout)

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/login", timeout=PATIENCE).close()
            except OSError:
                time.sleep(0.2)
            else:
                return
        self._process.kill()
        raise RuntimeError(f"juanzong serve did not answer:\n{self.said}")


def environment(**settings: str) -> dict[str, str]:
    """The environment of a house with these settings and no others."""
    inherited = {key: told for key, told in os.environ.items() if not key.startswith("JUANZONG_")}
    # A language that no machine's habit decides; gunicorn's own words too.
    inherited |= {"LC_ALL": "C.UTF-8", "TMPDIR": tempfile.gettempdir(), "PYTHONUNBUFFERED": "1"}
    return inherited | {f"JUANZONG_{name.upper()}": told for name, told in settings.items()}
