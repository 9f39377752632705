"""Global options, exit codes and the form of errors, whichever command it is."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from api.cli import global_options_first


@pytest.mark.parametrize(
    ("given", "ordered"),
    [
        (["search", "x", "--json"], ["--json", "search", "x"]),
        (["search", "--home", "h", "x", "--json"], ["--json", "--home", "h", "search", "x"]),
        (["--home=h", "search", "x"], ["--home=h", "search", "x"]),
        (["ask", "--", "--json"], ["ask", "--", "--json"]),
        (["ask", "--home"], ["--home", "ask"]),
        ([], []),
    ],
)
def test_global_options_are_put_first(given, ordered):
    assert global_options_first(given) == ordered


def test_options_work_before_and_after_the_subcommand(command, tmp_path):
    root = str(tmp_path / "home")
    before = command("--home", root, "--json", "init")
    after = command("init", "--json", "--home", root)
    assert before.code == after.code == 0
    assert before.json == after.json == {"home": root, "index": None, "catalog": None}


@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("ask",),
        ("ask", "q", "--batch", "f"),
        ("search",),
        ("search", "x", "-k", "0"),
        ("serve", "--workers", "2"),
        ("catalog", "import", "docx", "."),
        ("ask", "q", "--language", "fr"),
        ("index",),
        ("ask", "q", "--nope"),
    ],
)
def test_wrong_usage_exits_2_with_one_problem_on_stdout(command, arguments):
    ran = command(*arguments, "--json")
    assert ran.code == 2
    assert ran.json["type"] == "urn:giljabi:problem:usage" and ran.json["detail"]


def test_a_format_that_is_not_there_names_those_that_are(command, tmp_path):
    ran = command("--json", "catalog", "import", "stata", str(tmp_path))
    assert ran.code == 2 and "stata" in ran.json["detail"] and "redcap" in ran.json["detail"]


def test_a_wrong_setting_exits_3(command, monkeypatch, tmp_path):
    monkeypatch.setenv("GILJABI_PROT", "1")
    ran = command("--json", "--home", str(tmp_path), "init")
    assert ran.code == 3
    assert ran.json["type"].endswith("settings-invalid") and "GILJABI_PORT" in ran.json["hint"]


@pytest.mark.parametrize("arguments", [("search", "x"), ("ask", "x")])
def test_a_home_that_is_not_there_exits_3_and_is_not_made(command, tmp_path, arguments):
    root = tmp_path / "none"
    ran = command("--json", "--home", str(root), *arguments)
    assert ran.code == 3 and str(root) in ran.json["detail"] and "giljabi init" in ran.json["hint"]
    assert not root.exists()


def test_a_home_without_catalog_says_so(command, tmp_path):
    ran = command("--json", "--home", str(tmp_path), "catalog", "info")
    assert ran.code == 3 and ran.json["type"].endswith("catalog-missing")


def test_problems_for_people_go_to_stderr(giljabi, tmp_path):
    ran = giljabi("--home", str(tmp_path / "none"), "search", "x")
    assert ran.code == 3 and ran.out == ""
    assert "There is no home" in ran.err and "Traceback" not in ran.err


def test_help_is_quick_and_lists_the_commands(giljabi):
    started = time.perf_counter()
    ran = giljabi("--help")
    took = time.perf_counter() - started
    assert ran.code == 0
    for name in ("init", "serve", "ask", "index", "search", "catalog", "sql"):
        assert name in ran.out
    assert took < 3.0, f"--help took {took:.1f} s"


def test_help_loads_no_engine():
    heavy = ("chromadb", "duckdb", "sqlglot", "fastapi", "langgraph", "kiwipiepy", "pydantic", "httpx")
    code = f"import sys, api.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
