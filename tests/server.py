"""A real `juanzong serve` in a folder of its own, and a person with a key who asks it."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

HOUSE = Path(__file__).parents[1]
PROGRAM = (sys.executable, str(HOUSE / "app.py"))
LINK = re.compile(r"https?://\S+/welcome/\S+")
START_SECONDS = 60  # on a machine that does other things too
STOP_SECONDS = 60


class Served:
    """Server and worker, started when entered, stopped when left, in a folder `data`.

    They may be killed and started again in between.
    """

    def __init__(self, data: Path, **settings: str) -> None:
        """`settings` are settings of the house, by name: language="zh"."""
        self.data = data
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._environment = environment(data=str(data), port=str(self.port), **settings)
        self._log = data.parent / f"{data.name}-server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def process_id(self) -> int:
        """The process of the server; its worker and their children are below it."""
        if self._process is None:
            raise RuntimeError("the server is not started")
        return self._process.pid

    @property
    def said(self) -> str:
        """What it printed so far."""
        return self._log.read_text()

    @property
    def welcome(self) -> str:
        """The link that makes the first administrator."""
        found = LINK.search(self.said)
        assert found, self.said
        return found[0]

    def start(self) -> None:
        """Start server and worker, and wait until pages are answered."""
        with self._log.open("ab") as log:
            # A session of its own: a Ctrl-C at the tests is not meant for it.
            self._process = subprocess.Popen(
                [*PROGRAM, "serve"], env=self._environment, stdout=log, stderr=log, cwd=HOUSE,
                start_new_session=True,
            )  # fmt: skip
        over = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > over or self._process.poll() is not None:
                self.kill()
                raise RuntimeError(f"the server did not start: {self.said[-2000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End it as Ctrl-C does; its worker follows."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        finally:
            self._process.kill()
            self._process = None

    def kill(self) -> None:
        """End it as a power cut does, and wait until its last thread has noticed."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        for _ in range(200):
            with socket.socket() as caller:
                if caller.connect_ex(("127.0.0.1", self.port)):
                    return
            time.sleep(0.05)
        raise AssertionError("the killed server still listens")

    def run(self, *arguments: str) -> str:
        """What a command of the program prints."""
        done = subprocess.run(
            [*PROGRAM, *arguments], env=self._environment, capture_output=True, text=True,
            check=True, cwd=HOUSE,
        )  # fmt: skip
        return done.stdout

    def _answers(self) -> bool:
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            line.request("GET", "/login")
            return line.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False


class Server(Served):
    """A server, and an administrator with a key who asks it what a program asks."""

    _key = ""

    def __enter__(self) -> Self:
        super().__enter__()
        self._key = self.add("tester", "administrator")
        return self

    def add(self, login: str, role: str) -> str:
        """Another account; its key."""
        self.run("user", "add", login, "--role", role, "--password", "tester tester")
        return self.run("user", "token", login).strip()

    def get(self, path: str) -> Any:
        """The JSON at a path under /api/v1."""
        return self._ask("GET", path)[1]

    def post(self, path: str, **body: Any) -> tuple[int, Any]:
        """Status and JSON of what was posted."""
        return self._ask("POST", path, json.dumps(body).encode(), "application/json")

    def upload(self, file: Path) -> int:
        """Send one file to the inbox; the status of the answer."""
        return self._upload(file, self._key)[0]

    def upload_as(self, key: str, file: Path) -> int:
        """Send one file with another's key; the number of its document."""
        return int(self._upload(file, key)[1]["documents"][0]["id"])

    def _upload(self, file: Path, key: str) -> tuple[int, Any]:
        edge = uuid4().hex
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; '
            f'filename="{file.name}"\r\n\r\n'
        )
        body = head.encode() + file.read_bytes() + f"\r\n--{edge}--\r\n".encode()
        return self._ask("POST", "/documents", body, f"multipart/form-data; boundary={edge}", key)

    def inbox(self) -> list[dict[str, Any]]:
        """Every document that is not filed."""
        found: list[dict[str, Any]] = []
        page = self.get("/inbox")
        found += page["documents"]
        while page["next"]:
            page = self.get(f"/inbox?before={page['next']}")
            found += page["documents"]
        return found

    def wait_until_read(self, seconds: float) -> list[dict[str, Any]]:
        """The inbox, once nothing in it waits to be read any more."""
        over = time.monotonic() + seconds
        while time.monotonic() < over:
            found = self.inbox()
            if all(one["state"] not in ("received", "reading") for one in found):
                return found
            time.sleep(0.5)
        raise TimeoutError(f"not read within {seconds} s")

    def _ask(
        self, method: str, path: str, body: bytes = b"", kind: str = "", key: str = ""
    ) -> tuple[int, Any]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Authorization": f"Bearer {key or self._key}", "Content-Type": kind}
        line.request(method, f"/api/v1{path}", body or None, headers)
        answer = line.getresponse()
        told = json.loads(answer.read())
        line.close()
        return answer.status, told


def environment(**settings: str) -> dict[str, str]:
    """The environment of a house with these settings and no others."""
    inherited = {key: told for key, told in os.environ.items() if not key.startswith("JUANZONG_")}
    # A language that no machine's habit decides; gunicorn's own words too.
    inherited |= {"LC_ALL": "C.UTF-8", "TMPDIR": tempfile.gettempdir(), "PYTHONUNBUFFERED": "1"}
    return inherited | {f"JUANZONG_{name.upper()}": told for name, told in settings.items()}


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
