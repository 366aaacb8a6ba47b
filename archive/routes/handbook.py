"""The handbook: how the archive room works with this program, in both languages, open to all."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

page = Blueprint("handbook", __name__)


@page.get("/handbook")
def handbook() -> ResponseReturnValue:
    """The handbook in the reader's language."""
    language = "zh" if str(get_locale()).startswith("zh") else "en"
    return render_template(f"handbook/{language}.html")
