"""Scans through the doors, with SANE's own pretended scanners: a feeder of ten pages, a glass."""

import errno
import io
import json
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image, ImageChops
from pypdf import PdfReader
from sqlalchemy import select

from app import PROGRAM, juanzong
from archive import documents, scans
from archive.base import terminal, web
from archive.base.errors import NoRoom
from archive.base.ledger import HOUSE
from archive.base.settings import Settings
from archive.batches import Batch
from archive.documents import Original
from archive.scans import ScanJob, Wanted
from scanning.devices import offers, scanners
from scanning.devices.errors import FeederEmpty, FeederJammed
from scanning.fetching import stand as room
from scanning.fetching.stand import Stand, folder_of
from scanning.pdf import bound
from tests.pages import Browser
from tests.people import Cast, Visitor

FEEDER = "Automatic Document Feeder"
pytestmark = pytest.mark.skipif(
    not scanners.available(), reason="scanimage is missing: apt-get install sane-utils"
)


@pytest.fixture(autouse=True)
def pretended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """SANE with its test backend and nothing else."""
    setup = tmp_path / "sane.d"
    setup.mkdir()
    (setup / "dll.conf").write_text("test\n")
    (setup / "test.conf").write_text('number_of_devices 2\ntest-picture "Color pattern"\n')
    monkeypatch.setenv("SANE_CONFIG_DIR", str(setup))
    return setup


@pytest.fixture
def clerk(app: Flask, staffed: Cast) -> Visitor:
    return Visitor(app, staffed.clerk)


@pytest.fixture
def stand(house: web.House) -> Iterator[Stand]:
    made = Stand(house)
    made.start()
    yield made
    made.close()


def begun(clerk: Visitor, **form: object) -> int:
    form = {"device": "test:0", "source": "Flatbed", "resolution": 75, "paper": "A5"} | form
    reply = clerk.post("/scanners/scan", **form)
    assert reply.status == 201, reply.data
    return int(reply.data["id"])


def state(clerk: Visitor, number: int) -> tuple[str, int]:
    told = clerk.get(f"/scans/{number}").data
    return told["state"], told["pages"]


def original(house: web.House) -> tuple[Original, Batch]:
    """The only one there is, and its batch."""
    with house.database.reading() as session:
        found = session.scalars(select(Original)).one()
        return found, session.get_one(Batch, found.batch_id)


def job_of(house: web.House, number: int) -> ScanJob:
    with house.database.reading() as session:
        return scans.by_id(session, number)


def test_a_stack_of_ten_in_the_feeder_is_one_original_of_ten_pages(
    house: web.House, clerk: Visitor, stand: Stand, staffed: Cast
) -> None:
    number = begun(clerk, source=FEEDER, sheets=10, name="三月来件")
    assert state(clerk, number) == ("queued", 0)
    stand.step()
    assert state(clerk, number) == ("waiting", 10)
    assert clerk.post(f"/scans/{number}/finish").data["state"] == "finishing"
    stand.step()
    assert state(clerk, number) == ("finished", 10)
    kept, batch = original(house)
    assert (batch.source, batch.name, batch.sheets) == ("scanner", "三月来件", 10)
    assert kept.file_name == "三月来件.pdf", "as the clerk named it"
    assert batch.opened_by_id == kept.received_by_id == staffed.clerk.id
    assert len(PdfReader(house.files.path(kept.sha256)).pages) == 10
    assert not folder_of(house, number).exists()


def test_the_glass_gives_a_page_at_a_time_and_no_pixel_is_changed(
    house: web.House, clerk: Visitor, stand: Stand, tmp_path: Path
) -> None:
    number = begun(clerk, mode="Color")
    stand.step()
    clerk.post(f"/scans/{number}/more")
    stand.step()
    assert state(clerk, number) == ("waiting", 2)
    pages = scanners.pages_in(folder_of(house, number))
    with Image.open(pages[1]) as shown:
        scanned = shown.convert("RGB")
    clerk.post(f"/scans/{number}/finish")
    stand.step()
    kept, _ = original(house)
    reader = PdfReader(house.files.path(kept.sha256))
    assert len(reader.pages) == 2
    inside = reader.pages[1].images[0].image
    assert inside is not None
    assert ImageChops.difference(inside.convert("RGB"), scanned).getbbox() is None
    width, height = (float(side) / 72 * 25.4 for side in reader.pages[1].mediabox[2:])
    assert (round(width), round(height)) == (148, 200), "the glass of the pretended one ends there"


def test_two_stacks_that_look_alike_are_two_originals(
    house: web.House, clerk: Visitor, stand: Stand
) -> None:
    for _ in range(2):
        number = begun(clerk)
        stand.step()
        clerk.post(f"/scans/{number}/finish")
        stand.step()
    with house.database.reading() as session:
        assert len(session.scalars(select(Original)).all()) == 2


def test_a_cancelled_scan_leaves_nothing(house: web.House, clerk: Visitor, stand: Stand) -> None:
    number = begun(clerk)
    stand.step()
    assert clerk.post(f"/scans/{number}/cancel").data["state"] == "cancelled"
    stand.step()
    assert not folder_of(house, number).exists()
    with house.database.reading() as session:
        assert documents.counts(session) == {}
    assert clerk.post(f"/scans/{number}/finish").status == 409


def test_a_clerk_stops_the_feeder_and_keeps_what_came(
    house: web.House,
    clerk: Visitor,
    stand: Stand,
    pretended: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with (pretended / "test.conf").open("a") as setup:
        setup.write("read-delay true\nread-delay-duration 200000\n")
    monkeypatch.setattr(room, "ASK_SECONDS", 0.0)
    number = begun(clerk, source=FEEDER, resolution=100)
    kept = Stand._came

    def stopping(self: Stand, job: ScanJob, page: Path) -> None:
        kept(self, job, page)
        if job_of(house, number).pages == 3:
            assert clerk.post(f"/scans/{number}/stop").status == 200
            assert clerk.post(f"/scans/{number}/finish").status == 409, "it still runs"

    monkeypatch.setattr(Stand, "_came", stopping)
    stand.step()
    told, pages = state(clerk, number)
    assert told == "waiting"
    assert 3 <= pages < 10
    assert clerk.post(f"/scans/{number}/finish").status == 200


def test_a_worker_that_is_killed_loses_no_page_that_was_shown(
    house: web.House, clerk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = Stand(house, holder="gone:1")
    number = begun(clerk, source=FEEDER)
    with monkeypatch.context() as power:
        kept = Stand._came

        def cut(self: Stand, job: ScanJob, page: Path) -> None:
            kept(self, job, page)
            if page.name == "page-0004.png":
                raise KeyboardInterrupt

        power.setattr(Stand, "_came", cut)
        with pytest.raises(KeyboardInterrupt):
            killed.step()
    assert state(clerk, number) == ("scanning", 4)
    monkeypatch.setattr("archive.base.tasks.is_gone", lambda holder: holder == "gone:1")
    again = Stand(house)
    again.start()
    # Pages that the scanner gave after the last one shown are whole, too.
    told, came = state(clerk, number)
    assert (told, came) == ("waiting", len(scanners.pages_in(folder_of(house, number))))
    assert came >= 4
    assert "broke off" in clerk.get(f"/scans/{number}").data["problem"]
    clerk.post(f"/scans/{number}/more")
    again.step()
    assert state(clerk, number) == ("waiting", came + 10)


def test_a_crash_before_the_last_commit_makes_the_same_original_once(
    house: web.House, clerk: Visitor, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = begun(clerk)
    stand.step()
    clerk.post(f"/scans/{number}/finish")
    with monkeypatch.context() as power:

        def cut(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        power.setattr(scans, "arrive", cut)
        with pytest.raises(KeyboardInterrupt):
            stand.step()
    again = Stand(house)
    again.start()
    again.step()
    assert state(clerk, number) == ("finished", 1)
    original(house)
    assert (
        sum(1 for one in (house.settings.data / "files/originals").rglob("*") if one.is_file()) == 1
    )


def test_a_scan_whose_pages_are_gone_can_be_cancelled(
    house: web.House, clerk: Visitor, stand: Stand
) -> None:
    number = begun(clerk)
    stand.step()
    clerk.post(f"/scans/{number}/finish")
    shutil.rmtree(folder_of(house, number))
    assert stand.step()
    assert state(clerk, number) == ("waiting", 0)
    assert "cannot be read" in clerk.get(f"/scans/{number}").data["problem"]
    assert clerk.post(f"/scans/{number}/cancel").data["state"] == "cancelled"


def test_a_page_that_cannot_be_kept_leaves_the_scanner_free(
    house: web.House, clerk: Visitor, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(_page: Path) -> Path:
        raise OSError("broken PNG file")

    number = begun(clerk)
    with monkeypatch.context() as disk:
        disk.setattr(room, "small", torn)
        stand.step()
    assert state(clerk, number) == ("waiting", 1)
    assert "could not be written" in clerk.get(f"/scans/{number}").data["problem"]
    assert clerk.post(f"/scans/{number}/more").status == 200


def test_a_scan_that_two_workers_bind_is_one_original_in_one_batch(
    house: web.House, clerk: Visitor, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = begun(clerk)
    stand.step()
    clerk.post(f"/scans/{number}/finish")
    other = Stand(house, holder="elsewhere:1")
    binds = Stand._bound

    def slowly(self: Stand, job: ScanJob, folder: Path) -> Any:
        if self is stand:
            # Silent for too long, it is taken for gone.
            with house.database.writing() as session:
                late = scans.by_id(session, number).moved_at + 2 * scans.PATIENCE
                scans.release(session, lambda _: False, at=late)
            other.step()
            folder.mkdir()
            Image.new("L", (9, 9)).save(folder / "page-0001.png")
        return binds(self, job, folder)

    monkeypatch.setattr(Stand, "_bound", slowly)
    stand.step()
    assert state(clerk, number) == ("finished", 1)
    with house.database.reading() as session:
        assert len(session.scalars(select(Batch)).all()) == 1
        assert len(session.scalars(select(Original)).all()) == 1


def test_a_scan_that_is_being_bound_is_nobody_elses(
    house: web.House, clerk: Visitor, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = begun(clerk)
    stand.step()
    clerk.post(f"/scans/{number}/finish")
    with house.database.writing() as session:
        since = scans.by_id(session, number).moved_at
    monkeypatch.setattr(room, "now", lambda: since + timedelta(minutes=29))

    def look(*_: object) -> None:
        with house.database.writing() as session:
            late = since + timedelta(minutes=31)
            assert scans.release(session, lambda _: False, at=late) == []

    def slowly(pages: Iterable[Path], target: Path, name: str) -> None:
        first = iter(pages)
        page = next(first)
        look()
        bound.bind([page, *first], target, name)

    with house.database.writing() as session:
        scans.by_id(session, number).moved_at = since
    monkeypatch.setattr(room, "bind", slowly)
    stand.step()
    assert state(clerk, number) == ("finished", 1)


def test_the_program_says_why_a_scan_did_not_reach_the_archive(
    house: web.House, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(room, "bind", full)
    wanted = Wanted("test:0", "glass", asdict(offers.Settings("Flatbed", "", 75, "A5")))
    job, problem = stand.scan_at_once(wanted, by=HOUSE)
    assert job.state == "waiting"
    assert problem == {"text": NoRoom.text, "params": {}}


def test_an_empty_feeder_is_said_and_can_be_filled(
    house: web.House, clerk: Visitor, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def empty(*_: object, **__: object) -> int:
        raise FeederEmpty

    number = begun(clerk, source=FEEDER)
    with monkeypatch.context() as feeder:
        feeder.setattr(scanners, "scan", empty)
        stand.step()
    told = clerk.get(f"/scans/{number}").data
    assert (told["state"], told["pages"]) == ("waiting", 0)
    assert told["problem"].startswith("There is no paper in the feeder.")
    assert clerk.post(f"/scans/{number}/finish").status == 409
    clerk.post(f"/scans/{number}/more")
    stand.step()
    assert state(clerk, number) == ("waiting", 10)


def test_only_scanners_of_the_list_are_opened(clerk: Visitor) -> None:
    for name in ("test:7", "net:10.0.0.1:epson", "--help", "../x"):
        reply = clerk.post("/scanners/scan", device=name)
        assert reply.status == 422
        assert "is not found" in reply.data["error"]
    assert clerk.post("/scanners/scan", device="test:0", source="Camera").status == 422
    assert clerk.post("/scanners/scan", device="test:0", paper="A0").status == 422


def test_a_scanner_at_work_is_refused_to_the_next(
    clerk: Visitor, staffed: Cast, app: Flask
) -> None:
    begun(clerk)
    other = Visitor(app, staffed.archivist)
    refused = other.post("/scanners/scan", device="test:0")
    assert (refused.status, refused.data["error"]) == (409, scans.ScannerAtWork.text)
    assert other.post("/scanners/scan", device="test:1").status == 201


def test_a_preview_shows_the_glass_and_begins_no_scan(clerk: Visitor) -> None:
    reply = clerk.post("/scanners/scan", device="test:0", source="Flatbed", do="preview")
    assert reply.status == 200
    assert reply.data["picture"].startswith("data:image/png;base64,")
    refused = clerk.post("/scanners/scan", device="test:0", source=FEEDER, do="preview")
    assert refused.status == 422
    assert clerk.get("/scanners").data["scans"] == []


def until(question: Callable[[], bool]) -> None:
    over = time.monotonic() + 20
    while not question():
        assert time.monotonic() < over
        time.sleep(0.05)


def test_the_list_is_there_when_the_search_is_done(clerk: Visitor) -> None:
    until(lambda: not clerk.get("/scanners").data["looking"])
    told = clerk.get("/scanners").data
    assert [one["name"] for one in told["scanners"]] == ["test:0", "test:1"]


def test_where_no_scanner_is_the_page_says_what_to_do(
    app: Flask, clerk: Visitor, staffed: Cast, pretended: Path
) -> None:
    (pretended / "dll.conf").write_text("")
    until(lambda: not clerk.get("/scanners").data["looking"])
    assert "No scanner is found. Switch it on" in Browser(app, staffed.clerk).get("/scanners").text
    refused = clerk.post("/scanners/scan")
    assert (refused.status, refused.data["error"][:20]) == (422, "No scanner is found.")


def test_the_form_is_set_as_this_clerk_scanned_last(
    app: Flask, clerk: Visitor, staffed: Cast, stand: Stand
) -> None:
    begun(clerk, resolution=150, mode="Color", source="Flatbed")
    browser = Browser(app, staffed.clerk)
    assert "at work for another scan" in browser.get("/scanners/scan", device="test:0").text
    stand.step()
    page = browser.get("/scanners/scan", device="test:0").text
    for chosen in ('value="150"', 'value="Color"', 'value="Flatbed"', 'value="A5"'):
        assert f"<option selected {chosen}>" in page, chosen


def test_the_navigation_has_scanners_only_where_the_program_is(
    app: Flask, staffed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Browser(app, staffed.clerk).get("/")
    assert 'href="/scanners"' in page.text
    assert 'href="/scanners"' not in Browser(app, staffed.reader).get("/").text
    monkeypatch.setattr(scanners, "PROGRAM", "no-such-program")
    assert 'href="/scanners"' not in Browser(app, staffed.clerk).get("/").text


def test_a_page_appears_as_a_small_picture(
    app: Flask, house: web.House, clerk: Visitor, stand: Stand, staffed: Cast
) -> None:
    number = begun(clerk, resolution=150)
    stand.step()
    browser = Browser(app, staffed.clerk)
    assert f"/scans/{number}/pages/1/picture" in browser.get(f"/scans/{number}").text
    answer = browser.get(f"/scans/{number}/pages/1/picture")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert browser.get(f"/scans/{number}/pages/2/picture").status_code == 404


@pytest.fixture
def program(settings: Settings, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The program `juanzong` on this house's data; gives its exit code and its JSON."""
    monkeypatch.setenv("JUANZONG_DATA", str(settings.data))
    monkeypatch.setenv("JUANZONG_DATABASE_URL", settings.database)

    def run(*arguments: str) -> tuple[int, Any]:
        said = io.StringIO()
        with redirect_stdout(said):
            code = terminal.run(juanzong, PROGRAM, ["scan", *arguments, "--json"])
        return code, json.loads(said.getvalue())

    return run


def test_the_command_line_scans_a_stack_into_the_archive(
    program: Callable[..., Any], house: web.House
) -> None:
    code, told = program("--list")
    assert (code, [one["name"] for one in told["scanners"]]) == (0, ["test:0", "test:1"])
    code, told = program("--device", "test:1", "--resolution", "75", "--paper", "A5", "--sheets=10")
    assert (code, told["pages"], told["error"]) == (0, 10, None)
    kept, batch = original(house)
    assert (batch.id, batch.sheets, batch.source) == (told["batch"], 10, "scanner")
    assert len(PdfReader(house.files.path(kept.sha256)).pages) == 10
    assert list((house.settings.data / "scans").iterdir()) == []


def test_what_came_before_a_jam_is_kept_and_the_jam_is_said(
    program: Callable[..., Any], house: web.House, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = scanners.scan

    def jamming(*told: Any, **more: Any) -> int:
        whole(*told, **more)
        raise FeederJammed

    monkeypatch.setattr(scanners, "scan", jamming)
    code, told = program("--device", "test:0", "--resolution", "75", "--source", "Flatbed")
    assert (code, told["pages"]) == (1, 1)
    assert told["error"]
    original(house)


def test_a_scanner_that_is_not_in_the_list_is_refused_to_the_command_line(
    program: Callable[..., Any], house: web.House
) -> None:
    for wrong in (("--device", "test:9"), ("--mode", "Infrared"), ("--source", "Drawer")):
        code, told = program(*wrong)
        assert code == 1
        assert told["error"]
    with house.database.reading() as session:
        assert scans.unfinished(session) == []


def test_the_backs_of_a_stack_come_into_the_batch_of_its_fronts(
    app: Flask, house: web.House, clerk: Visitor, stand: Stand, staffed: Cast
) -> None:
    fronts = begun(clerk, source=FEEDER, sheets=10, name="两面的")
    stand.step()
    clerk.post(f"/scans/{fronts}/finish")
    stand.step()
    batch = clerk.get(f"/scans/{fronts}").data["batch"]
    browser = Browser(app, staffed.clerk)
    asked = f"/scanners/scan?device=test:0&batch={batch}"
    assert asked.replace("&", "&amp;") in browser.get(f"/scans/{fronts}").text
    assert f'value="{batch}"' in browser.get(asked).text
    backs = begun(clerk, source=FEEDER, batch=batch)
    stand.step()
    clerk.post(f"/scans/{backs}/finish")
    stand.step()
    with house.database.reading() as session:
        kept = session.scalars(select(Original)).all()
    assert [one.batch_id for one in kept] == [batch, batch]
    assert "Scan the backs" not in browser.get(f"/scans/{backs}").text, "there is no third side"


def test_backs_of_no_batch_are_refused(clerk: Visitor) -> None:
    form = {"device": "test:0", "source": FEEDER, "resolution": 75, "paper": "A5"}
    assert clerk.post("/scanners/scan", **form, batch=4711).status == 404
    assert clerk.get("/scanners").data["scans"] == []
