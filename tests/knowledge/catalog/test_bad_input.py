"""What hospitals get wrong: each has its message with file and row, and the rest is taken in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge.catalog import units
from knowledge.catalog.codes import Codes
from knowledge.catalog.columns import COLUMNS
from knowledge.catalog.stage import StagedCatalog
from tests.knowledge.catalog.eye_clinic import FILES, next_row, with_rows, write_folder

Read = Callable[..., tuple[StagedCatalog, tuple[str, ...]]]
ROOT = Path(__file__).parents[3]


def rows(catalog: StagedCatalog, table: str) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS[table], cells, strict=True)) for cells in catalog.rows[table]]


def test_a_breakdown_without_its_total(read: Read) -> None:
    catalog, problems = read(counts=with_rows(
        "counts.csv", "glaucoma,,2019,F,,100,,released", "glaucoma,,2019,M,,90,,released"
    ))
    assert len(problems) == 1
    assert problems[0].startswith(
        f"counts.csv:{next_row('counts.csv')}: dataset 'glaucoma', year 2019 is broken down (2 cells)"
        " but has no total"
    )
    assert len(catalog.rows["counts"]) == 9  # kept: each says something by itself


def test_records_without_patients(read: Read) -> None:
    _, problems = read(counts=with_rows("counts.csv", "glaucoma,,2019,,,,700,released"))
    assert problems == (
        f"counts.csv:{next_row('counts.csv')}: patients is empty but marked released;"
        " give the number or mark it suppressed",
    )


def test_age_bands_that_share_some_ages_only(read: Read) -> None:
    catalog, problems = read(counts=with_rows("counts.csv", "glaucoma,open_angle,2021,M,60-66,30,,released"))
    assert problems == (
        f"counts.csv:{next_row('counts.csv')}: age band '60-66' overlaps '65-69' in one slice of the counts;"
        " the row was left out, give bands that do not overlap",
    )
    assert "60-66" not in {row["age_band"] for row in rows(catalog, "counts")}


def test_an_age_band_within_another_and_one_of_another_year_are_kept(read: Read) -> None:
    catalog, problems = read(counts=with_rows(
        "counts.csv", "glaucoma,open_angle,2021,F,65+,30,,released",
        "glaucoma,open_angle,2020,F,60-66,30,,released", "glaucoma,,,,60-66,30,,released",
    ))
    first = next_row("counts.csv")
    assert [line.partition(";")[0] for line in problems] == [
        f"counts.csv:{first}: age band '65+' overlaps '65-69' in the counts of"
        " dataset 'glaucoma', cohort 'open_angle'",
        f"counts.csv:{first + 1}: age band '60-66' overlaps '65-69' in the counts of"
        " dataset 'glaucoma', cohort 'open_angle'",
    ]
    assert {"65+", "60-66"} <= {row["age_band"] for row in rows(catalog, "counts")}


def test_a_circle_of_supersedes(read: Read) -> None:
    head, *lines = FILES["datasets.csv"].splitlines()
    names = ("refraction", "retina", "glaucoma|gone")
    extra = [*lines, "retina,lumen" + "," * 15]
    added = (f"{line},{name}" for line, name in zip(extra, names, strict=True))
    text = "\n".join([f"{head},supersedes", *added])
    catalog, problems = read(datasets=text)
    assert problems == (
        "datasets.csv:4: the dataset was kept without what it supersedes:"
        " supersedes goes in a circle: retina > glaucoma > refraction > retina; take one of them out",
    )
    assert [row["supersedes"] for row in rows(catalog, "datasets")] == ["refraction", "retina", None]
    catalog, problems = read(datasets=text.replace("glaucoma|gone", "retina"))
    assert "retina > retina" in problems[0]


def test_an_unknown_unit_is_kept_and_named(read: Read) -> None:
    catalog, problems = read(variables=with_rows(
        "variables.csv", "glaucoma,patient,a,,,,number,mmHg,,,,,", "glaucoma,patient,b,,,,number,Furlong,,,,,"
    ))
    first = next_row("variables.csv")
    assert problems[0].startswith(f"variables.csv:{first}: unit 'mmHg' is no UCUM unit; write mm[Hg]")
    assert problems[1].startswith(f"variables.csv:{first + 1}: unit 'Furlong' is no UCUM unit; write it in")
    assert [row["unit"] for row in rows(catalog, "variables")][-2:] == ["mmHg", "Furlong"]


@pytest.mark.parametrize("unit", [
    "mg/dL", "mm[Hg]", "10*3/uL", "mL/min/{1.73_m2}", "/min", "m[IU]/L", "mg/(24.h)", "g.m-2", "%", "1",
    "{score}", "kg/m2", "[diop]", "dB[SPL]", "10*-3", "meq/L", "mol/kg/s", "Cel", "ng/mL{FEU}", "[in_i'Hg]",
    "a", "mo",
])  # fmt: skip
def test_units_of_ucum(unit: str) -> None:
    assert units.problem(unit) is None


@pytest.mark.parametrize("unit", [
    "mg//dL", "mg/", "/", "mg dL", "{open", "mg)", "(mg", "2-", "x", "mgg", "kmin", "℃", "m[IU", "." * 900,
])  # fmt: skip
def test_what_is_no_unit(unit: str) -> None:
    assert units.problem(unit) is not None


def test_codes_that_are_malformed_or_not_in_their_edition(read: Read) -> None:
    catalog, problems = read(
        concepts=with_rows("concepts.csv", "h40,KCD-8,8th revision,H40,,,", "bad,LOINC,2.78,56844-5,,,"),
        cohorts=with_rows("cohorts.csv", "a,,,KCD-8:H40.1,", "b,,,KCD-8:E11,", "c,,,KCD-8:40H|KCD-8:H40.0,"),
    )
    assert [line.rpartition(";")[0] for line in problems] == [
        "concepts.csv:4: code '56844-5' of LOINC has a wrong check digit; correct it",
        "cohorts.csv:4: code 'E11' is not among the codes that the concepts list for KCD-8;"
        " add it there or correct it",
        "cohorts.csv:5: code '40H' has not the form of KCD-8 codes (J44.1); correct it",
    ]
    assert len(catalog.rows["cohorts"]) == 4 and len(catalog.rows["concepts"]) == 3


def test_ranges_and_editions_of_codes() -> None:
    codes = Codes()
    codes.declare("ICD-10", "2019", "J12-J18")
    codes.declare("KCD", "7th revision", "U07")
    assert codes.not_in_edition("ICD-10", "J15.1") is None
    assert codes.not_in_edition("ICD-10", "J13-J15") is None
    assert codes.not_in_edition("ICD-10", "J19") is not None
    assert codes.not_in_edition("KCD-7", "U07.1") is None
    assert codes.not_in_edition("KCD-8", "U08") is None  # nothing of this edition is listed
    assert codes.malformed("in-house", "whatever") is None
    assert codes.malformed("LOINC", "4548-4") is None


def test_new_files_are_taken_in(read: Read, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "folder")
    (folder / "access_rules.csv").write_text(
        "dataset,rule,access_level,lead_time_days\nglaucoma,academic,controlled,30\nglaucoma,academic,open,1\n"
        "glaucoma,industry,controlled,soon\n", encoding="utf-8",
    )
    (folder / "coverage.csv").write_text(
        "dataset,table,period_start,period_end\nglaucoma,pressure,2016-05,2020\nglaucoma,,2021,2020\n",
        encoding="utf-8",
    )
    catalog, problems = read()
    assert [line.partition(";")[0] for line in problems] == [
        "coverage.csv:3: period_end 2020 is before period_start 2021",
        "access_rules.csv:3: access rule of glaucoma 'academic' stands twice",
        "access_rules.csv:4: lead_time_days 'soon' is not a number",
    ]
    assert [(row["start_year"], row["end_year"]) for row in rows(catalog, "coverage")] == [(2016, 2020)]
    assert [row["rule"] for row in rows(catalog, "access_rules")] == ["academic"]
    assert {row["source_file"] for row in rows(catalog, "sources")} >= {"counts.csv", "coverage.csv"}


def test_rows_of_uneven_length_do_not_mix_up_columns(read: Read) -> None:
    catalog, problems = read(counts=with_rows(
        "counts.csv", "glaucoma,,2018", "", "glaucoma,,2019,,,100,,released,,",
        "glaucoma,,2017,,,1,000,,released",
    ))
    first = next_row("counts.csv")
    assert [line.partition(";")[0] for line in problems] == [
        f"counts.csv:{first}: status is empty",
        f"counts.csv:{first + 3}: it has 9 cells where the header has 8",
    ]
    (added,) = rows(catalog, "counts")[7:]
    assert (added["year"], added["source_row"]) == (2019, first + 2)


LONG = """
import sys
from pathlib import Path
from knowledge.catalog.folder import read_folder

catalog, problems = read_folder(Path(sys.argv[1]))
assert all(len(problem) < 2_000 for problem in problems)
status = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
print(catalog.counts["counts"], len(problems), int(status["VmHWM"].split()[0]) // 1024)
"""


def test_memory_stays_bounded_whatever_a_file_holds(tmp_path: Path) -> None:
    """Thirty thousand good rows, ever other texts, and one line of 200 MB."""
    folder = write_folder(tmp_path / "folder")
    with (folder / "counts.csv").open("w", encoding="utf-8") as file:
        file.write("dataset,cohort,year,sex,age_band,patients,records,status\nglaucoma,,,,,1230,,released\n")
        for n in range(30_000):
            file.write(f"glaucoma,,{1000 + n % 9000},s{n // 9000},,{10 * (n + 1)},,released\n")
        for _ in range(200):
            file.write("x" * 1_000_000)
    done = subprocess.run(
        [sys.executable, "-c", LONG, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    counted, problems, megabytes = map(int, done.stdout.split())
    assert counted == 30_001 and problems > 1
    assert megabytes < 300
