"""The wheel, installed where nothing of the sources is, run from an empty folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, command_environment

PACKAGES = ("api", "assistant", "evals", "knowledge", "tools")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the sources, so that the build leaves nothing among them."""
    place = tmp_path_factory.mktemp("wheel")
    sources = place / "sources"
    sources.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, sources / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources / name)
    # A folder that must stay out.
    shutil.copytree(ROOT / "tests" / "offline", sources / "tests" / "offline", ignore=ignored)
    _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(place), str(sources))
    (built,) = place.glob("giljabi-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel in a folder of its own; what it depends on comes from the environment of the tests."""
    target = tmp_path_factory.mktemp("installed")
    _pip("install", "--no-deps", "--no-index", "--target", str(target), str(wheel))
    return target


def _pip(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "-q", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_it_holds_the_packages_with_their_data_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    for source in _data_files():
        assert source in names, source


def _data_files() -> list[str]:
    found = [path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file()]
    return [
        path.relative_to(ROOT).as_posix()
        for path in found
        if "__pycache__" not in path.parts and path.suffix != ".tmp"
    ]


def test_a_home_is_made_and_a_question_answered_from_an_empty_folder(installed, sample_home, tmp_path):
    """The index comes from the shared home, so that the sample's texts have their vectors already."""
    home = tmp_path / "home"
    shutil.copytree(sample_home, home)
    shutil.rmtree(home / "catalog")
    script = installed / "bin" / "giljabi"

    def run(*arguments: str) -> dict:
        empty = tmp_path / "empty"
        empty.mkdir(exist_ok=True)
        environment = command_environment()
        environment["PYTHONPATH"] = os.pathsep.join([str(installed), environment["PYTHONPATH"]])
        done = subprocess.run(
            [sys.executable, str(script), "--json", "--home", str(home), *arguments],
            cwd=empty, env=environment, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    where = run_code(installed, "import api, assistant, knowledge; print(api.__file__)")
    assert where.startswith(str(installed))
    loaded = run("init", "--sample")
    assert not loaded["index"]["failed"] and len(loaded["index"]["added"]) >= 20
    assert loaded["catalog"]["changed"] and len(loaded["catalog"]["added"]) >= 12
    assert run("ask", "What is the deadline and how do I apply?")["citations"]
    assert run("search", "spirometry")["passages"]
    evaluated = run("eval", "run", "questions_cardio")
    assert evaluated["suites"]["questions_cardio"]["cases"] == 200
    assert Path(evaluated["report"]).is_file()


def run_code(installed: Path, code: str) -> str:
    """What the code prints when only the installed packages are in reach."""
    environment = {**command_environment(), "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd="/", env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
