"""How archival codes are written: each fonds' pattern, tried on its next volumes as one types."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from archive import categories
from archive.base import web
from archive.base.errors import Invalid
from archive.base.terminal import said_by
from archive.categories import Fonds
from archive.routes import history
from archive.volumes import patterns
from archive.volumes.patterns import BUILT_IN, LONGEST_PATTERN, Pattern

RETENTION = "D10"  # of the examples
door = web.Door("patterns")


class PatternForm(web.Form):
    """A pattern; `seen` is that which the fonds had when the page was opened."""

    pattern = StringField(
        lazy_gettext("Pattern"),
        [DataRequired(), Length(max=LONGEST_PATTERN)],
        description=lazy_gettext(
            "Parts: {fonds} {category} {year} {retention} {number:4}; all else stands as it is."
        ),
    )
    seen = HiddenField(validators=[DataRequired(), Length(max=LONGEST_PATTERN)])

    def validate_pattern(self, field: StringField) -> None:
        """Say beside the field why it cannot be used."""
        _pattern, problem = _tried(field.data or "")
        if problem:
            raise ValidationError(problem)


@door.get("/code-patterns", may="codes.define")
def list_patterns() -> web.Answer:
    """Each fonds and how its codes are written."""
    found = categories.every_fonds(web.session())
    return web.show(
        "volumes/patterns.html",
        {"fonds": [_fonds_json(one) for one in found], "built_in": BUILT_IN},
        found=found,
        built_in={pattern: name for name, pattern in BUILT_IN.items()},
    )


@door.post("/code-patterns/<int:number>", may="codes.define", form=PatternForm)
def code_pattern(number: int) -> web.Answer:
    """Write the codes of new volumes by another pattern; what was issued stays.

    With `do=preview` nothing is saved: it only tells the codes of the next volumes, as the page
    does with `?pattern=`.
    """
    fonds = categories.fonds_by_id(web.session(), number)
    tried = web.word("pattern", LONGEST_PATTERN + 1) or fonds.code_pattern
    form, sent = PatternForm(data={"pattern": tried, "seen": fonds.code_pattern}), web.sent()
    is_tried = sent is not None and sent.get("do") == "preview"
    if form.is_sent() and not is_tried:
        patterns.choose(
            web.session(), fonds, form.pattern.data or "", seen=form.seen.data or "",
            by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        said = _("New volumes are numbered by this pattern; the codes that were issued stay.")
        return web.done(_fonds_json(fonds), url_for("patterns.code_pattern", number=number), said)
    return _show(fonds, form)


def _show(fonds: Fonds, form: PatternForm) -> web.Answer:
    pattern, problem = _tried(form.pattern.data or "")
    codes = _codes(fonds, pattern) if pattern else []
    examples = [{"category": one.number, "code": code} for one, code in codes]
    return web.show(
        "volumes/pattern.html",
        _fonds_json(fonds) | {"next": examples, "problem": problem or None},
        fonds=fonds,
        form=form,
        codes=codes,
        problem=problem,
        built_in=BUILT_IN,
        may_say=request.method == "GET",
        history=history.of(fonds.subject),
    )


def _tried(typed: str) -> tuple[Pattern | None, str]:
    """The pattern, or why it cannot be used."""
    try:
        return patterns.parse(typed), ""
    except Invalid as problem:
        return None, said_by(_, problem)


def _codes(fonds: Fonds, pattern: Pattern) -> list[tuple[categories.Category, str]]:
    plan = [one for one in categories.plan(web.session()) if one.fonds_id == fonds.id]
    return patterns.next_codes(web.session(), plan, pattern, web.today().year, RETENTION)


def _fonds_json(fonds: Fonds) -> dict[str, Any]:
    return {
        "id": fonds.id,
        "code": fonds.code,
        "name": fonds.name,
        "pattern": fonds.code_pattern,
    }
