"""The command line's ground: the house for a command, JSON or words, refusals and exit codes."""

import json
import locale
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from babel.support import NullTranslations, Translations
from flask import Flask, current_app
from flask_babel import format_datetime
from sqlalchemy.exc import OperationalError

from archive.base.settings import BadSettings
from archive.base.tasks import Duties

REFUSED, WRONG_CALL, BROKEN_OFF = 1, 2, 130
TRANSLATIONS = Path(__file__).parents[2] / "templates/translations"
F = TypeVar("F", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@dataclass(frozen=True)
class Program:
    """What commands are given by the front door."""

    create_app: Callable[[], Flask]
    duties: Callable[[Flask], Duties]
    # What whoever starts the server reads: its address, and how the first person comes in.
    greeting: Callable[[Flask], str]
    refusals: tuple[type[Exception], ...]


def in_house(command: F) -> F:
    """Run a command inside the house: settings, database, files and queue are there."""

    @click.pass_obj
    @wraps(command)
    def inside(program: Program, *args: Any, **kwargs: Any) -> Any:
        with program.create_app().app_context():
            return command(*args, **kwargs)

    return inside  # type: ignore[return-value]


def answer(data: Mapping[str, Any], words: str, *, as_json: bool) -> None:
    """Print the answer: one JSON object, or words for people."""
    click.echo(json.dumps(data, ensure_ascii=False) if as_json else words)


def fail() -> None:
    """End with the exit code of something refused, after the answer was printed."""
    raise click.exceptions.Exit(REFUSED)


def run(group: click.Group, program: Program, arguments: list[str]) -> int:
    """Run the program and give its exit code."""
    try:
        return int(group.main(arguments, "juanzong", standalone_mode=False, obj=program) or 0)
    except click.ClickException as error:
        error.show()
        return WRONG_CALL
    except click.Abort:
        return BROKEN_OFF
    except BadSettings as error:
        return _refuse(str(error), arguments, WRONG_CALL)
    except program.refusals as refusal:
        return _refuse(said_by(translate, refusal), arguments, REFUSED)
    except (OSError, OperationalError) as trouble:
        # A full disk, a folder or a database that is not there or not ours: it says so itself.
        return _refuse(str(getattr(trouble, "orig", trouble)), arguments, REFUSED)


def said_by(gettext: Callable[[str], str], refusal: object) -> str:
    """The sentence of a refusal, or of a problem that a record keeps, translated."""
    if isinstance(refusal, Mapping):
        text, params = refusal["text"], refusal.get("params", {})
    else:
        text, params = getattr(refusal, "text", ""), getattr(refusal, "params", {})
    sentence: str = str(gettext(text)) % {name: _shown(told) for name, told in params.items()}
    return sentence


def translate(text: str) -> str:
    """A sentence in the language of the terminal."""
    named = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)),
        locale.getlocale()[0] or "",
    )
    return catalogue("zh" if named.startswith("zh") else "en").gettext(text)


def catalogue(language: str) -> NullTranslations:
    """The sentences of a language, "zh" or "en"."""
    return Translations.load(TRANSLATIONS, [language])


def _shown(told: object) -> object:
    """A moment as the clock of its reader shows it; anything else as it is."""
    if not isinstance(told, datetime):
        return told
    # Outside of the house there is no other zone than the machine's.
    return format_datetime(told, "short") if current_app else f"{told.astimezone():%Y-%m-%d %H:%M}"


def _refuse(sentence: str, arguments: list[str], code: int) -> int:
    if "--json" in arguments:
        click.echo(json.dumps({"error": sentence}, ensure_ascii=False))
    else:
        click.echo(sentence, err=True)
    return code
