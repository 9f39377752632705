"""``giljabi eval``: run suites, score a log, report on it, compare two."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

EPILOG = "--home DIR and --json work here too."
SuitesOption = Annotated[
    Path | None,
    typer.Option(
        "--suites", metavar="DIR", help="Folder with suites.toml and thresholds.toml; else the own one."
    ),
]
LogArgument = Annotated[Path, typer.Argument(metavar="LOG", help="The log of a run.")]

app = typer.Typer(help="Evals: how good the answers are, and whether that is enough.", no_args_is_help=True)


@app.command("run", epilog=EPILOG)
def run(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SUITE]...", help="Suites to run; all where none is named.")
    ] = None,
    suites: SuitesOption = None,
    log: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The log; else a new one below the home.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the log given by --log.")] = False,
    homes: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Build the homes here and keep them for the next run.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Cases asked at a time.")] = 1,
) -> None:
    """Ask every case of the suites, log what comes of it, score it and judge it. A failed gate exits 1."""
    from evals.run import run as run_suites
    from evals.suite import read_suites

    if resume and log is None:
        raise typer.BadParameter("it goes with --log FILE.", param_hint="--resume")
    session = context.obj
    folder = read_suites(_folder(suites))
    chosen = folder.chosen(names or [])
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    log = log or session.settings.home / "evals" / stamp / "log.jsonl"
    with ExitStack() as stack:
        place = homes or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="giljabi-evals-")))
        progress = stack.enter_context(session.progress("evals"))
        run_suites(folder, chosen, log, place, resume=resume, threads=threads, progress=progress)
    _judge(session, log, folder.path, log.with_suffix(".html"))


@app.command("score", epilog=EPILOG)
def score(context: typer.Context, log: LogArgument, suites: SuitesOption = None) -> None:
    """Score a log again, without running anything. A failed gate exits 1."""
    _judge(context.obj, log, _folder(suites), None)


@app.command("report", epilog=EPILOG)
def report(
    context: typer.Context,
    log: LogArgument,
    suites: SuitesOption = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="The report; else it is written beside the log.")
    ] = None,
) -> None:
    """Write the report of a log: one HTML file, and the same as Markdown beside it."""
    from evals.report import write_report
    from evals.result import evaluate

    result = evaluate(log, _folder(suites))
    path = write_report(result, out or log.with_suffix(".html"))
    written = {"report": str(path), "markdown": str(path.with_suffix(".md")), "gate": result.verdict.word}
    context.obj.show(written, lambda console, document: console.print(document["report"]))


@app.command("compare", epilog=EPILOG)
def compare(
    context: typer.Context,
    before: Annotated[Path, typer.Argument(metavar="A", help="The earlier log.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="The later log.")],
) -> None:
    """What changed from one log to another, case by case."""
    from api import render_evals
    from evals.compare import compare as compare_logs
    from evals.log import read_log

    context.obj.show(compare_logs(read_log(before), read_log(after)), render_evals.comparison)


def _folder(given: Path | None) -> Path:
    from evals.suite import DEFAULT_FOLDER

    return given or DEFAULT_FOLDER


def _judge(session: Any, log: Path, suites: Path, report: Path | None) -> None:
    """Score, write the report where one is wanted, print, and exit 1 where the gate failed."""
    from api import render_evals
    from evals.report import write_report
    from evals.result import document, evaluate

    result = evaluate(log, suites)
    if report is not None:
        write_report(result, report)
    session.show(document(result, report), render_evals.scores)
    if not result.verdict.passed:
        raise typer.Exit(1)
