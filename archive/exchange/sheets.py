"""The sheets of a catalogue: parties, volumes and papers, column by column.

The order is that in which they are imported: what a later sheet names, an earlier one has made.
"""

from collections.abc import Mapping

from archive.categories import RETENTIONS
from archive.exchange import cells
from archive.exchange.columns import Column, Sheet

YEARS = cells.whole(1900, 2200)
COUNT = cells.whole(1, 100_000)  # pages on paper
ANY = cells.whole(1, (1 << 31) - 1)

# 保管期限 as catalogues write it, and as archival codes do.
PERIODS = {
    **{period.lower(): period for period in RETENTIONS},
    "永久": "Y", "permanent": "Y", "30年": "D30", "三十年": "D30", "30": "D30", "长期": "D30",
    "10年": "D10", "十年": "D10", "10": "D10", "短期": "D10", "30 years": "D30", "10 years": "D10",
}  # fmt: skip
SECRECIES = {
    "公开": "public", "内部": "internal", "普通商密": "secret", "核心商密": "core",
    "public": "public", "internal": "internal", "secret": "secret", "core": "core",
    "秘密": "secret", "商密": "secret",
}  # fmt: skip
STATES = {
    "未结卷": "open", "已结卷": "closed", "重新打开": "reopened",
    "open": "open", "closed": "closed", "reopened": "reopened",
}  # fmt: skip
ARRANGEMENTS = {"按卷": "volume", "按件": "item", "volume": "volume", "item": "item"}


def written_as(names: Mapping[str, str], value: str) -> str:
    """What a catalogue writes for a value: the first of its names; nothing for none."""
    return next((name for name, one in names.items() if one == value), "")


PARTY = (
    Column("party_number", "客户编号", "Party number", ANY, ("客户号", "卡片号")),
    Column(
        "party", "客户", "Party", cells.text(200),
        ("客户名称", "客户单位", "单位名称", "公司名称", "customer", "company", "party name"),
    ),
    Column(
        "credit_code", "统一社会信用代码", "Credit code", cells.code(18),
        ("信用代码", "社会信用代码", "uscc", "unified social credit code"),
    ),
)  # fmt: skip
CLASS = (
    Column(
        "category", "类目", "Category", cells.text(100), ("大类", "类别", "类别号", "门类", "分类")
    ),
    Column("year", "年度", "Year", YEARS, ("归档年度", "年份")),
    Column(
        "retention", "保管期限", "Retention", cells.choice(PERIODS), ("期限", "retention period")
    ),
)  # fmt: skip

HOME = Column(
    "home", "库位", "Place", cells.code(60), ("存放位置", "库位号", "位置", "shelf", "location")
)

PARTIES = Sheet(
    "parties", "客户", "Parties",
    (
        Column("number", "客户编号", "Party number", ANY, ("编号", "卡片号", "客户号")),
        Column(
            "name", "客户名称", "Name", cells.required(cells.text(200)),
            ("客户", "名称", "单位名称", "公司名称", "party", "customer"),
        ),
        Column(
            "credit_code", "统一社会信用代码", "Credit code", cells.code(18),
            ("信用代码", "社会信用代码", "uscc", "unified social credit code"),
        ),
    ),
    needs=(("name", "credit_code"), ("number", "name")),
)  # fmt: skip
VOLUMES = Sheet(
    "volumes", "案卷", "Volumes",
    (
        Column(
            "code", "档号", "Archival code", cells.archival_code(80), ("案卷档号", "案卷级档号")
        ),
        Column("number", "案卷号", "Volume number", ANY, ("卷号", "案卷编号")),
        Column(
            "title", "案卷题名", "Volume title", cells.text(400), ("题名", "案卷名称", "title")
        ),
        *CLASS,
        *PARTY,
        Column("state", "状态", "State", cells.choice(STATES)),
        Column("arrangement", "整理方式", "Arrangement", cells.choice(ARRANGEMENTS)),
        Column("keeper_note", "本卷情况说明", "Note", cells.text(1000), ("情况说明", "备注")),
        Column("compiled_by", "立卷人", "Compiled by", cells.text(100)),
        Column("checked_by", "检查人", "Checked by", cells.text(100)),
        HOME,
        Column("compiled_on", "立卷日期", "Compiled on", cells.dated, ("立卷时间",)),
    ),
    needs=(("code", "category", "year"), ("title", "category", "year", "number")),
)  # fmt: skip
PAPERS = Sheet(
    "papers", "文件", "Papers",
    (
        Column("code", "档号", "Archival code", cells.archival_code(90), ("件档号", "文件级档号")),
        Column("volume", "案卷档号", "Volume code", cells.archival_code(80), ("案卷级档号",)),
        Column("item", "件号", "Item", ANY, ("卷内件号",)),
        Column("position", "顺序号", "Order", ANY, ("卷内顺序号",)),
        Column(
            "title", "题名", "Title", cells.required(cells.text(300)),
            ("文件题名", "标题", "文件名称", "案卷题名", "document", "document title"),
        ),
        *CLASS,
        *PARTY,
        Column("type", "文种", "Document type", cells.text(100), ("文件类型", "资料类型", "type")),
        Column(
            "number", "文号", "Number", cells.text(100),
            ("文件编号", "合同编号", "合同号", "编号", "document number", "contract number", "no"),
        ),
        Column("responsible", "责任者", "Responsible", cells.text(200), ("责任人", "author")),
        Column("dated", "日期", "Date", cells.dated, ("文件日期", "成文日期", "签订日期")),
        Column("amount", "金额", "Amount", cells.amount, ("合同金额", "总价")),
        Column("paper_pages", "页数", "Pages", COUNT, ("张页数", "件页数")),
        Column("secrecy", "密级", "Secrecy", cells.choice(SECRECIES)),
        Column("is_copy", "复制件", "Copy", cells.flag, ("是否复制件", "原件复制件")),
        Column("original_at", "原件存处", "Original kept at", cells.text(200), ("原件位置",)),
        Column("order_number", "订单号", "Order number", cells.text(100), ("订单编号", "order")),
        Column("remark", "备注", "Remark", cells.text(500), ("附注", "note", "remarks")),
        HOME,
    ),
    needs=(("title", "party"), ("title", "volume"), ("title", "code"), ("title", "party_number"),
           ("title", "category", "year"), ("title", "credit_code")),
)  # fmt: skip

SHEETS = (PARTIES, VOLUMES, PAPERS)
