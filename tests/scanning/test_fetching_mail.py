"""The mailbox as a source: a letter's papers are one batch, and come once."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from archive.base import web
from archive.base.settings import Settings
from archive.batches import Batch
from archive.documents import Original
from scanning.devices import mail
from scanning.fetching.mailbox import Mail
from tests.pages import Browser
from tests.people import Cast, Visitor
from tests.scanning.post_office import PASSWORD, USER, Small, make_certificate

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Small]:
    server = Small(*make_certificate(tmp_path))
    yield server
    server.close()


@pytest.fixture
def app(settings: Settings, office: Small) -> Iterator[Flask]:
    told = {
        "mail_host": "localhost", "mail_port": office.port, "mail_user": USER,
        "mail_password": PASSWORD, "mail_kept_folder": "Kept", "mail_clerk": "chen",
        "mail_certificate": office.certificate,
    }  # fmt: skip
    made = create_app(settings.model_copy(update=told))
    yield made
    made.extensions[web.HOUSE_KEY].database.close()


@pytest.fixture
def asking(house: web.House, staffed: Cast) -> Iterator[Mail]:
    made = Mail(house)
    yield made
    made.close()


def letter(*names: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = "张三 <zhang@example.com>", USER
    made["Subject"], made["Message-ID"] = "三月的合同", "<1@example.com>"
    made.set_content("请查收。")
    for name in names:
        kind = ("application", "pdf") if name.endswith("pdf") else ("application", "zip")
        made.add_attachment(PDF + name.encode(), maintype=kind[0], subtype=kind[1], filename=name)
    return made.as_bytes()


def arrived(house: web.House) -> list[tuple[str, str, str]]:
    with house.database.reading() as session:
        query = select(Batch.name, Batch.source, Original.file_name).join(Original)
        rows = session.execute(query.order_by(Original.id)).all()
        return [(name, source, file) for name, source, file in rows]


def batches(house: web.House) -> int:
    with house.database.reading() as session:
        return len(session.scalars(select(Batch.id)).all())


def test_a_letters_papers_are_one_batch_of_its_subject_and_sender(
    house: web.House, office: Small, asking: Mail, staffed: Cast
) -> None:
    office.deliver(letter("合同.pdf", "附件.pdf"))
    asking.step()
    name = "三月的合同 · zhang@example.com"
    assert arrived(house) == [(name, "mail", "合同.pdf"), (name, "mail", "附件.pdf")]
    assert batches(house) == 1
    assert len(office.kept("Kept")) == 1
    with house.database.reading() as session:
        assert set(session.scalars(select(Original.received_by_id))) == {staffed.clerk.id}


def test_a_worker_killed_before_the_letter_is_marked_brings_nothing_twice(
    house: web.House, office: Small, asking: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.deliver(letter("合同.pdf"))
    with monkeypatch.context() as power:

        def cut(*_: object) -> None:
            raise KeyboardInterrupt

        power.setattr(mail.Mailbox, "kept", cut)
        with pytest.raises(KeyboardInterrupt):
            asking.step()
    asking.step()
    assert len(arrived(house)) == batches(house) == 1
    assert len(office.kept("Kept")) == 1


def test_what_is_left_out_is_said_in_the_inbox_and_the_letter_stays(
    app: Flask, house: web.House, office: Small, asking: Mail, staffed: Cast
) -> None:
    office.deliver(letter("合同.pdf", "全部.zip"))
    asking.step()
    assert [row[2] for row in arrived(house)] == ["合同.pdf"]
    page = Browser(app, staffed.clerk).get("/inbox").text
    assert "<b>Mail</b>" in page
    assert "The attachment 全部.zip is neither a PDF nor a picture" in page
    assert any("Flagged" in flags for flags in office.kept("INBOX"))


def test_a_letter_that_was_left_out_is_named_on_the_page_and_to_programs(
    app: Flask, house: web.House, office: Small, staffed: Cast
) -> None:
    asking = Mail(house)
    asking._account = replace(asking._account, megabytes=0)
    office.deliver(letter("合同.pdf"))
    asking.step()
    asking.close()
    assert "三月的合同 · zhang@example.com · The message is larger" in (
        Browser(app, staffed.clerk).get("/inbox").text
    )
    (told,) = Visitor(app, staffed.clerk).get("/inbox").data["left_out"]
    assert (told["source"], told["name"]) == ("Mail", "三月的合同 · zhang@example.com")
    assert told["problem"].startswith("The message is larger than 0 MB")


def test_all_that_letters_left_out_is_listed(
    app: Flask, house: web.House, office: Small, asking: Mail, staffed: Cast
) -> None:
    names = [f"附件{n}.zip" for n in range(5)]
    office.deliver(letter(*names))
    asking.step()
    page = Browser(app, staffed.clerk).get("/inbox").text
    assert page.count("is neither a PDF nor a picture") == 3
    assert "/inbox/left-out" in page
    clerk = Visitor(app, staffed.clerk)
    listed = [one["problem"] for one in clerk.get("/inbox/left-out").data["left_out"]]
    assert [name for problem in listed for name in names if name in problem] == names[::-1]
    everything = Browser(app, staffed.clerk).get("/inbox/left-out").text
    assert all(name in everything for name in names)


def test_a_mail_server_that_is_away_is_said_in_the_inbox(
    app: Flask, office: Small, asking: Mail, staffed: Cast
) -> None:
    office.close()
    asking.step()
    page = Browser(app, staffed.clerk).get("/inbox").text
    assert "The mail server localhost cannot be reached" in page
