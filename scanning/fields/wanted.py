"""Wanted: a field of a kind of paper, and everything on the paper that may be its value."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from scanning.fields.finding import Form, Found, Reader, best_first
from scanning.fields.labels import Labels
from scanning.fields.paper import Paper

# How much less sure a loose label makes; less so, if a date stands at several and is the same.
LOOSE, AGREED = 0.75, 0.87


@dataclass(frozen=True)
class Wanted:
    """A field, the labels it stands at, and how it reads.

    `sort` is what a second reader compares: date, number, decimal, name or text. At `loose`
    labels other things stand too. `more` finds it without a label.
    """

    name: str
    sort: str
    labels: tuple[str, ...] = ()
    read: Reader | None = None
    loose: tuple[str, ...] = ()
    more: Callable[[Form], Iterable[Found]] | None = None

    def found(self, form: Form) -> list[Found]:
        return best_first(self._all(form))

    def _all(self, form: Form) -> Iterator[Found]:
        if self.read is not None:
            for answer in form.answers(self.labels):
                if one := self.read(answer):
                    yield one
            loose = [one for answer in form.answers(self.loose) if (one := self.read(answer))]
            agree = (
                self.sort == "date" and len(loose) > 1 and len({one.value for one in loose}) == 1
            )
            yield from (replace(one, sure=(AGREED if agree else LOOSE) * one.sure) for one in loose)
        if self.more is not None:
            yield from self.more(form)


@dataclass(frozen=True)
class Kind:
    """A kind of paper: its fields, and the labels on it that are none of theirs."""

    fields: tuple[Wanted, ...]
    other_labels: tuple[str, ...] = ()
    is_ruled: bool = True

    def form(self, paper: Paper) -> Form:
        own = [label for one in self.fields for label in (*one.labels, *one.loose)]
        others = frozenset(self.other_labels) - frozenset(own)
        return Form(paper, Labels((*own, *self.other_labels)), self.is_ruled, others)
