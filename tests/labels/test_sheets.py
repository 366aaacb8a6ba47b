"""The table of label paper: every label lies on its page and beside its neighbour."""

import pytest

from labels.sheets import DEFAULT, SHEETS, Sheet, UnknownSheet, find

EVERY = pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))


@EVERY
def test_every_label_lies_on_the_page(sheet: Sheet) -> None:
    x, y = sheet.corner(1)
    assert (x, y) == (sheet.left, sheet.top)
    right, bottom = sheet.corner(sheet.places)
    assert right + sheet.width <= sheet.page_width + 0.01
    assert bottom + sheet.height <= sheet.page_height + 0.01


@EVERY
def test_labels_do_not_overlap_and_stand_in_the_middle_of_the_page(sheet: Sheet) -> None:
    assert sheet.pitch_x >= sheet.width
    assert sheet.pitch_y >= sheet.height
    right = sheet.page_width - sheet.corner(sheet.places)[0] - sheet.width
    bottom = sheet.page_height - sheet.corner(sheet.places)[1] - sheet.height
    assert right == pytest.approx(sheet.left, abs=0.1)
    assert bottom == pytest.approx(sheet.top, abs=0.1)


@EVERY
def test_ink_keeps_off_the_rim_that_printers_cannot_reach(sheet: Sheet) -> None:
    across, down = sheet.padding()
    assert sheet.left + across >= sheet.edge
    assert sheet.top + down >= sheet.edge


def test_places_are_counted_along_the_rows() -> None:
    assert DEFAULT.places == 14
    assert DEFAULT.corner(2) == pytest.approx((4.65 + 101.6, 15.15))
    assert DEFAULT.corner(3) == pytest.approx((4.65, 15.15 + 38.1))


def test_paper_is_found_by_name_however_it_is_typed() -> None:
    assert find(" l7160 ").size == "63.5 × 38.1 mm"


def test_unknown_paper_is_refused_with_the_names_of_what_there_is() -> None:
    with pytest.raises(UnknownSheet, match=r"“L9999”.*L7163, L7160"):
        find("L9999")
