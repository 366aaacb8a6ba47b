"""Rights: the one function through which it is asked what a person may do."""

from archive.base.errors import NotAllowed
from archive.users import Role, User

EVERYONE = frozenset(Role)
KEEPERS = frozenset({Role.ADMINISTRATOR, Role.ARCHIVIST})
FILERS = KEEPERS | {Role.CLERK}

RIGHTS: dict[str, frozenset[Role]] = {
    "papers.see": EVERYONE,
    "papers.receive": FILERS,
    "papers.file": FILERS,
    "scans.direct": KEEPERS,
    "parties.see": EVERYONE,
    "parties.write": FILERS,
    # Credit, notes, telephone numbers: the others see whom it is about and whom to ask for.
    "parties.whole": FILERS,
    "parties.merge": KEEPERS,
    "parties.define": frozenset({Role.ADMINISTRATOR}),
    "volumes.arrange": FILERS,
    "volumes.close": KEEPERS,
    "codes.define": KEEPERS,
    "folders.see": EVERYONE,
    "folders.shelve": KEEPERS,
    "places.manage": KEEPERS,
    "folders.lend": KEEPERS,
    "labels.print": FILERS,
    "plan.see": EVERYONE,
    "plan.edit": KEEPERS,
    "people.find": KEEPERS,
    "ledger.see": KEEPERS,
    "accounts.manage": frozenset({Role.ADMINISTRATOR}),
}


def may(person: User | None, deed: str) -> bool:
    """Whether this person may do this deed, a key of RIGHTS."""
    return person is not None and person.is_active and person.role in RIGHTS[deed]


def require(person: User | None, deed: str) -> User:
    """The person, who may do this deed.

    Raises:
        NotAllowed: they may not.
    """
    if person is None or not may(person, deed):
        raise NotAllowed
    return person
