"""The console script ``giljabi``: global options, commands, exit codes.

Exit codes: 0 done, 1 refused or not found, 2 wrong usage, 3 set-up or service error, 130 interrupted.
Nothing heavy is imported here, so that ``giljabi --help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands import ask, audit, catalog, evals, index, init, plan, review, search, serve, sql
from api.environment import prepare_environment
from api.problems import (
    FAILED,
    INTERRUPTED,
    INTERRUPTED_KIND,
    UNEXPECTED_KIND,
    USAGE,
    USAGE_KIND,
    Problem,
    ProblemReported,
    problem_of,
)
from api.session import Session, printable, write_json
from knowledge.errors import GiljabiError

EPILOG = "--home DIR and --json work here too."

# typer carries its own click and exports only this leaf of the tree of usage errors.
USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]

app = typer.Typer(
    name="giljabi",
    help="Answers about hospital data, from cited documents and a protected catalog, in Korean and English.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _global_options(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option("--home", metavar="DIR", help="Data folder; else GILJABI_HOME.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")] = False,
) -> None:
    context.obj = Session(home_option=home, as_json=as_json, purpose=context.invoked_subcommand or "giljabi")


for command in (init, serve, ask, index, search):
    app.command(epilog=EPILOG)(getattr(command, command.__name__.rsplit(".", 1)[1]))
app.add_typer(catalog.app, name="catalog")
app.add_typer(sql.app, name="sql")
app.add_typer(plan.app, name="plan")
app.add_typer(review.app, name="review")
app.add_typer(audit.app, name="audit")
app.add_typer(evals.app, name="eval")


def main() -> None:
    """Run the command line of this process."""
    prepare_environment()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code. Every error is printed once, in the form asked for."""
    arguments = global_options_first(arguments)
    as_json = "--json" in arguments[:3]
    try:
        result = typer.main.get_command(app)(list(arguments), prog_name="giljabi", standalone_mode=False)
    except USAGE_ERROR as error:
        return _wrong_usage(error, as_json)
    except GiljabiError as error:
        problem = problem_of(error)
        return _failed(problem.document(), problem.kind.exit_code, as_json)
    except ProblemReported as error:
        return _failed(error.document, error.exit_code, as_json)
    except (KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except Exception as error:  # noqa: BLE001  # the outermost edge: a person gets a sentence, the log the rest
        return _unexpected(error, as_json)
    if result == INTERRUPTED:  # typer turns Ctrl-C into this exit code
        problem = Problem(INTERRUPTED_KIND, "The command was interrupted.")
        return _failed(problem.document(), INTERRUPTED, as_json)
    return result if isinstance(result, int) else 0


def global_options_first(arguments: Sequence[str]) -> list[str]:
    """The same arguments with ``--home DIR`` and ``--json`` before the subcommand, wherever they stood.

    What follows ``--`` is left alone.
    """
    moved: list[str] = []
    kept: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            kept.append(argument)
            kept.extend(rest)
        elif argument == "--json":
            moved.append(argument)
        elif argument == "--home":
            moved.extend((argument, *[value for value in [next(rest, None)] if value is not None]))
        elif argument.startswith("--home="):
            moved.append(argument)
        else:
            kept.append(argument)
    return [*sorted(moved, key=lambda word: word != "--json"), *kept]


def _wrong_usage(error: Any, as_json: bool) -> int:
    if not as_json:
        from typer import rich_utils

        rich_utils.rich_format_error(error)
        return USAGE
    _failed(Problem(USAGE_KIND, error.format_message(), "See `giljabi --help`.").document(), USAGE, as_json)
    return USAGE


def _failed(problem: dict[str, Any], exit_code: int, as_json: bool) -> int:
    if as_json:
        write_json(problem)
    else:
        from api.render import problem as draw

        draw(printable(problem))
    return exit_code


def _unexpected(error: Exception, as_json: bool) -> int:
    import logging

    logging.getLogger("giljabi").debug("unexpected", exc_info=error)
    problem = Problem(
        UNEXPECTED_KIND,
        f"{type(error).__name__}: {error}",
        "GILJABI_LOG_LEVEL=debug shows where. Please report it.",
    )
    return _failed(problem.document(), FAILED, as_json)
