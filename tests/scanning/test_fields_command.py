"""`juanzong fields`: what a script is told of a paper that nobody stored."""

import json
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner, Result

from scanning.commands import fields_command
from tests.scanning.papers import drawn, printed_pdf


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def fields(*arguments: str | Path) -> Result:
    return CliRunner().invoke(fields_command, [str(one) for one in arguments])


def test_a_paper_tells_kind_and_fields_with_their_reasons(tmp_path: Path) -> None:
    said = fields(printed_pdf(tmp_path / "contract.pdf"), "--json")
    assert said.exit_code == 0
    told = json.loads(said.output)
    assert told["kind"] == "contract"
    assert told["fields"]["parties"]["value"] == [
        {"name": "江苏恒岳精密机械有限公司", "role": "甲方"}
    ]
    number = told["fields"]["contract_number"]
    assert set(number) == {"value", "confidence", "certain", "page", "box", "reason"}
    assert (number["value"], number["page"]) == ("HY-2023-SC-00417", 1)
    assert number["reason"].endswith(".")
    assert "title" not in told["fields"]


def test_of_several_files_each_is_named(tmp_path: Path) -> None:
    first, second = printed_pdf(tmp_path / "one.pdf"), tmp_path / "two.png"
    drawn(("今天天气很好",)).save(second)
    told = json.loads(fields(first, second, "--json").output)["files"]
    assert [(Path(one["file"]).name, one["kind"]) for one in told] == [
        ("one.pdf", "contract"),
        ("two.png", "other"),
    ]


def test_a_torn_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    torn = tmp_path / "torn.pdf"
    torn.write_bytes(b"%PDF-1.7 torn")
    said = fields(torn, "--json")
    told = json.loads(said.output)
    assert said.exit_code == 1
    assert (told["kind"], told["fields"]) == ("other", {})
    assert told["error"].startswith("The file")


def test_whatever_is_no_paper_is_refused_in_json(tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").touch()
    (tmp_path / "words.png").write_text("Only words, whatever the name says.")
    pypdf.PdfWriter().write(tmp_path / "pageless.pdf")
    printed_pdf(tmp_path / "locked.pdf", password="secret")
    names = ("empty.pdf", "words.png", "pageless.pdf", "locked.pdf")
    said = fields(*(tmp_path / name for name in names), "--json")
    told = json.loads(said.output)["files"]
    assert said.exit_code == 1
    assert [(one["kind"], one["fields"]) for one in told] == [("other", {})] * 4
    assert [one["error"].split(".")[0] for one in told] == [
        "The file is empty",
        "The file is in no format that can be read",
        "The file breaks off or is damaged",
        "The PDF asks for a password",
    ]


def test_people_see_values_and_a_mark_at_doubts(tmp_path: Path) -> None:
    said = fields(printed_pdf(tmp_path / "contract.pdf")).output
    assert said.startswith("contract\n")
    assert "subject ? 设备采购" in said
