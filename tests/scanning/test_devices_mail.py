"""The mailbox: letters' papers come once they are there, and nothing is marked too early."""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from scanning.devices import errors
from scanning.devices.letters import Letter, take_apart
from scanning.devices.mail import Account, Mailbox, opened
from tests.scanning.post_office import (
    PASSWORD,
    USER,
    Dovecot,
    PostOffice,
    Small,
    make_certificate,
)

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def dovecot(keys: tuple[Path, Path]) -> Iterator[Dovecot]:
    if shutil.which("dovecot") is None or os.geteuid():
        pytest.skip("dovecot is missing (apt-get install dovecot-imapd), or this is not root")
    if not Dovecot.version().startswith("2.3."):
        pytest.skip(f"DOVECOT is written for Dovecot 2.3, and this is {Dovecot.version()}")
    server = Dovecot(*keys)
    yield server
    server.close()


@pytest.fixture(params=["small", "dovecot"])
def office(request: pytest.FixtureRequest) -> PostOffice:
    server: PostOffice = request.getfixturevalue(request.param)
    if isinstance(server, Dovecot):
        server.clear()
    return server


@pytest.fixture
def small(keys: tuple[Path, Path]) -> Iterator[Small]:
    server = Small(*keys)
    yield server
    server.close()


def account_at(office: PostOffice) -> Account:
    return Account("localhost", USER, PASSWORD, office.port, certificate=office.certificate)


def letter(subject: str = "三月的合同", **attachments: bytes) -> bytes:
    message = EmailMessage()
    message["From"] = "李四 <lisi@example.com>"
    message["Subject"] = subject
    message["Date"] = "Mon, 04 Mar 2024 09:30:00 +0800"
    message["Message-ID"] = f"<{abs(hash(subject))}@example.com>"
    message.set_content("请查收。")
    for name, content in (attachments or {"合同": PDF}).items():
        message.add_attachment(
            content, maintype="application", subtype="pdf", filename=f"{name}.pdf"
        )
    return message.as_bytes().replace(b"\n", b"\r\n")


def asked(account: Account) -> list[Letter]:
    with opened(account) as mailbox:
        return list(mailbox.unseen())


def test_a_letters_papers_come_as_they_were_sent(office: PostOffice) -> None:
    office.deliver(letter(合同=PDF, 附件=b"%PDF second"))
    (one,) = asked(account_at(office))
    assert [(paper.name, paper.content) for paper in one.papers] == [
        ("合同.pdf", PDF),
        ("附件.pdf", b"%PDF second"),
    ]
    assert (one.sender, one.subject, one.left_out) == ("lisi@example.com", "三月的合同", ())
    assert one.sent_at is not None
    assert one.sent_at.isoformat() == "2024-03-04T09:30:00+08:00"


def test_a_letter_comes_again_with_the_same_keys_until_it_is_kept(office: PostOffice) -> None:
    office.deliver(letter())
    (first,) = asked(account_at(office))
    assert office.kept("INBOX") == [set()]
    with opened(account_at(office)) as mailbox:
        (again,) = mailbox.unseen()
        assert again == first
        mailbox.kept(again)
    assert asked(account_at(office)) == []
    assert office.kept("INBOX") == [{"Seen"}]


def test_a_kept_letter_is_moved_to_a_folder_that_is_made_for_it(office: PostOffice) -> None:
    for subject in ("one", "two"):
        office.deliver(letter(subject))
    account = replace(account_at(office), kept_folder="已归档 & 'done'")
    with opened(account) as mailbox:
        for one in mailbox.unseen():
            mailbox.kept(one)
    assert office.kept("INBOX") == []
    assert office.kept("&XfJfUmhj- &- 'done'") == [{"Seen"}, {"Seen"}]
    with opened(replace(account, folder=account.kept_folder)) as mailbox:
        assert list(mailbox.unseen()) == []


def test_a_letter_with_something_left_out_stays_with_a_star(office: PostOffice) -> None:
    message = EmailMessage()
    message.set_content("see attached")
    message.add_attachment(b"PK\x03\x04", maintype="application", subtype="zip", filename="a.zip")
    office.deliver(message.as_bytes().replace(b"\n", b"\r\n"))
    with opened(account_at(office)) as mailbox:
        (one,) = mailbox.unseen()
        assert one.papers == ()
        assert [str(left.reason) for left in one.left_out] == [
            str(errors.NoPaper(name="a.zip")),
        ]
        mailbox.left(one)
    assert office.kept("INBOX") == [{"Seen", "Flagged"}]
    assert asked(account_at(office)) == []


def test_only_so_many_letters_come_at_once(office: PostOffice) -> None:
    for number in range(5):
        office.deliver(letter(f"letter {number}"))
    with opened(account_at(office)) as mailbox:
        assert len(list(mailbox.unseen(most=3))) == 3


def test_a_letter_that_is_too_large_is_not_fetched(office: PostOffice) -> None:
    office.deliver(letter("a large one", big=b"%PDF" + b"x" * 2_000_000))
    (one,) = asked(replace(account_at(office), megabytes=1))
    assert one.papers == ()
    (left,) = one.left_out
    assert (left.name, type(left.reason)) == ("a large one", errors.LetterTooLarge)


def test_a_wrong_password_is_refused(office: PostOffice) -> None:
    with pytest.raises(errors.LoginRefused, match=USER):
        asked(replace(account_at(office), password="wrong"))


def test_a_folder_that_is_not_there_is_named(office: PostOffice) -> None:
    with pytest.raises(errors.NoMailFolder, match="没有"):
        asked(replace(account_at(office), folder="没有"))


def test_a_certificate_that_nobody_vouches_for_is_refused(office: PostOffice) -> None:
    with pytest.raises(errors.MailNotPrivate, match=r"self.signed"):
        asked(replace(account_at(office), certificate=None))


def test_a_certificate_of_another_name_is_refused(office: PostOffice) -> None:
    with pytest.raises(errors.MailNotPrivate, match="mismatch"):
        asked(replace(account_at(office), host="127.0.0.1"))


def test_a_server_that_is_away_is_named(small: Small) -> None:
    small.close()
    with pytest.raises(errors.MailServerAway, match="localhost"):
        asked(account_at(small))
    with pytest.raises(errors.MailServerAway):
        asked(replace(account_at(small), host="nowhere.invalid"))


def test_a_server_that_says_nothing_is_given_up(small: Small) -> None:
    small.manners = "silent"
    small.deliver(letter())
    before = time.monotonic()
    with pytest.raises(errors.MailTookTooLong):
        asked(replace(account_at(small), seconds=0.5))
    assert time.monotonic() - before < 3


@pytest.mark.parametrize("manners", ["hangs up", "huge"])
def test_a_server_that_breaks_off_or_announces_gigabytes_marks_nothing(
    small: Small, manners: str
) -> None:
    small.manners = manners
    small.deliver(letter())
    with pytest.raises(errors.MailServerAway):
        asked(account_at(small))
    assert small.kept("INBOX") == [set()]


def test_a_connection_without_tls_is_not_made(keys: tuple[Path, Path]) -> None:
    server = Small(*keys, is_plain=True)
    try:
        with pytest.raises(errors.MailNotPrivate):
            asked(replace(account_at(server), security="starttls"))
        assert not any("LOGIN" in line or "AUTHENTICATE" in line for line in server.spoken)
    finally:
        server.close()


def test_a_connection_that_turns_private_before_the_password_is_made(
    keys: tuple[Path, Path],
) -> None:
    server = Small(*keys, abilities="IMAP4rev1 STARTTLS AUTH=PLAIN", is_plain=True)
    try:
        server.deliver(letter())
        assert len(asked(replace(account_at(server), security="starttls"))) == 1
        assert server.spoken[1] == "STARTTLS"
    finally:
        server.close()


def test_a_provider_that_wants_to_know_the_program_is_told(small: Small) -> None:
    small.manners = "163"
    small.deliver(letter())
    assert len(asked(account_at(small))) == 1
    small.abilities = "IMAP4rev1 AUTH=PLAIN"
    small.spoken.clear()
    with pytest.raises(errors.MailServerRefused, match="Unsafe Login"):
        asked(account_at(small))


def test_a_server_that_knows_neither_move_nor_plain_is_served_too(small: Small) -> None:
    small.abilities = "IMAP4rev1"
    small.deliver(letter())
    account = replace(account_at(small), password="plain", kept_folder="kept")
    with opened(account) as mailbox:
        for one in mailbox.unseen():
            mailbox.kept(one)
    # Others' deleted letters are in there too, so nothing is expunged.
    assert small.kept("INBOX") == [{"Seen", "Deleted"}]
    assert small.kept("kept") == [{"Seen"}]


def test_a_letter_that_someone_takes_away_meanwhile_is_passed_over(small: Small) -> None:
    for subject in ("one", "two"):
        small.deliver(letter(subject))
    with opened(account_at(small)) as mailbox:
        coming = mailbox.unseen()
        assert next(coming).subject == "one"
        small.folders["INBOX"].clear()
        assert list(coming) == []


def test_the_password_is_in_no_message(small: Small) -> None:
    assert PASSWORD not in repr(account_at(small))


def test_a_mailbox_is_a_mailbox(small: Small) -> None:
    with opened(account_at(small)) as mailbox:
        assert isinstance(mailbox, Mailbox)
        assert list(mailbox.unseen()) == []
    assert small.spoken[-1] == "LOGOUT"


# Letters


def raw(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("utf-8", "surrogateescape")


def with_part(*headers: str, body: str = "JVBERi0=", subject: str = "x") -> Letter:
    letter = [
        "From: a@b", f"Subject: {subject}", "Message-ID: <1@b>",
        'Content-Type: multipart/mixed; boundary="="', "",
        "--=", "Content-Type: text/plain", "", "hello",
        "--=", *headers, "Content-Transfer-Encoding: base64", "", body, "--=--", "",
    ]  # fmt: skip
    return take_apart(raw(*letter))


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="=?GB2312?B?us/NrC5wZGY=?="', "合同.pdf"),
        ("attachment; filename*=UTF-8''%E5%90%88%E5%90%8C.pdf", "合同.pdf"),
        ("attachment; filename*0*=gb18030''%BA%CF; filename*1*=%CD%AC.pdf", "合同.pdf"),
        ('attachment; filename="合同.pdf"', "合同.pdf"),
        ('attachment; filename="../../etc/passwd.pdf"', "passwd.pdf"),
        ('attachment; filename="C:\\\\temp\\\\a.pdf"', "a.pdf"),
        ('attachment; filename="=?no-such-code?Q?a=2Epdf?="', "a.pdf"),
        ('attachment; filename="=?utf-8?B?!!!?="', "application/pdf"),
        ("attachment; filename*=a%00b''x.pdf", "application/pdf"),
        ("attachment; filename*=nul\0'' x.pdf", "application/pdf"),
        ("attachment", "application/pdf"),
        ('attachment; filename="' + "长" * 900 + '.pdf"', "长" * 200),
    ],
)
def test_a_name_is_shown_however_it_is_written(header: str, name: str) -> None:
    one = with_part("Content-Type: application/pdf", f"Content-Disposition: {header}")
    assert [paper.name for paper in one.papers] == [name]
    assert one.papers[0].content == b"%PDF-"


def test_a_name_in_raw_bytes_of_old_windows_is_read() -> None:
    header = b'Content-Disposition: attachment; filename="' + "合同.pdf".encode("gb18030")
    text = (header + b'"').decode("utf-8", "surrogateescape")
    one = with_part("Content-Type: application/pdf", text)
    assert one.papers[0].name == "合同.pdf"


def test_a_paper_of_no_type_is_known_by_its_name() -> None:
    one = with_part(
        "Content-Type: application/octet-stream",
        'Content-Disposition: attachment; filename="A.PDF"',
    )
    assert [paper.name for paper in one.papers] == ["A.PDF"]


def test_a_fax_that_was_mailed_as_gif_is_a_paper() -> None:
    letter = with_part('Content-Type: image/gif; name="fax.gif"')
    assert [paper.name for paper in letter.papers] == ["fax.gif"]
    assert letter.left_out == ()


def test_a_logo_within_the_text_is_no_paper_but_a_photo_is() -> None:
    headers = ("Content-Type: image/png; name=logo.png", "Content-ID: <logo>")
    assert with_part(*headers).papers == ()
    assert with_part(*headers).left_out == ()
    assert len(with_part(*headers, body="A" * 40_000).papers) == 1
    assert len(with_part("Content-Type: image/jpeg; name=photo.jpg").papers) == 1


def test_an_empty_or_broken_attachment_is_left_out_with_its_name() -> None:
    one = with_part("Content-Type: application/pdf; name=a.pdf", body="")
    assert [(left.name, type(left.reason)) for left in one.left_out] == [
        ("a.pdf", errors.AttachmentEmpty)
    ]


def test_a_forwarded_letter_is_gone_through() -> None:
    inner = letter("inner")
    outer = EmailMessage()
    outer["Subject"] = "Fwd"
    outer.set_content("see below")
    outer.add_attachment(inner, maintype="application", subtype="octet-stream", filename="x.eml")
    assert type(take_apart(outer.as_bytes()).left_out[0].reason) is errors.NoPaper
    whole = raw(
        "Subject: Fwd", 'Content-Type: multipart/mixed; boundary="out"', "",
        "--out", "Content-Type: message/rfc822", "",
    ) + b"\r\n" + inner + b"\r\n--out--\r\n"  # fmt: skip
    assert [paper.content for paper in take_apart(whole).papers] == [PDF]


def test_two_letters_of_one_message_id_are_not_taken_for_one() -> None:
    first, other = letter("same", a=PDF), letter("same", a=PDF + b"!")
    keys = {take_apart(one).papers[0].key for one in (first, other, first)}
    assert len(keys) == 2


def test_one_paper_twice_in_a_letter_has_two_keys() -> None:
    assert len({paper.key for paper in take_apart(letter(a=PDF, b=PDF)).papers}) == 2


def test_half_a_character_in_a_header_ends_up_in_no_record() -> None:
    half = "=?utf-7?Q?+2AA-?="
    one = take_apart(raw(f"Subject: {half}", f"Message-ID: {half}", f"From: {half}@b", "", "x"))
    assert "\ufffd" in one.subject + one.message_id
    (one.subject + one.message_id + one.sender).encode()


def test_the_sender_is_the_address_and_not_what_it_calls_itself() -> None:
    one = take_apart(raw('From: "boss@our-company.cn" <thief@elsewhere.com>', "", "x"))
    assert one.sender == "thief@elsewhere.com"


def test_a_letter_without_any_header_is_known_by_its_bytes() -> None:
    assert take_apart(b"hello").message_id.startswith("sha256:")
    assert take_apart(b"").papers == ()


def nested(levels: int) -> bytes:
    opening = [
        f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'
        for level in range(levels)
    ]
    return b"Subject: deep\r\n" + "".join(opening).encode() + b"\r\nx"


@pytest.mark.parametrize(
    "hostile",
    [
        nested(1_500),
        b"Subject: deep\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 100_000,
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * 500_000,
        b'Content-Type: multipart/mixed; boundary="' + b";" * 3_000_000 + b"\r\n\r\nx",
        b"Content-Type: application/pdf; " + b'name*0="a";' * 300_000 + b"\r\n\r\nx",
        b"Subject: " + b"=?utf-8?B?" * 300_000 + b"\r\n\r\nx",
        b"A: b\r\n" * 100_000 + b"\r\nx",
        b"From: " + b'"<(' * 300_000 + b"\r\nDate: Mon, 99 Foo 99999 99:99:99 +999999\r\n\r\n",
        b"\r\n" * 3_000_000,
        b"Content-Type: multipart/mixed\r\nContent-Transfer-Encoding: base64\r\n\r\n--\r\n\r\n\xff",
        b"Content-Type: image/png\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 9 \r\n\xff",
        bytes(range(256)) * 1_000,
    ],
    ids=["multiparts", "forwards", "parts", "quote", "pieces", "words", "headers", "address",
         "lines", "no boundary", "uuencoded", "noise"],
)  # fmt: skip
def test_a_hostile_letter_costs_a_moment_and_gives_nothing(hostile: bytes) -> None:
    before = time.process_time()
    one = take_apart(hostile)
    assert one.papers == () or one.papers[0].name
    assert time.process_time() - before < 5
