"""``giljabi plan``: research plans."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

EPILOG = "--home DIR and --json work here too."

app = typer.Typer(help="Research plans: make, fill, check, export.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="The plan's id.")]
Version = Annotated[int | None, typer.Option("--version", metavar="N", min=1, help="Else the newest.")]
Names = list[str] | None


@app.command("new", epilog=EPILOG)
def new(
    context: typer.Context,
    title: Annotated[str, typer.Option(metavar="T", help="Title of the study.")] = "",
    language: Annotated[
        Literal["ko", "en"] | None, typer.Option(help="Language of the plan; else the title's.")
    ] = None,
) -> None:
    """Make a plan and print its id."""
    _act(context, "new", body={"title": title, "language": language})


@app.command("list", epilog=EPILOG)
def list_(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 100,
) -> None:
    """List the plans, the one changed last first."""
    _act(context, "list", body={"limit": limit})


@app.command("show", epilog=EPILOG)
def show(context: typer.Context, id: Id, version: Version = None) -> None:
    """Show a plan: what is written, what is still to be written, and the guidance for it."""
    _act(context, "show", id, {"version": version})


@app.command("fill", epilog=EPILOG)
def fill(
    context: typer.Context,
    id: Id,
    dataset: Annotated[Names, typer.Option(metavar="ID", help="Request a dataset of the catalog.")] = None,
    variable: Annotated[
        Names, typer.Option(metavar="NAME", help="Request a variable: its id, or its name in the datasets.")
    ] = None,
    cohort: Annotated[Names, typer.Option(metavar="ID", help="Count by a cohort of the catalog.")] = None,
    set_: Annotated[
        Names, typer.Option("--set", metavar="SECTION.FIELD=VALUE", help="Set a field; a value is YAML.")
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE.yaml", help="Set the fields of whole sections: section, field."),
    ] = None,
) -> None:
    """Fill a plan from the catalog and with what is given; its counts are asked anew."""
    body = {
        "datasets": dataset or [],
        "variables": variable or [],
        "cohorts": cohort or [],
        "set": set_ or [],
        "sections": _sections(from_) if from_ is not None else {},
    }
    _act(context, "fill", id, body)


@app.command("check", epilog=EPILOG)
def check(context: typer.Context, id: Id, version: Version = None) -> None:
    """Say what is missing or wrong; exits 1 where there is an error."""
    found = _act(context, "check", id, {"version": version})
    if not found["ok"]:
        raise typer.Exit(1)


@app.command("versions", epilog=EPILOG)
def versions(context: typer.Context, id: Id) -> None:
    """List the versions of a plan."""
    _act(context, "versions", id)


@app.command("export", epilog=EPILOG)
def export(
    context: typer.Context,
    id: Id,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write.")],
    format: Annotated[Literal["md", "docx", "hwpx"], typer.Option(help="Kind of file.")] = "docx",
    version: Version = None,
) -> None:
    """Write a plan to a file."""
    from api import render_plans
    from api.out_file import write_file
    from api.well_formed import well_formed

    session = context.obj
    with session.reach("shared") as home:
        content = home.plan_file(well_formed(id), format, version)
    write_file(out, content)
    done = {"id": id, "format": format, "out": str(out), "bytes": len(content)}
    session.show(done, render_plans.exported)


def _act(context: typer.Context, act: str, id: str = "", body: dict[str, Any] | None = None) -> Any:
    from api import render_plans
    from api.well_formed import well_formed

    session = context.obj
    if act == "new":
        session.home.create()
    with session.reach("shared") as home:
        found = home.plan(act, well_formed(id), _clean(body or {}))
    session.show(found, getattr(render_plans, f"plan_{act}"))
    return found


def _clean(value: Any) -> Any:
    """Arguments as text that can be stored and sent, whatever bytes the shell gave."""
    from api.well_formed import well_formed

    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, dict):
        return {_clean(name): _clean(member) for name, member in value.items()}
    return [_clean(member) for member in value] if isinstance(value, list) else value


def _sections(file: Path) -> dict[str, Any]:
    from datetime import date

    from knowledge.data_file import read_given
    from knowledge.errors import UserError

    loaded = read_given(file, lambda why: UserError(
        f"{file} cannot be read: {why}.", hint="Give a YAML file in UTF-8: sections, then their fields."
    ))
    if not isinstance(loaded, dict):
        raise UserError(f"{file} holds no sections.", hint="Write section, then its fields indented below.")

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(name): plain(member) for name, member in value.items()}
        if isinstance(value, list):
            return [plain(member) for member in value]
        return value.isoformat() if isinstance(value, date) else value

    sections: dict[str, Any] = plain(loaded)
    return sections
