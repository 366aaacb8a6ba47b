"""Reading on the command line: `read` without storing, `intake` into the archive."""

import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click
from flask import current_app

from archive import documents
from archive.base import web
from archive.base.errors import Refusal
from archive.base.ledger import HOUSE
from archive.base.serving import presence
from archive.base.tasks import Duties
from archive.base.terminal import Program, answer, fail, in_house, json_option, said_by, translate
from archive.documents import State
from scanning import engines, intake
from scanning.batch import read_file
from scanning.errors import Unreadable

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

FILES = click.Path(path_type=Path, exists=True, dir_okay=False)
ENGINE = click.Choice(list(engines.READERS))
LOOK_SECONDS = 0.2


@click.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=FILES)
@click.option("--engine", type=ENGINE, default=engines.DEFAULT, show_default=True)
@json_option
def read(files: tuple[Path, ...], engine: str, as_json: bool) -> None:
    """Print what is read in files, without storing anything."""
    told = [_read(file, engine) for file in files]
    words = "\n\f".join(
        one.get("error") or "\n\n".join(page["text"] for page in one["pages"]) for one in told
    )
    # One file is one object; of several, each says which file it is.
    named = {"files": [{"file": str(f), **one} for f, one in zip(files, told, strict=True)]}
    answer(told[0] if len(told) == 1 else named, words, as_json=as_json)
    if any("error" in one for one in told):
        fail()


@click.command("intake")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=FILES)
@click.option("--engine", type=ENGINE, default=None, help="Engine that reads; else the setting.")
@click.option("--wait", is_flag=True, help="Until everything is read and can be found.")
@json_option
@click.pass_obj
@in_house
def intake_command(
    program: Program, files: tuple[Path, ...], engine: str | None, wait: bool, as_json: bool
) -> None:
    """Receive files into the archive."""
    received = [(file, _receive(file, engine)) for file in files]
    fresh = [one.document.id for _, one in received if isinstance(one, intake.Received)]
    if wait:
        _wait(program, fresh, as_json)
    told = [_told(file, one) for file, one in received]
    words = "\n".join(f"{one['id'] or '-':>6} {one['state']} {one['error'] or ''}" for one in told)
    answer({"documents": told}, words, as_json=as_json)
    if any(one["state"] == "failed" for one in told):
        fail()


def _read(file: Path, engine: str) -> dict[str, Any]:
    try:
        return read_file(file, engine).to_dict()
    except Unreadable as problem:
        return {"pages": [], "kind": "other", "fields": {}, "error": said_by(translate, problem)}


def _receive(file: Path, engine: str | None) -> intake.Received | Refusal:
    try:
        with file.open("rb") as source:
            return intake.receive(
                source,
                file.name,
                engine=engine or web.house().settings.engine,
                by=HOUSE,
                origin="command line",
            )
    except Refusal as refusal:
        return refusal


def _told(file: Path, one: intake.Received | Refusal) -> dict[str, Any]:
    if isinstance(one, Refusal):
        error = said_by(translate, one)
        return {
            "file": str(file),
            "id": None,
            "state": "failed",
            "pages": 0,
            "kind": "",
            "error": error,
        }
    with web.house().database.reading() as session:
        now = documents.by_id(session, one.document.id)
    return {
        "file": str(file),
        "id": now.id,
        "state": str(now.state) if one.is_new else "duplicate",
        "pages": now.pages_total,
        "kind": now.kind,
        "error": said_by(translate, now.problem) if now.problem else None,
    }


def _wait(program: Program, numbers: list[int], as_json: bool) -> None:
    """Until these documents are read: by the worker that runs here, else by this process."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with presence(web.house().settings) as here, _progress(len(numbers), as_json) as bar:
        hands = Hands(program.duties(app), web.house().settings.readers) if here.is_first else None
        with hands or nullcontext():
            while left := _unread(numbers):
                bar.update(len(numbers) - left - bar.pos)
                if hands:
                    hands.look()
                time.sleep(LOOK_SECONDS)
            bar.update(len(numbers) - bar.pos)


class Hands:
    """This process does the worker's duties while nobody else does."""

    def __init__(self, duties: Duties, readers: int) -> None:
        self._duties, self._readers = duties, readers
        self._pool = ThreadPoolExecutor(readers)
        self._reading: list[Future[None]] = []

    def __enter__(self) -> Self:
        self._duties.start()
        return self

    def look(self) -> None:
        """Begin whatever waits."""
        duty = self._duties.by_name
        duty["open"]()
        if all(future.done() for future in self._reading):
            # What a reader died of is told here and not lost in its thread.
            _ = [future.result() for future in self._reading]
            self._reading = [self._pool.submit(duty["read"]) for _ in range(self._readers)]
        duty["finish"]()

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._duties.by_name["follow"]()
        self._duties.stop()


def _unread(numbers: list[int]) -> int:
    with web.house().database.reading() as session:
        found = documents.by_ids(session, numbers)
    return sum(one.state in (State.RECEIVED, State.READING) for one in found)


def _progress(length: int, as_json: bool) -> "ProgressBar[int]":
    hidden = as_json or not sys.stderr.isatty()
    return click.progressbar(length=length, file=sys.stderr, hidden=hidden)


COMMANDS: tuple[click.Command, ...] = (read, intake_command)
