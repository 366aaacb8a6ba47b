"""What the archive of the tests holds: papers received, read, filed; folders on the shelf."""

import hashlib
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from archive import categories, documents, locations, parties, scans, shelving, volumes
from archive.base.files import Kept
from archive.base.ledger import HOUSE, Actor
from archive.documents import Document, Filing, Page, PageRole, Part
from archive.locations import Location
from archive.parties import Party
from archive.scans import ScanJob, Wanted
from archive.shelving import plans
from archive.shelving.plans import Choice, Plan
from archive.volumes import Folder
from tests.people import NOON

HENGYUE = "江苏恒岳精密机械有限公司"
READER = "here:1"
TODAY = date(2026, 3, 2)


def receive(
    session: Session, name: str = "contract.pdf", body: str = "", *, by: Actor = HOUSE
) -> Document:
    """A paper that came in; its bytes are not there, only their name."""
    sha256 = hashlib.sha256((body or name).encode()).hexdigest()
    document, _ = documents.receive(
        session, Kept(sha256, 1000), name, engine="rapidocr", by=by, at=NOON, source="upload"
    )
    return document


def open_pages(session: Session, document: Document, pages: int = 1) -> Document:
    """Its pages are counted and wait."""
    documents.open_pages(session, document, "application/pdf", pages)
    session.flush()
    return document


def claim(session: Session, holder: str = READER, at: datetime = NOON) -> Page | None:
    """The page whose turn it is, as the reader's own commit would leave it."""
    page = documents.claim_page(session, holder=holder, at=at)
    session.flush()
    return page


def reading(text: str) -> dict[str, Any]:
    """What the reader tells of a page with these lines."""
    lines = [
        {"text": line, "box": [100, 100 * row, 900, 100 * row + 40], "confidence": 0.99}
        for row, line in enumerate(text.splitlines(), 1)
    ]
    return {"lines": lines, "width": 1240, "height": 1754, "rotation": 0, "skew": 0.0}


def read(
    session: Session,
    name: str = "contract.pdf",
    *texts: str,
    kind: str = "contract",
    fields: dict[str, Any] | None = None,
) -> Document:
    """A paper of which every page was read."""
    texts = texts or ("设备采购合同",)
    document = open_pages(session, receive(session, name, name + "".join(texts)), len(texts))
    for _ in texts:
        page = claim(session)
        assert page is not None
        assert page.document_id == document.id
        assert page.number is not None
        text = texts[page.number - 1]
        documents.attach_reading(session, page, READER, text, reading(text))
        session.flush()
    return finish(session, document, kind, fields)


def finish(
    session: Session,
    document: Document,
    kind: str = "contract",
    fields: dict[str, Any] | None = None,
) -> Document:
    """All its pages are done: the whole file is one paper."""
    whole = [Part(PageRole.CONTENT, 0)] * document.original.pages
    documents.divide(session, document.original, whole, at=NOON)
    documents.finish_reading(session, document, kind, fields or {}, at=NOON)
    return document


def party(session: Session, name: str = HENGYUE) -> Party:
    """A card, made when there is none of that name."""
    known = parties.recognise(session, name=name)
    return known or parties.create(session, name, by=HOUSE, at=NOON)


def note(session: Session, party: Party, day: date = TODAY) -> None:
    """A contact, a reminder and an own field of a card."""
    told = parties.Told("张伟", "采购经理", "021-5555 0100", "zhang@hengyue.cn", valid_to=day)
    parties.add_contact(session, party, told, by=HOUSE, at=NOON)
    parties.follow_up(session, party, "拜访", day, [3, 15], owner=None, by=HOUSE, at=NOON)
    own = parties.Definition("行业", "Trade", parties.OwnKind.CHOICE, options=["机械", "纺织"])
    if not parties.own_fields(session):
        parties.define(session, own, by=HOUSE, at=NOON)


def filing(session: Session, name: str = HENGYUE, **told: Any) -> Filing:
    """A filing as a contract of 2024."""
    plan = categories.plan(session)
    kind = next(one for one in plan[1].types if one.kind == "contract")
    return Filing(
        **{
            "party": party(session, name), "type": kind, "year": 2024, "retention": "D10",
            "title": "设备采购合同", "number": "HY-2024-1", "dated": "2024-05-31", **told,
        }
    )  # fmt: skip


def file(session: Session, document: Document, name: str = HENGYUE, **told: Any) -> Document:
    """A paper in its volume."""
    return documents.file(session, document, filing(session, name, **told), by=HOUSE, at=NOON)


def folder(session: Session, name: str = HENGYUE, place: str = "K01-G07-C3-G2") -> Folder:
    """A folder on the shelf with a paper in it."""
    document = file(session, read(session, f"{name}.pdf", f"甲方：{name}\n总价 1000 元"), name)
    assert document.volume is not None
    found = volumes.folders_of(session, document.volume)[0]
    shelving.shelve(session, found, place, by=HOUSE, at=NOON)
    return found


def place(session: Session, code: str, width: int = 0) -> Location:
    """A place of this width, in millimetres."""
    found = locations.at_code(session, code)
    found.capacity_mm = width
    return found


def plan(session: Session, place_of: Folder) -> Plan:
    """A plan that brings what stands where this folder does to K07."""
    choice = Choice(place=place_of.present)
    return plans.make(session, "调架", choice, [place(session, "K07", 900)], by=HOUSE, at=NOON)


def scanned(session: Session) -> ScanJob:
    """A scan of one page that waits for its clerk."""
    wanted = Wanted("test:0", "Noname frontend-tester", {"source": "Flatbed"})
    job = scans.begin(session, wanted, by=HOUSE, at=NOON)
    scans.take(job, holder=READER, at=NOON)
    scans.settle(job, READER, 1, None, at=NOON)
    return job
