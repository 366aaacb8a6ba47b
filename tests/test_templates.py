"""Templates keep to the Content-Security-Policy: nothing inline, nothing from another host."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

TEMPLATES = Path(__file__).parent.parent / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
STYLES = sorted((TEMPLATES / "static").glob("*.*s*"))

INLINE = re.compile(
    r"""<style|\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script(?![^>]*\ssrc=)|javascript:"""
)
ELSEWHERE = re.compile(
    r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//"""
)


def _name(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_no_page_has_inline_script_or_style(page: Path) -> None:
    said = re.sub(r"\{#.*?#\}", "", page.read_text("utf-8"), flags=re.DOTALL)
    assert INLINE.findall(said) == []


@pytest.mark.parametrize("file", [*PAGES, *STYLES], ids=_name)
def test_no_asset_comes_from_another_host(file: Path) -> None:
    assert ELSEWHERE.findall(file.read_text("utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_page_is_a_sound_template(page: Path) -> None:
    house = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    assert house.parse(page.read_text("utf-8"), _name(page)).body
