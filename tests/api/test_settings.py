from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from api.settings import load_settings
from knowledge.errors import SettingsInvalid


def test_defaults_serve_loopback_only(monkeypatch):
    monkeypatch.delenv("GILJABI_TODAY")
    settings = load_settings()
    assert (settings.host, settings.port, settings.hosts) == ("127.0.0.1", 8000, ())
    assert settings.home.is_absolute() and settings.home.name == "giljabi"
    assert settings.day() == date.today()


def test_environment_is_read_and_options_stand_over_it(monkeypatch, tmp_path):
    monkeypatch.setenv("GILJABI_HOME", str(tmp_path))
    monkeypatch.setenv("GILJABI_PORT", "9000")
    monkeypatch.setenv("GILJABI_TODAY", "2025-04-29")
    monkeypatch.setenv("GILJABI_ALLOWED_HOSTS", "Data.Example, other")
    settings = load_settings(port=9100, host=None)
    assert settings.home == tmp_path and settings.port == 9100 and settings.host == "127.0.0.1"
    assert settings.day() == date(2025, 4, 29)
    assert settings.hosts == ("data.example", "other")


def test_settings_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1


def test_home_is_made_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert load_settings(home=Path("here")).home == tmp_path / "here"


@pytest.mark.parametrize(
    ("name", "near"),
    [("GILJABI_HOEM", "GILJABI_HOME"), ("GILJABI_TODYA", "GILJABI_TODAY"), ("GILJABI_XQZ", "GILJABI_PORT")],
)
def test_an_unknown_name_is_refused_and_a_near_one_named(monkeypatch, name, near):
    monkeypatch.setenv(name, "x")
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    assert name in caught.value.message and near in caught.value.hint


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GILJABI_PORT", "ninety"),
        ("GILJABI_PORT", "70000"),
        ("GILJABI_TODAY", "tomorrow"),
        ("GILJABI_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    assert name in caught.value.message and value in caught.value.message


def test_an_empty_variable_counts_as_not_given(monkeypatch):
    monkeypatch.setenv("GILJABI_TODAY", "")
    assert load_settings().today is None
