"""What a paper calls itself: a heading, or nothing at all."""

import pytest

from scanning.fields import suggest
from tests.scanning.test_fields_kinds import Row, paper, told

RED_HEAD = (
    (300, 100, "江州市交通运输局文件"),
    (700, 200, "江交运〔2023〕57号"),
    (650, 300, "关于开展道路货物运输源头治超"),
    (700, 340, "专项整治的通知"),
    (200, 450, "各县（市、区）交通运输局，各有关运输企业："),
    (200, 500, "为规范市场秩序，根据2023年5月8日电视电话会议精神，现将有关事项通知如下："),
    (1000, 1600, "江州市交通运输局"),
    (1000, 1650, "2023年6月20日"),
)


def title(*rows: Row) -> object:
    field = suggest(paper(*rows)).fields.get("title")
    return field and field.value


def test_a_letter_with_a_red_head_has_its_own_title_number_and_date() -> None:
    suggested = suggest(paper(*RED_HEAD))
    assert suggested.kind == "other"
    assert suggested.fields["title"].value == "关于开展道路货物运输源头治超专项整治的通知"
    assert suggested.fields["letter_number"].value == "江交运〔2023〕57号"
    assert suggested.fields["issued_on"].value == "2023-06-20"


def test_a_heading_spaced_out_is_written_together() -> None:
    assert title((600, 100, "收 款 收 据"), (200, 300, "今收到 刘记布行")) == "收款收据"


@pytest.mark.parametrize(
    "heading",
    ["RSK。", "tan chay yee", "SYL ROASTED DELIGHTS SDN. BHD.", "感谢您一直以来的支持，欢迎再来"],
)
def test_a_till_slip_without_a_heading_has_no_title(heading: str) -> None:
    rows = ((700, 100, heading), (200, 400, "Cashier USER"), (200, 450, "Total 12.50"),
            (200, 500, "CASH 20.00"), (200, 550, "CHANGE 7.50"))  # fmt: skip
    suggested = suggest(paper(*rows))
    assert suggested.kind == "receipt"
    assert "title" not in suggested.fields


def test_a_quotation_is_for_its_customer() -> None:
    rows = (
        (650, 100, "报 价 单"),
        (200, 250, "客户：泰州市高港区航鑫船舶修造有限公司"),
        (1000, 250, "报价单号：BJ20240226-03"),
        (200, 300, "联系人：缪经理"), (1000, 300, "报价日期：2024-02-26"),
    )  # fmt: skip
    suggested = suggest(paper(*rows), ["南通三建起重设备租赁有限公司"])
    assert suggested.fields["party"].value == "泰州市高港区航鑫船舶修造有限公司"
    assert suggested.fields["letter_number"].value == "BJ20240226-03"
    assert suggested.fields["issued_on"].value == "2024-02-26"
    assert told(suggested) == {"kind": "other"}
