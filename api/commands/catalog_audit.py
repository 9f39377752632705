"""``giljabi catalog audit``: attack what a catalog publishes, as someone would who knows the rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.session import Session
    from knowledge.catalog.audit.catalog import Published
    from knowledge.catalog.audit.findings import AuditReport

_WRITTEN = {".html": "html", ".md": "markdown", ".svg": "picture"}
_LOG = "audits.json"


def audit(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="A catalog folder; else the catalog in use.")
    ] = None,
    raw: Annotated[
        Path | None,
        typer.Option("--raw", metavar="RAW", help="The raw folder, to know which hidden numbers are small."),
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option("--previous", metavar="FOLDER", help="The folder published before, attacked as well."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Write it: .html, .md, .svg or .json."),
    ] = None,
    intervals: Annotated[
        bool, typer.Option("--intervals", help="Without the certificate: seconds, not minutes.")
    ] = False,
) -> None:
    """Attack the published counts and look for leaks beside them. Exit code 1 where something is found."""
    from api.render_catalog import audited
    from knowledge.catalog.audit.audit_log import AuditLog
    from knowledge.catalog.audit.catalog import audit_catalog
    from knowledge.catalog.audit.files import file_findings, problem_findings
    from knowledge.catalog.read_raw import read_raw

    session: Session = context.obj
    if report is not None and report.suffix not in (*_WRITTEN, ".json"):
        wrong = f"ends in {report.suffix!r}; write .html, .md, .svg or .json."
        raise typer.BadParameter(wrong, param_hint="--report")
    with ExitStack() as opened, session.progress("Auditing") as move:
        published, problems = opened.enter_context(_opened(session, folder))
        before = opened.enter_context(_opened(session, previous))[0] if previous else None
        home = session.home.root
        found = audit_catalog(
            published,
            previous=before,
            raw=read_raw(raw, session.settings.day().isoformat()) if raw else None,
            extra=[*problem_findings(problems), *(file_findings(folder) if folder else ())],
            log=AuditLog(home / _LOG) if home.is_dir() else None,
            certificate=not intervals,
            progress=move,
        )
    if report is not None:
        _write(report, found)
    session.show({**found.document(), "report": str(report) if report else None}, audited)
    if not found.passed:
        raise typer.Exit(1)


@contextmanager
def _opened(session: Session, folder: Path | None) -> Iterator[tuple[Published, tuple[str, ...]]]:
    """A folder or the catalog in use, with what an import would complain about."""
    from knowledge.catalog.audit.catalog import Published
    from knowledge.catalog.folder import read_folder

    if folder is None:
        stored = session.home.versions.require()
        yield Published(stored.path, stored.datasets), ()
        return
    staged, problems = read_folder(folder)
    with staged:
        yield Published(staged.path, staged.fingerprint.datasets), problems


def _write(path: Path, found: AuditReport) -> None:
    from api.out_file import write_file
    from knowledge.catalog.audit import report

    if path.suffix == ".json":
        text = json.dumps(found.document(), ensure_ascii=False, indent=1) + "\n"
    else:
        text = getattr(report, _WRITTEN[path.suffix])(found)
    write_file(path, text.encode())
