"""Hidden text: another program's words behind a scan, taken out of what a page draws.

Hidden is text drawn in mode 3 (ISO 32000-1, 9.3.6), text filled with nothing but transparency,
and text under a picture that covers the page; on the page itself and in the forms it draws. All
other operators stay, in their order. So does hidden text on which the place of visible text
depends, and text in Type 3 fonts, whose glyphs are drawn in any mode.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from pypdf.errors import PyPdfError
from pypdf.generic import (
    ContentStream,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    RectangleObject,
    StreamObject,
)

from scanning.pdf.covered import Operation, covered_until, inner

Putting = Callable[[bytes, DictionaryObject], IndirectObject]
"""Puts a new form with these data and dictionary entries into the file."""

INVISIBLE, FILLED = 3, 0
SHOWING = {b"Tj", b"TJ", b"'", b'"'}
PLACING = {b"BT", b"ET", b"Td", b"TD", b"Tm", b"T*", b"'", b'"'}
DEEPEST = 16  # forms within forms

# What pypdf raises over operators that are none: such a page is left as it is.
UNREADABLE = (PyPdfError, AssertionError, ValueError, TypeError, LookupError, RecursionError)


@dataclass(frozen=True)
class Pen:
    """The part of the graphics state that says whether text can be seen."""

    mode: int = FILLED
    is_clear: bool = False
    draws_always: bool = False
    is_covered: bool = False

    @property
    def is_hidden(self) -> bool:
        invisible = self.mode == INVISIBLE or (self.mode == FILLED and self.is_clear)
        return self.is_covered or (invisible and not self.draws_always)


@dataclass(frozen=True)
class Sifted:
    """What is left of a page or a form: its operators, and the resources they name."""

    data: bytes
    resources: DictionaryObject


def sifted(
    contents: PdfObject | None,
    resources: DictionaryObject,
    page: RectangleObject,
    put_form: Putting,
) -> Sifted | None:
    """The contents of a page of that size without hidden text; None where nothing is hidden."""
    try:
        return _Sieve(put_form, page).sift(contents, resources, Pen())
    except UNREADABLE:
        return None


@dataclass
class _Sieve:
    put_form: Putting
    page: RectangleObject
    _known: dict[tuple[int, Pen], IndirectObject | None] = field(default_factory=dict)
    _depth: int = 0

    def sift(
        self, contents: PdfObject | None, resources: DictionaryObject, pen: Pen
    ) -> Sifted | None:
        stream = ContentStream(contents, None, "bytes")
        if self._depth > DEEPEST or not _may_hide(stream.get_data(), resources, pen):
            return None
        named = dict(inner(resources, "/XObject").items())
        kept = self._kept(stream.operations, resources, pen, named)
        if kept is None:
            return None
        written = ContentStream(None, None)
        written.operations = [_apart(one) for one in kept]
        return Sifted(written.get_data(), _naming(resources, named))

    def _kept(
        self,
        operations: list[Operation],
        resources: DictionaryObject,
        pen: Pen,
        named: dict[PdfObject, PdfObject],
    ) -> list[Operation] | None:
        """The operations that stay, None for "all"; new forms are added to `named`."""
        instead: dict[int, list[Operation]] = {}
        waiting: list[int] = []
        # A form's own pictures are not looked at: scans are drawn by the page itself.
        until = 0 if self._depth else covered_until(operations, resources, self.page)
        for at, ((operands, operator), now) in enumerate(
            _followed(operations, resources, pen, until)
        ):
            if operator in PLACING:
                waiting = []
            if operator in SHOWING and now.is_hidden:
                instead[at] = _remains(operands, operator)
                waiting.append(at)
            elif operator in SHOWING:
                for earlier in waiting:  # This text stands where that one ended.
                    del instead[earlier]
                waiting = []
            elif operator == b"Do" and (form := self._form(operands[0], resources, now)):
                instead[at] = [([_name(operands[0], form, named)], b"Do")]
        kept = [one for at, was in enumerate(operations) for one in instead.get(at, [was])]
        return kept if instead else None

    def _form(self, name: str, resources: DictionaryObject, pen: Pen) -> IndirectObject | None:
        """A new form for the one of this name; None where that may stay."""
        form = inner(inner(resources, "/XObject"), name)
        if form.get("/Subtype") != "/Form" or not isinstance(form, StreamObject):
            return None
        key = (id(form), pen)
        if key not in self._known:
            self._known[key] = None  # So a form that draws itself comes to an end.
            self._known[key] = self._new_form(form, resources, pen)
        return self._known[key]

    def _new_form(
        self, form: StreamObject, resources: DictionaryObject, pen: Pen
    ) -> IndirectObject | None:
        own = inner(form, "/Resources") if "/Resources" in form else resources
        self._depth += 1
        left = self.sift(form, own, pen)
        self._depth -= 1
        if left is None:
            return None
        entries = DictionaryObject(form)
        for stale in ("/Length", "/Filter", "/DecodeParms"):
            entries.pop(NameObject(stale), None)
        entries[NameObject("/Resources")] = left.resources
        return self.put_form(left.data, entries)


def _name(old: str, form: IndirectObject, named: dict[PdfObject, PdfObject]) -> NameObject:
    """A name for the form besides those that are taken."""
    name = NameObject(f"{old}Jz")
    while named.get(name, form) != form:
        name = NameObject(f"{name}z")
    named[name] = form
    return name


def _followed(
    operations: Iterable[Operation], resources: DictionaryObject, pen: Pen, until: int
) -> Iterator[tuple[Operation, Pen]]:
    """Each operation and the pen it draws with; the first `until` are covered."""
    saved: list[Pen] = []
    for at, operation in enumerate(operations):
        operands, operator = operation
        if operator == b"q":
            saved.append(pen)
        elif operator == b"Q" and saved:
            pen = saved.pop()
        elif operator == b"Tr" and operands:
            pen = replace(pen, mode=int(operands[0]))
        elif operator == b"Tf" and operands:
            font = inner(inner(resources, "/Font"), operands[0])
            pen = replace(pen, draws_always=font.get("/Subtype") == "/Type3")
        elif operator == b"gs" and operands:
            state = inner(inner(resources, "/ExtGState"), operands[0])
            if "/ca" in state:
                pen = replace(pen, is_clear=_is_nothing(state["/ca"]))
        yield operation, replace(pen, is_covered=pen.is_covered or at < until)


def _may_hide(data: bytes, resources: DictionaryObject, pen: Pen) -> bool:
    """Whether it is worth taking apart: drawings may have megabytes of operators."""
    states, drawn = inner(resources, "/ExtGState"), inner(resources, "/XObject")
    kinds = {inner(drawn, name).get("/Subtype") for name in drawn}
    may_lie_under = "/Image" in kinds and re.search(rb"T[jJ]\b", data) is not None
    return (
        pen.is_hidden
        or may_lie_under
        or "/Form" in kinds
        or re.search(rb"\b3\s+Tr\b", data) is not None
        or any(_is_nothing(inner(states, name).get("/ca")) for name in states)
    )


def _remains(operands: list[PdfObject], operator: bytes) -> list[Operation]:
    """What else than show text the operator does (ISO 32000-1, table 109)."""
    if operator == b'"':
        words, letters, _ = operands
        return [([words], b"Tw"), ([letters], b"Tc"), ([], b"T*")]
    return [([], b"T*")] if operator == b"'" else []


def _apart(operation: Operation) -> Operation:
    """An inline picture's end must not touch its data, as pypdf would write it."""
    operands, operator = operation
    if operator == b"INLINE IMAGE":
        return {**operands, "data": operands["data"] + b"\n"}, operator
    return operation


def _naming(resources: DictionaryObject, named: dict[PdfObject, PdfObject]) -> DictionaryObject:
    together = DictionaryObject(resources)
    if named:
        together[NameObject("/XObject")] = DictionaryObject(named)
    return together


def _is_nothing(value: PdfObject | None) -> bool:
    return isinstance(value, NumberObject | float) and float(value) == 0
