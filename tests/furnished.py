"""A house with something in it."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from PIL import Image

from archive import covers, documents, users
from archive.base import web
from archive.base.ledger import HOUSE
from archive.base.web import Operation
from archive.users import User
from scanning.fetching.stand import folder_of
from scanning.making import searchable_path
from search.follow import Follower, the_index
from tests import stock
from tests.people import NOON, Cast


@dataclass(frozen=True)
class Furnished:
    """A house with a paper to file, a folder on the shelf, and an API key to revoke."""

    app: Flask
    cast: Cast
    places: dict[str, int | str]

    @property
    def house(self) -> web.House:
        found: web.House = self.app.extensions[web.HOUSE_KEY]
        return found

    def path(self, operation: Operation) -> str:
        """An address at which the operation finds something."""
        first = operation.rule.split("/")[1]
        number = self.places.get(operation.rule.rpartition("/<")[0], self.places.get(first, 1))
        filled = {
            "<int:number>": number,
            "<int:page>": 1,
            "<int:other>": 1,
            "<int:line>": 1,
            "<code>": self.places["code"],
        }
        return "/".join(str(filled.get(part, part)) for part in operation.rule.split("/"))

    def everyone(self) -> list[User]:
        """Those whose account is open."""
        return [user for user in vars(self.cast).values() if user is not self.cast.stranger]

    def follow(self) -> None:
        """Bring the index level with the ledger."""
        with self.app.app_context():
            follower = Follower(self.house.database, the_index())
            while follower.step():
                pass


def furnish(app: Flask, staffed: Cast) -> Furnished:
    """Put something into a house with everyone's account."""
    house: web.House = app.extensions[web.HOUSE_KEY]
    with house.database.writing() as session:
        folder = stock.folder(session)
        stock.note(session, folder.volume.party)
        held = documents.of_volume(session, folder.volume)[0]
        waiting = stock.read(session, "waiting.pdf", "设备采购合同")
        empty = stock.place(session, "K08", 900)
        clerk = session.get_one(User, staffed.clerk.id)
        users.issue_token(session, clerk, "scanner", by=HOUSE, at=NOON)
        places: dict[str, int | str] = {
            "code": folder.code,
            "documents": waiting.id,
            "search": waiting.id,
            "volumes": folder.volume_id,
            "volume": folder.volume.code,
            "parties": folder.volume.party_id,
            "accounts": staffed.reader.id,
            "scans": stock.scanned(session).id,
            # The batch of the very first page.
            "batches": held.original.batch_id,
            "locations": folder.home_id or 0,
            "empty": empty.id,
            "plans": stock.plan(session, folder).id,
            "covers": covers.make(session, covers.COVER, by=HOUSE, at=NOON).id,
            "/me/tokens": users.tokens_of(session, clerk)[0].id,
        }
        first = held.original.sha256
        sha256, searchable = waiting.original.sha256, searchable_path(house.files, waiting)
    drawn = (house.files.made(one, "page-1.webp") for one in (sha256, first))
    for path in (house.files.path(sha256), *drawn):
        _put(path)
    _put(searchable)
    page = folder_of(house, int(places["scans"])) / "page-0001.png"
    page.parent.mkdir(parents=True)
    Image.new("L", (80, 110), 255).save(page)
    made = Furnished(app, staffed, places)
    made.follow()
    return made


def _put(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"paper")
