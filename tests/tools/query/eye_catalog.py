"""The eye catalog of the fixtures with more rows in its tables, and a reader over a catalog folder."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from knowledge.catalog.database import build_database
from knowledge.catalog.folder import read_folder
from knowledge.catalog.read import load_catalog
from knowledge.glossary.glossary import load_terms
from tools.query.understand.understand import Reader

EYE = Path(__file__).parents[2] / "fixtures" / "eye_catalog"
Cells = Mapping[str, object]


def eye_with(folder: Path, **more: Iterable[Cells]) -> Path:
    """A copy of the catalog in ``folder``, which is not there yet, with more rows by table."""
    shutil.copytree(EYE, folder)
    for table, rows in more.items():
        with (folder / f"{table}.csv").open("r+", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, next(csv.reader(file)), lineterminator="\n", restval="")
            file.seek(0, 2)
            writer.writerows(rows)
    return folder


def cohort(id: str, name_en: str, name_ko: str, codes: str = "") -> Cells:
    """A row of cohorts."""
    definition = "Seen twice. / 두 번 확인."
    return {"cohort": id, "name_en": name_en, "name_ko": name_ko, "codes": codes, "definition": definition}


def counted(dataset: str, cohort: Cells) -> Cells:
    """A row of counts: a released number of the cohort's people."""
    return {"dataset": dataset, "cohort": cohort["cohort"], "patients": 100, "status": "released"}


def reader_with(folder: Path, *cohorts: Cells) -> Reader:
    """A reader over the catalog with more cohorts, each counted in a dataset of its own."""
    places = ("nuri_glaucoma", "nuri_oct")
    counts = [counted(dataset, one) for dataset, one in zip(places, cohorts, strict=False)]
    return reader_over(eye_with(folder, cohorts=cohorts, counts=counts))


def reader_over(folder: Path) -> Reader:
    """A reader over a catalog folder, which may have no faults; its database is made beside it."""
    database = folder.with_suffix(".duckdb")
    read, problems = read_folder(folder)
    assert problems == ()
    build_database(read, database)
    return Reader.of(load_catalog(database), load_terms())
