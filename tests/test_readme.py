"""The README says everything that can be typed and set, and nothing that cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from api.app import create_app
from api.cli import app
from api.settings import PREFIX, Settings, load_settings
from assistant.home import Home

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")

GROUPS = {"catalog", "sql", "review", "audit", "plan", "eval"}


def _leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner = getattr(command, "commands", None)
    if not inner:
        yield path, command
    for name, sub in (inner or {}).items():
        yield from _leaves(sub, (*path, name))


def _documented() -> dict[str, str]:
    """The rows of the table of commands: command and subcommand, then all that its rows say."""
    rows: dict[str, str] = {}
    for row in re.findall(r"^\| `giljabi ([^`]+)`", README, flags=re.MULTILINE):
        words = row.split()
        name = " ".join(words[:2]) if words[0] in GROUPS else words[0]
        rows[name] = f"{rows.get(name, '')} {row}"
    return rows


def test_every_command_is_in_the_table_and_every_row_is_a_command():
    commands = {" ".join(path) for path, _ in _leaves(typer.main.get_command(app))}
    assert commands == set(_documented())


def test_every_option_is_in_its_commands_rows():
    documented = _documented()
    for path, command in _leaves(typer.main.get_command(app)):
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("-") and option not in {"--help", "-h"}:
                    assert option in documented[" ".join(path)], f"{option} of {' '.join(path)}"


def test_global_options_are_described():
    for parameter in typer.main.get_command(app).params:
        assert any(f"`{option}" in README for option in parameter.opts) or parameter.name == "help"


def test_every_setting_is_in_the_table_and_every_row_is_a_setting():
    rows = set(re.findall(rf"^\| `({PREFIX}\w+)`", README, flags=re.MULTILINE))
    assert rows == {PREFIX + name.upper() for name in Settings.model_fields}


def test_no_other_variable_is_named():
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", README)) == known


def test_every_path_is_described(tmp_path):
    for path in create_app(Home(tmp_path), load_settings(), "token").openapi()["paths"]:
        plain = re.sub(r"/\{[^}]*\}", "", path)
        assert plain in README.replace("/ID", ""), path
