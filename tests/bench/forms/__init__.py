"""Forms: papers of every kind drawn with what they say, for measuring what is read from them.

Some layouts are held out: they were drawn, but not looked at while the rules were written.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from tests.bench.forms import papers, trade
from tests.bench.forms.drawing import Sheet, badly_scanned
from tests.bench.forms.facts import Facts, Truth

Layout = Callable[[Facts], tuple[Sheet, Truth]]

KNOWN: tuple[Layout, ...] = (
    papers.licence_landscape, papers.licence_portrait, papers.permit, papers.contract_prose,
    papers.contract_form, papers.contract_english, papers.receipt, papers.authority,
    papers.identity_card, papers.notice, trade.waybill_form, trade.waybill_express,
    trade.waybill_air, trade.lading, trade.customs_export, trade.invoice_special,
    trade.invoice_digital, trade.invoice_commercial,
)  # fmt: skip
HELD_OUT: tuple[Layout, ...] = (
    papers.licence_of_old, papers.lease, papers.quotation, trade.goods_note,
    trade.lading_bilingual, trade.customs_import, trade.invoice_of_old,
)  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A paper as it comes from the scanner, and what it says."""

    name: str
    image: Image.Image
    truth: Truth


def drawn(layout: Layout, seed: int, *, badly: bool = False) -> Drawn:
    sheet, truth = layout(Facts(seed))
    name, chance = f"{layout.__name__}_{seed}", random.Random(seed)
    image = sheet.scanned(chance)
    return Drawn(name, badly_scanned(image, chance) if badly else image, truth)
