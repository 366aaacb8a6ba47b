"""The command line: one JSON object and nothing else, and exit codes that scripts can trust."""

import json
import shutil
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import qrcode
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import text

import app
from archive import documents, volumes
from archive.base import ledger, terminal
from archive.base.db import Database
from archive.base.ledger import HOUSE
from archive.base.settings import load
from archive.locations import Level
from labels import papers
from scanning import fields, readingroom
from scanning.fields import Known, Suggestion
from scanning.second import Sheet
from tests import stock
from tests.people import NOON, PASSWORD
from tests.scanning.papers import printed_pdf
from tests.scanning.workbench import Bench


@dataclass(frozen=True)
class Said:
    """What a command answered: its exit code, and both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on standard output; there is nothing else."""
        return json.loads(self.out)


Program = Callable[..., Said]
ROOT = Path(__file__).parents[2]
SAMPLES = 3 * 8  # papers of three companies


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Path:
    """An empty data folder, named by the environment as for a script."""
    monkeypatch.setenv("JUANZONG_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("JUANZONG_DATABASE_URL", database_url)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return tmp_path / "data"


def _suggest_once(
    sheets: Sequence[Sheet], own_names: Sequence[str], known: Sequence[Known]
) -> Suggestion:
    return fields.suggest([sheet.reading for sheet in sheets], own_names, None, known)


@pytest.fixture
def juanzong(
    data: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Program:
    """The program, with a workshop that reads at once, and once: on the pictures of these papers
    stands something else than what they are read as, which a second reader would look at long."""
    Bench.trouble, Bench.read = [], []
    monkeypatch.setattr(readingroom, "Workshop", Bench)
    monkeypatch.setattr(readingroom, "suggest_twice", _suggest_once)

    def run(*arguments: str | Path) -> Said:
        capfd.readouterr()
        code = terminal.run(app.juanzong, app.PROGRAM, [str(one) for one in arguments])
        said = capfd.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def folder(juanzong: Program, data: Path) -> str:
    """The label code of a folder on the shelf, whose paper can be found."""
    juanzong("ledger", "verify")
    database = Database(load().database)
    with database.writing() as session:
        code = stock.folder(session).code
    database.close()
    juanzong("index", "rebuild")
    return code


def test_settings_are_listed_with_their_meaning(juanzong: Program, data: Path) -> None:
    said = juanzong("settings", "--json")
    assert said.code == 0
    told = said.json["settings"]
    assert told["JUANZONG_DATA"]["value"] == str(data)
    assert all(one["meaning"] for one in told.values())
    assert "JUANZONG_DATA=" in juanzong("settings").out
    assert said.json["warning"].startswith("Phones cannot open http://127.0.0.1:8000")
    assert said.json["warning"] in juanzong("settings").out


def test_a_bad_setting_is_a_wrong_call_that_names_it(
    juanzong: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUANZONG_PORT", "eighty")
    said = juanzong("ledger", "verify", "--json")
    assert said.code == 2
    assert "JUANZONG_PORT" in said.json["error"]


def test_the_data_folder_is_made_on_first_use(juanzong: Program, data: Path) -> None:
    assert not data.exists()
    assert juanzong("ledger", "verify").code == 0
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600


def test_a_database_that_does_not_answer_is_said_in_one_object(
    juanzong: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUANZONG_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    said = juanzong("ledger", "verify", "--json")
    assert said.code == 1
    assert "127.0.0.1" in said.json["error"]
    assert "Traceback" not in said.err


def test_a_data_folder_that_cannot_be_made_is_said_in_one_object(
    juanzong: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("JUANZONG_DATA", str(tmp_path / "file/data"))
    said = juanzong("ledger", "verify", "--json")
    assert said.code == 1
    assert "file/data" in said.json["error"]


def test_accounts_and_keys_are_made(juanzong: Program) -> None:
    link = juanzong("user", "invite", "--if-empty", "--json").json["link"]
    assert link.startswith("http://127.0.0.1:8000/welcome/")
    made = juanzong("user", "add", "Wang", "--role", "archivist", "--password", PASSWORD, "--json")
    assert made.code == 0
    assert made.json["login"] == "wang"
    assert juanzong("user", "invite", "--if-empty", "--json").json == {"link": None}
    key = juanzong("user", "token", "wang", "--json").json["token"]
    assert key.startswith("jz_")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("user", "add", "wang", "--password", PASSWORD), 1),
        (("user", "add", "  ", "--password", PASSWORD), 1),
        (("user", "add", "new", "--password", "short"), 1),
        (("user", "token", "nobody"), 1),
        (("user", "add", "new", "--role", "king", "--password", PASSWORD), 2),
        (("label", "folders", "ABCDEFGH", "-o", "out.pdf"), 1),
        (("label", "folders", "-o", "out.pdf"), 2),
        (("print", "cover", "Q001-9", "-o", "out.pdf"), 1),
        (("print", "cover", "-o", "out.pdf"), 2),
        (("print", "spine", "Q001-9", "--width", "12", "-o", "out.pdf"), 2),
        (("print", "list", "-o", "out.pdf"), 2),
        (("print", "list", "Q001-9", "--year", "2024", "-o", "out.pdf"), 2),
        (("print", "list", "--year", "1999", "-o", "out.pdf"), 1),
        (("print", "stamp", "Q001-9", "not-there.pdf", "-o", "out.pdf"), 2),
        (("intake", "not-there.pdf"), 2),
        (("intake",), 2),
        (("search",), 2),
        (("search", "x", "--limit", "0"), 2),
        (("decode", "not-there.png"), 2),
        (("nonsense",), 2),
        (("ledger", "nonsense"), 2),
    ],
)
def test_a_refusal_is_one_and_a_wrong_call_two(
    juanzong: Program, arguments: tuple[str, ...], code: int
) -> None:
    juanzong("user", "add", "wang", "--password", PASSWORD)
    said = juanzong(*arguments, "--json")
    assert said.code == code, said
    assert "Traceback" not in said.err
    if code == 1:
        assert list(said.json) == ["error"]
        plain = juanzong(*arguments)
        assert (plain.code, plain.out) == (1, "")
        assert plain.err.strip() == said.json["error"]
    else:
        assert said.out == ""
        assert said.err


def test_a_sound_ledger_is_verified(juanzong: Program) -> None:
    said = juanzong("ledger", "verify", "--json")
    assert said.code == 0
    assert {name: said.json[name] for name in ("rows", "ok", "first_bad")} == {
        "rows": 1,
        "ok": True,
        "first_bad": None,
    }


def test_a_torn_ledger_is_named_and_fails(juanzong: Program) -> None:
    juanzong("user", "add", "wang", "--password", PASSWORD)
    database = Database(load().database)
    with database.writing() as session:
        session.execute(text("UPDATE ledger SET actor = 'someone' WHERE id = 2"))
    database.close()
    said = juanzong("ledger", "verify", "--json")
    assert (said.code, said.json["ok"], said.json["first_bad"]) == (1, False, 2)
    assert juanzong("ledger", "verify").code == 1


def test_a_number_that_lacks_is_named_by_the_check_which_fails(juanzong: Program) -> None:
    whole = juanzong("check", "--json")
    assert (whole.code, whole.json["ok"], whole.json["numbers"]["volumes"]) == (0, True, 0)
    assert "No number lacks" in juanzong("check").out
    database = Database(load().database)
    with database.writing() as session:
        code = stock.file(session, stock.read(session)).code
        session.execute(text("UPDATE document SET item = 3"))
    database.close()
    said = juanzong("check", "--json")
    assert (said.code, said.json["ok"]) == (1, False)
    (gap,) = said.json["numbers"]["item_gaps"]
    assert (gap["name"], gap["missing"], gap["behind"]) == (code[:-4], ["1-2"], True)
    told = juanzong("check")
    assert (told.code, told.out.splitlines()[0]) == (
        1, f"{code[:-4]}: of the numbers up to 3 these lack: 1-2.",
    )  # fmt: skip


def test_intake_reads_and_tells_of_each_file(juanzong: Program, tmp_path: Path) -> None:
    good, bad = printed_pdf(tmp_path / "合同.pdf", 2), tmp_path / "empty.pdf"
    bad.write_bytes(b"")
    said = juanzong("intake", good, bad, good, "--wait", "--json")
    assert said.code == 1
    first, failed, again = said.json["documents"]
    assert said.json["doubts"] == []
    assert said.json["aside"] == []
    shape = {"file", "id", "state", "pages", "leaves", "kind", "error"}
    assert set(first) == set(failed) == set(again) == shape
    assert (first["state"], first["pages"], first["kind"]) == ("read", 2, "contract")
    assert first["error"] is None
    assert (first["leaves"], failed["leaves"], again["leaves"]) == ([1, 2], [], [1, 2])
    assert (failed["state"], failed["pages"]) == ("failed", 0)
    assert "empty" in failed["error"]
    assert (again["state"], again["id"]) == ("duplicate", first["id"])
    alone = juanzong("intake", good, "--wait", "--json")
    assert alone.code == 0
    assert alone.json["documents"][0]["state"] == "duplicate"


def test_intake_tells_which_pages_of_the_file_a_document_holds(
    juanzong: Program, tmp_path: Path
) -> None:
    stack = printed_pdf(tmp_path / "纸叠.pdf", 5)
    (whole,) = juanzong("intake", stack, "--wait", "--json").json["documents"]
    assert whole["leaves"] == [1, 2, 3, 4, 5]
    database = Database(load().database)
    with database.writing() as session:
        batch = documents.by_id(session, whole["id"]).original.batch
        page = [one.id for one in documents.pages_of(session, batch)]

        def parted(now: documents.Strip) -> documents.Strip:
            behind = documents.set_aside(documents.split(now, page[2]), page[2])
            return documents.move_behind(behind, page[1], page[4])

        documents.rearrange(session, batch, "move", parted, by=HOUSE, at=NOON)
    database.close()
    told = juanzong("intake", stack, "--json").json
    assert [one["leaves"] for one in told["documents"]] == [[1], [4, 5, 2]]
    assert told["aside"] == [{"file": str(stack), "leaf": 3, "role": "removed"}]


def test_without_waiting_a_paper_is_received_and_the_next_wait_takes_it_up(
    juanzong: Program, tmp_path: Path
) -> None:
    first = printed_pdf(tmp_path / "1.pdf")
    said = juanzong("intake", first, "--json")
    assert (said.code, said.json["documents"][0]["state"]) == (0, "received")
    said = juanzong("intake", first, "--wait", "--json")
    assert said.json["documents"][0]["state"] == "duplicate"
    assert juanzong("search", "设备采购", "--json").json["total"] == 1


def test_what_was_waited_for_is_found_with_the_words_marked(
    juanzong: Program, tmp_path: Path
) -> None:
    juanzong("intake", printed_pdf(tmp_path / "1.pdf"), "--wait")
    said = juanzong("search", "采购合同", "--json")
    assert said.code == 0
    assert set(said.json) == {"total", "hits"}
    hit = said.json["hits"][0]
    assert set(hit) == {"document", "title", "page", "code", "snippet"}
    assert (said.json["total"], hit["page"], hit["code"]) == (1, 1, "")
    assert "<mark>采购合同</mark>" in hit["snippet"]
    assert juanzong("search", "无此内容", "--json").json == {"total": 0, "hits": []}
    assert "设备采购合同" in juanzong("search", "采购合同").out
    assert "<" not in juanzong("search", "采购合同").out


def test_search_narrows_by_category_kind_and_date(juanzong: Program, folder: str) -> None:
    assert juanzong("search", "总价", "--category", "2", "--json").json["total"] == 1
    assert juanzong("search", "总价", "--category", "3", "--json").json["total"] == 0
    assert juanzong("search", "总价", "--kind", "contract", "--json").json["total"] == 1
    assert juanzong("search", "总价", "--since", "2024-06", "--json").json["total"] == 0
    assert juanzong("search", "总价", "--until", "2024", "--json").json["total"] == 1
    for strange in ("", "(", "*", '"', "\\", "AND", "a" * 500, "\ud800", "-", "设备 OR"):
        said = juanzong("search", strange, "--json")
        assert said.code == 0
        assert set(said.json) == {"total", "hits"}
    for strange in ("2024-99", "yesterday"):
        assert juanzong("search", "总价", "--since", strange, "--json").code == 1
    for refused in (["a" * 501], ["总价", "--category", "99"], ["总价", "--party", "无此公司"]):
        said = juanzong("search", *refused, "--json")
        assert said.code == 1
        assert said.json["error"]
    assert juanzong("search", "总价", "--kind", "zzz").code == 2


def test_labels_are_printed_and_can_be_read_back(
    juanzong: Program, folder: str, tmp_path: Path
) -> None:
    out = tmp_path / "labels.pdf"
    said = juanzong("label", "folders", folder.lower(), "-o", out, "--json")
    assert said.code == 0
    label = {
        "code": folder,
        "url": f"http://127.0.0.1:8000/c/{folder}",
        "text": "Q001-ZY·KH·2·2024·D10-0001",
    }
    assert said.json == {"file": str(out), "labels": [label]}
    shown = PdfReader(out).pages[0].extract_text()
    assert folder in shown.replace(" ", "")
    told = juanzong("label", "folders", folder, "-o", tmp_path / "no/folder/x.pdf", "--json")
    assert told.code == 1
    assert "no/folder" in told.json["error"]
    assert juanzong("label", "folders", folder, "-o", out, "--sheet", "x", "--json").code == 1
    assert juanzong("label", "folders", folder, "-o", out, "--start", "99", "--json").code == 1


VOLUME = "Q001-ZY·KH·2·2024·D10-0001"


@pytest.mark.parametrize("form", ["cover", "spine", "catalogue", "note", "list"])
@pytest.mark.usefixtures("folder")
def test_forms_of_volumes_are_printed_and_noted(
    juanzong: Program, tmp_path: Path, form: str
) -> None:
    out = tmp_path / "out.pdf"
    said = juanzong("print", form, VOLUME.lower(), VOLUME, "-o", out, "--json")
    assert said.code == 0, said
    told = {"form": form, "volumes": [VOLUME] * 2, "lacking": ""}
    assert {name: said.json[name] for name in told} == told
    assert said.json["file"] == str(out)
    assert len(PdfReader(out).pages) == said.json["pages"] >= 1
    assert noted() == ("forms.printed", form)
    assert juanzong("print", form, VOLUME, "-o", out, "--lang", "en").out.strip() == str(out)
    assert "全宗" not in PdfReader(out).pages[0].extract_text()
    wrong = juanzong("print", form, VOLUME, "Q001-9", "-o", tmp_path / "wrong.pdf", "--json")
    assert wrong.code == 1
    assert "“Q001-9”" in wrong.json["error"]
    assert not (tmp_path / "wrong.pdf").exists()


@pytest.mark.usefixtures("folder")
def test_a_file_list_is_printed_of_a_category_and_year(juanzong: Program, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    said = juanzong("print", "list", "--category", "2", "--year", "2024", "-o", out, "--json")
    assert (said.code, said.json["volumes"]) == (0, [VOLUME])


@pytest.mark.usefixtures("folder")
def test_the_archive_stamp_is_printed_on_a_copy_of_a_scan(
    juanzong: Program, tmp_path: Path
) -> None:
    scan, out = tmp_path / "scan.pdf", tmp_path / "out.pdf"
    before = printed_pdf(scan).read_bytes()
    said = juanzong("print", "stamp", f"{VOLUME}-001", scan, "-o", out, "--json")
    assert (said.code, said.json) == (0, {"file": str(out), "code": f"{VOLUME}-001"})
    told = PdfReader(out).pages[0].extract_text().split()
    assert {"Q001", "2024", "001", "合同与订单", "10年", "1"} <= set(told)
    assert scan.read_bytes() == before
    assert noted() == ("forms.printed", "stamp")
    torn = tmp_path / "torn.pdf"
    torn.write_bytes(b"%PDF-1.7 torn")
    for wrong in (torn, scan):
        code = VOLUME if wrong == scan else f"{VOLUME}-001"
        assert juanzong("print", "stamp", code, wrong, "-o", out, "--json").code == 1


def noted() -> tuple[str, str]:
    """The action and the step of the ledger's newest row."""
    database = Database(load().database)
    with database.reading() as session:
        row = ledger.newest(session, limit=1)[0]
    database.close()
    return row.action, row.data["step"]


def test_codes_in_pictures_are_read(juanzong: Program, tmp_path: Path) -> None:
    url = "http://127.0.0.1:8000/c/0123456H"
    Image.new("L", (200, 200), 255).save(tmp_path / "blank.png")
    (tmp_path / "torn.png").write_bytes(b"x")
    with (tmp_path / "label.png").open("wb") as file:
        qrcode.make(url).save(file)
    code = juanzong("decode", tmp_path / "label.png", "--json").json["images"][0]["codes"][0]
    assert (code["text"], code["kind"], len(code["position"])) == (url, "QRCode", 4)
    said = juanzong("decode", tmp_path / "blank.png", "--json")
    assert (said.code, said.json["images"][0]["codes"]) == (0, [])
    said = juanzong("decode", tmp_path / "blank.png", tmp_path / "torn.png", "--json")
    assert said.code == 1
    assert [bool(one["error"]) for one in said.json["images"]] == [False, True]


def test_a_lost_index_is_written_again(juanzong: Program, folder: str, data: Path) -> None:
    assert juanzong("search", "总价", "--json").json["total"] == 1
    shutil.rmtree(data / "index")
    assert juanzong("search", "总价", "--json").json["total"] == 0
    assert juanzong("index", "rebuild", "--json").json == {"documents": 1}
    assert juanzong("search", "总价", "--json").json["total"] == 1
    status = juanzong("index", "status", "--json").json
    assert (status["documents"], status["behind"]) == (1, 0)


def test_refusals_on_the_terminal_speak_its_language(
    juanzong: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (ROOT / "templates/translations/zh/LC_MESSAGES/messages.mo").exists():
        pytest.skip("the catalogue is not compiled here: make run does it")
    english = juanzong("user", "token", "nobody", "--json").json["error"]
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = juanzong("user", "token", "nobody", "--json").json["error"]
    assert english.isascii()
    assert not told.isascii()


def test_help_and_version_are_no_errors(juanzong: Program) -> None:
    assert juanzong("--help").code == 0
    assert juanzong("intake", "--help").code == 0
    assert "juanzong" in juanzong("--version").out


@pytest.fixture
def few_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample archive of three companies only."""
    real = papers.papers
    monkeypatch.setattr(papers, "papers", lambda owner: real(owner, count=3))


def test_a_sample_archive_that_was_broken_off_is_made_whole(
    juanzong: Program, few_papers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = documents.file
    filed: list[Any] = []

    def file_five(*given: Any, **named: Any) -> Any:
        if len(filed) == 5:
            raise KeyboardInterrupt
        filed.append(real(*given, **named))
        return filed[-1]

    with monkeypatch.context() as patch:
        patch.setattr(documents, "file", file_five)
        assert juanzong("demo", "--if-empty", "--json").code == terminal.BROKEN_OFF
    whole = juanzong("demo", "--if-empty", "--json")
    assert (whole.code, whole.json["parties"], whole.json["documents"]) == (0, 2, SAMPLES)
    assert len(whole.json["folders"]) == len(set(whole.json["folders"])) > 2
    rows = juanzong("ledger", "verify", "--json").json["rows"]
    with Database(load().database).reading() as session:
        homes = [folder.home for folder in volumes.folders(session, before=None, limit=100)]
        assert all(home and home.level == Level.SHELF for home in homes)
    # Now it is whole: nothing is done any more, and the same is told.
    again = juanzong("demo", "--if-empty", "--json")
    assert (again.code, again.json) == (0, whole.json)
    assert "zhao, wang, chen" in juanzong("demo", "--if-empty").out
    assert juanzong("ledger", "verify", "--json").json["rows"] == rows
    refused = juanzong("demo", "--json")
    assert (refused.code, set(refused.json)) == (1, {"error"})


def test_no_sample_archive_is_made_in_a_true_one(juanzong: Program) -> None:
    juanzong("user", "add", "boss", "--role", "administrator", "--password", PASSWORD)
    left = juanzong("demo", "--if-empty", "--json")
    assert (left.code, left.json) == (0, {"parties": 0, "documents": 0, "folders": []})
    assert "nothing was done" in juanzong("demo", "--if-empty").out
    assert juanzong("demo").code == 1


def test_covers_and_separators_are_printed(juanzong: Program, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    told = juanzong("label", "covers", "-n", "2", "--each", "--type", "合同", "-o", out, "--json")
    assert (told.code, len(told.json["covers"]), told.json["file"]) == (0, 2, str(out))
    assert len(PdfReader(out).pages) == 2
    told = juanzong("label", "separators", "-n", "3", "-o", out, "--json")
    assert ([one["kind"] for one in told.json["covers"]], told.code) == (["separator"], 0)
    assert len(PdfReader(out).pages) == 3
    for wrong in (("--party", "没有这家公司"), ("--type", "没有这种文件")):
        told = juanzong("label", "covers", *wrong, "-o", out, "--json")
        assert (told.code, bool(told.json["error"])) == (1, True)
    told = juanzong("label", "separators", "-o", tmp_path / "no/folder/x.pdf", "--json")
    assert (told.code, bool(told.json["error"])) == (1, True)
