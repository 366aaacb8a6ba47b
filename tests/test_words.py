"""Words: every sentence is there in Chinese, and none is shown that cannot be translated."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

HOUSE = Path(__file__).parents[1]
TEMPLATES = HOUSE / "templates"
CHINESE = TEMPLATES / "translations/zh/LC_MESSAGES/messages.po"
KEYWORDS = DEFAULT_KEYWORDS | {"lazy_gettext": None, "N_": None}
ROOMS = ("archive", "scanning", "search", "labels")
# The handbook is written once in each language; the others are written once for both.
PAGES = sorted(set(TEMPLATES.rglob("*.html")) - set((TEMPLATES / "handbook").rglob("*.html")))

# Stands on pages in both languages: the name, the languages' own names, a key of the keyboard.
AS_IT_IS = {"卷宗", "Juanzong", "中文", "English", "Alt", "Enter", "Esc", "Ctrl Enter"}
SAID_ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "data-label", "data-confirm"}
PLACE = re.compile(r"%\((\w+)\)[sd]")
LETTER = re.compile(r"[^\W\d_]")
# A text in a template's expression that a person would read: Chinese, or English words.
SENTENCE = re.compile(r"[一-龥]|^[A-Z][a-z]+(?:[ .:,?!…]|$)")
# "What is wrong. What to do." or "What is wrong: what to do."
TWO_PARTS = re.compile(r"[.:;?] \S+ \S+")
HIDDEN = "\ufffc"  # stands for what an expression will put there


@cache
def extracted() -> dict[str, str]:
    """Every sentence of the house, with the first file where it stands."""
    places = ConfigParser()
    places.read(TEMPLATES / "translations/babel.cfg", encoding="utf-8")
    split = (section.partition(":") for section in places.sections())
    methods = [(pattern.strip(), method) for method, _colon, pattern in split]
    found: dict[str, str] = {}
    for file_name, _line, said, *_ in extract_from_dir(HOUSE, methods, keywords=KEYWORDS):
        found.setdefault(_first(said), file_name)
    return found


@cache
def chinese() -> Catalog:
    with CHINESE.open("rb") as file:
        return read_po(file, locale="zh")


def translations() -> dict[str, Message]:
    return {_first(message.id): message for message in chinese() if message.id}


def test_every_sentence_is_there_in_chinese() -> None:
    known = translations()
    # What is missing: run `make words`, then fill in the empty sentences.
    assert {said: where for said, where in extracted().items() if said not in known} == {}
    assert [said for said, message in known.items() if not _first(message.string)] == []
    assert [said for said, message in known.items() if message.fuzzy] == []


def test_a_translation_has_the_places_of_its_sentence() -> None:
    for sentence, message in translations().items():
        said = _first(message.string)
        places = set(PLACE.findall(sentence))
        assert set(PLACE.findall(said)) == places
        # A stray per cent sign would break the filling of the places.
        assert not places or said % dict.fromkeys(places, 1)


def test_no_translation_is_left_of_a_sentence_that_is_gone() -> None:
    assert set(translations()) - set(extracted()) == set()


def test_chinese_has_one_form_for_every_number() -> None:
    assert chinese().num_plurals == 1
    forms = [message.string for message in translations().values() if message.pluralizable]
    assert forms
    assert all(isinstance(form, tuple) and len(form) == 1 for form in forms)


def refusals() -> list[type[Exception]]:
    """Every class of exception in the rooms that has a sentence of its own."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            # Migrations only run inside Alembic.
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    return [kind for kind in _subclasses(Exception) if _is_ours(kind) and "text" in vars(kind)]


def test_each_refusal_is_in_the_catalogue_and_says_what_to_do_next() -> None:
    texts = {kind.__qualname__: str(vars(kind)["text"]) for kind in refusals()}
    assert len(texts) > 40
    assert {name: text for name, text in texts.items() if text not in translations()} == {}
    assert {name: text for name, text in texts.items() if not TWO_PARTS.search(text)} == {}
    assert {name: text for name, text in texts.items() if not text.endswith(".")} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(TEMPLATES).as_posix())
def test_a_page_says_nothing_that_cannot_be_translated(page: Path) -> None:
    source = page.read_text("utf-8")
    bare = [*_bare_words(source), *_bare_constants(source)]
    assert [said for said in bare if said not in AS_IT_IS] == []


def test_both_handbooks_have_the_same_chapters() -> None:
    shape = [
        re.findall(r"<(h\d|p|tr|b|span|kbd)\b", (TEMPLATES / "handbook" / name).read_text("utf-8"))
        for name in ("zh.html", "en.html")
    ]
    assert shape[0] == shape[1]


def _first(said: object) -> str:
    return str(said[0] if isinstance(said, list | tuple) else said)


def _subclasses(kind: type[Exception]) -> Iterator[type[Exception]]:
    for below in kind.__subclasses__():
        yield below
        yield from _subclasses(below)


def _is_ours(kind: type[Exception]) -> bool:
    return kind.__module__.partition(".")[0] in ROOMS


class Seen(HTMLParser):
    """Collects what a person reads of a page: its texts, and the attributes that are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in SAID_ATTRIBUTES and value]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def seen(html: str) -> list[str]:
    """The texts of a page, blanks put together."""
    reader = Seen()
    reader.feed(html)
    reader.close()
    return [" ".join(text.split()) for text in reader.texts if text.strip()]


def _house() -> Environment:
    return Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def _bare_words(source: str) -> Iterator[str]:
    """Words that stand in a template outside its expressions."""
    plain = ""
    for _line, kind, text in _house().lex(source):
        plain += {"data": text, "variable_begin": HIDDEN}.get(kind, "")
    for text in seen(plain):
        yield from (part for part in text.split(HIDDEN) if LETTER.search(part))


def _bare_constants(source: str) -> Iterator[str]:
    """Sentences inside a template's expressions that are no argument of gettext."""
    tree = _house().parse(source)
    marked = {
        id(argument)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext")
        for argument in call.args
    }
    for constant in tree.find_all(nodes.Const):
        value = constant.value
        if isinstance(value, str) and id(constant) not in marked and SENTENCE.search(value):
            yield value
