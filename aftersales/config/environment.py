"""What an installation may choose: read from the environment or one TOML file, typed, all errors shown at once."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "AFTERSALES_"


def _words(given: Any) -> Any:
    return [word.strip() for word in given.split(",") if word.strip()] if isinstance(given, str) else given


Words = Annotated[list[str], NoDecode, BeforeValidator(_words)]
"""A list in TOML, words parted by commas in the environment."""


class TomlFile(PydanticBaseSettingsSource):
    """Reads the file named by AFTERSALES_CONFIG, or `aftersales.toml` in the working directory if there is one."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        named = os.environ.get(f"{PREFIX}CONFIG")
        path = Path(named or "aftersales.toml")
        if not path.exists():
            if named:
                raise SystemExit(f"{PREFIX}CONFIG names {path}, which does not exist.")
            return {}
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SystemExit(f"The settings in {path} cannot be read: {error}") from error
        if "database_url" in found:  # in the environment its name has no prefix, as elsewhere in the world
            found["DATABASE_URL"] = found.pop("database_url")
        return found


class Environment(BaseSettings):
    """Every setting with its type and default; the name in the environment is AFTERSALES_ and the name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid")

    data_dir: Path = Field(
        default=Path("var"), description="Where the database, the photos and the generated secret live."
    )
    database_url: str = Field(
        default="", validation_alias="DATABASE_URL", description="postgresql://…; empty means SQLite in data_dir."
    )
    secret_key: str = Field(
        default="", description="At least 50 characters; empty means one is generated and kept in data_dir."
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000", description="The address people open; links and QR codes use it."
    )
    allowed_hosts: Words = Field(
        default_factory=list, description="Further host names under which the pages may be opened."
    )
    trusted_proxies: Words = Field(default_factory=list, description="Addresses whose X-Forwarded-For is believed.")
    demo: bool = Field(default=False, description="Demonstration data: every page says so, sign-ins are shown.")
    debug: bool = Field(default=False, description="Only for development: shows errors in the browser.")
    language: Literal["zh-hans", "zh-hant", "en"] = Field(
        default="zh-hans", description="Language before a person chose one."
    )
    time_zone: str = Field(default="Asia/Shanghai", description="Zone of stations that name none.")
    email_url: str = Field(
        default="",
        description="smtp://, smtp+tls:// (STARTTLS) or smtps:// and user:password@host:port; empty prints mails to the log.",
    )
    email_from: str = Field(default="aftersales@localhost", description="Sender of mails.")
    upload_max_mb: int = Field(default=12, ge=1, le=100, description="Largest photo accepted, in MiB.")
    log_format: Literal["json", "text"] = Field(default="text", description="Log lines as JSON or for reading.")

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, key: str) -> str:
        if key and len(key) < 50:
            raise ValueError("must have at least 50 characters")
        return key

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and not url.startswith(("postgresql://", "postgres://", "sqlite:///")):
            raise ValueError("must begin with postgresql:// or sqlite:///")
        if url.startswith("postgres") and not _address(url).path.strip("/"):
            raise ValueError("must name a database: postgresql://user@host/database")
        return url

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        if not _address(url).hostname:
            raise ValueError("must name a host")
        return url.rstrip("/")

    @field_validator("email_url")
    @classmethod
    def _mail_server(cls, url: str) -> str:
        if url and not (url.startswith(("smtp://", "smtp+tls://", "smtps://")) and _address(url).hostname):
            raise ValueError("must be smtp://, smtp+tls:// or smtps:// and a host")
        return url

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            return str(ZoneInfo(name))
        except (OSError, ValueError, LookupError) as error:
            raise ValueError("must be a zone such as Asia/Shanghai") from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlFile(settings_cls)


def _address(url: str) -> Any:
    parts = urlsplit(url)
    try:
        parts.port  # noqa: B018 - asking for it is what finds a wrong one
    except ValueError as error:
        raise ValueError("has a port that is no number; in a password write / as %2F, @ as %40, # as %23") from error
    return parts


def read_environment() -> Environment:
    """The installation's choices; on mistakes prints every one of them and ends the program."""
    try:
        return Environment()
    except ValidationError as errors:
        # Only what is wrong is said, never the value: it may be a secret.
        sys.exit("These settings cannot be right:\n" + "\n".join(_mistake(error) for error in errors.errors()))


def _mistake(error: Any) -> str:
    name = ".".join(str(part) for part in error["loc"])
    shown = name if name == "DATABASE_URL" else f"{PREFIX}{name.upper()}"
    said = (
        "there is no such setting" if error["type"] == "extra_forbidden" else error["msg"].removeprefix("Value error, ")
    )
    return f"  {shown}: {said}"


def secret_key(environment: Environment) -> str:
    """The installation's secret: the given one, or one generated once and kept readable by the owner only."""
    if environment.secret_key:
        return environment.secret_key
    path = environment.data_dir / "secret-key"
    if not path.exists():
        environment.data_dir.mkdir(parents=True, exist_ok=True)
        # Written aside and then given its name in one go: nobody ever reads half a secret, and the first one stays.
        descriptor, aside = tempfile.mkstemp(dir=environment.data_dir)  # readable by the owner only
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(64))
            os.link(aside, path)
        except FileExistsError:
            pass  # another process of the same start was quicker
        finally:
            Path(aside).unlink()
    return path.read_text()
