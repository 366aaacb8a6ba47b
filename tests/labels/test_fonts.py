"""Chinese on paper: every character there, embedded, or said to be lacking."""

from pathlib import Path

import pytest

from labels import fonts
from labels.fonts import FontMissing


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_names_with_rare_characters_can_be_printed(weight: fonts.Weight) -> None:
    assert (
        fonts.load(weight).lacks("㛃䶮𬭚喆堃玥翀祎赟甯龘燚彧旻𬘓𫄨 Żółć №8 “引用”……（甲）㎡") == ""
    )


def test_a_character_that_the_first_font_lacks_is_drawn_with_the_next() -> None:
    font = fonts.load()
    first = font.faces[0]
    other = next(c for c in map(chr, range(0x3400, 0x4DB0)) if ord(c) not in first.face.charToGlyph)
    runs = font.runs(f"甲{other}乙")
    assert [run.text for run in runs] == ["甲", other, "乙"]
    assert runs[0].font == runs[2].font == first.fontName != runs[1].font


def test_a_character_that_no_font_has_is_named_and_drawn_as_a_geta_mark() -> None:
    font = fonts.load()
    assert font.lacks("甲\U0010fffd乙\U0010fffd") == "\U0010fffd"
    assert "".join(run.text for run in font.runs("甲\U0010fffd乙")) == "甲〓乙"
    assert font.width("\U0010fffd", 10) == font.width("〓", 10) > 0


def test_signs_without_a_shape_and_line_ends_are_not_lacking() -> None:
    assert fonts.clean("葛\U000e0100城\u200b市\n某e\u0301") == "葛城市 某é"


def test_a_machine_without_a_chinese_font_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", (tmp_path, tmp_path / "absent"))
    fonts.load.cache_clear()
    try:
        with pytest.raises(FontMissing, match="apt install fonts-lxgw-wenkai"):
            fonts.load()
    finally:
        fonts.load.cache_clear()
