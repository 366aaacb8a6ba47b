"""Settings: environment, secret files, TOML; what cannot be used is named."""

import stat
from pathlib import Path

import pytest

from archive.base import settings
from archive.base.settings import BadSettings, Settings, load


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, named by the environment."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("JUANZONG_DATA", str(folder))
    return folder


def test_a_bare_machine_needs_no_setting(data: Path) -> None:
    told = load()
    assert (told.host, told.port, told.address) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert told.database == f"sqlite:///{data / 'archive.db'}"


def test_the_environment_wins_over_the_file(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "juanzong.toml").write_text('port = 9000\nhost = "0.0.0.0"\n')
    monkeypatch.setenv("JUANZONG_PORT", "9001")
    assert (load().port, load().host) == (9001, "0.0.0.0")


def test_the_file_may_stand_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "house.toml").write_text('timezone = "Europe/Berlin"\n')
    monkeypatch.setenv("JUANZONG_CONFIG", str(tmp_path / "house.toml"))
    assert load().timezone == "Europe/Berlin"


def test_a_secret_is_read_from_the_file_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("s3cret\n")
    monkeypatch.setenv("JUANZONG_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert load().secret_key == "s3cret"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("LANGUAGE", "fr"),
        ("TIMEZONE", "Europe/Atlantis"),
        ("TIMEZONE", "../../etc/passwd"),
        ("TIMEZONE", ""),
        ("FONDS_CODE", "q1"),
        ("ENGINE", "paddle"),
        ("WORKERS", "-1"),
        ("BASE_URL", "archive.example.com"),
        ("DATABASE_URL", "somewhere"),
        ("SECURE_COOKIES", "perhaps"),
    ],
)
def test_a_bad_value_names_its_setting(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"JUANZONG_{name}", value)
    with pytest.raises(BadSettings, match=f"JUANZONG_{name}"):
        load()


def test_a_secret_file_that_is_not_there_names_its_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUANZONG_SECRET_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(BadSettings, match="JUANZONG_SECRET_KEY_FILE"):
        load()


@pytest.mark.parametrize("text", ["port = \n", "[port]\nnumber = 1\n", "colour = 'red'\n"])
def test_a_bad_file_is_a_bad_setting(data: Path, text: str) -> None:
    (data / "juanzong.toml").write_text(text)
    with pytest.raises(BadSettings, match=r"juanzong\.toml|PORT|COLOUR"):
        load()


def test_a_named_file_that_is_not_there_is_a_bad_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUANZONG_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(BadSettings, match="JUANZONG_CONFIG"):
        load()


def test_every_setting_has_a_meaning() -> None:
    told = list(settings.explain(load()))
    assert len(told) == len(Settings.model_fields)
    assert all(name.startswith("JUANZONG_") and meaning for name, _, meaning in told)


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUANZONG_SECRET_KEY", "s3cret-key")
    monkeypatch.setenv("JUANZONG_MAIL_PASSWORD", "s3cret-mail")
    monkeypatch.setenv("JUANZONG_DATABASE_URL", "postgresql+psycopg://jz:s3cret-word@db/archive")
    shown = {name: value for name, value, _ in settings.explain(load())}
    assert "s3cret" not in str(shown)
    assert "s3cret" not in repr(load())
    assert shown["JUANZONG_DATABASE_URL"] == "postgresql+psycopg://jz:***@db/archive"


def test_the_key_is_made_once_and_for_the_owner_only(data: Path) -> None:
    made = settings.secret_key(load())
    assert len(made) >= 48
    assert settings.secret_key(load()) == made
    kept = data / "secret.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(data.iterdir()) == [kept]


def test_labels_carry_the_address_that_people_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUANZONG_BASE_URL", "https://archive.example.com/")
    assert load().address == "https://archive.example.com"


def test_no_folder_is_watched_and_no_mailbox_asked_unless_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (load().watched_folder, load().mail_host) == (None, "")
    monkeypatch.setenv("JUANZONG_WATCHED_FOLDER", "")
    assert load().watched_folder is None
    monkeypatch.setenv("JUANZONG_WATCHED_FOLDER", str(tmp_path))
    (tmp_path / "word").write_text("s3cret\n")
    monkeypatch.setenv("JUANZONG_MAIL_PASSWORD_FILE", str(tmp_path / "word"))
    told = load()
    assert (told.watched_folder, told.mail_password) == (tmp_path, "s3cret")


@pytest.mark.parametrize(
    ("given", "is_only_here"),
    [
        ({}, True),
        ({"host": "0.0.0.0"}, True),
        ({"host": "192.168.1.20"}, False),
        ({"base_url": "http://localhost:8000"}, True),
        ({"base_url": "http://[::1]:8000"}, True),
        ({"base_url": "https://archive.example.com"}, False),
        ({"host": "0.0.0.0", "base_url": "http://192.168.1.20:8000/"}, False),
    ],
)
def test_an_address_that_phones_cannot_open_is_known(
    given: dict[str, str], is_only_here: bool
) -> None:
    assert load(**given).is_only_here is is_only_here
