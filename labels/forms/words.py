"""The words of the forms, Chinese and English side by side."""

from typing import Literal, NamedTuple

Language = Literal["zh", "en", "both"]
LANGUAGES: tuple[Language, ...] = ("zh", "en", "both")


class Word(NamedTuple):
    """A word or sentence of a form; `%(name)s` stands for what is filled in."""

    zh: str
    en: str

    def said(self, language: Language, **told: object) -> str:
        """As it is printed."""
        spoken = {"zh": self.zh, "en": self.en, "both": f"{self.zh} {self.en}"}[language]
        return spoken % told if told else spoken


FONDS = Word("全宗名称", "Fonds")
FONDS_CODE = Word("全宗号", "Fonds no.")
CATEGORY = Word("类目名称", "Category")
CATEGORY_CODE = Word("类别号", "Category no.")
VOLUME_TITLE = Word("案卷题名", "Volume title")
TIME = Word("时间", "Dates")
RETENTION = Word("保管期限", "Retention")
QUANTITY = Word("件/页数", "Quantity")
FILING_NUMBER = Word("归档号", "Filing no.")
CODE = Word("档号", "Archival code")
YEAR = Word("年度", "Year")
VOLUME_NUMBER = Word("案卷号", "Volume no.")
SUBJECT = Word("机构(问题)", "Office or subject")
ITEMS_FROM_TO = Word("起止件号", "Items")
BOX_NUMBER = Word("盒号", "Box no.")

FROM_TO = Word("自 %(first)s 起至 %(last)s 止", "from %(first)s to %(last)s")
ITEMS_AND_PAGES = Word("本卷共 %(items)s 件 %(pages)s 页", "%(items)s items, %(pages)s pages")
PAGE_OF = Word("第 %(page)s 页 共 %(pages)s 页", "Page %(page)s of %(pages)s")


def month(date: str, language: Language) -> str:
    """Year and month of a partial date, 2024, 2024-05 or 2024-05-31, as covers give them."""
    year, _, rest = date.partition("-")
    if language == "en" or not year:
        return date[:7]
    return f"{year}年{int(rest[:2])}月" if rest else f"{year}年"


def day(date: str, language: Language) -> str:
    """A partial date as it is written out: 2024年5月31日, 2024年5月, 2024年."""
    if language == "en" or not date:
        return date
    return "".join(
        f"{int(part)}{unit}" for part, unit in zip(date.split("-"), "年月日", strict=False)
    )


def figures(date: str) -> str:
    """A partial date in figures alone, YYYYMMDD, as catalogues give it (DA/T 18-2022)."""
    return date.replace("-", "")
