"""Lists ask a constant number of questions, however many rows they have."""

from datetime import date
from urllib.parse import parse_qsl

import pytest

from archive import circulation, users
from archive.base.ledger import HOUSE
from archive.users import Role, User
from tests import stock
from tests.counting import counting
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, PASSWORD, Reply, Visitor

TODAY = date(2026, 3, 2)
MOST = 50  # rows on one page of a list


def grow(furnished: Furnished, first: int, last: int) -> None:
    """More of everything: parties, folders that are out, papers filed and waiting, accounts."""
    with furnished.house.database.writing() as session:
        reader = session.get_one(User, furnished.cast.reader.id)
        for number in range(first, last):
            folder = stock.folder(session, f"第{number}公司", f"K01-{number}")
            circulation.check_out(
                session,
                folder,
                reader,
                purpose="核对",
                due_on=TODAY,
                today=TODAY,
                by=HOUSE,
                at=NOON,
            )
            stock.file(session, stock.read(session, f"held-{number}.pdf", f"设备 {number}"))
            stock.read(session, f"waiting-{number}.pdf", f"设备 {number}")
            users.create(
                session, login=f"x{number}", name="", password=users.hashed(PASSWORD),
                role=Role.STAFF, by=HOUSE, at=NOON,
            )  # fmt: skip
    furnished.follow()


def ask(visitor: Visitor, path: str, **more: object) -> Reply:
    """Ask for JSON at an address with its query."""
    bare, _, query = path.partition("?")
    return visitor.get(bare, **(dict(parse_qsl(query)) | more))


def addresses(furnished: Furnished) -> list[str]:
    return [
        "/folders",
        "/volumes",
        "/volumes?q=Q001",
        f"/volumes/{furnished.places['volumes']}",
        "/parties",
        "/parties?sort=strokes",
        "/parties/duplicates",
        f"/parties/{furnished.places['parties']}/folders",
        "/due?whose=all",
        f"/parties/{furnished.places['parties']}",
        "/loans",
        "/locations",
        "/locations?q=K",
        f"/locations/{furnished.places['locations']}",
        "/strays",
        "/plans",
        f"/plans/{furnished.places['plans']}",
        "/inbox",
        "/inbox?state=read&kind=contract&source=upload&batch=1&clerk=1&doubts=1",
        "/ledger",
        f"/ledger?kind=party&ref={furnished.places['parties']}",
        "/search?q=设备",
        "/search?q=公司",
        "/search?kind=contract",
        "/accounts",
        f"/accounts/{furnished.cast.reader.id}",
        "/",
        f"/documents/{furnished.places['documents']}",
        f"/documents/{furnished.places['documents']}/file",
        f"/folders/{furnished.places['code']}",
    ]


def questions(furnished: Furnished) -> dict[str, tuple[int, int]]:
    """How many questions each list asks, as page and as JSON."""
    browser = Browser(furnished.app, furnished.cast.administrator)
    visitor = Visitor(furnished.app, furnished.cast.administrator)
    counts = {}
    for path in addresses(furnished):
        with counting(furnished.house) as by_page:
            assert browser.get(path).status_code == 200
        with counting(furnished.house) as by_json:
            assert path.endswith("/file") or ask(visitor, path).status == 200
        counts[path] = (len(by_page), len(by_json))
    return counts


def walk(visitor: Visitor, path: str, name: str, key: str, asked: str) -> list[str]:
    """What a list holds, page after page to its end."""
    seen: list[str] = []
    following: dict[str, object] = {}
    while True:
        reply = ask(visitor, path, **following)
        assert reply.status == 200, path
        assert len(reply.data[name]) <= MOST, path
        seen += [str(one[key]) for one in reply.data[name]]
        if reply.data["next"] is None:
            return seen
        following = {asked: reply.data["next"]}


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_fifty_rows_ask_no_more_than_two_and_are_paged_to_their_end(furnished: Furnished) -> None:
    grow(furnished, 0, 2)
    few = questions(furnished)
    grow(furnished, 2, 51)
    many = questions(furnished)
    assert {path: (few[path], many[path]) for path in few if few[path] != many[path]} == {}
    # A dossier tells the most: card, contacts, events, papers, folders, loans, history.
    assert max(max(pair) for pair in many.values()) <= 26, many
    visitor = Visitor(furnished.app, furnished.cast.administrator)
    for path, name, key, asked, total in (
        ("/folders", "folders", "code", "before", 52),
        ("/volumes", "volumes", "id", "before", 52),
        ("/parties", "parties", "id", "after", 52),
        ("/loans", "loans", "id", "after", 51),
        ("/inbox", "documents", "id", "before", 52),
        ("/accounts", "accounts", "id", "after", 56),
        (f"/volumes/{furnished.places['volumes']}", "documents", "id", "after", 52),
        (f"/parties/{furnished.places['parties']}", "documents", "id", "after", 52),
        ("/search?q=设备", "hits", "document", "offset", 155),
        (f"/ledger?kind=user&ref={furnished.cast.reader.id}", "rows", "id", "before", 52),
    ):
        seen = walk(visitor, path, name, key, asked)
        assert len(seen) == total, path
        assert len(set(seen)) == total, path
