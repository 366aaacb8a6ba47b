"""The sample archive: invented papers, received, read, filed, shelved, some of them lent."""

from datetime import timedelta
from enum import Enum
from io import BytesIO
from zoneinfo import ZoneInfo

import click
from sqlalchemy import func, select

from archive import categories, circulation, documents, parties, shelving, users, volumes
from archive.base import ledger, web
from archive.base.db import now
from archive.base.errors import N_, Conflict
from archive.base.ledger import HOUSE, Subject
from archive.base.serving import finish_work
from archive.base.terminal import Program, answer, in_house, json_option, translate
from archive.documents import Document, Filing, State
from archive.locations import Level, ranges
from archive.parties import Party
from archive.users import Role
from archive.volumes import Folder
from labels import papers

PASSWORD = "juanzong demo"  # noqa: S105 - printed for whoever tries the sample archive
PEOPLE = (
    ("zhao", "赵敏", "信息部", Role.ADMINISTRATOR),
    ("wang", "王芳", "档案室", Role.ARCHIVIST),
    ("chen", "陈静", "档案室", Role.CLERK),
    ("li", "李雷", "销售一部", Role.STAFF),
    ("han", "韩梅梅", "法务部", Role.STAFF),
)
FILLED = N_(
    "Parties: %(parties)s, documents: %(documents)s, folders: %(folders)s.\n"
    "Log in as %(logins)s with the password “%(password)s”."
)
FOREIGN = N_("There is an archive here already: nothing was done. Documents in it: %(documents)s.")
LENT = 6
# A room with four cabinets of five layers, each 90 cm wide; a layer is not filled at once.
PLACES = "K{room:2}-G{rack:2}-C{shelf}"
CABINETS, LAYERS, LAYER_MM = 4, 5, 900
ON_A_LAYER = 20  # folders
SAMPLE = Subject("demo", 1)


class NotEmpty(Conflict):
    text = N_(
        "This archive is in use: the sample archive goes into an empty data folder only. "
        "Set JUANZONG_DATA to a new one."
    )


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing where there is an archive already.")
@json_option
@click.pass_obj
@in_house
def demo(program: Program, if_empty: bool, as_json: bool) -> None:
    """Fill an empty data folder with a small sample archive, or go on where that was broken off."""
    house = web.house()
    stage = _stage(house)
    if stage in (Stage.WHOLE, Stage.FOREIGN) and not if_empty:
        raise NotEmpty
    if stage is Stage.EMPTY:
        _begin(house)
    if stage in (Stage.EMPTY, Stage.BEGUN):
        received = _receive(house)
        finish_work(program, lambda: _unread(house, list(received)), hidden=as_json)
        _file(house, received)
        _lend(house)
        finish_work(program, lambda: 0, hidden=as_json)
    _tell(house, stage, as_json)


class Stage(Enum):
    """How far an archive is a sample archive; the ledger tells."""

    EMPTY = "empty"
    BEGUN = "begun"  # A making of it was broken off.
    WHOLE = "whole"
    FOREIGN = "foreign"  # It is a true archive.


def _stage(house: web.House) -> Stage:
    with house.database.reading() as session:
        rows = ledger.history(session, SAMPLE, limit=1)
        if rows:
            return Stage.WHOLE if rows[0].action == "demo.filled" else Stage.BEGUN
        papers_there = documents.inbox(session, before=None, limit=1)
        return Stage.EMPTY if users.is_empty(session) and not papers_there else Stage.FOREIGN


def _begin(house: web.House) -> None:
    password = users.hashed(PASSWORD)
    with house.database.writing() as session:
        ledger.record(session, "demo.begun", SAMPLE, by=HOUSE, at=now())
        for login, name, department, role in PEOPLE:
            users.create(
                session, login=login, name=name, department=department, password=password,
                role=role, by=HOUSE, at=now(),
            )  # fmt: skip


def _unread(house: web.House, numbers: list[int]) -> int:
    with house.database.reading() as session:
        return documents.unread(session, numbers)


def _receive(house: web.House) -> dict[int, papers.Paper]:
    received = {}
    for paper in papers.papers(house.settings.fonds_name):
        kept = house.files.keep(BytesIO(paper.pdf))
        with house.database.writing() as session:
            document, _ = documents.receive(
                session, kept, paper.name, engine=house.settings.engine, by=HOUSE, at=now(),
                source="demo",
            )  # fmt: skip
        received[document.id] = paper
    return received


def _file(house: web.House, received: dict[int, papers.Paper]) -> None:
    """File every paper as the reader suggests it; the newest ones stay in the inbox to try."""
    for number, paper in list(received.items())[:-8]:
        with house.database.writing() as session:
            document = documents.by_id(session, number)
            kind = categories.suggest_type(session, paper.kind)
            if kind is None or document.state != State.READ:
                continue
            dated = documents.suggested_date(document)
            filing = Filing(
                party=parties.recognise(session, name=paper.party)
                or parties.create(
                    session, paper.party, credit_code=documents.suggested(document, "credit_code"),
                    by=HOUSE, at=now(),
                ),
                type=kind,
                year=int(dated[:4]) if dated[:4].isdigit() else 2024,
                retention=kind.retention,
                title=documents.suggested(document, "title") or paper.name,
                number=documents.suggested_number(document),
                dated=dated,
                amount=documents.suggested(document, "amount"),
            )  # fmt: skip
            documents.file(session, document, filing, by=HOUSE, at=now())


def _lend(house: web.House) -> None:
    """Give every folder its place, and lend a few; one of them is overdue."""
    today = now().astimezone(ZoneInfo(house.settings.timezone)).date()
    with house.database.writing() as session:
        keeper = users.by_login(session, "wang")
        readers = [users.by_login(session, login) for login in ("li", "han")]
        folders = sorted(volumes.folders(session, before=None, limit=500), key=lambda f: f.id)
        ranges.make(session, _places(), by=keeper.actor, at=now())
        for place, folder in enumerate(folders):
            cabinet, layer = divmod(place // ON_A_LAYER, LAYERS)
            code = f"K01-G{cabinet + 1:02d}-C{layer + 1}"
            shelving.shelve(session, folder, code, by=keeper.actor, at=now())
        # Where the making was broken off, somebody may have lent one meanwhile.
        out = circulation.open_loans_of(session, folders)
        inside = [folder for folder in folders if folder.id not in out]
        for turn, folder in enumerate(inside[:LENT]):
            days = timedelta(days=14 - 7 * turn)
            circulation.check_out(
                session, folder, readers[turn % 2], purpose="核对付款条款",
                due_on=today + days, today=min(today, today + days), by=keeper.actor, at=now(),
            )  # fmt: skip
        ledger.record(session, "demo.filled", SAMPLE, by=HOUSE, at=now())


def _places() -> ranges.Wanted:
    numbers = {Level.ROOM: "1", Level.RACK: f"1-{CABINETS}", Level.SHELF: f"1-{LAYERS}"}
    return ranges.want(PLACES, numbers, capacity_mm=LAYER_MM)


def _tell(house: web.House, stage: Stage, as_json: bool) -> None:
    with house.database.reading() as session:
        codes = list(session.scalars(select(Folder.code).order_by(Folder.id)))
        data = {
            "parties": session.scalar(select(func.count(Party.id))),
            "documents": session.scalar(select(func.count(Document.id))),
            "folders": codes,
        }
    logins = ", ".join(login for login, *_ in PEOPLE)
    words = FOREIGN if stage is Stage.FOREIGN else FILLED
    said = data | {"folders": len(codes), "logins": logins, "password": PASSWORD}
    answer(data, translate(words) % said, as_json=as_json)
