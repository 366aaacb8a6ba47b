"""The filing plan: what each fonds keeps in which order, looked at and edited."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from archive import categories, documents
from archive.base import web
from archive.base.web.fields import VersionField
from archive.categories import Category, DocumentType, Told, removing

# How a program says no, and an untouched box.
NO = (False, "False", "false", "0", "")
MOST_MONTHS = 1200
SHOWN = (
    "name_zh", "name_en", "position", "kind", "retention", "secrecy", "is_required", "per_order",
    "original_stays", "validity_months",
)  # fmt: skip
door = web.Door("filing_plan")


class Named(web.Form):
    """A name in both languages."""

    name_zh = StringField(
        lazy_gettext("Chinese name"), [DataRequired(), Length(max=categories.LONGEST_NAME)]
    )
    name_en = StringField(
        lazy_gettext("English name"),
        [Length(max=categories.LONGEST_NAME)],
        description=lazy_gettext("Empty: the Chinese one is shown to all."),
    )


class CategoryForm(Named):
    """A new category."""

    number = IntegerField(
        lazy_gettext("Number"),
        [InputRequired(), NumberRange(1, categories.MOST_NUMBER)],
        description=lazy_gettext("It stands in archival codes, and stays what it is."),
    )


class EditCategoryForm(Named):
    """A category as it was seen, changed; what a program leaves out stays."""

    suggests = True

    retired = BooleanField(
        lazy_gettext("Retired"),
        description=lazy_gettext("Old papers stay as they are; no new paper is filed there."),
        false_values=NO,
    )
    version = VersionField(lazy_gettext("Version"), [InputRequired()])


class TypeForm(Named):
    """A new type of papers."""

    position = IntegerField(
        lazy_gettext("Place in the category"),
        [Optional(), NumberRange(1, 9999)],
        description=lazy_gettext("Those behind it make room. Left empty, a new type is the last."),
    )
    kind = SelectField(
        lazy_gettext("Suggested for what is read as"),
        default="",
        description=lazy_gettext("Of several types the first is suggested."),
    )
    retention = SelectField(lazy_gettext("Retention period"), default="D10")
    secrecy = SelectField(lazy_gettext("Secrecy"), default="internal")
    validity_months = IntegerField(
        lazy_gettext("Months that it counts"),
        [Optional(), NumberRange(1, MOST_MONTHS)],
        description=lazy_gettext("As a licence until its yearly check; empty: it does not lapse."),
    )
    is_required = BooleanField(lazy_gettext("A complete dossier has one"), false_values=NO)
    per_order = BooleanField(
        lazy_gettext("Each order has one of its own"),
        false_values=NO,
    )
    original_stays = BooleanField(
        lazy_gettext("The original may only be looked at"),
        description=lazy_gettext("It is neither lent nor handed out; copies may be."),
        default=True,
        false_values=NO,
    )

    def told(self) -> Told:
        """What a valid form says."""
        return Told(
            name_zh=self.name_zh.data or "",
            name_en=self.name_en.data or "",
            position=self.position.data,
            kind=self.kind.data or "",
            retention=self.retention.data,
            secrecy=self.secrecy.data,
            validity_months=self.validity_months.data,
            is_required=self.is_required.data,
            per_order=self.per_order.data,
            original_stays=self.original_stays.data,
        )


class EditTypeForm(TypeForm):
    """A type as it was seen, changed; what a program leaves out stays."""

    suggests = True

    retired = BooleanField(
        lazy_gettext("Retired"),
        description=lazy_gettext("Old papers stay as they are; no new paper is filed there."),
        false_values=NO,
    )
    version = VersionField(lazy_gettext("Version"), [InputRequired()])


def type_json(kind: DocumentType) -> dict[str, Any]:
    """A type of papers as JSON."""
    told = {name: getattr(kind, name) for name in SHOWN}
    return {"id": kind.id, **told, "retired": bool(kind.retired_at), "version": kind.version}


def category_json(category: Category) -> dict[str, Any]:
    """A category as JSON, its types in their order."""
    return {
        "id": category.id,
        "fonds": category.fonds.code,
        "number": category.number,
        "name_zh": category.name_zh,
        "name_en": category.name_en,
        "retired": bool(category.retired_at),
        "version": category.version,
        "types": [type_json(kind) for kind in category.types],
    }


@door.get("/filing-plan", may="plan.see")
def plan() -> web.Answer:
    """The filing plan of each fonds: its categories, their types in order, what is retired too."""
    fonds, known = categories.every_fonds(web.session()), categories.plan(web.session())
    parts = [(one, [group for group in known if group.fonds_id == one.id]) for one in fonds]
    data = [
        {"id": one.id, "code": one.code, "name": one.name,
         "categories": [category_json(group) for group in groups]}
        for one, groups in parts
    ]  # fmt: skip
    return web.show(
        "filing_plan/plan.html", {"fonds": data}, parts=parts,
        retentions=categories.RETENTIONS, secrecies=categories.SECRECIES,
    )  # fmt: skip


@door.post("/filing-plan/fonds/<int:number>/categories/new", may="plan.edit", form=CategoryForm)
def new_category(number: int) -> web.Answer:
    """Give a fonds' plan a new category."""
    fonds, form = categories.fonds_by_id(web.session(), number), CategoryForm()
    if form.is_sent():
        made = categories.add_category(
            web.session(), fonds, form.number.data or 0, form.name_zh.data or "",
            form.name_en.data or "", by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        said = _("“%(name)s” is in the plan.", name=made.name_zh)
        return web.done(category_json(made), url_for("filing_plan.plan"), said, status=201)
    return web.show("filing_plan/category.html", {}, form=form, category=None, fonds=fonds)


@door.post("/filing-plan/categories/<int:number>", may="plan.edit", form=EditCategoryForm)
def edit_category(number: int) -> web.Answer:
    """Call a category otherwise, retire it or bring it back; `version` is that which was seen."""
    category = categories.category_by_id(web.session(), number)
    now = {"name_zh": category.name_zh, "name_en": category.name_en,
           "retired": bool(category.retired_at), "version": category.version}  # fmt: skip
    form = EditCategoryForm(formdata=_sent(now), data=now)
    if form.is_sent():
        categories.edit_category(
            web.session(), category, form.name_zh.data or "", form.name_en.data or "",
            retired=form.retired.data, version=form.version.data or 0,
            by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        return web.done(category_json(category), url_for("filing_plan.plan"), _saved())
    told = category_json(category)
    return web.show(
        "filing_plan/category.html", told, form=form, category=category, fonds=category.fonds
    )


@door.post("/filing-plan/categories/<int:number>/types/new", may="plan.edit", form=TypeForm)
def new_type(number: int) -> web.Answer:
    """Give a category a new type of papers."""
    category, form = categories.category_by_id(web.session(), number), _offering(TypeForm())
    if form.is_sent():
        made = categories.add_type(
            web.session(), category, form.told(), by=web.me().actor, at=web.moment()
        )
        said = _("“%(name)s” is in the plan.", name=made.name_zh)
        return web.done(type_json(made), url_for("filing_plan.plan"), said, status=201)
    return web.show("filing_plan/type.html", {}, form=form, kind=None, category=category)


@door.post("/filing-plan/types/<int:number>", may="plan.edit", form=EditTypeForm)
def edit_type(number: int) -> web.Answer:
    """Change what the plan says of a type, its place too; `version` is that which was seen."""
    kind = categories.type_by_id(web.session(), number)
    now = type_json(kind)
    form = EditTypeForm(formdata=_sent(now), data=now)
    _offering(form)
    if form.is_sent():
        categories.edit_type(
            web.session(), kind, form.told(), retired=form.retired.data,
            version=form.version.data or 0, by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        return web.done(type_json(kind), url_for("filing_plan.plan"), _saved())
    return web.show("filing_plan/type.html", now, form=form, kind=kind, category=kind.category)


@door.post("/filing-plan/categories/<int:number>/remove", may="plan.edit", form=web.Form)
def remove_category(number: int) -> web.Answer:
    """Remove a category that was made by mistake and that nothing uses."""
    category, form = categories.category_by_id(web.session(), number), web.Form()
    if form.is_sent():
        name = category.name_zh
        removing.remove_category(web.session(), category, by=web.me().actor, at=web.moment())
        return _removed(name)
    shown = category_json(category)
    return web.show("filing_plan/remove.html", shown, form=form, thing=category)


@door.post("/filing-plan/types/<int:number>/remove", may="plan.edit", form=web.Form)
def remove_type(number: int) -> web.Answer:
    """Remove a type that was made by mistake and that nothing uses."""
    kind, form = categories.type_by_id(web.session(), number), web.Form()
    if form.is_sent():
        name = kind.name_zh
        removing.remove_type(web.session(), kind, by=web.me().actor, at=web.moment())
        return _removed(name)
    return web.show("filing_plan/remove.html", type_json(kind), form=form, thing=kind)


def _offering(form: TypeForm) -> TypeForm:
    """Let the form's lists hold what can be chosen."""
    kinds = ((key, _(said)) for key, said in documents.KIND_NAMES.items())
    form.kind.choices = web.choices([("", "—"), *kinds])
    form.retention.choices = web.choices((k, _(said)) for k, said in categories.RETENTIONS.items())
    form.secrecy.choices = web.choices((k, _(said)) for k, said in categories.SECRECIES.items())
    return form


def _sent(now: dict[str, Any]) -> MultiDict[str, Any] | None:
    """What was sent; of what a program left out, what stands there now."""
    sent = web.sent()
    if sent is None or not request.is_json:
        return sent
    kept = {name: "" if value is None else str(value) for name, value in now.items()}
    del kept["version"]
    return MultiDict(kept | sent.to_dict())


def _saved() -> str:
    return str(_("The plan is saved."))


def _removed(name: str) -> web.Answer:
    said = _("“%(name)s” is removed from the plan.", name=name)
    return web.done({"removed": name}, url_for("filing_plan.plan"), said)
