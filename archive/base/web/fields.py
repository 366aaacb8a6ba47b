"""Fields whose values people write in many ways; what cannot be read is said beside them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from flask_babel import gettext
from wtforms import DateField, IntegerField, StringField
from wtforms.widgets import HiddenInput

from archive.base import typed
from archive.base.errors import Invalid
from archive.base.terminal import said_by

Read = TypeVar("Read")


class DayField(DateField):
    """A day: as the browser's calendar sends it, or as people write it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = None
            self.data = _read(typed.day, valuelist[0])


class VersionField(IntegerField):
    """Which version of a record was seen: nobody types it."""

    widget = HiddenInput()


class MoneyField(StringField):
    """A sum of money; its data is a Decimal."""

    data: Any

    def _value(self) -> str:
        told: Any = self.data
        return f"{told:.2f}" if isinstance(told, Decimal) else str((self.raw_data or [""])[0])

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = None
            self.data = _read(typed.money, valuelist[0])


class NumberField(StringField):
    """A number, kept as it is written."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0]
            self.data = _read(typed.number, valuelist[0])


def _read(read: Callable[[str], Read], value: str) -> Read:
    try:
        return read(value)
    except Invalid as refusal:
        # The form library puts a ValueError's words beside the field.
        raise ValueError(said_by(gettext, refusal)) from refusal
