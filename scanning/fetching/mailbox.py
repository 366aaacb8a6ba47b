"""The mailbox: each letter's papers are a batch, named by its subject and its sender."""

import logging
from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

from archive import batches, sources
from archive.base import web
from archive.base.db import now
from archive.base.errors import Refusal
from archive.base.ledger import Actor
from archive.batches import Batch
from scanning.devices.errors import NothingCame
from scanning.devices.letters import Letter
from scanning.devices.mail import Account, Mailbox, opened
from scanning.fetching.bringing import Brought, Post, bring, told, whose

log = logging.getLogger(__name__)


class Mail:
    """The worker's part: one asking of the mailbox of the settings."""

    def __init__(self, house: web.House) -> None:
        self._house, self._post = house, Post(house, sources.MAIL)
        settings = house.settings
        self._account = Account(
            settings.mail_host, settings.mail_user, settings.mail_password, settings.mail_port,
            settings.mail_security, settings.mail_folder, settings.mail_kept_folder,
            settings.mail_certificate,
        )  # fmt: skip

    def step(self) -> bool:
        """Receive what has come. The next letters have their turn in a minute."""
        if self._post.is_ours():
            problem: dict[str, Any] | None = None
            try:
                self._ask()
            except (NothingCame, Refusal) as refusal:
                log.warning("The mailbox: %s", refusal)
                problem = told(refusal)
            self._post.note(problem)
        return False

    def close(self) -> None:
        self._post.close()

    def _ask(self) -> None:
        with self._house.database.reading() as session:
            by = whose(session, self._house.settings.mail_clerk)
        with opened(self._account) as mailbox:
            for letter in mailbox.unseen():
                self._take(mailbox, letter, by)

    def _take(self, mailbox: Mailbox, letter: Letter, by: Actor) -> None:
        files = [Brought(BytesIO(paper.content), paper.name) for paper in letter.papers]
        if files:
            bring(
                self._house, files, lambda writing: _batch(writing, letter, by),
                source=sources.MAIL, by=by,
            )  # fmt: skip
        if letter.left_out:
            for one in letter.left_out:
                log.warning("A letter of %s: %s", letter.sender, one.reason)
                self._post.note_left_out(told(one.reason) | {"name": called(letter)})
            mailbox.left(letter)
        else:
            mailbox.kept(letter)


def _batch(session: Session, letter: Letter, by: Actor) -> Batch:
    return batches.open_batch(session, source=sources.MAIL, by=by, at=now(), name=called(letter))


def called(letter: Letter) -> str:
    """By what a person finds the letter again: its subject and its sender."""
    return " · ".join(part for part in (letter.subject, letter.sender) if part)
