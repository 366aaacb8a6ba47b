"""What is done with one paper of a volume: moved to another one, its pages counted on paper."""

from flask import request, url_for
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from archive import categories, circulation, documents, volumes
from archive.base import web
from archive.documents import Document
from archive.routes.documents import document_json

MOST_PAGES = 9999
door = web.Door("refiling")


class MoveForm(web.Form):
    """The volume into which a paper goes, and why."""

    volume = StringField(
        lazy_gettext("Volume"),
        [DataRequired(), Length(max=200)],
        description=lazy_gettext("Its archival code, as its page and its cover have it."),
    )
    type = SelectField(lazy_gettext("Document type"), [Optional()], coerce=int)
    why = StringField(lazy_gettext("Why"), [DataRequired(), Length(max=300)])


class CountForm(web.Form):
    """The pages on paper."""

    paper_pages = IntegerField(
        lazy_gettext("Pages on paper"), [InputRequired(), NumberRange(1, MOST_PAGES)]
    )


@door.post("/documents/<int:number>/move", may="papers.file", form=MoveForm)
def move(number: int) -> web.Answer:
    """Move a filed paper to another volume; its old code leads there."""
    document = documents.by_id(web.session(), number)
    if request.method == "POST":
        documents.volume_of(document)
    form = _move_form(document)
    if not form.type.raw_data:
        form.type.data = document.type_id
    if form.is_sent():
        target = volumes.by_code(web.session(), form.volume.data or "")
        if document.folder:
            circulation.refuse_out(web.session(), [document.folder])
        documents.refile(
            web.session(),
            document,
            target,
            form.why.data or "",
            type=categories.type_by_id(web.session(), form.type.data),
            by=web.me().actor,
            at=web.moment(),
        )
        then = url_for("documents.document", number=number)
        return web.done(document_json(document), then, _("It is %(code)s now.", code=document.code))
    return web.show("volumes/move.html", document_json(document), document=document, form=form)


@door.post("/documents/<int:number>/paper-pages", may="papers.file", form=CountForm)
def count_paper(number: int) -> web.Answer:
    """Say how many pages a paper has, to compare with what was scanned."""
    document = documents.by_id(web.session(), number)
    form = CountForm(data={"paper_pages": document.paper_pages})
    if form.is_sent():
        pages = form.paper_pages.data or 1
        documents.count_paper(web.session(), document, pages, by=web.me().actor, at=web.moment())
        then = url_for("documents.document", number=number)
        return web.done(document_json(document), then, _("The pages on paper are noted."))
    return web.show("volumes/count.html", document_json(document), document=document, form=form)


def _move_form(document: Document) -> MoveForm:
    form, language = MoveForm(), str(get_locale())
    form.type.choices = web.choices(
        (kind.id, f"{group.number} {kind.name(language)}")
        for group in categories.plan(web.session())
        for kind in group.types
        if kind.is_offered or kind.id == document.type_id
    )
    return form
