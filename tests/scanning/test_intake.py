"""Intake: what comes in is kept once, whatever its name and size, or refused whole."""

import errno
import json
import os
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from archive import documents
from archive.base import web
from archive.base.errors import NoRoom
from archive.base.settings import Settings
from archive.documents import Document
from scanning.readingroom import ReadingRoom
from tests.people import Cast, Visitor, hire
from tests.scanning.workbench import Bench, bring, pdf, stored, work


def test_the_same_file_twice_is_one_paper(room: ReadingRoom, tmp_path: Path) -> None:
    body = pdf(tmp_path)
    first, again = bring(body, "a.pdf"), bring(body, "b.pdf")
    assert (again.document.id, again.is_new) == (first.document.id, False)
    work(room)
    assert not bring(body, "c.pdf").is_new
    assert stored(first.document.id).file_name == "a.pdf"


def test_the_door_says_already_here_as(
    app: Flask, house: web.House, staffed: Cast, tmp_path: Path
) -> None:
    clerk, body = Visitor(app, staffed.clerk), pdf(tmp_path)
    first = clerk.send("/documents", files=(BytesIO(body), "a.pdf"))
    assert first.status == 201
    again = clerk.send("/documents", files=(BytesIO(body), "b.pdf"))
    assert again.status == 200
    known = again.data["documents"][0]
    assert (known["id"], known["state"]) == (first.data["documents"][0]["id"], "duplicate")
    mixed = clerk.send(
        "/documents", files=[(BytesIO(body), "c.pdf"), (BytesIO(body + b"\n"), "d.pdf")]
    )
    assert [one["state"] for one in mixed.data["documents"]] == ["duplicate", "received"]


TRAPS = ("../../etc/passwd", "a\x07b\x1b[2J.pdf", "..\\..\\x.pdf", "名" * 300)


def test_a_file_whose_name_is_a_trap_is_a_paper_like_others(
    app: Flask, staffed: Cast, tmp_path: Path, bench: type[Bench], house: web.House
) -> None:
    clerk = Visitor(app, staffed.clerk)
    for number, name in enumerate(TRAPS):
        body = pdf(tmp_path) + b"\n" * number
        reply = clerk.send("/documents", files=(BytesIO(body), name))
        assert reply.status == 201, name
        kept = reply.data["documents"][0]["file_name"]
        assert kept.isprintable()
        assert not set("/\\") & set(kept)
    assert not list(house.settings.data.rglob("passwd"))


def test_a_full_disk_at_intake_is_refused_and_nothing_is_half_there(
    app: Flask, house: web.House, staffed: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clerk, body = Visitor(app, staffed.clerk), pdf(tmp_path)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        reply = clerk.send("/documents", files=(BytesIO(body), "a.pdf"))
    assert (reply.status, reply.data) == (507, {"error": NoRoom.text})
    assert list(house.files.path("x").parent.parent.rglob("*.pdf")) == []
    assert clerk.get("/inbox").data["documents"] == []
    assert clerk.send("/documents", files=(BytesIO(body), "a.pdf")).status == 201


def test_a_disk_that_is_full_before_the_upload_is_whole_is_refused_too(
    app: Flask, staffed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    clerk = Visitor(app, staffed.clerk)
    monkeypatch.setattr("tempfile.TemporaryFile", full)
    reply = clerk.send("/documents", files=(BytesIO(b"x" * 100), "a.pdf"))
    assert (reply.status, reply.data) == (507, {"error": NoRoom.text})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_upload_of_two_hundred_megabytes_stays_out_of_memory(
    app: Flask, house: web.House, staffed: Cast, tmp_path: Path
) -> None:
    big = tmp_path / "big.pdf"
    with big.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(200 << 20)
    edge = "edge"
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="big.pdf"\r\n\r\n'
    ).encode()
    tail = f"\r\n--{edge}--\r\n".encode()
    clerk = Visitor(app, staffed.clerk)
    headers = Headers(clerk._headers)
    builder = EnvironBuilder("/api/v1/documents", method="POST", headers=headers)
    environ = builder.get_environ()
    environ["CONTENT_TYPE"] = f"multipart/form-data; boundary={edge}"
    with big.open("rb") as source:
        environ["wsgi.input"] = _Chain(head, source, tail)
        environ["CONTENT_LENGTH"] = str(len(head) + big.stat().st_size + len(tail))
        before = _peak_after_reset()
        body, status, _ = run_wsgi_app(app.wsgi_app, environ)
        grown = _peak() - before
    told = json.loads(b"".join(body))
    assert status.startswith("201"), told
    assert grown < 50_000
    document = stored_in(house, told["documents"][0]["id"])
    assert document.original.size == 200 << 20
    assert not list((house.settings.data / "files/incoming").iterdir())
    shutil.rmtree(house.settings.data / "files")


def _peak_after_reset() -> int:
    """The memory that this process has now, in kilobytes; its peak begins anew."""
    Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> int:
    told = Path("/proc/self/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0])


def stored_in(house: web.House, number: int) -> Document:
    with house.database.reading() as session:
        return documents.by_id(session, number)


class _Chain:
    """Some bytes, a file, some bytes: as one stream."""

    def __init__(self, head: bytes, body: Any, tail: bytes) -> None:
        self._parts = [BytesIO(head), body, BytesIO(tail)]

    def read(self, size: int = -1) -> bytes:
        while self._parts:
            if chunk := self._parts[0].read(size):
                return bytes(chunk)
            self._parts.pop(0)
        return b""


def test_more_than_is_accepted_at_once_is_refused(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"upload_megabytes": 1}))
    house: web.House = app.extensions[web.HOUSE_KEY]
    with house.database.writing() as session:
        clerk = hire(session).clerk
    visitor = Visitor(app, clerk)
    for size, status in ((2 << 20, 413), (1000, 201)):
        reply = visitor.send("/documents", files=(BytesIO(b"x" * size), "a.pdf"))
        assert reply.status == status
    assert len(visitor.get("/inbox").data["documents"]) == 1
    house.database.close()
