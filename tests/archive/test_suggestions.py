"""What the reader suggests of a document: its number, its date, and what fills the form."""

import pytest

from archive import documents
from archive.documents import Document


def read_as(kind: str, **values: str) -> Document:
    return Document(kind=kind, fields={name: {"value": value} for name, value in values.items()})


LETTER = {"issued_on": "2024-05-02", "signed_on": "2024-04-30", "contract_number": "HT-7"}


def test_a_letter_has_its_own_number_and_the_day_it_was_sent() -> None:
    letter = read_as("other", letter_number="恒办发〔2024〕12号", **LETTER)
    assert documents.suggested_number(letter) == "恒办发〔2024〕12号"
    assert documents.suggested_date(letter) == "2024-05-02"


def test_a_letter_without_a_number_is_known_by_the_contract_it_speaks_of() -> None:
    assert documents.suggested_number(read_as("other", **LETTER)) == "HT-7"
    assert documents.suggested_date(read_as("other", signed_on="2024-04")) == "2024-04"


def test_of_a_letter_only_what_is_there_fills_the_form() -> None:
    letter = read_as("other", title="关于调价的函", letter_number="函12", party="青禾茶业有限公司")
    assert documents.suggesting(letter) == {
        "party": "party",
        "title": "title",
        "number": "letter_number",
    }
    assert documents.suggesting(read_as("other")) == {}


@pytest.mark.parametrize("name", ["waybill_number", "invoice_number"])
def test_a_letter_is_not_numbered_after_another_paper(name: str) -> None:
    assert documents.suggested_number(read_as("other", **{name: "12345678"})) == ""
