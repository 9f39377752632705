"""Writing the files of a folder: UTF-8 CSV, a YAML declaration, whole or not at all."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import CatalogInvalid, StoreUnavailable

# The columns that a folder always has; what rows hold beyond them comes after, where any row holds it.
BASE: Mapping[str, tuple[str, ...]] = {
    name: tuple(columns.split()) for name, columns in {
        "hospitals": "hospital name_en name_ko type beds region_en region_ko contact",
        "datasets": "dataset hospital title_en title_ko description_en description_ko theme period_start"
                    " period_end update_frequency last_updated data_model access_level lead_time_days age_min"
                    " age_max median_follow_up_months",
        "tables": "dataset table title_en title_ko granularity",
        "variables": "dataset table name label_en label_ko aliases type unit values missing_pct granularity"
                     " modifier concept",
        "concepts": "concept code_system edition code name_en name_ko synonyms",
        "cohorts": "cohort name_en name_ko codes definition",
        "counts": "dataset cohort year sex age_band patients records status",
        "linkage": "dataset_a dataset_b key_type same_controller overlap_patients",
        "teams": "team name_en name_ko hospital lead_role interests_en interests_ko datasets",
        "coverage": "dataset table period_start period_end",
        "access_rules": "dataset rule access_level",
    }.items()
}


@contextmanager
def new_folder(out: Path, ours: str, mode: int = 0o755) -> Iterator[Path]:
    """An empty folder that takes the place of ``out`` at the end, and goes where the block fails.

    A folder that is there already is only replaced when it is empty or holds the file ``ours``.
    ``mode``: who may enter it.
    """
    if out.exists() and not (out.is_dir() and ((out / ours).exists() or not any(out.iterdir()))):
        raise CatalogInvalid(
            f"{str(out)!r} is there already and holds something else.", hint="Name another folder for --out."
        )
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        yield made
        made.chmod(mode)
        _replace(out, made)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def write_yaml(path: Path, content: Mapping[str, Any]) -> None:
    """Keys in the given order; a whole day in ``as_of`` stands without quotation marks."""
    content = dict(content)
    with suppress(ValueError):
        content["as_of"] = date.fromisoformat(content.get("as_of", ""))
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
    path.write_bytes(text.encode())


def write_table(folder: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """NAME.csv with the columns of the format, then those that only these rows have."""
    columns = dict.fromkeys(BASE.get(name, ()))
    given = {key for row in rows for key, cell in row.items() if cell not in (None, "")}
    for row in rows:
        columns.update(dict.fromkeys(key for key in row if key in given))
    write_rows(folder / f"{name}.csv", tuple(columns), rows)


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """A CSV file with a header; keys of a row without a column are left out."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_cells(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The same from rows that have a cell for each column, for files of millions of rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _replace(out: Path, made: Path) -> None:
    """``out`` is either the old folder or the new one, but for the instant between two renames."""
    if not out.exists():
        made.rename(out)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        former = out.rename(aside / out.name)
        try:
            made.rename(out)
        except OSError:
            former.rename(out)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _unwritable(out: Path, error: OSError) -> StoreUnavailable:
    return StoreUnavailable(
        f"The folder {str(out)!r} cannot be written: {error.strerror}.", hint="Check the place and its space."
    )
