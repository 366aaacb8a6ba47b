"""Words in a box: shrunk, then wrapped, then cut, never beyond the box."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels import fonts
from labels.fitting import fit

FONT = fonts.load("bold")
WORDS = st.text(alphabet="上海浦东机械进出口有限公司（集团），。《》 ABCdef-·12 &", max_size=90)


@settings(max_examples=60, deadline=None)
@given(WORDS, st.integers(30, 300), st.integers(8, 120))
def test_nothing_stands_beyond_the_box_and_nothing_is_lost(text: str, wide: int, high: int) -> None:
    fitted = fit(text, FONT, wide, high, 16, 6.5)
    assert all(FONT.width(line, fitted.size) <= wide + 0.01 for line in fitted.lines)
    assert fitted.height <= max(high, 6.5) + 0.01
    whole = "".join(text.split())
    shown = "".join("".join(fitted.lines).split())
    assert shown == whole if not fitted.is_cut else whole.startswith(shown.removesuffix("…"))
    assert fitted.is_cut == (shown != whole)


def test_a_short_title_is_set_at_full_size_on_one_line() -> None:
    fitted = fit("永昌贸易", FONT, 200, 60, 16, 6.5)
    assert (fitted.lines, fitted.size) == (("永昌贸易",), 16)


def test_a_longer_title_shrinks_before_it_wraps() -> None:
    fitted = fit("上海浦东机械进出口有限公司", FONT, 180, 60, 16, 6.5)
    assert len(fitted.lines) == 1
    assert 12 < fitted.size < 16


def test_a_long_title_wraps_into_lines_of_like_length() -> None:
    fitted = fit("浙江义乌国际商贸城小商品进出口代理有限公司", FONT, 180, 60, 16, 6.5)
    assert len(fitted.lines) == 2
    assert len(fitted.lines[0]) - len(fitted.lines[1]) <= 4


def test_an_endless_title_is_cut_at_a_character() -> None:
    fitted = fit("合同" * 300, FONT, 180, 60, 16, 6.5)
    assert fitted.is_cut
    assert fitted.size == 6.5
    assert fitted.lines[-1].endswith("同…") or fitted.lines[-1].endswith("合…")


def test_an_archival_code_breaks_after_a_hyphen_or_dot() -> None:
    fitted = fit("Q001-ZY·KH·2·2024·D30-0012", FONT, 70, 24, 9, 8)
    assert len(fitted.lines) == 2
    assert fitted.lines[0][-1] in "-·"


@pytest.mark.parametrize("width", range(40, 120, 5))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(width: int) -> None:
    fitted = fit("甲方（全称）：上海，《合同》。乙方（章）", FONT, width, 200, 12, 12)
    assert not any(line[0] in "）：，》。" for line in fitted.lines)
    assert not any(line[-1] in "（《" for line in fitted.lines)
