"""Duplicates: found by code and by name, merged with nothing lost."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive import covers, documents, merging, parties
from archive.base import ledger
from archive.base.db import Record
from archive.base.ledger import HOUSE
from archive.documents import Document
from archive.merging import OTHER
from archive.parties import Card, Definition, Party, Told
from archive.volumes import Volume, VolumeState
from tests import stock
from tests.people import NOON

CODE = "91350100M000100Y43"
OLD, NEW = "恒岳机械(集团)有限公司", "恒岳机械股份有限公司"


@pytest.fixture
def pair(session: Session) -> tuple[Party, Party]:
    """Two cards of one party, each with papers, a contact and what is noted beside."""
    kept = parties.make(session, Card(NEW, credit_code=CODE, source="展会"), by=HOUSE, at=NOON)
    card = Card(OLD, address="南京", source="推荐", credit_limit=Decimal(5), note="旧卡")
    other = parties.make(session, card, by=HOUSE, at=NOON)
    for name in (NEW, OLD):
        stock.file(session, stock.read(session, f"{name}.pdf", name), name)
    for party in (kept, other):
        parties.add_contact(session, party, Told(f"张{party.number}"), by=HOUSE, at=NOON)
    day = date(2026, 3, 2)
    parties.follow_up(session, other, "拜访", day, [3], owner=None, by=HOUSE, at=NOON)
    covers.make(session, covers.COVER, party=other, by=HOUSE, at=NOON)
    return kept, other


def merge(session: Session, kept: Party, other: Party, **choices: str) -> None:
    versions = (kept.version, other.version)
    merging.merge(session, kept, other, choices, versions=versions, by=HOUSE, at=NOON)


def counts(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    tables = Record.metadata.sorted_tables
    return {one.name: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("恒岳机械有限公司", "恒岳机械股份有限公司"),
        ("恒岳机械(集团)有限公司", "恒岳机械有限责任公司"),
        ("恒岳机械【中国】有限公司", "恒岳机械"),
        ("Hengyue Machinery Co., Ltd.", "HENGYUE MACHINERY LIMITED"),
        ("Ｈｅｎｇｙｕｅ Inc", "Hengyue LLC"),
    ],
)
def test_names_that_differ_by_the_legal_form_are_alike(
    session: Session, one: str, other: str
) -> None:
    first, second = stock.party(session, one), stock.party(session, other)
    found = parties.same_name(session, after="", limit=9)
    assert [group.cards for group in found] == [[first, second]]
    assert parties.alike(session, first) == [second]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("恒岳（南京）机械有限公司", "恒岳（上海）机械有限公司"),
        ("恒岳机械有限公司", "恒岳机电有限公司"),
        ("有限公司", "股份有限公司"),
        ("Cisco", "Cis Co"),
    ],
)
def test_other_companies_are_not_alike(session: Session, one: str, other: str) -> None:
    stock.party(session, one)
    stock.party(session, other)
    assert parties.same_name(session, after="", limit=9) == []


def test_cards_with_one_code_are_found_group_by_group(session: Session) -> None:
    codes = [f"9135010000000{n:05d}" for n in range(3)]
    for number, code in enumerate(codes * 2):
        parties.create(session, f"第{number}家", credit_code=code, by=HOUSE, at=NOON)
    parties.create(session, "独一家", credit_code="X", by=HOUSE, at=NOON)
    parties.create(session, "无码一家", by=HOUSE, at=NOON)
    parties.create(session, "无码二家", by=HOUSE, at=NOON)
    first = parties.same_code(session, after="", limit=2)
    rest = parties.same_code(session, after=first[-1].key, limit=2)
    assert [group.key for group in [*first, *rest]] == codes
    assert all(len(group.cards) == 2 for group in first)


def test_a_merge_loses_nothing_and_the_ledger_tells(
    session: Session, pair: tuple[Party, Party]
) -> None:
    kept, other = pair
    before = counts(session)
    merge(session, kept, other, source=OTHER)
    after = counts(session)
    grown = {"ledger", "ledger_subject", "party_former_name"}
    assert {name for name in before if before[name] != after[name]} == grown
    assert (kept.name, kept.address, kept.source, kept.note) == (NEW, "南京", "推荐", "旧卡")
    assert (kept.credit_code, kept.credit_limit) == (CODE, Decimal("5.00"))
    for record in (Document, Volume, covers.CoverSheet, parties.Contact, parties.FollowUp):
        assert set(session.scalars(select(record.party_id))) == {kept.id}
    row = ledger.history(session, other.subject)[0]
    assert (row.action, row.data["other"]) == ("party.merged", OLD)
    fields = {one["field"]: (one["before"], one["after"]) for one in row.data["changes"]}
    assert fields == {
        "address": ("", "南京"), "credit_limit": ("", "5.00"), "source": ("展会", "推荐"),
    }  # fmt: skip
    # Each paper's own history says so, and the index follows it.
    for paper in session.scalars(select(Document).where(Document.title != "")):
        told = [one.action for one in ledger.history(session, paper.subject)]
        assert ("party.papers_moved" in told) is (paper.original.file_name == f"{OLD}.pdf")
    assert ledger.verify(session).ok


def test_the_merged_card_stays_as_it_was_and_leads_on(
    session: Session, pair: tuple[Party, Party]
) -> None:
    kept, other = pair
    third = stock.party(session, "恒岳")
    merge(session, other, third)
    merge(session, kept, other)
    for number in (kept.id, other.id, third.id):
        assert parties.by_id(session, number) is kept
    was = parties.as_it_was(session, other.id)
    assert (was.name, was.address, was.note) == (OLD, "南京", "旧卡")
    assert {one.id for one in parties.merged_into(session, kept)} == {other.id, third.id}
    for name in (OLD, "恒岳", NEW):
        assert parties.recognise(session, name=name) is kept
        with pytest.raises(parties.PartyKnown, match=NEW):
            parties.create(session, name, by=HOUSE, at=NOON)
    assert parties.typed(session, "恒岳") == [kept]
    assert parties.listed(session, "", after=None, limit=9) == [kept]


def test_the_remaining_card_may_take_the_others_name(
    session: Session, pair: tuple[Party, Party]
) -> None:
    kept, other = pair
    merge(session, kept, other, name=OTHER)
    session.expire_all()
    assert kept.name == OLD
    assert parties.recognise(session, name=NEW) is kept
    assert parties.recognise(session, name=OLD) is kept


def test_of_two_volumes_that_take_the_same_papers_one_goes_on(
    session: Session, pair: tuple[Party, Party]
) -> None:
    kept, other = pair
    mine, theirs = (
        session.scalars(select(Volume).where(Volume.party_id == one.id)).one() for one in pair
    )
    merge(session, kept, other)
    assert (mine.state, theirs.state) == (VolumeState.OPEN, VolumeState.CLOSED)
    filed = stock.file(session, stock.read(session, "next.pdf", "又一份"), OLD)
    assert (filed.party_id, filed.volume_id) == (kept.id, mine.id)
    assert {one.volume_id for one in documents.of_party(session, kept, before=None, limit=9)} == {
        mine.id, theirs.id,
    }  # fmt: skip


def test_own_fields_come_along_and_conflicts_are_chosen(
    session: Session, pair: tuple[Party, Party]
) -> None:
    kept, other = pair
    trade, since, size = (
        parties.define(session, Definition(name), by=HOUSE, at=NOON)
        for name in ("行业", "起", "人")
    )
    theirs = {trade.id: "化工", since.id: "2001"}
    for party, own in ((kept, {trade.id: "机械"}), (other, theirs)):
        card = Card(party.name, note=party.note, own=own)
        parties.edit(session, party, card, version=party.version, by=HOUSE, at=NOON)
    told = {one.name: one for one in merging.compare(session, kept, other, "zh")}
    assert told[trade.key].differs
    assert not told[since.key].differs
    assert size.key not in told
    merge(session, kept, other, **{trade.key: OTHER})
    assert parties.own_values(session, kept) == {trade.id: "化工", since.id: "2001"}
    assert parties.own_values(session, other) == theirs


def test_a_card_is_not_merged_with_itself_nor_twice_nor_over_a_change(
    session: Session, pair: tuple[Party, Party]
) -> None:
    kept, other = pair
    with pytest.raises(merging.WithItself):
        merge(session, kept, kept)
    for versions in ((1, 2), (2, 1)):
        with pytest.raises(parties.CardChanged):
            merging.merge(session, kept, other, {}, versions=versions, by=HOUSE, at=NOON)
    merge(session, kept, other)
    with pytest.raises(merging.MergedAlready, match=str(kept.number)):
        merge(session, kept, other)
