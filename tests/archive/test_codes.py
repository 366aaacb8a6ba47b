"""Label codes: every slip of one character is noticed, and what scanners type is understood."""

import secrets
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from archive import codes
from archive.base.errors import NotFound
from archive.base.ledger import Subject
from archive.codes import ALPHABET, ForeignCode, MistypedCode, NotACode, UnknownCode
from tests.people import NOON

HOME = "https://archive.example.com"
SAMPLES = [codes.draw() for _ in range(200)]


def spelt(scanned: str) -> str:
    return codes.spell(scanned, address=HOME)


def test_a_code_is_eight_of_the_thirty_two_characters() -> None:
    for code in SAMPLES:
        assert len(code) == 8
        assert set(code) <= set(ALPHABET)
        assert codes.is_sound(code)


def test_codes_do_not_follow_one_another() -> None:
    assert len(set(SAMPLES)) == len(SAMPLES)
    assert len({code[:2] for code in SAMPLES}) > 100


def test_every_single_wrong_character_is_noticed() -> None:
    for code in SAMPLES:
        for place in range(8):
            for wrong in ALPHABET.replace(code[place], ""):
                assert not codes.is_sound(code[:place] + wrong + code[place + 1 :])


def test_every_swap_of_two_neighbours_is_noticed() -> None:
    for code in SAMPLES:
        for place in range(7):
            left, right = code[place], code[place + 1]
            if left != right:
                assert not codes.is_sound(code[:place] + right + left + code[place + 2 :])


def test_a_missing_or_a_doubled_character_is_noticed() -> None:
    for code in SAMPLES:
        for place in range(8):
            assert not codes.is_sound(code[:place] + code[place + 1 :])
            assert not codes.is_sound(code[:place] + code[place] + code[place:])


def wide(text: str) -> str:
    """As a scanner types under a Chinese input method."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@pytest.mark.parametrize("sample", range(20))
def test_what_a_scanner_or_a_person_types_is_understood(sample: int) -> None:
    code = SAMPLES[sample]
    assert unicodedata.normalize("NFKC", wide(code)) == code
    for typed in (
        code,
        code.lower(),
        wide(code),
        wide(code.lower()),
        f"  {code}\r\n",
        f"{code[:4]} {code[4:]}",
        f"{code[:4]}-{code[4:]}",
        f"{code}\x1d",
        f"\ufeff{code}",
        f"{HOME}/c/{code}",
        f"{HOME}/c/{code.lower()}",
        f"{HOME}/c/{code}/",
        f"{HOME}/c/{code}?from=phone#top",
        wide(f"{HOME}/c/{code}"),
        f"HTTPS://ARCHIVE.EXAMPLE.COM/c/{code}",
        f"HTTPS://ARCHIVE.EXAMPLE.COM/C/{code}",
        f"http://10.0.0.7:8000/c/{code}",  # printed when the archive stood elsewhere
    ):
        assert spelt(typed) == code, typed


def test_letters_that_the_alphabet_leaves_out_are_taken_for_what_they_look_like() -> None:
    code = next(c for c in iter(codes.draw, None) if {"0", "1", "V"} <= set(c))
    for typed in (
        code.replace("0", "O"), code.replace("1", "I"), code.replace("1", "l"),
        code.replace("V", "u"), code.replace("0", "o").lower(),
    ):  # fmt: skip
        assert spelt(typed) == code


def test_a_slip_is_called_a_slip() -> None:
    code = SAMPLES[0]
    wrong = code[:-1] + next(c for c in ALPHABET if c != code[-1])
    with pytest.raises(MistypedCode, match=wrong):
        spelt(wrong)
    with pytest.raises(MistypedCode):
        spelt(f"{HOME}/c/{wrong}")


def test_another_archives_label_is_named_as_such() -> None:
    with pytest.raises(ForeignCode, match=r"other\.example\.org"):
        spelt("https://other.example.org/c/17")


@pytest.mark.parametrize(
    "scanned",
    [
        "",
        " ",
        "卷宗",
        "6901234567892",
        "https://example.com/",
        f"{HOME}/c/",
        f"{HOME}/folders/ABCDEFGH",
        "https://[/c/ABCDEFGH",
        "://",
        "javascript://%0aalert(1)/c/x",
        "\0\0\0\0\0\0\0\0",
        "%s%s%(code)s",
        "\ud800",
    ],
)
def test_what_is_no_code_is_refused_in_words(scanned: str) -> None:
    with pytest.raises((NotACode, ForeignCode)) as refused:
        spelt(scanned)
    assert len(str(refused.value)) < 250


def test_four_megabytes_pasted_into_the_box_are_refused_at_once() -> None:
    for pasted in ("卷" * 4_000_000, "\ufdfa" * 4_000_000, "://" * 1_400_000, "-" * 4_000_000):
        began = time.thread_time()
        with pytest.raises(NotFound):
            spelt(pasted)
        assert time.thread_time() - began < 0.2


@given(st.text(max_size=60))
def test_any_text_is_a_sound_code_or_a_refusal(scanned: str) -> None:
    try:
        assert codes.is_sound(spelt(scanned))
    except NotFound as refusal:
        assert str(refusal)


@given(st.text(max_size=40))
def test_any_url_is_a_sound_code_or_a_refusal(rest: str) -> None:
    for start in ("https://", "http://[", f"{HOME}/c/", "//", "HTTPS://x@"):
        try:
            assert codes.is_sound(spelt(start + rest))
        except NotFound as refusal:
            assert str(refusal)


def test_a_code_leads_to_its_thing_and_to_nothing_else(session: Session) -> None:
    code, other = SAMPLES[0], SAMPLES[1]
    codes.give(session, code, Subject("folder", 7), at=NOON)
    session.flush()
    assert codes.resolve(session, f" {code.lower()} ", address=HOME) == Subject("folder", 7)
    with pytest.raises(UnknownCode, match=other):
        codes.resolve(session, other, address=HOME)


def test_a_code_is_never_drawn_twice(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    first = codes.unused(session)
    codes.give(session, first, Subject("folder", 1), at=NOON)
    session.flush()
    drawn = iter([first, first, SAMPLES[0]])
    monkeypatch.setattr(codes, "draw", lambda: next(drawn))
    assert codes.unused(session) == SAMPLES[0]


def test_a_label_carries_an_address_that_any_phone_opens() -> None:
    code = codes.draw()
    assert codes.url(code, address=HOME) == f"{HOME}/c/{code}"
    assert spelt(codes.url(code, address=f"{HOME}/archive")) == code


def test_codes_are_drawn_evenly() -> None:
    counted: dict[str, int] = dict.fromkeys(ALPHABET, 0)
    for _ in range(3000):
        counted[codes.draw()[secrets.randbelow(8)]] += 1
    assert min(counted.values()) > 40
