"""Made-up papers of a company's archive, as OCR reads them; the same for the same seed.

Words follow Zipf's law, one character in twenty is misread, lines end anywhere.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from search.entry import Entry

COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面"
    "而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把"
    "性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质"
    "气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活"
    "设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则"
    "任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美"
    "再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元"
    "况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委"
    "素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江"
    "型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严龙飞"
)
CLAUSES = (
    "甲乙双方经友好协商，就{w}{w}事宜达成如下协议，以资共同遵守。",
    "本合同一式{n}份，双方各执{n}份，自签字盖章之日起生效。",
    "因一方违反本合同约定给对方造成损失的，违约方应承担违约责任。",
    "因履行本合同发生的争议，由双方协商解决；协商不成的，向人民法院起诉。",
    "任何一方因不可抗力不能履行本合同的，应当及时通知对方。",
    "乙方应当按照{w}标准提供{w}服务，并对其{w}质量承担责任。",
    "合同编号：{code}　签订日期：20{n}年{m}月{n}日　金额：人民币{n}{n}00元整",
    "甲方（委托方）：{company}　联系人：{name}　电话：021-6{n}{n}{n}8",
    "货物名称：{w}{w}，件数{n}件，重量{n}{n}公斤，承运司机{name}。",
    "This {e} is made between the {e} and the {e} in accordance with the {e} of {e}.",
    "{w}{w}{w}，{w}{w}{w}{w}，{w}{w}。{w}{w}{w}{w}{w}，{w}{w}{w}。",
    "{w}{w}{w}{w}，{w}{w}{w}；{w}{w}，{w}{w}{w}{w}{w}{w}。",
)
ENGLISH = (
    *("agreement", "letter", "credit", "carrier", "shipper", "consignee", "bill", "lading"),
    *("invoice", "freight", "delivery", "port", "arbitration", "dispute", "payment", "insurance"),
    *("warranty", "party", "seller", "buyer", "vessel", "container", "schedule", "liability"),
)
INDUSTRY = ("物流", "国际货运", "建筑工程", "机电设备", "进出口贸易", "纺织品", "化工", "融资租赁")
KINDS = ("contract", "licence", "waybill", "invoice", "other")
PLANTED = 40  # phrases, each on three pages, and each once more with its halves changed over


@dataclass(frozen=True)
class Planted:
    """A phrase and the documents that hold it. Their near misses hold its halves, apart."""

    phrase: str
    documents: frozenset[int]


class Papers:
    """Documents of one to eight pages of 400 to 1,200 characters."""

    def __init__(self, pages: int, seed: int = 20240607) -> None:
        self._chance = random.Random(seed)
        self._words = self._vocabulary(40_000)
        self._weights = [1 / rank for rank in range(2, len(self._words) + 2)]
        self._companies = [self._company() for _ in range(2_000)]
        self.entries = list(self._entries(pages))
        phrases = [self._plant() for _ in range(min(PLANTED, len(self.entries) // 5))]
        self.planted = [Planted(phrase, self._holding(phrase)) for phrase in phrases]

    def _vocabulary(self, size: int) -> list[str]:
        lengths = self._chance.choices((2, 3, 4), (70, 18, 12), k=size)
        return ["".join(self._chance.choices(COMMON, k=n)) for n in lengths]

    def _company(self) -> str:
        brand = "".join(self._chance.choices(COMMON[:300], k=2))
        return f"上海{brand}{self._chance.choice(INDUSTRY)}有限公司"

    def _entries(self, pages: int) -> Iterator[Entry]:
        document = 0
        while pages > 0:
            document += 1
            count = min(pages, self._chance.choice((1, 1, 2, 3, 4, 8)))
            pages -= count
            yield self._entry(document, count)

    def _entry(self, document: int, count: int) -> Entry:
        party = self._chance.randrange(len(self._companies))
        year = self._chance.randint(2005, 2024)
        code = f"HT-{year}-{document:06d}"
        return Entry(
            document,
            title=self._word() + "合同",
            names=(self._companies[party], code),
            pages=tuple(self._page(code, self._companies[party]) for _ in range(count)),
            category=str(self._chance.randint(1, 5)),
            kind=self._chance.choice(KINDS),
            party=party,
            dated=f"{year}-{self._chance.randint(1, 12):02d}",
            code=f"0001-{year}-{document}",
        )

    def _word(self) -> str:
        return self._words[min(int(self._chance.paretovariate(0.9)), len(self._words)) - 1]

    def _page(self, code: str, company: str) -> str:
        length = self._chance.randint(400, 1_200)
        text = ""
        while len(text) < length:
            text += self._clause(code, company)
        return self._lines(self._misread(text))

    def _clause(self, code: str, company: str) -> str:
        clause = self._chance.choice(CLAUSES)
        while "{w}" in clause:
            clause = clause.replace("{w}", self._word(), 1)
        while "{e}" in clause:
            clause = clause.replace("{e}", self._chance.choice(ENGLISH), 1)
        name = "".join(self._chance.choices(COMMON, k=3))
        n, m = str(self._chance.randint(10, 31)), str(self._chance.randint(1, 12))
        return clause.format(code=code, company=company, name=name, n=n, m=m)

    def _misread(self, text: str) -> str:
        wrong = [i for i in range(len(text)) if self._chance.random() < 0.05]
        chars = list(text)
        for i in wrong:
            chars[i] = self._chance.choice((self._chance.choice(COMMON), "", " " + chars[i]))
        return "".join(chars)

    def _lines(self, text: str) -> str:
        width = self._chance.randint(28, 42)
        return "\n".join(text[i : i + width] for i in range(0, len(text), width))

    def _plant(self) -> str:
        """A phrase of characters that are common, so that its neighbours occur everywhere."""
        phrase = "".join(self._chance.choices(COMMON[:60], k=self._chance.choice((4, 5, 6, 9))))
        half = len(phrase) // 2
        chosen = self._chance.sample(range(len(self.entries)), 4)
        broken = phrase[:half] + "\n " + phrase[half:]
        for n, held in zip(chosen, (phrase, broken, phrase), strict=False):
            self._write_in(n, held)
        self._write_in(chosen[3], phrase[half:] + "甲" + phrase[: half + 1] + "乙")
        return phrase

    def _holding(self, phrase: str) -> frozenset[int]:
        """Looked up by hand, with nothing of ours: a page may hold a phrase by chance."""
        return frozenset(entry.document for entry in self.entries if _holds(entry, phrase))

    def _write_in(self, n: int, held: str) -> None:
        entry = self.entries[n]
        first, *rest = entry.pages
        middle = len(first) // 2
        page = first[:middle] + held + first[middle:]
        self.entries[n] = Entry(**{**vars(entry), "pages": (page, *rest)})


def _holds(entry: Entry, phrase: str) -> bool:
    return any(phrase in "".join(filter(str.isalnum, page)) for page in entry.pages)
