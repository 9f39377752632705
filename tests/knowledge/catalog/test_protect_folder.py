"""Raw aggregates to a folder that may be given away, once and again."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.catalog.aggregates import Cell, CohortGrid, Grid, RawCount, RawMedian, RawMissing, RawOverlap
from knowledge.catalog.folder import read_folder
from knowledge.catalog.protect_folder import protect_raw
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.raw_folder import Raw
from knowledge.errors import CatalogInvalid

Rows = list[dict[str, str]]


def raw(**changes: object) -> Raw:
    """Two datasets of one hospital; ``changes`` replace what is in it."""
    numbers = {
        Cell("", None, None, None): 523, Cell("", None, "F", None): 300, Cell("", None, "M", None): 223,
        Cell("", 2020, None, None): 401, Cell("", 2020, "F", None): 208, Cell("", 2020, "M", None): 193,
        Cell("rare", None, None, None): 7, Cell("rare", None, "F", None): 4, Cell("rare", None, "M", None): 3,
    }
    cohorts = (CohortGrid("", (2020,), ()), CohortGrid("rare", (), ()))
    made = Raw(
        version="1", as_of="2025-01-31", rule=Rule(),
        grids={name: Grid(name, ("F", "M"), cohorts) for name in ("eyes", "ears")},
        counts={
            name: [RawCount(name, cell, patients, 3 * patients) for cell, patients in numbers.items()]
            for name in ("eyes", "ears")
        },
        missing=[RawMissing("eyes", "visit", "iop", 1_000, 213, 500, 180, 450)],
        overlaps=[RawOverlap("eyes", "ears", 523, 523, 118)],
        medians=[RawMedian("eyes", 523, 400)],
        described={
            "datasets": [{"dataset": "eyes", "title_en": "Eyes"}, {"dataset": "ears"}],
            "variables": [
                {"dataset": "eyes", "table": "visit", "name": "iop", "missing_pct": "21.3"},
                {"dataset": "eyes", "table": "visit", "name": "note", "missing_pct": "3"},
            ],
            "linkage": [
                {"dataset_a": "eyes", "dataset_b": "ears", "key_type": "number", "same_controller": "true"},
            ],
        },
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def grown(by: int, other: Raw | None = None) -> Raw:
    """The same with ``by`` more people in every total of eyes, half of them women."""
    base = other or raw()

    def more(cell: Cell) -> int:
        return 0 if cell.cohort else by // 2 if cell.sex else by

    eyes = [
        replace(
            count, patients=count.patients + more(count.cell), records=count.records + 3 * more(count.cell)
        )
        for count in base.counts["eyes"]
    ]
    return replace(base, counts={**base.counts, "eyes": eyes}, version="2")


def rows(folder: Path, name: str) -> Rows:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_folder_holds_protected_numbers_only(tmp_path: Path) -> None:
    report = protect_raw(raw(), tmp_path / "out")
    _, problems = read_folder(tmp_path / "out")
    assert [line for line in problems if "counts.csv" in line or "linkage" in line] == []
    text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir())
    for exact in ("523", "401", "208", "213", "21.3", "118"):
        assert exact not in text
    rare = [row for row in rows(tmp_path / "out", "counts") if row["cohort"] == "rare"]
    assert {row["status"] for row in rare} == {"suppressed"}
    assert report.overlaps == (1, 1) and report.medians == (1, 1) and report.rates == (1, 1)


def test_measures_are_released_coarsely(tmp_path: Path) -> None:
    protect_raw(raw(), tmp_path / "out")
    rates = {row["name"]: row["missing_pct"] for row in rows(tmp_path / "out", "variables")}
    assert rates == {"iop": "20", "note": ""}  # a rate that nobody counted is not passed on
    [link] = rows(tmp_path / "out", "linkage")
    assert (link["key_type"], link["overlap_patients"]) == ("number", "110")
    assert link["overlap_patients_status"] == "released"
    assert [row["median_follow_up_months"] for row in rows(tmp_path / "out", "datasets")] == ["12", ""]


def test_the_same_numbers_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        protect_raw(raw(), tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_records_that_were_not_counted_are_not_given(tmp_path: Path) -> None:
    protect_raw(raw(uncounted=frozenset({"ears"})), tmp_path / "out")
    for row in rows(tmp_path / "out", "counts"):
        assert bool(row["records"]) == (row["dataset"] == "eyes" and row["status"] == "released")


def test_impossible_numbers_leave_the_former_folder(tmp_path: Path) -> None:
    protect_raw(raw(), tmp_path / "out")
    before = (tmp_path / "out" / "counts.csv").read_bytes()
    wrong = [
        RawCount("eyes", Cell("", None, None, None), 5, 9), RawCount("eyes", Cell("", None, "F", None), 6, 9),
    ]
    with pytest.raises(CatalogInvalid, match="more than in"):
        protect_raw(raw(counts={"eyes": wrong}), tmp_path / "out")
    assert (tmp_path / "out" / "counts.csv").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A first publication in "out", with its state."""
    protect_raw(raw(), tmp_path / "out", state=tmp_path / "state")
    return tmp_path


def again(place: Path, made: Raw, previous: bool = True) -> dict[str, Rows]:
    """Publish once more into "next"."""
    protect_raw(
        made, place / "next", state=place / "state", previous=place / "out" if previous else None
    )
    return {name: rows(place / "next", name) for name in ("counts", "variables", "linkage", "datasets")}


def test_few_newcomers_change_nothing_that_was_measured(published: Path) -> None:
    made = replace(
        grown(20), missing=[RawMissing("eyes", "visit", "iop", 1_000, 800, 500, 480, 450)],
        overlaps=[RawOverlap("eyes", "ears", 543, 523, 300)], medians=[RawMedian("eyes", 543, 2_000)],
    )
    found = again(published, made)
    assert found == {name: rows(published / "out", name) for name in found}


def test_enough_newcomers_are_published(published: Path) -> None:
    made = replace(
        grown(60), missing=[RawMissing("eyes", "visit", "iop", 1_000, 800, 500, 480, 450)],
        overlaps=[RawOverlap("eyes", "ears", 583, 523, 300)],
    )
    found = again(published, made)
    total = next(row for row in found["counts"] if row["dataset"] == "eyes")
    assert (total["cohort"], total["year"], total["sex"], total["patients"]) == ("", "", "", "580")
    assert next(row for row in found["variables"] if row["name"] == "iop")["missing_pct"] == "80"
    assert found["linkage"][0]["overlap_patients"] == "110"  # the other dataset stays, so the pair does
    ears = [row for row in found["counts"] if row["dataset"] == "ears"]
    assert [(row["patients"], row["records"], row["status"]) for row in ears] == [
        (row["patients"], row["records"], row["status"])
        for row in rows(published / "out", "counts") if row["dataset"] == "ears"
    ]
    _, problems = read_folder(published / "next")
    assert [line for line in problems if "counts.csv" in line] == []


def test_an_overlap_changes_once_it_moved_by_the_base(tmp_path: Path) -> None:
    both = {"ears": raw().counts["ears"], "eyes": raw().counts["eyes"]}
    protect_raw(raw(), tmp_path / "out", state=tmp_path / "state")
    for overlap, expected in ((122, "110"), (127, "110"), (128, "120")):
        counts = {
            name: [
                count if count.cell.cohort else
                replace(count, patients=count.patients + 60, records=count.records + 180) for count in counts
            ]
            for name, counts in both.items()
        }
        both = counts
        made = replace(raw(), counts=counts, overlaps=[RawOverlap("eyes", "ears", 700, 700, overlap)])
        protect_raw(made, tmp_path / "out", state=tmp_path / "state", previous=tmp_path / "out")
        assert rows(tmp_path / "out", "linkage")[0]["overlap_patients"] == expected


def test_what_stays_needs_the_published_folder(published: Path) -> None:
    with pytest.raises(CatalogInvalid, match="too few new patients"):
        again(published, grown(20), previous=False)
    assert not (published / "next").exists()


def test_a_state_belongs_to_its_folder(published: Path) -> None:
    counts = published / "out" / "counts.csv"
    counts.write_text(counts.read_text().replace(",520,", ",530,"))
    with pytest.raises(CatalogInvalid, match="not those that the state was kept for"):
        again(published, grown(60))
    with pytest.raises(CatalogInvalid, match="is no catalog folder"):
        protect_raw(raw(), published / "next", state=published / "state", previous=published / "state")


def test_a_published_folder_may_have_been_sorted_anew(published: Path) -> None:
    counts = published / "out" / "counts.csv"
    header, *lines = counts.read_text().splitlines()
    counts.write_text("\n".join((header, *sorted(lines, reverse=True))) + "\n")
    assert again(published, grown(60))["counts"][0]["patients"] == "580"


def test_the_state_of_a_dataset_that_is_gone_stays(published: Path) -> None:
    """It may come back, and its cells may then change as little as before."""
    grids = {"eyes": raw().grids["eyes"]}
    eyes = raw(grids=grids, counts={"eyes": grown(60).counts["eyes"]}, overlaps=[])
    kept = (published / "state" / "ears.json").read_bytes()
    again(published, eyes)
    assert (published / "state" / "ears.json").read_bytes() == kept


def test_one_dataset_is_held_at_a_time(tmp_path: Path) -> None:
    """What is protected is on the disk before the next one is begun."""
    written: list[int] = []

    def progress(dataset: str, done: int, of: int) -> None:
        states = list(tmp_path.glob(".state-*/*.json"))
        written.append(len(states))

    protect_raw(raw(), tmp_path / "out", state=tmp_path / "state", progress=progress)
    assert written == [0, 1, 2]


def test_a_lost_state_is_noticed(published: Path) -> None:
    (published / "state" / "ears.json").unlink()
    with pytest.raises(CatalogInvalid, match="'ears' is published, but the state has no numbers of it"):
        again(published, grown(60))


def test_a_broken_state_is_named(published: Path) -> None:
    (published / "state" / "eyes.json").write_text("{}")
    with pytest.raises(CatalogInvalid, match=r"eyes.json: it is no state of a publication"):
        again(published, grown(60))
