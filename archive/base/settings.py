"""Settings: one typed table, read from the environment, from files for secrets, and from TOML.

`JUANZONG_PORT=8080` sets `port`; `JUANZONG_SECRET_KEY_FILE=/run/secrets/key` sets `secret_key`
from a file's text; `juanzong.toml` in the data folder (or the file that `JUANZONG_CONFIG` names)
holds the rest. The environment wins over the file.
"""

import os
import secrets
import tomllib
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import Field, ValidationError, computed_field, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from archive.base.errors import N_

PREFIX = "JUANZONG_"
SECRETS = ("secret_key", "mail_password")


# Said wherever labels are printed, and by `juanzong settings`.
ONLY_HERE = N_(
    "Phones cannot open %(address)s, and labels would carry it: set JUANZONG_BASE_URL to the "
    "address at which this server is reached before you print."
)


class BadSettings(Exception):
    """A setting cannot be used. Its text names each one and what is wrong with it."""


class Settings(BaseSettings):
    """Every setting of the house, with its meaning."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data: Path = Field(Path(".data"), description=N_("Folder of everything that is kept."))
    host: str = Field("127.0.0.1", description=N_("Address that the server listens on."))
    port: int = Field(8000, ge=1, le=65535, description=N_("Port that the server listens on."))
    base_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/]+\S*)?$",
        description=N_("Address that people and labels use; empty: made from host and port."),
    )
    database_url: str = Field(
        "",
        repr=False,
        description=N_("SQLAlchemy URL, e.g. postgresql+psycopg://…; empty: SQLite in the folder."),
    )
    secret_key: str = Field(
        "",
        repr=False,
        description=N_("Signs cookies; empty: made once and kept in the data folder."),
    )
    language: Literal["zh", "en"] = Field(
        "zh",
        description=N_(
            "Language for readers whose browser asks for neither Chinese nor English, and for "
            "programs that ask for none."
        ),
    )
    timezone: str = Field("Asia/Shanghai", description=N_("Zone in which times are shown."))
    fonds_code: str = Field(
        "Q001",
        pattern=r"^[A-Z]\d{3}$",
        description=N_("全宗号 of the first fonds (DA/T 13-2022: a letter and three digits)."),
    )
    fonds_name: str = Field("本公司", description=N_("Name of the first fonds, the company."))
    follow_up_days: str = Field(
        "3, 15, 30, 60",
        pattern=r"^\s*\d{1,4}(\s*,\s*\d{1,4}){0,11}\s*$",
        description=N_("After how many days somebody is reminded of an event with a party."),
    )
    engine: Literal["rapidocr", "rapidocr-onnxruntime", "tesseract"] = Field(
        "rapidocr", description=N_("Engine that reads pages unless another is asked for.")
    )
    search_engine: Literal["whoosh"] = Field(
        "whoosh", description=N_("Engine of the search index.")
    )
    watched_folder: Path | None = Field(
        None,
        description=N_(
            "Folder from which files are taken, e.g. a network share; a folder in it is a batch. "
            "Empty: none is watched."
        ),
    )
    watched_clerk: str = Field(
        "",
        description=N_("Log-in name of the clerk whose papers come through the watched folder."),
    )
    watched_quiet_seconds: float = Field(
        10.0,
        ge=1,
        le=3600,
        description=N_("A file in the watched folder is whole when it rests for so long."),
    )
    mail_host: str = Field(
        "", description=N_("IMAP server whose letters bring papers; empty: no mailbox is asked.")
    )
    mail_port: int = Field(993, ge=1, le=65535, description=N_("Port of the IMAP server."))
    mail_user: str = Field("", description=N_("User at the IMAP server."))
    mail_password: str = Field(
        "", repr=False, description=N_("Password at the IMAP server; best given as a file.")
    )
    mail_folder: str = Field("INBOX", description=N_("Mail folder that is looked through."))
    mail_kept_folder: str = Field(
        "", description=N_("Mail folder to which letters go when their papers are kept.")
    )
    mail_security: Literal["tls", "starttls"] = Field(
        "tls", description=N_("How the connection to the IMAP server is made private.")
    )
    mail_certificate: Path | None = Field(
        None,
        description=N_("Authority's certificate (PEM), if the company signs its mail server's."),
    )
    mail_clerk: str = Field(
        "", description=N_("Log-in name of the clerk whose papers come by mail.")
    )
    server_threads: int = Field(16, ge=2, le=256, description=N_("Requests answered at once."))
    workers: int = Field(
        0, ge=0, le=64, description=N_("Pages read at once by one worker; 0: one for each core.")
    )
    page_seconds: int = Field(
        180, ge=5, description=N_("Time after which reading a page is given up.")
    )
    page_megabytes: int = Field(
        3000, ge=500, description=N_("Memory after which reading a page is given up.")
    )
    pages_per_mm: int = Field(
        10, ge=1, le=100, description=N_("Pages in a millimetre of paper: when a folder is full.")
    )
    upload_megabytes: int = Field(2048, ge=1, description=N_("Largest upload that is accepted."))
    secure_cookies: bool = Field(
        False, description=N_("Send cookies over HTTPS only: switch on behind an HTTPS proxy.")
    )
    proxies: int = Field(
        0, ge=0, le=8, description=N_("Trusted proxies in front whose X-Forwarded-For is believed.")
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("there is no such time zone")
        return name

    @field_validator("database_url")
    @classmethod
    def _sound_url(cls, url: str) -> str:
        try:
            return url and make_url(url).render_as_string(hide_password=False)
        except ArgumentError as error:
            raise ValueError("this is no SQLAlchemy URL") from error

    @field_validator("base_url")
    @classmethod
    def _sound_address(cls, url: str) -> str:
        urlsplit(url)
        return url

    @field_validator("watched_folder", "mail_certificate", mode="before")
    @classmethod
    def _none_if_empty(cls, path: object) -> object:
        return None if path == "" else path

    @field_validator("data", "watched_folder", "mail_certificate")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path and path.expanduser().absolute()

    @computed_field(description="The database that is used.", repr=False)  # type: ignore[prop-decorator]
    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'archive.db'}"

    @computed_field(description="The address that is used.")  # type: ignore[prop-decorator]
    @property
    def address(self) -> str:
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def is_only_here(self) -> bool:
        """Whether the address that is used leads only this machine to the server."""
        host = urlsplit(self.address).hostname or ""
        try:
            told = ip_address(host)
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")
        return told.is_loopback or told.is_unspecified

    @property
    def reminder_days(self) -> list[int]:
        """After how many days somebody is reminded of an event."""
        return sorted({int(number) for number in self.follow_up_days.split(",")})

    @property
    def readers(self) -> int:
        """How many pages one worker reads at once."""
        return self.workers or os.cpu_count() or 1

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings
        toml = TomlConfigSettingsSource(settings_cls, toml_file=_toml_file())
        return init_settings, env_settings, SecretFiles(settings_cls), toml


class SecretFiles(PydanticBaseSettingsSource):
    """`JUANZONG_X_FILE` names a file whose text is the setting `x`: how containers hand secrets."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        del field
        variable = f"{PREFIX}{field_name.upper()}_FILE"
        named = os.environ.get(variable)
        try:
            return (Path(named).read_text().strip() if named else None), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise BadSettings(f"{variable}: {error}") from error

    def __call__(self) -> dict[str, Any]:
        values = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in values.items() if value is not None}


def load(**given: Any) -> Settings:
    """The settings of this process.

    Raises:
        BadSettings: a value cannot be used; the text names the setting.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = "; ".join(f"{PREFIX}{_name(e['loc'])}: {e['msg']}" for e in error.errors())
        raise BadSettings(wrong) from error
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"{_toml_file()}: {error}") from error


def explain(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """(name, value, meaning) of each setting; secrets are not shown."""
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        if name in SECRETS and value:
            value = "***"
        if name == "database_url" and value:
            value = make_url(value).render_as_string(hide_password=True)
        shown = "" if value is None else str(value)
        yield f"{PREFIX}{name.upper()}", shown, field.description or ""


def secret_key(settings: Settings) -> str:
    """The key that signs cookies, made on first use and readable by the owner only."""
    if settings.secret_key:
        return settings.secret_key
    kept = settings.data / "secret.key"
    if not kept.exists():
        fresh = kept.with_name(f"secret.key.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        # Linking fails where another process was first, and then its key is the one.
        try:
            os.link(fresh, kept)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return kept.read_text()


def _toml_file() -> Path:
    named = os.environ.get(f"{PREFIX}CONFIG")
    if named and not Path(named).is_file():
        raise BadSettings(f"{PREFIX}CONFIG: there is no file {named}")
    return Path(named or Path(os.environ.get(f"{PREFIX}DATA", ".data")) / "juanzong.toml")


def _name(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part).upper() for part in loc)
