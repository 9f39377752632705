"""``giljabi catalog``: import a catalog, say what is in it and what changed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.commands import catalog_audit, hospital_side

if TYPE_CHECKING:
    from assistant.home import Home

_FORMATS = (
    "giljabi: a whole catalog folder, which replaces the catalog. omop, redcap, arc, jsonschema,"
    " frictionless, table: a data dictionary, which becomes part of it."
)

app = typer.Typer(help="The catalog: import it, look into it.", no_args_is_help=True)
app.command("profile", epilog=hospital_side.EPILOG)(hospital_side.profile)
app.command("protect", epilog=hospital_side.EPILOG)(hospital_side.protect)
app.command("audit", epilog=hospital_side.EPILOG)(catalog_audit.audit)


@app.command("import", epilog="--home DIR and --json work here too.")
def import_(
    context: typer.Context,
    format: Annotated[str, typer.Argument(metavar="FORMAT", help=_FORMATS)],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The file or folder.")],
    dataset: Annotated[
        str | None, typer.Option("--dataset", metavar="ID", help="The dataset that a dictionary describes.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE", help="The column mapping of a table.")
    ] = None,
    preset: Annotated[
        str | None, typer.Option("--preset", metavar="NAME", help="The selection of an ARC file.")
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Say what would change; change nothing.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Import nothing where anything is wrong with a row.")
    ] = False,
) -> None:
    """Import a catalog folder, or a data dictionary into the current version. It can be searched at once."""
    from api import render
    from api.results import import_result
    from knowledge.catalog.import_catalog import FORMATS, ImportRequest, import_catalog

    if format not in FORMATS:
        raise typer.BadParameter(
            f"there is no importer for {format!r}; there is one for {', '.join(FORMATS)}.",
            param_hint="FORMAT",
        )
    session = context.obj
    request = ImportRequest(path, format, dataset, mapping, preset, session.settings.today, strict)
    if preview:
        with session.progress("Reading") as move:
            found = import_catalog(request, session.home.versions, preview=True, progress=move)
            report = import_result(found)
    else:
        with session.reach("exclusive") as home, session.progress("Importing") as move:
            report = home.import_catalog(request, progress=move)
    session.show(report, render.import_report)


@app.command("list", epilog="--home DIR and --json work here too.")
def list_(
    context: typer.Context,
    dataset: Annotated[
        str | None, typer.Argument(metavar="[DATASET]", help="Its tables and variables; else all datasets.")
    ] = None,
    table: Annotated[
        str | None, typer.Option("--table", metavar="ID", help="The variables of this table only.")
    ] = None,
    words: Annotated[str, typer.Option("--words", metavar="WORDS", help="Only what is called so.")] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many.")] = 100,
    offset: Annotated[int, typer.Option("--offset", metavar="N", min=0, help="After so many.")] = 0,
) -> None:
    """List the datasets of the current catalog, or the tables and variables of one."""
    from api import render_catalog
    from knowledge.catalog import browse

    session = context.obj
    database = session.home.versions.require().path
    if dataset is None:
        if table is not None:
            raise typer.BadParameter("goes with a dataset.", param_hint="--table")
        session.show(
            browse.datasets(database, words=words, limit=limit, offset=offset), render_catalog.datasets
        )
        return
    found = browse.dataset(database, dataset, table=table, words=words, limit=limit, offset=offset)
    session.show(found, render_catalog.dataset)


@app.command("diff", epilog="--home DIR and --json work here too.")
def diff(
    context: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help='A version\'s id, "current", or a catalog folder.')],
    b: Annotated[str, typer.Argument(metavar="B", help="What it is compared with, in the same way.")],
) -> None:
    """Say what changed from A to B: datasets, tables, variables, cells of the counts, and the rest."""
    from api import render
    from knowledge.catalog.compare import compare

    session = context.obj
    session.show(compare(a, b, session.home.versions), render.catalog_diff)


@app.command("versions", epilog="--home DIR and --json work here too.")
def versions(context: typer.Context) -> None:
    """List the stored versions of the catalog, the one stored last first."""
    from api import render
    from knowledge.catalog.info import version_list

    session = context.obj
    session.show(version_list(session.home.versions), render.catalog_versions)


@app.command("use", epilog="--home DIR and --json work here too.")
def use(
    context: typer.Context,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="The id of a stored version.")],
) -> None:
    """Make a stored version of the catalog the current one again."""
    from api import render

    session = context.obj
    with session.reach("exclusive") as home, session.progress("Indexing") as move:
        document = home.use_catalog(version, progress=move)
    session.show(document, render.catalog_versions)


@app.command("info", epilog="--home DIR and --json work here too.")
def info(
    context: typer.Context,
    format: Annotated[
        Literal["summary", "healthdcat-ap"],
        typer.Option(help="healthdcat-ap: JSON-LD for a data portal, with released numbers only."),
    ] = "summary",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the JSON-LD here; else on stdout.")
    ] = None,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="URL", help="Address of the server that shows the catalog."),
    ] = None,
) -> None:
    """Say what the current catalog holds: datasets, tables, variables, counts."""
    from api import render
    from knowledge.catalog.info import info as info_of

    session = context.obj
    if format == "healthdcat-ap":
        _export(session.home, out, base)
        return
    if out is not None or base is not None:
        raise typer.BadParameter("goes with --format healthdcat-ap.", param_hint="--out, --base")
    session.show(info_of(session.home.versions.require().path), render.info)


def _export(home: Home, out: Path | None, base: str | None) -> None:
    """The catalog as JSON-LD, and on stderr what HealthDCAT-AP demands beyond what is known."""
    from api.out_file import write_file
    from knowledge.catalog.portal import export_catalog, read_facts

    export = export_catalog(home.versions.require().path, read_facts(home.portal_file), base=base)
    pieces = (piece.encode() for piece in export.text())
    if out is not None:
        write_file(out, pieces)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
    for name, datasets in export.gaps.items():
        print(f"HealthDCAT-AP asks for {name}, which {len(datasets)} datasets lack.", file=sys.stderr)
    if export.gaps:
        print(f"What the catalog does not say can be declared in {home.portal_file}.", file=sys.stderr)
