"""Catalogue: every kind of paper with its fields."""

from scanning.fields import readers
from scanning.fields.contracts import CONTRACT, NUMBER_LABELS
from scanning.fields.invoices import INVOICE, RECEIPT
from scanning.fields.letters import AUTHORITY, IDENTITY, letter_dates, letter_numbers
from scanning.fields.licences import LICENCE, only_code
from scanning.fields.transport import BILL_OF_LADING, CUSTOMS_DECLARATION, WAYBILL
from scanning.fields.wanted import Kind, Wanted

OTHER = Kind(
    fields=(
        Wanted("credit_code", "code", more=only_code),
        Wanted("contract_number", "number", NUMBER_LABELS, readers.number()),
        Wanted("letter_number", "number", (
            "文号", "发文字号", "报价单号", "报价单编号", "报价编号", "通知编号", "编号",
            "报告编号", "证书编号", "Quotation No", "Ref. No", "Our Ref", "Certificate No",
            "Reference No", "Report No",
        ), readers.number(), loose=("单号", "No"), more=letter_numbers),
        Wanted("issued_on", "date", (
            "报价日期", "发文日期", "签发日期", "印发日期", "通知日期", "制表日期", "日期", "Date",
            "Issue Date", "Date of Issue", "Quotation Date",
        ), readers.date, loose=("签订日期", "时间"), more=letter_dates),
        Wanted("addressee", "name", (
            "客户", "客户名称", "客户单位", "致", "TO", "需方", "询价单位", "收件单位", "Customer",
            "Messrs", "Attention", "购货单位", "送呈", "抬头", "贵公司",
        ), readers.name),
    ),
    other_labels=(
        "联系人", "电话", "传真", "地址", "有效期", "付款方式", "报价人", "FM", "From", "Tel",
        "Fax", "交货期", "备注", "手机", "邮箱", "E-mail", "Attn",
    ),
    is_ruled=False,
)  # fmt: skip

KINDS: dict[str, Kind] = {
    "licence": LICENCE,
    "contract": CONTRACT,
    "waybill": WAYBILL,
    "bill_of_lading": BILL_OF_LADING,
    "customs_declaration": CUSTOMS_DECLARATION,
    "invoice": INVOICE,
    "receipt": RECEIPT,
    "authority": AUTHORITY,
    "identity": IDENTITY,
    "other": OTHER,
}
# Kept for filing, but no part of what the paper of that kind is asked.
EXTRAS = {"contract": {"credit_code"}, "invoice": {"currency"}, "receipt": {"currency"}}


def names_of(kind: str) -> tuple[str, ...]:
    """The fields that a paper of the kind is asked for; of an unknown paper, none."""
    if kind == "other":
        return ()
    extras = EXTRAS.get(kind, set())
    return tuple(one.name for one in KINDS[kind].fields if one.name not in extras)
