"""How truly first pages are suggested in stacks of many papers with no sheet between them.

python -m tests.bench.firsts [--seeds 1 2 3 4] [--held-out] [--why]

The papers are the drawn forms, as they are read without an error; some go on for pages of clauses,
running text and tables, numbered or not. `--held-out` draws layouts and pages that were not looked
at while the rules were written.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scanning.reading import Line, PageReading
from scanning.stacks.signs import PageSigns
from scanning.stacks.splitting import Split, split
from tests.bench import forms
from tests.bench.forms.drawing import Sheet
from tests.bench.forms.facts import Facts

DPI = 150
GOING_ON = (
    "contract_prose", "contract_form", "lease", "contract_english", "permit", "quotation",
    "notice", "lading", "customs_export", "customs_import",
)  # fmt: skip
CLAUSES = (
    "乙方应在收到甲方书面通知之日起三个工作日内完成整改，并承担由此产生的全部费用。",
    "任何一方因不可抗力不能履行合同的，应及时通知对方，并在十五日内提供证明。",
    "双方对在履行中知悉的对方商业秘密负有保密义务，保密期限为合同终止后三年。",
    "货物在交付前的毁损、灭失风险由乙方承担，交付后由甲方承担。",
    "未经对方书面同意，任何一方不得将合同项下的权利义务转让给第三方。",
)
FEET = ("", "", "{n}", "- {n} -", "第{n}页 共{of}页", "第 {n} 页", "{n}/{of}")

Going = Callable[[Facts], Sheet]


@dataclass(frozen=True)
class Drawn:
    """A page of a stack: whether a paper begins with it, whose drawing it is, what is read."""

    is_first: bool
    name: str
    reading: PageReading


def clauses(facts: Facts) -> Sheet:
    return _written([f"第{number}条 {facts.pick(*CLAUSES)}" for number in "七八九十"])


def running_text(facts: Facts) -> Sheet:
    return _written([facts.pick(*CLAUSES)[7:], *facts.chance.sample(CLAUSES, 3)])


def table(facts: Facts) -> Sheet:
    sheet = Sheet()
    rows = [(str(row), facts.pick("轴承", "法兰盘", "电缆"), facts.digits(4)) for row in range(20)]
    sheet.table(130, 110, (100, 400, 400), rows)
    return sheet


def annex(facts: Facts) -> Sheet:
    sheet = _written(facts.chance.sample(CLAUSES, 3))
    sheet.middle(60, facts.pick("附件一：技术规格书", "附件二 报价明细", "附表1 供货清单"), 34)
    return sheet


def account(facts: Facts) -> Sheet:
    return _written(
        [f"开户银行：{facts.city()}支行", f"账号：{facts.digits(19)}", "甲方（盖章）："]
    )


KNOWN: tuple[Going, ...] = (clauses, running_text, table)
HELD_OUT: tuple[Going, ...] = (annex, account, running_text)


def _written(paragraphs: list[str]) -> Sheet:
    sheet, y = Sheet(), 120
    for one in paragraphs:
        y = sheet.paragraph(130, y, one, 980) + 12
    return sheet


def stack(seed: int, papers: int, *, held_out: bool) -> Iterator[Drawn]:
    chance = random.Random(seed)
    layouts = (*forms.KNOWN, *forms.HELD_OUT * 3) if held_out else forms.KNOWN
    for number in range(papers):
        layout, facts = chance.choice(layouts), Facts(1_000 * seed + number)
        sheets = [(layout.__name__, layout(facts)[0])]
        if layout.__name__ in GOING_ON and chance.random() < 0.6:
            more = chance.choices(HELD_OUT if held_out else KNOWN, k=chance.randint(1, 4))
            sheets += [(one.__name__, one(facts)) for one in more]
            _number(sheets, chance)
        for at, (name, sheet) in enumerate(sheets):
            yield Drawn(at == 0, name, _read(sheet))


def _number(sheets: list[tuple[str, Sheet]], chance: random.Random) -> None:
    foot = chance.choice(FEET)
    for number, (_, sheet) in enumerate(sheets, 1):
        if foot:
            text = foot.format(n=number, of=len(sheets))
            sheet.write(600, sheet.image.height - 90, text, 20)


def _read(sheet: Sheet) -> PageReading:
    """The page as a reader gives it that makes no error."""
    told = zip(sheet.said, sheet.places, strict=True)
    lines = tuple(Line(text.strip(), box, 0.97) for text, box in told if text.strip())
    return PageReading(1, lines, 0, 0.0, *sheet.image.size, DPI, "drawn", "1", "ocr")


def measure(pages: list[Drawn]) -> tuple[Split, dict[str, int]]:
    readings = [page.reading for page in pages]
    signs = [PageSigns(one.width, one.height, DPI, ink=0.05) for one in readings]
    found = split(signs, readings=readings)
    begun = {0, *(one.at for one in found.suggestions)}
    true = {at for at, page in enumerate(pages) if page.is_first}
    told = {"right": len(begun & true), "wrong": len(begun - true)}
    return found, told | {"overlooked": len(true - begun), "pages": len(pages)}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4])
    asked.add_argument("--papers", type=int, default=40)
    asked.add_argument("--held-out", action="store_true")
    asked.add_argument("--why", action="store_true", help="each wrong or overlooked page")
    wanted = asked.parse_args()
    for seed in wanted.seeds:
        pages = list(stack(seed, wanted.papers, held_out=wanted.held_out))
        found, told = measure(pages)
        print(json.dumps({"seed": seed} | told), flush=True)
        said = {one.at: str(one.said) for one in found.suggestions}
        for at, page in enumerate(pages[1:], 1):
            if wanted.why and (at in said) != page.is_first:
                print(f"  {pages[at - 1].name} | {page.name}: {said.get(at, 'overlooked')}")


if __name__ == "__main__":
    main()
