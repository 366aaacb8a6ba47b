"""Serving: clients that fall silent, bodies that are no HTTP, and how it works on and ends."""

import gc
import socket
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from flask import Flask
from gunicorn.http.errors import InvalidChunkSize

from archive.base import serving, settings
from archive.base.errors import TooManyParts
from tests.people import Cast, Visitor
from tests.server import Served

# Four threads take memory at once; then the C library tells which heaps there are.
HEAPS = """
import ctypes, sys, threading
from archive.base import serving
if sys.argv[1]:
    serving.share_one_heap()
together = threading.Barrier(4)
def take():
    together.wait()
    kept = [bytearray(2000) for _ in range(100)]
    together.wait()
threads = [threading.Thread(target=take) for _ in range(4)]
[one.start() for one in threads]
[one.join() for one in threads]
library = ctypes.CDLL(None)
if hasattr(library, "malloc_info"):
    library.fdopen.restype = ctypes.c_void_p
    out = library.fdopen(1, b"w")
    library.malloc_info(0, ctypes.c_void_p(out))
    library.fflush(ctypes.c_void_p(out))
"""


def test_who_falls_silent_in_the_middle_keeps_no_thread_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving, "SILENCE_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving.limit_silence(listening)
        with socket.create_connection(listening.getsockname()) as phone:
            phone.sendall(b"POST /documents HTTP/1.1")
            accepted, _ = listening.accept()
            # As the server does before it reads; its own limit would be gone by this.
            accepted.setblocking(True)
            with accepted:
                assert accepted.recv(1000)
                with pytest.raises(BlockingIOError):
                    accepted.recv(1000)


class Torn:
    """A body whose chunks do not keep to HTTP, as the server finds out while it reads."""

    def read(self, _size: int = -1) -> bytes:
        raise InvalidChunkSize(b"ZZ")

    readinto = readline = read


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/documents", "multipart/form-data; boundary=x"),
        ("/scan/photo", "multipart/form-data; boundary=x"),
        ("/parties/new", "application/json"),
    ],
)
def test_a_body_that_is_no_http_is_refused_in_words(
    app: Flask, staffed: Cast, path: str, kind: str
) -> None:
    clerk = Visitor(app, staffed.clerk)
    answer = clerk.client.post(
        f"/api/v1{path}", headers=clerk._headers, content_type=kind,
        environ_overrides={"wsgi.input": Torn(), "wsgi.input_terminated": True},
    )  # fmt: skip
    assert answer.status_code == 400
    assert answer.get_json()["error"]


def test_too_many_parts_are_not_called_too_many_bytes(app: Flask, staffed: Cast) -> None:
    clerk = Visitor(app, staffed.clerk)
    reply = clerk.send("/documents", **{f"field{number}": "1" for number in range(1100)})
    assert (reply.status, reply.data["error"]) == (413, TooManyParts.text)


def test_pages_do_not_wait_while_python_looks_through_the_house(app: Flask) -> None:
    program = Mock(create_app=lambda: app)
    gc.unfreeze()
    try:
        assert serving.Server(program, settings.load(), None).load() is app
        assert gc.get_freeze_count() > len(gc.get_objects())
    finally:
        gc.unfreeze()


def test_a_server_that_is_stopped_leaves_no_alarm_on_the_terminal(tmp_path: Path) -> None:
    with Served(tmp_path / "data") as server:
        at_work = server.said
        server.stop()
        assert server.said == at_work


def test_the_threads_of_a_worker_share_one_heap() -> None:
    asked = [sys.executable, "-c", HEAPS]
    alone, shared = (
        subprocess.run([*asked, chosen], check=True, capture_output=True, text=True).stdout
        for chosen in ("", "share")
    )
    if "<heap" not in alone:
        pytest.skip("The C library of this machine does not tell of its heaps.")
    assert alone.count("<heap ") > 1
    assert shared.count("<heap ") == 1
