"""JUnit XML of a scored log, for the systems that show test results."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as XML

from evals.result import Result
from evals.score import SuiteScore
from evals.scores.mark import Mark
from knowledge.errors import StoreUnavailable


def write_junit(result: Result, path: Path) -> Path:
    """Write the file. Raises StoreUnavailable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(junit(result), encoding="utf-8")
    except OSError as error:
        raise StoreUnavailable(
            f"The file {path} cannot be written: {error.strerror or error}.", hint="Choose another folder."
        ) from error
    return path


def junit(result: Result) -> str:
    """A test suite for each suite, and one for the gate: its failures are those that close it.

    A case is a failure where it is lost or broke an invariant; a case that was not right before either
    is told as skipped, with what is wrong with it.
    """
    root = XML.Element("testsuites", name="giljabi evals")
    lost = {loss.mark.id for loss in result.verdict.against.lost}
    for suite in result.scores.suites.values():
        _suite(root, suite, lost)
    _gate(root, result)
    XML.indent(root)
    return XML.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: XML.Element, suite: SuiteScore, lost: set[str]) -> None:
    failed = sum(mark.id in lost for mark in suite.marks)
    known = sum(mark.id not in lost and mark.outcome != "right" for mark in suite.marks)
    element = _element(root, suite.name, len(suite.marks), failed, known)
    element.set("time", f"{suite.seconds:.3f}")
    for mark in suite.marks:
        case = XML.SubElement(
            element,
            "testcase",
            classname=f"{suite.name}.{mark.kind}",
            name=mark.id,
            time=f"{mark.seconds:.3f}",
        )
        if mark.outcome != "right":
            _told(case, mark, mark.id in lost)


def _told(case: XML.Element, mark: Mark, lost: bool) -> None:
    what = f"{mark.outcome}: {mark.why}"
    if lost:
        XML.SubElement(case, "failure", message=_legal(what), type=mark.outcome).text = mark.slice
    else:
        XML.SubElement(case, "skipped", message=_legal(what))


def _gate(root: XML.Element, result: Result) -> None:
    verdict = result.verdict
    found = verdict.against
    told = [
        (f"{c.suite} {c.score}", "" if c.held else f"{c.value}, at least {c.least}") for c in verdict.checks
    ]
    told += [
        (f"{name} is whole", f"{count} cases are not in the log") for name, count in verdict.missing.items()
    ]
    for what, ids in (("gone", found.gone), ("changed", found.changed), ("stale", found.stale)):
        told += [(f"baseline: {what}", ", ".join(ids))] if ids else []
    element = _element(root, "gate", len(told), sum(bool(why) for _, why in told), 0)
    for name, why in told:
        case = XML.SubElement(element, "testcase", classname="gate", name=name)
        if why:
            XML.SubElement(case, "failure", message=_legal(why))


def _element(root: XML.Element, name: str, tests: int, failures: int, skipped: int) -> XML.Element:
    counts = {"tests": tests, "failures": failures, "errors": 0, "skipped": skipped}
    return XML.SubElement(root, "testsuite", {"name": name, **{k: str(v) for k, v in counts.items()}})


def _legal(text: str) -> str:
    """Text without the characters that XML does not allow."""
    return "".join(char for char in text if char >= " " or char in "\t\n")
