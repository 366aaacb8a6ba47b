"""What a clerk filed teaches what comes next."""

import json
import time

from scanning.fields.learning import Example, Guess, learn, suggest

GATE_PASS = (
    "宁波澄海国际物流股份有限公司 出门证 车号 货物 放行 门卫 日期 2024年{day}月3日 编号 {day}88"
)
TEST_REPORT = (
    "杭州青禾检测有限公司 检验报告 样品 结论 合格 批号 检验员 2024年{day}月9日 编号 {day}17"
)


def examples(count: int = 4) -> list[Example]:
    passes = [
        learn(
            GATE_PASS.format(day=day),
            ["宁波澄海国际物流股份有限公司"],
            {"type": "出门证", "party": "澄海", "volume": "2024-4"},
        )
        for day in range(1, count)
    ]
    reports = [
        learn(
            TEST_REPORT.format(day=day),
            ["杭州青禾检测有限公司"],
            {"type": "检验报告", "party": "青禾", "volume": ""},
        )
        for day in range(1, count)
    ]
    return [*passes, *reports]


def test_a_paper_like_others_is_suggested_what_they_were_filed_as() -> None:
    told = suggest(examples(), GATE_PASS.format(day=11), ["宁波澄海国际物流股份有限公司"])
    assert {name: guess.value for name, guess in told.items()} == {
        "type": "出门证",
        "party": "澄海",
        "volume": "2024-4",
    }
    assert all(guess.sure > 0.7 for guess in told.values())


def test_what_was_never_answered_is_not_suggested() -> None:
    assert "volume" not in suggest(examples(), TEST_REPORT.format(day=11), ["杭州青禾检测有限公司"])


def test_a_paper_unlike_all_others_is_suggested_nothing() -> None:
    assert (
        suggest(examples(), "Dear Sirs, we thank you for your kind letter of last week.", []) == {}
    )
    assert suggest([], GATE_PASS, ["澄海"]) == {}
    assert suggest(examples(), "", []) == {}


def test_a_name_that_stands_on_everybodys_papers_says_nothing() -> None:
    ours = "江苏恒岳精密机械有限公司"
    parties = ["上海锦程纺织品有限公司", "成都聚源建材商行", "青岛岚图供应链有限公司"]
    known = [learn("设备采购合同", [ours, party], {"party": party}) for party in parties * 2]
    for party in parties:
        assert suggest(known, "设备采购合同", [ours, party])["party"].value == party


def test_a_foreign_or_misread_name_leads_to_the_card_that_the_clerk_chose() -> None:
    known = [
        learn("INVOICE", ["NINGBO CHENGHAI LOGISTICS CO., LTD."], {"party": "澄海"}),
        learn("INVOICE", ["QINGHE TESTING LTD."], {"party": "青禾"}),
    ]
    told = suggest(known, "INVOICE", ["NINGB0 CHENGHAI LOGISTICS CO., LTD"])
    assert told["party"].value == "澄海"


def test_one_correction_changes_the_next_suggestion() -> None:
    corrected = learn(GATE_PASS.format(day=12), [], {"type": "放行条"})
    told = suggest([*examples(2), corrected], GATE_PASS.format(day=12), [])
    assert told["type"].value == "放行条"


def test_examples_come_back_from_json() -> None:
    stored = json.loads(json.dumps([one.to_dict() for one in examples()]))
    assert [Example.from_dict(one) for one in stored] == examples()


def test_two_thousand_papers_are_looked_through_at_once() -> None:
    pages = [f"{GATE_PASS} {n} " + "".join(chr(0x4E00 + (n * k) % 9000) for k in range(300))
             for n in range(2_000)]  # fmt: skip
    known = [learn(page, [f"第{n}公司"], {"type": str(n)}) for n, page in enumerate(pages)]
    began = time.thread_time()
    told = suggest(known, pages[1_234], ["第1234公司"])
    assert time.thread_time() - began < 5
    assert told["type"] == Guess("1234", told["type"].sure)
