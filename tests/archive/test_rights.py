"""Rights written down once more: the other tests ask the table, these say what must stand in it."""

import pytest

from app import DOORS
from archive import access
from archive.access import RIGHTS
from archive.users import Role, User

OPERATIONS = [operation for door in DOORS for operation in door.operations]
# What each may send, or may not; whoever opens a door to more people has to say so here.
STAFF_SEND = {"/me/password", "/me/tokens", "/me/tokens/<int:number>/revoke", "/scan/photo"}
ADMINISTRATORS_SEND = {
    "/accounts/new", "/accounts/<int:number>/close", "/parties/lists/new",
    "/parties/lists/<int:number>", "/parties/fields/new", "/parties/fields/<int:number>",
}  # fmt: skip
KEEPERS_SEND = {
    "/folders/<code>/check-out", "/folders/<code>/return", "/folders/<code>/shelve",
    "/ledger/verify", "/parties/<int:number>/merge", "/locations/range",
    "/locations/<int:number>/card",
    "/locations/<int:number>/retire", "/locations/<int:number>/use-again",
    "/locations/<int:number>/remove", "/plans/new", "/plans/<int:number>/scan",
    "/plans/<int:number>/stop",
    "/filing-plan/fonds/<int:number>/categories/new",
    "/filing-plan/categories/<int:number>", "/filing-plan/categories/<int:number>/remove",
    "/filing-plan/categories/<int:number>/types/new",
    "/filing-plan/types/<int:number>", "/filing-plan/types/<int:number>/remove",
    "/volumes/<int:number>/close", "/volumes/<int:number>/reopen", "/code-patterns/<int:number>",
}  # fmt: skip
ADMINISTRATORS_SEE = {"/accounts", "/accounts/<int:number>"}
KEEPERS_SEE = {
    "/ledger", "/people", "/plans", "/plans/<int:number>", "/parties/duplicates",
    "/code-patterns",
}  # fmt: skip
FILERS_SEE = {
    "/inbox", "/batches", "/batches/<int:number>", "/scanners", "/covers", "/due", "/parties/lists",
}  # fmt: skip


def opened(role: Role, method: str) -> set[str]:
    """The addresses that someone of this role may ask by this method."""
    person = User(role=role, is_active=True)
    return {one.rule for one in OPERATIONS if one.method == method and access.may(person, one.deed)}


def test_staff_send_nothing_but_what_is_their_own_and_photos_of_labels() -> None:
    assert opened(Role.STAFF, "POST") == STAFF_SEND


def test_a_clerk_sends_everything_but_loans_shelves_and_accounts() -> None:
    sent = opened(Role.ADMINISTRATOR, "POST") - opened(Role.CLERK, "POST")
    assert sent == KEEPERS_SEND | ADMINISTRATORS_SEND


def test_an_archivist_does_everything_but_manage_accounts() -> None:
    sent = opened(Role.ADMINISTRATOR, "POST") - opened(Role.ARCHIVIST, "POST")
    seen = opened(Role.ADMINISTRATOR, "GET") - opened(Role.ARCHIVIST, "GET")
    assert (sent, seen) == (ADMINISTRATORS_SEND, ADMINISTRATORS_SEE)


def test_the_ledger_accounts_and_borrowers_are_hidden_from_clerks_and_the_inbox_from_staff() -> (
    None
):
    hidden = opened(Role.ADMINISTRATOR, "GET") - opened(Role.CLERK, "GET")
    assert hidden == KEEPERS_SEE | ADMINISTRATORS_SEE
    assert not opened(Role.STAFF, "GET") & (hidden | FILERS_SEE)


def test_an_administrator_may_do_everything() -> None:
    assert {deed for deed, roles in RIGHTS.items() if Role.ADMINISTRATOR not in roles} == set()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_door_asks_for_a_right_that_there_is(method: str) -> None:
    asked = [one for one in OPERATIONS if one.method == method]
    assert asked
    assert {one.rule for one in asked if one.deed not in RIGHTS} == set()
