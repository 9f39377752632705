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
JudgeOption = Annotated[
    str | None, typer.Option("--judge-url", metavar="URL", help="A judge's endpoint; else GILJABI_JUDGE_URL.")
]
JudgeModelOption = Annotated[
    str | None, typer.Option("--judge-model", metavar="NAME", help="Its model; else GILJABI_JUDGE_MODEL.")
]
JunitOption = Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Also write JUnit XML.")]
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
    junit: JunitOption = None,
    judge_url: JudgeOption = None,
    judge_model: JudgeModelOption = None,
) -> None:
    """Ask every case of the suites, log what comes of it, score it and judge it. A failed gate exits 1."""
    from api.eval_judge import with_judge
    from evals.run import run as run_suites
    from evals.suite import read_suites

    if resume and log is None:
        raise typer.BadParameter("it goes with --log FILE.", param_hint="--resume")
    session = with_judge(context.obj, judge_url, judge_model)
    folder = read_suites(_folder(suites))
    chosen = folder.chosen(names or [])
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    log = log or session.settings.home / "evals" / stamp / "log.jsonl"
    with ExitStack() as stack:
        place = homes or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="giljabi-evals-")))
        progress = stack.enter_context(session.progress("evals"))
        run_suites(folder, chosen, log, place, resume=resume, threads=threads, progress=progress)
    _judge(session, log, folder.path, log.with_suffix(".html"), junit=junit, stamp=stamp)


@app.command("score", epilog=EPILOG)
def score(
    context: typer.Context,
    log: LogArgument,
    suites: SuitesOption = None,
    junit: JunitOption = None,
    judge_url: JudgeOption = None,
    judge_model: JudgeModelOption = None,
) -> None:
    """Score a log again, without asking anything anew but a judge. A failed gate exits 1."""
    from api.eval_judge import with_judge

    _judge(with_judge(context.obj, judge_url, judge_model), log, _folder(suites), None, junit=junit)


@app.command("accept", epilog=EPILOG)
def accept(context: typer.Context, log: LogArgument, suites: SuitesOption = None) -> None:
    """Make a log the baseline of its suites. Refused where cases were lost that nobody accepted by name."""
    from api import render_evals
    from evals.acceptance import accept_log

    context.obj.show(accept_log(log, _folder(suites)), render_evals.accepted)


@app.command("report", epilog=EPILOG)
def report(
    context: typer.Context,
    log: LogArgument,
    suites: SuitesOption = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="The report; else it is written beside the log.")
    ] = None,
    before: Annotated[
        Path | None, typer.Option("--before", metavar="LOG", help="Compare with this log, not the baseline.")
    ] = None,
) -> None:
    """Write the report of a log: one HTML file, and the same as Markdown beside it."""
    from api.eval_runs import results
    from evals.report import write_report
    from evals.result import evaluate

    result = evaluate(log, _folder(suites), before=before)
    started = result.log.header.started
    past = [run for run in results(context.obj.settings.home) if run["run"]["started"] < started]
    path = write_report(result, out or log.with_suffix(".html"), past)
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


@app.command("mutate", epilog=EPILOG)
def mutate(context: typer.Context, log: LogArgument) -> None:
    """Test the scorers: plant faults into the right answers of a log, and tell how many are caught."""
    from api import render_evals
    from evals.log import read_log
    from evals.planting import plant

    context.obj.show(plant(read_log(log)).document(), render_evals.planted)


@app.command("add", epilog=EPILOG)
def add(
    context: typer.Context,
    suite: Annotated[str, typer.Argument(metavar="SUITE", help="The suite that the cases are for.")],
    question: Annotated[str | None, typer.Option(metavar="TEXT", help="A draft of this question.")] = None,
    answer: Annotated[
        str | None, typer.Option(metavar="ID", help="A draft of what an Answer answered.")
    ] = None,
    review: Annotated[str | None, typer.Option(metavar="ID", help="A draft of a review's question.")] = None,
    filled: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Add the filled drafts of this file.")
    ] = None,
    suites: SuitesOption = None,
    drafts: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where drafts go; else a file below the home.")
    ] = None,
) -> None:
    """Draft a case whose expected answer is to be filled in, and add it once it is.

    Without a question, answer or review, every thumb down and every rejected review becomes a draft.
    """
    from api import render_evals
    from evals import drafts as drafting
    from evals.suite import read_suites

    given = [option for option in (question, answer, review, filled) if option is not None]
    if len(given) > 1:
        raise typer.BadParameter("give one of them.", param_hint="--question, --answer, --review, --from")
    session = context.obj
    folder = read_suites(_folder(suites))
    (chosen,) = folder.chosen([suite])
    if filled is not None:
        added = drafting.add_cases(filled, folder, chosen)
        session.show({"added": added, "suite": suite, "drafts": None}, render_evals.added)
        return
    if question is not None:
        made = [drafting.draft(chosen, question, None, "by hand")]
    else:
        with session.home.records_alone() as records:
            made = _from_use(records, chosen, answer, review)
    path = drafts or session.settings.home / "evals" / "drafts" / f"{suite}.jsonl"
    kept = drafting.keep_drafts(made, folder, path)
    told = {"added": [one["id"] for one in kept], "suite": suite, "drafts": str(path)}
    session.show(told, render_evals.added)


def _from_use(records: Any, suite: Any, answer: str | None, review: str | None) -> list[dict[str, Any]]:
    from evals import drafts as drafting

    if answer is not None:
        return [drafting.from_answer(suite, records, answer)]
    if review is not None:
        return [drafting.from_review(suite, records, review)]
    return drafting.from_use(suite, records)


@app.command("generate", epilog=EPILOG)
def generate(
    context: typer.Context,
    catalog: Annotated[str, typer.Argument(metavar="CATALOG", help='A catalog folder, or "current".')],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE|DIR", help="FILE.jsonl, or a new folder that can be run.")
    ],
    n: Annotated[int, typer.Option("--n", min=2, max=5000, help="How many cases at most.")] = 100,
    seed: Annotated[int, typer.Option(help="Another number draws other cases.")] = 0,
) -> None:
    """Make questions with the right rows from a catalog of your own, half Korean, half English."""
    from api import render_evals
    from evals.generate.make import generate as make

    home = context.obj.home
    made = make(Path(catalog) if catalog != "current" else home, out, n, seed=seed)
    context.obj.show(made, render_evals.generated)


def _folder(given: Path | None) -> Path:
    from evals.suite import DEFAULT_FOLDER

    return given or DEFAULT_FOLDER


def _judge(
    session: Any,
    log: Path,
    suites: Path,
    report: Path | None,
    *,
    junit: Path | None = None,
    stamp: str = "",
) -> None:
    """Score, write what is wanted, print, and exit 1 where the gate failed. With a stamp the run is kept."""
    from api import render_evals
    from api.eval_judge import configured_judge
    from api.eval_runs import keep_result, results
    from evals.junit import write_junit
    from evals.report import write_report
    from evals.result import document, evaluate

    with session.progress("scoring") as progress:
        result = evaluate(log, suites, asked=configured_judge(session.settings), progress=progress)
    if report is not None:
        write_report(result, report, results(session.settings.home))
    if junit is not None:
        write_junit(result, junit)
    told = document(result, report)
    if stamp:
        keep_result(session.settings.home, stamp, told)
    session.show(told, render_evals.scores)
    if not result.verdict.passed:
        raise typer.Exit(1)
