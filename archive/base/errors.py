"""Refusals: what the house will not do, and the sentence that says what to do instead.

Each refusal is a class of its own, beside the rule that raises it. Its `text` is an English
sentence with `%(name)s` places; pages and JSON show it in the reader's language. Which HTTP status
and exit code a refusal has is decided once, in `app.py`, by the five classes below.
"""

from typing import ClassVar


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a sentence for translation where it stands; it is translated when it is shown."""
    return text


class Refusal(Exception):
    """Something was asked that is not done. Nothing was changed."""

    text: ClassVar[str] = N_("This cannot be done now. Look again to see how things stand.")

    def __init__(self, **params: object) -> None:
        super().__init__(self.text % params)
        self.params = params


class NotFound(Refusal):
    """There is no such thing, or not for this person."""

    text = N_("There is no such record. Check the number, or search for it.")


class NotAllowed(Refusal):
    """This person may not."""

    text = N_("Your account may not do this. Ask an administrator for the right.")


class Conflict(Refusal):
    """Someone or something else stands in the way right now."""


class Invalid(Refusal):
    """A value that was given cannot be used.

    `errors` maps a field's name to its sentences, already in the reader's language.
    """

    text = N_("Some values cannot be used. Correct the fields that are named, then send it again.")

    def __init__(self, errors: dict[str, list[str]] | None = None, **params: object) -> None:
        super().__init__(**params)
        self.errors = errors or {}


class TooLarge(Refusal):
    """More than is accepted at once."""

    text = N_(
        "This is larger than %(megabytes)s MB, the most that is accepted at once. "
        "Split it and send the parts."
    )


class TooManyParts(TooLarge):
    """Not too many bytes: more fields, files, or text in one field than are looked at."""

    text = N_(
        "This has more files or fields, or longer texts, than are accepted at once. "
        "Split it and send the parts."
    )


class NoRoom(Refusal):
    """The disk is full. Of many files that were sent at once, the first ones may be kept."""

    text = N_(
        "The server's disk is full, so not everything was kept. Tell the administrator, "
        "and send it again afterwards: what was kept is recognised."
    )


class Busy(Refusal):
    """Others kept changing the records for so long that this change did not get its turn."""

    text = N_("The archive is busy with other changes. Send it again in a moment.")
