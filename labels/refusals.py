"""Refusals of this craft: what cannot be printed or read, and what to do instead."""

from typing import ClassVar


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a sentence for translation where it stands; it is translated when it is shown."""
    return text


class Refusal(Exception):
    """Something cannot be printed or read. `text` has a `%(name)s` place for each of `params`."""

    text: ClassVar[str] = N_(
        "This cannot be printed or read. Check what was given, then try again."
    )

    def __init__(self, **params: object) -> None:
        super().__init__(self.text % params)
        self.params = params
