"""Forms: the same values from a page and from JSON, with the same refusals."""

from collections.abc import Iterable
from typing import Any, ClassVar

from flask import g, request
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import SelectField

# Its published types are older than it.
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from archive.base.errors import N_, Invalid
from archive.base.terminal import said_by
from archive.base.web.house import house, is_api, sent, wants_json

# What the form library says of single values, so that our catalogue has it.
FIELD_SENTENCES = (
    N_("This field is required."),
    N_("Not a valid choice."),
    N_("Invalid Choice: could not coerce."),
    N_("Not a valid date value."),
    N_("Not a valid integer value."),
    N_("Number must be between %(min)s and %(max)s."),
    N_("Field cannot be longer than %(max)d characters."),
    N_("Field must be between %(min)d and %(max)d characters long."),
)
# A page shows what can be chosen; a program is told.
NO_CHOICE = N_("Give one of these values: %(values)s.")


def choices(named: Iterable[tuple[Any, Any]]) -> list[Any]:
    """What can be chosen in a field: pairs of a value and what it is called."""
    return [SelectChoice(value, name) for value, name in named]


class FieldWords:
    """Our catalogue in place of the form library's own."""

    def gettext(self, text: str) -> str:
        return str(gettext(text))

    def ngettext(self, _one: str, several: str, _number: int) -> str:
        # Every limit of ours is more than one.
        return self.gettext(several)


class Form(FlaskForm):
    """A form of a page, or the same values as JSON."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: object) -> FieldWords:
            return FieldWords()

    # Whether JSON may leave values out because the form begins with suggestions.
    suggests: ClassVar[bool] = False

    def __init__(self, **given: Any) -> None:
        if is_api():
            given["meta"] = {"csrf": False}
        if "formdata" not in given:
            given["formdata"] = sent()
        super().__init__(**given)
        self.is_refused = False
        # A form that is only shown beside the one that was sent was refused nothing.
        if "refusal" in g and given.get("formdata", True) is not None:
            self.refuse(g.refusal)

    def refuse(self, refusal: Exception) -> None:
        """Show the rule's refusal of what this form asked above its fields."""
        self.is_refused = True
        self.form_errors = [said_by(gettext, refusal)]
        g.status = house().status_of(refusal)

    def is_sent(self) -> bool:
        """Whether it was sent and its values can be used. Values that cannot stay in the form.

        Raises:
            Invalid: JSON whose values cannot be used.
        """
        if request.method != "POST" or self.is_refused:
            return False
        if self.validate():
            return True
        if wants_json():
            raise Invalid({**self.errors, **self._not_chosen()})
        g.status = 422
        return False

    def _not_chosen(self) -> dict[str, list[str]]:
        """What can be chosen in the fields in which nothing of that was given."""
        wrong = [field for field in self if field.errors and isinstance(field, SelectField)]
        return {field.name: [gettext(NO_CHOICE, values=_values(field))] for field in wrong}


def _values(field: SelectField) -> str:
    """The values of a field, each with its name where that is another."""
    shown = [(str(choice[0]), str(choice[1])) for choice in field.iter_choices()]
    return str(gettext("; ")).join(
        value if value == name else f"{value} ({name})" for value, name in shown
    )
