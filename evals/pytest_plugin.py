"""A pytest plugin: suites of the evals as tests.

    pytest --giljabi-suite answers --giljabi-suite declines
    pytest --giljabi-suite mine --giljabi-suites DIR --giljabi-homes KEPT

Each case is a test, and no other tests are collected. A case that is not right fails, unless the baseline
says that it was not right before either: then it is an expected failure.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from assistant.home import Home
    from evals.case import Case
    from evals.records import Header
    from evals.suite import Suite, SuiteFolder


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options; without --giljabi-suite the plugin does nothing."""
    group = parser.getgroup("giljabi", "evals of Giljabi")
    group.addoption(
        "--giljabi-suite",
        action="append",
        default=[],
        metavar="NAME",
        help="Run this suite; may be repeated.",
    )
    group.addoption("--giljabi-suites", metavar="DIR", help="Folder with suites.toml; else the own one.")
    group.addoption("--giljabi-homes", metavar="DIR", help="Keep the homes of the evals here.")


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> bool | None:
    """The cases of the suites in the place of all other tests."""
    names = session.config.getoption("--giljabi-suite")
    if not names:
        return None
    from knowledge.errors import GiljabiError

    try:
        session.items = list(_items(session, names))
    except GiljabiError as error:
        raise pytest.UsageError(error.message) from error
    hook = session.config.hook
    hook.pytest_collection_modifyitems(session=session, config=session.config, items=session.items)
    hook.pytest_collection_finish(session=session)
    session.testscollected = len(session.items)
    return True


def _items(session: pytest.Session, names: list[str]) -> Iterator[SuiteCase]:
    from evals.suite import DEFAULT_FOLDER, read_suites

    given = session.config.getoption("--giljabi-suites")
    folder = read_suites(Path(given) if given else DEFAULT_FOLDER)
    homes = OpenHomes(folder, session.config)
    for suite in folder.chosen(names):
        parent = SuiteNode.from_parent(session, name=suite.name, suite=suite, homes=homes)
        yield from parent.collect()


class OpenHomes:
    """The homes that the cases are asked of, each built when the first case needs it."""

    def __init__(self, folder: SuiteFolder, config: pytest.Config) -> None:
        from evals.baseline import read_baseline

        self._folder = folder
        self._stack = ExitStack()
        self._opened: dict[str, tuple[Home, Any]] = {}
        given = config.getoption("--giljabi-homes")
        self._place = Path(given) if given else None
        baseline = read_baseline(folder.path)
        self.known = {} if baseline is None else baseline.cases
        config.add_cleanup(self._stack.close)

    def file(self, suite: Suite) -> Path:
        """The file of a suite."""
        return self._folder.path / self._folder.files[suite.name]

    def open(self, suite: Suite) -> tuple[Home, Header]:
        """The home of a suite, and what a log of the suite would begin with."""
        from evals.homes import build_home, describe_home
        from evals.run import header_of

        if self._place is None:
            made = tempfile.TemporaryDirectory(prefix="giljabi-evals-")
            self._place = Path(self._stack.enter_context(made))
        if suite.home not in self._opened:
            spec = self._folder.homes[suite.home]
            home = build_home(suite.home, spec, self._folder.path, self._place, None)
            self._stack.enter_context(home)
            self._opened[suite.home] = (home, describe_home(home))
        home, record = self._opened[suite.home]
        return home, header_of([suite], {suite.home: record}, 1)


class SuiteNode(pytest.Collector):
    """A suite."""

    def __init__(self, *, suite: Suite, homes: OpenHomes, **more: Any) -> None:
        super().__init__(**more)
        self.suite, self.homes = suite, homes

    def collect(self) -> Iterator[SuiteCase]:
        """A test for each case."""
        for case in self.suite.cases:
            yield SuiteCase.from_parent(self, name=case.id, case=case)


class CaseFailed(Exception):
    """A case that is not right; the message is what is wrong."""


class SuiteCase(pytest.Item):
    """A case."""

    parent: SuiteNode

    def __init__(self, *, case: Case, **more: Any) -> None:
        super().__init__(**more)
        self.case = case
        self.user_properties.append(("slice", f"{case.language} × {case.kind} × {case.difficulty}"))

    def runtest(self) -> None:
        """Ask and judge. Raises CaseFailed."""
        from evals.log import read_record
        from evals.run import ask
        from evals.score import mark_of

        suite, homes = self.parent.suite, self.parent.homes
        home, header = homes.open(suite)
        entry = read_record(ask(home, suite, self.case), header, self.case.id)
        mark = mark_of(entry, suite.kind, header.homes[suite.home])
        if mark.outcome == "right":
            return
        known = homes.known.get(self.case.id)
        if known is not None and known.hash == mark.hash and known.outcome != "right":
            pytest.xfail(f"{mark.outcome}, as in the baseline: {mark.why}")
        raise CaseFailed(f"{mark.outcome}: {mark.why}\n{self.case.text}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is wrong, without the plugin's own frames."""
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where the case stands, and its name."""
        return self.parent.homes.file(self.parent.suite), None, f"{self.parent.name}::{self.name}"
