"""A mailbox, asked by IMAP: its unseen letters' papers, and what became of them.

A letter is marked as seen only after its taker says that its papers are kept; a crash in between
brings it once more, with the same keys. So the mailbox should be the archive's own: what a person
opens there first counts as seen. Every call blocks: ask from a worker's thread, one at a time.
"""

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from scanning.devices.errors import (
    LetterTooLarge,
    LoginRefused,
    MailNotPrivate,
    MailServerAway,
    MailServerRefused,
    MailTookTooLong,
    NoMailFolder,
)
from scanning.devices.letters import HEAD, Letter, take_apart, unopened

MOST_AT_ONCE = 50  # letters of one asking
SEARCH_BYTES = 1_000_000  # an answer that is no letter is never longer
NOT_IN_NAME = re.compile(r"[^\x20-\x25\x27-\x7e]+")  # all but visible ASCII without &
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")

Security = Literal["tls", "starttls"]


@dataclass(frozen=True)
class Account:
    """Where the letters are. `kept_folder` is where a kept one is moved; empty: it stays.

    `certificate` is the authority's file (PEM) where the server's is signed by the company itself.
    A connection without TLS is not offered: the password would travel in the open.
    """

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    security: Security = "tls"
    folder: str = "INBOX"
    kept_folder: str = ""
    certificate: Path | None = None
    seconds: float = 30.0
    megabytes: int = 50


class Mailbox:
    """A mailbox that is open; see `opened`."""

    def __init__(self, account: Account, client: imaplib.IMAP4) -> None:
        self._account = account
        self._client = client
        self._abilities: set[str] = set()

    def unseen(self, most: int = MOST_AT_ONCE) -> Iterator[Letter]:
        """The oldest letters nobody has seen, one after another; looking does not mark them.

        Not one letter is refused: what cannot be taken apart says so in its `left_out`.
        """
        with self._talking():
            answer = self._uid("SEARCH", "UNSEEN")
        for uid in (answer[0] or b"").decode("ascii", "replace").split()[:most]:
            with self._talking():
                letter = self._letter(uid)
            if letter is not None:
                yield letter

    def kept(self, letter: Letter) -> None:
        """The letter's papers are safe, or it had none: mark it as seen, or move it too."""
        with self._talking():
            self._uid("STORE", letter.uid, "+FLAGS.SILENT", r"(\Seen)")
            if self._account.kept_folder:
                self._move(letter.uid, self._account.kept_folder)

    def left(self, letter: Letter) -> None:
        """Something in the letter was left out: leave it there with a star, for a person."""
        with self._talking():
            self._uid("STORE", letter.uid, "+FLAGS.SILENT", r"(\Seen \Flagged)")

    def open(self) -> None:
        """Log in and choose the folder."""
        self._abilities = self._able()
        self._log_in()
        self._abilities = self._able()
        if "ID" in self._abilities:
            # Without it the largest Chinese providers (163, 126) refuse to open any folder.
            self._client.xatom("ID", '("name" "Juanzong")')
        kind, answer = self._client.select(_folder(self._account.folder))
        if kind != "OK":
            # "Unsafe Login" is no missing folder.
            if b"login" in (answer[0] or b"").lower():
                raise imaplib.IMAP4.error(answer[0])
            raise NoMailFolder(folder=self._account.folder)

    def _able(self) -> set[str]:
        _, answer = self._client.capability()
        return set((answer[0] or b"").decode("ascii", "replace").upper().split())

    def _log_in(self) -> None:
        user, password = self._account.user, self._account.password
        try:
            if "AUTH=PLAIN" in self._abilities:
                # The only way for a password with signs beyond ASCII.
                token = f"\0{user}\0{password}".encode()
                self._client.authenticate("PLAIN", lambda _: token)
            else:
                self._client.login(_string(user), password)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, UnicodeEncodeError) as error:
            raise LoginRefused(host=self._account.host, user=user) from error

    def _letter(self, uid: str) -> Letter | None:
        """None if it was taken away meanwhile."""
        size = _SIZE.search(b" ".join(_lines(self._uid("FETCH", uid, "(RFC822.SIZE)"))))
        if size is None:
            return None
        most = self._account.megabytes
        if int(size[1]) > most * 1_000_000:
            head = self._fetched(uid, f"BODY.PEEK[HEADER]<0.{HEAD}>")
            letter = head and unopened(head, LetterTooLarge(megabytes=most))
        else:
            raw = self._fetched(uid, "BODY.PEEK[]")
            letter = raw and take_apart(raw)
        return replace(letter, uid=uid) if letter else None

    def _fetched(self, uid: str, what: str) -> bytes:
        """The bytes asked for; none if the letter is gone."""
        for piece in self._uid("FETCH", uid, f"({what})"):
            if isinstance(piece, tuple) and b"BODY[" in piece[0].upper():
                return bytes(piece[1])
        return b""

    def _move(self, uid: str, folder: str) -> None:
        command = "MOVE" if "MOVE" in self._abilities else "COPY"
        kind, _ = self._client.uid(command, uid, _folder(folder))
        if kind != "OK":
            self._client.create(_folder(folder))
            kind, _ = self._client.uid(command, uid, _folder(folder))
        if kind != "OK":
            raise NoMailFolder(folder=folder)
        if command == "COPY":
            self._uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
            if "UIDPLUS" in self._abilities:
                # A plain EXPUNGE would also end what other people have marked as deleted.
                self._uid("EXPUNGE", uid)

    def _uid(self, command: str, *arguments: str) -> list[Any]:
        kind, answer = self._client.uid(command, *arguments)
        if kind != "OK":
            raise imaplib.IMAP4.error(answer[0])
        return answer

    @contextmanager
    def _talking(self) -> Iterator[None]:
        with talking(self._account):
            yield


@contextmanager
def opened(account: Account) -> Iterator[Mailbox]:
    """The account's mailbox, for as long as the block lasts; refuses what stands in the way."""
    with ExitStack() as stack:
        with talking(account):
            client = _connected(account)
            stack.callback(_log_out, client)
            mailbox = Mailbox(account, client)
            mailbox.open()
        yield mailbox


@contextmanager
def talking(account: Account) -> Iterator[None]:
    """Whatever the network or the server does within becomes a refusal that says what to do."""
    host = account.host
    try:
        yield
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or str(error)
        raise MailNotPrivate(host=host, reason=reason) from error
    except TimeoutError as error:
        raise MailTookTooLong(host=host, seconds=round(account.seconds)) from error
    except (OSError, imaplib.IMAP4.abort) as error:
        raise MailServerAway(host=host) from error
    except imaplib.IMAP4.error as error:
        raise MailServerRefused(host=host, reason=_said(error)) from error


class _Bounded(imaplib.IMAP4):
    """A client that does not believe a server which announces gigabytes."""

    most = SEARCH_BYTES

    def read(self, size: int) -> bytes:
        if size > self.most:
            raise self.abort(f"{size} bytes announced")
        return super().read(size)


class _BoundedTls(_Bounded, imaplib.IMAP4_SSL):
    pass


def _connected(account: Account) -> imaplib.IMAP4:
    context = ssl.create_default_context(cafile=account.certificate)
    client: _Bounded
    if account.security == "tls":
        client = _BoundedTls(
            account.host, account.port, ssl_context=context, timeout=account.seconds
        )
    else:
        client = _Bounded(account.host, account.port, timeout=account.seconds)
        try:
            client.starttls(context)
        except OSError:
            client.shutdown()
            raise
        except imaplib.IMAP4.error as error:
            client.shutdown()
            raise MailNotPrivate(host=account.host, reason=_said(error)) from error
    client.most = account.megabytes * 1_000_000 + SEARCH_BYTES
    return client


def _log_out(client: imaplib.IMAP4) -> None:
    with suppress(OSError, imaplib.IMAP4.error):
        client.logout()


def _string(text: str) -> str:
    """As an IMAP string (RFC 3501 §4.3)."""
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def _folder(name: str) -> str:
    """A folder's name as an IMAP string, in modified UTF-7 (RFC 3501 §5.1.3)."""
    return _string(NOT_IN_NAME.sub(_in_utf7, name))


def _in_utf7(run: re.Match[str]) -> str:
    pieces = re.split("(&)", run[0])
    return "".join("&-" if piece == "&" else _shifted(piece) for piece in pieces if piece)


def _shifted(text: str) -> str:
    code = base64.b64encode(text.encode("utf-16-be"), b"+,").rstrip(b"=")
    return f"&{code.decode()}-"


def _lines(answer: list[Any]) -> list[bytes]:
    return [piece[0] if isinstance(piece, tuple) else piece for piece in answer if piece]


def _said(error: imaplib.IMAP4.error) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
