"""The sample catalog: the committed files are what the generator makes, and keep the protection rule."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from knowledge import sample
from knowledge.catalog.folder import read_folder
from knowledge.catalog.protect_folder import protect_raw
from knowledge.catalog.protection_rule import Rule
from knowledge.sample.build import main, make_raw
from knowledge.sample.programme import Definitions

CATALOG = Path(sample.__file__).with_name("catalog")
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (CATALOG / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def counts() -> list[Row]:
    return rows("counts")


def test_the_generator_makes_the_committed_files(tmp_path: Path) -> None:
    """Here by intervals only, in a fraction of the time. What the linear programmes found when the files
    were made shows as cells of a few datasets that are coarser; `.ci/run` makes all of it, byte for byte."""
    protect_raw(make_raw(Definitions(), Rule()), tmp_path / "made", certificate=False)
    made = {path.name: path.read_bytes() for path in (tmp_path / "made").iterdir()}
    committed = {path.name: path.read_bytes() for path in CATALOG.iterdir()}
    assert made.keys() == committed.keys()
    assert [name for name in sorted(made) if made[name] != committed[name]] in ([], ["counts.csv"])
    with (tmp_path / "made" / "counts.csv").open(encoding="utf-8", newline="") as file:
        pairs = list(zip(csv.DictReader(file), rows("counts"), strict=True))
    differing = [(quick, shipped) for quick, shipped in pairs if quick != shipped]
    assert len(differing) < len(pairs) / 200
    for quick, shipped in differing:
        assert all(shipped[name] in ("", quick[name]) for name in ("patients", "records"))
        assert shipped["status"] != "released" or quick["status"] == "released"


def test_the_command_needs_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "OUT" in capsys.readouterr().err


def test_the_folder_imports_without_a_complaint() -> None:
    folder, problems = read_folder(CATALOG)
    assert problems == ()
    assert len(folder.rows["counts"]) == len(rows("counts"))


def test_the_programme_is_large_enough_and_small_to_ship() -> None:
    variables = rows("variables")
    assert len(rows("hospitals")) == 5
    assert len(rows("datasets")) >= 13 and len(rows("teams")) >= 8
    assert len({row["name"] for row in variables}) >= 220 and len(variables) >= 650
    assert all(row[name] for row in variables for name in ("label_en", "label_ko", "type", "granularity"))
    assert sum(path.stat().st_size for path in CATALOG.iterdir()) < 3_000_000


def test_no_released_number_breaks_the_rule(counts: list[Row]) -> None:
    for row in counts:
        if row["status"] == "released":
            assert all(int(row[name] or 10) >= 10 for name in ("patients", "records"))
            assert all(int(row[name] or 0) % 10 == 0 for name in ("patients", "records"))
            assert row["patients"] and int(row["records"] or 10**9) >= int(row["patients"])
        else:
            assert (row["patients"], row["records"]) == ("", "")
        if row["status"] == "bound":
            assert int(row["patients_high"]) - int(row["patients_low"]) >= 39  # 50 wide, without 0-9


def test_repair_costs_little(counts: list[Row]) -> None:
    """Of a large dataset a few cells are coarser; of a small one, a larger part."""
    bound = sum(row["status"] == "bound" for row in counts)
    assert 0 < bound < len(counts) / 100


def test_every_slice_has_every_cell(counts: list[Row]) -> None:
    cells: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for row in counts:
        cells[row["dataset"], row["cohort"]].append((row["year"], row["sex"], row["age_band"]))
    for (dataset, _), found in cells.items():
        years, sexes, bands = (set(values) for values in zip(*found, strict=True))
        assert "" in years and "" in bands and sexes == {"", "F", "M"}
        assert ("80+" in bands) == (dataset != "mirnarae_asthma")
        assert len(found) == len(set(found)) == len(years) * len(sexes) * len(bands)


def test_small_slices_are_not_broken_down(counts: list[Row]) -> None:
    totals = {
        (row["dataset"], row["cohort"], row["year"]): int(row["patients"] or row["patients_high"] or 0)
        for row in counts if not row["sex"] and not row["age_band"]
    }
    for row in counts:
        if row["status"] == "released":
            if row["sex"] or row["age_band"]:
                assert totals[row["dataset"], row["cohort"], row["year"]] >= 30
            if row["year"]:
                assert totals[row["dataset"], row["cohort"], ""] >= 30


def test_people_are_in_many_years(counts: list[Row]) -> None:
    """Patients are not additive: the years of a large dataset add up to more than its people."""
    of_emr = [row for row in counts if row["dataset"] == "solbaram_emr" and row["cohort"] == "copd"]
    totals = {row["year"]: int(row["patients"]) for row in of_emr if not row["sex"] and not row["age_band"]}
    everyone = totals.pop("")
    assert max(totals.values()) < everyone < sum(totals.values())


def test_the_small_hospital_hides_most_cells(counts: list[Row]) -> None:
    hidden: dict[str, list[bool]] = defaultdict(list)
    hospitals = {row["dataset"]: row["hospital"] for row in rows("datasets")}
    for row in counts:
        hidden[hospitals[row["dataset"]]].append(row["status"] == "suppressed")
    shares = {hospital: sum(found) / len(found) for hospital, found in hidden.items()}
    assert shares.pop("dodamsaem") > 0.7
    assert max(shares.values()) < 0.5


def test_overlaps_are_counted_within_a_hospital_only() -> None:
    hospitals = {row["dataset"]: row["hospital"] for row in rows("datasets")}
    linkage = rows("linkage")
    for row in linkage:
        same = hospitals[row["dataset_a"]] == hospitals[row["dataset_b"]]
        assert (row["same_controller"] == "true") == same
        assert (row["overlap_patients_status"] != "") == same
    released = [row for row in linkage if row["overlap_patients"]]
    assert any(row["dataset_a"].endswith("_emr") and row["dataset_b"].endswith("_copd") for row in released)


def test_codes_that_nobody_confirmed_are_not_shipped() -> None:
    """Provisional COVID-19 codes of early 2020, the contested FVC codes, a withdrawn ATC code."""
    text = "".join(path.read_text(encoding="utf-8") for path in CATALOG.iterdir())
    assert not [code for code in ("U18.1", "B34.2", "B97.2", "19868-9", "19876-2", "L04AF02") if code in text]
    for row in rows("concepts"):
        assert row["code_system"] not in ("LOINC", "ATC") or row["code_checked"] == "yes"
