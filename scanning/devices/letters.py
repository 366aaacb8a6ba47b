"""Letters: an e-mail taken apart into the papers that came with it.

Anyone can send one, so nothing in it is believed: headers are cut short, a message of endless
parts or lines is not taken apart at all, archives are not opened, and names are only shown. What
a paper really is, its content says later, like that of any upload.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath

from scanning.devices.errors import AttachmentEmpty, LetterTangled, NoPaper, NothingCame

MOST_HEADER = 4_000  # characters; Python takes a header's parameters apart in quadratic time
MOST_SEAMS = 2_000  # lines that might part one part from the next; each part costs 2 kB
MOST_LINES = 2_000_000  # of 76 characters each, 150 MB
LONGEST_NAME = 200
HEAD = 65_536  # bytes of a message in which its headers are looked for
DECORATION = 20_000  # bytes; a smaller picture within the text is a logo or a smile

PAPER_TYPES = {
    "application/pdf", "application/x-pdf", "image/jpeg", "image/jpg", "image/pjpeg", "image/png",
    "image/tiff", "image/gif", "image/webp", "image/heic", "image/heif",
}  # fmt: skip
PAPER_ENDINGS = {
    ".pdf", ".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".gif", ".webp", ".heic", ".heif",
}  # fmt: skip
# Parts that belong to the letter itself, and that nobody misses.
ENVELOPE = {
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
    "text/calendar",
}  # fmt: skip
# What Python's own parser comes to on letters that were made to break it, or by bad programs:
# a part in a part in a part …, an encoding with a null in its name, pieces of a name half numbered.
STUMBLES = (RecursionError, TypeError, ValueError, LookupError)
_ADDRESS = re.compile(r"[^\s<>()\",;:@]+@[^\s<>()\",;:@]+")


@dataclass(frozen=True)
class Paper:
    """An attachment that looks like a paper. `key` is the same whenever this letter is read."""

    key: str
    name: str
    content: bytes


@dataclass(frozen=True)
class LeftOut:
    """An attachment, or a whole letter (by its subject), that gave no paper, and why."""

    name: str
    reason: NothingCame


@dataclass(frozen=True)
class Letter:
    """`sender` is the address that the letter claims; `uid` its number in the mailbox."""

    message_id: str
    sender: str
    subject: str
    sent_at: datetime | None
    papers: tuple[Paper, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    uid: str = ""


class _Short(Compat32):
    """Headers as they are, bytes and all, but no longer than MOST_HEADER."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MOST_HEADER]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_POLICY = _Short()


def take_apart(raw: bytes) -> Letter:
    """The letter's papers, and what was left out. Never refuses: a tangle is left out whole."""
    if raw.count(b"\n--") > MOST_SEAMS or raw.count(b"\n") > MOST_LINES:
        return unopened(raw, LetterTangled())
    try:
        return _taken_apart(raw)
    except STUMBLES:
        return unopened(raw, LetterTangled())


def _taken_apart(raw: bytes) -> Letter:
    message = message_from_bytes(raw, policy=_POLICY)
    letter = _addressed(message, raw)
    papers: list[Paper] = []
    left_out: list[LeftOut] = []
    for section, part in _parts(message):
        name, content = _name(part), _content(part)
        if _is_of_the_letter(part, content):
            continue
        if not _looks_like_a_paper(part, name):
            left_out.append(LeftOut(name, NoPaper(name=name)))
        elif not content:
            left_out.append(LeftOut(name, AttachmentEmpty(name=name)))
        else:
            papers.append(Paper(_key(letter.message_id, section, content), name, content))
    return replace(letter, papers=tuple(papers), left_out=tuple(left_out))


def unopened(head: bytes, reason: NothingCame) -> Letter:
    """A letter of which only the beginning was looked at, left out whole."""
    message = BytesHeaderParser(policy=_POLICY).parsebytes(head[:HEAD])
    letter = _addressed(message, head)
    return replace(letter, left_out=(LeftOut(letter.subject, reason),))


def _addressed(message: "Message[str, str]", raw: bytes) -> Letter:
    identity = _words(message.get("Message-ID", "")).strip()
    if not identity:
        identity = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    return Letter(
        _clean(identity),
        _clean(_address(message.get("From", ""))),
        _clean(_words(message.get("Subject", ""))),
        _moment(message.get("Date", "")),
    )


def _parts(message: "Message[str, str]") -> Iterator[tuple[str, "Message[str, str]"]]:
    """The parts that hold something, in order, each with its number: 1, 2.1, 2.2.

    A letter forwarded as an attachment is gone through like any other part.
    """
    waiting = [("", message)]
    while waiting:
        section, part = waiting.pop()
        if not part.is_multipart():
            yield section or "1", part
            continue
        inside = part.get_payload()
        if isinstance(inside, list):
            below = [
                (f"{section}.{number}".lstrip("."), one)
                for number, one in enumerate(inside, start=1)
                if isinstance(one, Message)
            ]
            waiting += reversed(below)


def _is_of_the_letter(part: "Message[str, str]", content: bytes) -> bool:
    """Whether a part is the letter's own text, its signature, or a picture within the text."""
    media_type, disposition = part.get_content_type(), part.get_content_disposition()
    if media_type in ENVELOPE:
        return True
    if media_type.startswith("text/"):
        return disposition != "attachment" and not _given_name(part)
    is_shown = "Content-ID" in part and disposition != "attachment"
    return is_shown and media_type.startswith("image/") and 0 < len(content) < DECORATION


def _looks_like_a_paper(part: "Message[str, str]", name: str) -> bool:
    ending = PurePosixPath(name).suffix.lower()
    return part.get_content_type() in PAPER_TYPES or ending in PAPER_ENDINGS


def _content(part: "Message[str, str]") -> bytes:
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def _key(message_id: str, section: str, content: bytes) -> str:
    """Anyone may send another letter under the same Message-ID, so the content counts as well."""
    return hashlib.sha256(f"{message_id}\n{section}\n".encode() + content).hexdigest()


def _name(part: "Message[str, str]") -> str:
    """The attachment's name without any path, or what it is."""
    given = _given_name(part).replace("\\", "/")
    return _clean(given.rpartition("/")[2]) or part.get_content_type()


def _given_name(part: "Message[str, str]") -> str:
    try:
        return _words(part.get_filename() or "")
    except STUMBLES:
        return ""  # Its content may be good all the same.


def _words(value: str) -> str:
    """A header's text: RFC 2047 words, or bytes as they are, in whatever encoding."""
    try:
        pieces = decode_header(value)
    except HeaderParseError:
        pieces = [(value, None)]
    return "".join(_text(piece, charset) for piece, charset in pieces)


def _text(piece: str | bytes, charset: str | None) -> str:
    raw = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
    # Mail of Chinese programs says GB2312 and means all of GB18030.
    named = "gb18030" if (charset or "").lower() in ("gb2312", "gbk") else charset
    for encoding in (named, "utf-8", "gb18030"):
        try:
            return raw.decode(encoding or "utf-8")
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return raw.decode("utf-8", "replace")


def _clean(text: str) -> str:
    """Fit to be shown: on one line, without invisible signs, not endless."""
    line = " ".join(text.split())
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in line)[:LONGEST_NAME]


def _address(value: str) -> str:
    """The address itself. The last, for a name before it may be made to look like another."""
    found = _ADDRESS.findall(value)
    return _words(found[-1]) if found else ""


def _moment(value: str) -> datetime | None:
    """When the letter says it was sent; None if it says nothing that could be a time."""
    try:
        return parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
