"""Every change at a door leaves its row: who did it, and what it was about."""

from collections.abc import Mapping

import pytest

from archive import documents
from archive.base import ledger
from archive.base.ledger import LedgerRow
from archive.documents import Document
from archive.users import User
from tests import stock
from tests.furnished import Furnished
from tests.people import NOON, PASSWORD, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NEW = "another horse 43"
# Who, what they send, and the row that it leaves; {…} stands for what the furnished house has.
DEEDS: dict[str, tuple[str, str, dict[str, object]]] = {
    "party.created": ("clerk", "/parties/new", {"name": "上海新来有限公司"}),
    "user.created": (
        "administrator", "/accounts/new",
        {"login": "new", "name": "新人", "role": "staff", "password": PASSWORD},
    ),
    "user.closed": ("administrator", "/accounts/{accounts}/close", {}),
    "user.password_changed": (
        "clerk", "/me/password", {"present": PASSWORD, "password": NEW, "again": NEW},
    ),
    "user.token_issued": ("reader", "/me/tokens", {"label": "scanner"}),
    "user.token_revoked": ("clerk", "/me/tokens/{/me/tokens}/revoke", {}),
    "folder.checked_out": (
        "archivist", "/folders/{code}/check-out",
        {"borrower_name": "李雷", "purpose": "核对", "due_on": "2999-01-31"},
    ),
    "folder.shelved": ("archivist", "/folders/{code}/shelve", {"place": "K09-1"}),
    "folder.moved": (
        "archivist", "/folders/{code}/shelve", {"place": "K09-1", "for_now": True},
    ),
    "location.made": (
        "archivist", "/locations/range",
        {"pattern": "K{{room:2}}-{{rack}}", "room": "1", "rack": "1-3", "capacity_mm": 0},
    ),
    "location.described": ("archivist", "/locations/{locations}/card", {"capacity_mm": 900}),
    "location.retired": ("archivist", "/locations/{empty}/retire", {}),
    "location.removed": ("archivist", "/locations/{empty}/remove", {}),
    "plan.stopped": ("archivist", "/plans/{plans}/stop", {}),
    "document.filed": ("clerk", "/documents/{documents}/file", {"party_name": stock.HENGYUE}),
    "document.corrected": (
        "clerk", "/documents/{documents}/pages/1/lines/1",
        {"saw": "设备采购合同", "text": "压缩机采购合同"},
    ),
    "document.page_retried": ("clerk", "/documents/{documents}/pages/1/retry", {}),
    "batch.counted": ("clerk", "/batches/{batches}/count", {"sheets": 3}),
    "scan.cancelled": ("archivist", "/scans/{scans}/cancel", {}),
    "labels.printed": ("clerk", "/labels/folders", {"codes": "{code}", "start": 1}),
    "forms.printed": ("clerk", "/forms", {"form": "cover", "codes": "{volume}"}),
    "cover.made": ("clerk", "/labels/covers", {"kind": "cover", "copies": 1}),
}  # fmt: skip


def send(furnished: Furnished, who: str, path: str, told: Mapping[str, object]) -> None:
    reply = Visitor(furnished.app, person(furnished, who)).post(path, **told)
    assert reply.status in (200, 201), reply.data


def person(furnished: Furnished, who: str) -> User:
    found: User = getattr(furnished.cast, who)
    return found


def newest(furnished: Furnished) -> LedgerRow:
    with furnished.house.database.reading() as session:
        return ledger.newest(session, before=None, limit=1)[0]


@pytest.mark.parametrize("action", DEEDS)
def test_what_is_done_at_a_door_stands_in_the_ledger_with_who_did_it(
    furnished: Furnished, action: str
) -> None:
    who, path, told = DEEDS[action]
    filled = {
        name: value.format_map(furnished.places) if isinstance(value, str) else value
        for name, value in told.items()
    }
    send(furnished, who, path.format_map(furnished.places), filled)
    row = newest(furnished)
    assert (row.action, row.actor_id) == (action, person(furnished, who).id)
    assert row.subjects


def test_a_folder_that_comes_back_leaves_a_row_about_folder_volume_and_borrower(
    furnished: Furnished,
) -> None:
    code = furnished.places["code"]
    out = {"borrower_name": "李雷", "purpose": "核对", "due_on": "2999-01-31"}
    send(furnished, "archivist", f"/folders/{code}/check-out", out)
    lent = newest(furnished)
    send(furnished, "archivist", f"/folders/{code}/return", {"note": "首页有折痕"})
    row = newest(furnished)
    assert (row.action, row.data["note"]) == ("folder.returned", "首页有折痕")
    assert row.subjects == lent.subjects
    assert f"user:{furnished.cast.reader.id}" in row.subjects


def test_a_paper_that_is_tried_again_leaves_a_row(furnished: Furnished) -> None:
    with furnished.house.database.writing() as session:
        number = stock.receive(session, "torn.pdf").id
        torn = session.get_one(Document, number)
        problem = {"text": "Torn.", "params": {}}
        documents.refuse(session, torn, problem, at=NOON)
    send(furnished, "clerk", f"/documents/{number}/retry", {})
    assert (newest(furnished).action, newest(furnished).subjects) == (
        "document.retried", [f"document:{number}"],
    )  # fmt: skip
