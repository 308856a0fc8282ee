from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from aftersales.config import environment
from aftersales.config.cli import main


def refusal_of(install, toml="", **variables):
    with pytest.raises(SystemExit) as end:
        install(toml, **variables)
    assert end.value.code not in (0, None)
    return str(end.value.code)


def test_nothing_has_to_be_chosen(install):
    chosen = install()
    assert chosen.database_url == ""
    assert chosen.language == "zh-hans"
    assert chosen.time_zone == "Asia/Shanghai"
    assert not chosen.debug
    assert not chosen.demo


def test_every_mistake_is_said_at_once(install):
    said = refusal_of(
        install,
        'colour = "red"\nlog_format = "xml"',
        AFTERSALES_UPLOAD_MAX_MB="0",
        AFTERSALES_LANGUAGE="fr",
        AFTERSALES_SECRET_KEY="short",
        AFTERSALES_TIME_ZONE="Asia/Shangai",
        AFTERSALES_PUBLIC_URL="service.example",
        AFTERSALES_EMAIL_URL="mail.example",
        AFTERSALES_DEMO="perhaps",
        DATABASE_URL="mysql://root@localhost/shop",
    )
    names = [
        "COLOUR",
        "LOG_FORMAT",
        "UPLOAD_MAX_MB",
        "LANGUAGE",
        "SECRET_KEY",
        "TIME_ZONE",
        "PUBLIC_URL",
        "EMAIL_URL",
        "DEMO",
    ]
    for name in names:
        assert f"  AFTERSALES_{name}: " in said
    assert "  DATABASE_URL: must begin with postgresql:// or sqlite:///" in said
    assert len(said.splitlines()) == 1 + len(names) + 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AFTERSALES_SECRET_KEY", "x" * 49, "at least 50 characters"),
        ("AFTERSALES_UPLOAD_MAX_MB", "101", "less than or equal to 100"),
        ("AFTERSALES_UPLOAD_MAX_MB", "much", "integer"),
        ("AFTERSALES_PUBLIC_URL", "ftp://service.example", "http://"),
        ("AFTERSALES_PUBLIC_URL", "http://", "name a host"),
        ("AFTERSALES_PUBLIC_URL", "http://service.example:http", "port"),
        ("AFTERSALES_TIME_ZONE", "../../etc/passwd", "such as Asia/Shanghai"),
        ("AFTERSALES_EMAIL_URL", "smtp://", "and a host"),
        ("DATABASE_URL", "sqlite://shop.db", "sqlite:///"),
        ("DATABASE_URL", "postgresql://shop@localhost", "name a database"),
        ("DATABASE_URL", "postgresql://shop@localhost/", "name a database"),
        ("DATABASE_URL", "postgresql://shop@localhost:none/shop", "port"),
    ],
)
def test_it_refuses_what_cannot_be_right(install, name, value, said):
    assert said in refusal_of(install, **{name: value})


def test_a_mistake_is_told_without_telling_the_secret(install):
    said = refusal_of(
        install, AFTERSALES_SECRET_KEY="hush-hush", DATABASE_URL="postgresql://shop:whisper/word@localhost/shop"
    )
    assert "hush" not in said
    assert "whisper" not in said
    assert "%2F" in said


def test_a_toml_file_chooses_and_the_environment_has_the_last_word(install):
    chosen = install(
        'demo = true\nlanguage = "en"\nallowed_hosts = ["a.example", "b.example"]\ndatabase_url = "postgresql://toml@/shop"',
        AFTERSALES_LANGUAGE="zh-hant",
    )
    assert chosen.demo
    assert chosen.language == "zh-hant"
    assert chosen.allowed_hosts == ["a.example", "b.example"]
    assert chosen.database_url == "postgresql://toml@/shop"
    assert install(DATABASE_URL="postgresql://env@/shop").database_url == "postgresql://env@/shop"


def test_the_toml_file_may_stand_elsewhere(install, tmp_path):
    elsewhere = tmp_path / "etc" / "shop.toml"
    elsewhere.parent.mkdir()
    elsewhere.write_text('time_zone = "Asia/Urumqi"')
    assert install(AFTERSALES_CONFIG=str(elsewhere)).time_zone == "Asia/Urumqi"


def test_a_named_toml_file_that_is_not_there_is_refused(install):
    assert "nowhere.toml, which does not exist" in refusal_of(install, AFTERSALES_CONFIG="nowhere.toml")


@pytest.mark.parametrize("toml", ["demo = [", "demo", 'language = "en"\nlanguage = "en"'])
def test_a_file_that_is_no_toml_is_refused_with_its_name(install, toml):
    assert "The settings in aftersales.toml cannot be read" in refusal_of(install, toml)


def test_a_folder_in_place_of_the_file_is_refused(install, tmp_path):
    (tmp_path / "aftersales.toml").mkdir()
    assert "cannot be read" in refusal_of(install)


def test_an_unknown_setting_in_the_file_is_refused(install):
    assert "AFTERSALES_DATA_DIRECTORY: there is no such setting" in refusal_of(install, 'data_directory = "/srv"')


def test_words_in_the_environment_are_parted_by_commas(install):
    chosen = install(AFTERSALES_ALLOWED_HOSTS="a.example, b.example,", AFTERSALES_TRUSTED_PROXIES="10.0.0.1")
    assert chosen.allowed_hosts == ["a.example", "b.example"]
    assert chosen.trusted_proxies == ["10.0.0.1"]


def test_an_empty_variable_chooses_nothing(install):
    chosen = install(AFTERSALES_LANGUAGE="", AFTERSALES_DEMO="", DATABASE_URL="", AFTERSALES_ALLOWED_HOSTS="")
    assert (chosen.language, chosen.demo, chosen.database_url, chosen.allowed_hosts) == ("zh-hans", False, "", [])


def test_the_public_address_has_no_slash_at_its_end(install):
    assert install(AFTERSALES_PUBLIC_URL="https://service.example/").public_url == "https://service.example"


def test_the_secret_is_made_once_and_readable_by_its_owner_only(install, tmp_path):
    chosen = install(AFTERSALES_DATA_DIR=str(tmp_path / "deep" / "var"))
    secret = environment.secret_key(chosen)
    path = tmp_path / "deep" / "var" / "secret-key"
    assert len(secret) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert environment.secret_key(chosen) == secret == path.read_text()
    assert list(path.parent.iterdir()) == [path]


def test_programs_that_start_together_agree_on_one_secret(install, tmp_path):
    chosen = install(AFTERSALES_DATA_DIR=str(tmp_path / "var"))
    for _round in range(20):
        Path(tmp_path / "var" / "secret-key").unlink(missing_ok=True)
        start, secrets = threading.Barrier(8), []

        def ask(start=start, secrets=secrets):
            start.wait()
            secrets.append(environment.secret_key(chosen))

        threads = [threading.Thread(target=ask) for _each in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert len(secrets) == 8
        assert len(set(secrets)) == 1
        assert len(secrets[0]) >= 50


def test_a_given_secret_is_used_and_none_is_written(install, tmp_path):
    chosen = install(AFTERSALES_DATA_DIR=str(tmp_path / "var"), AFTERSALES_SECRET_KEY="s" * 50)
    assert environment.secret_key(chosen) == "s" * 50
    assert not (tmp_path / "var").exists()


def test_the_command_lists_every_setting_with_its_meaning(capsys):
    assert main(["settings"]) == 0
    shown = capsys.readouterr().out
    for name, field in environment.Environment.model_fields.items():
        assert (f"AFTERSALES_{name.upper()}" if name != "database_url" else "DATABASE_URL") in shown.splitlines()
        assert field.description in shown
