from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.catalog.entries import entries
from knowledge.catalog.import_dictionary import import_dictionary
from knowledge.catalog.import_folder import import_folder
from knowledge.catalog.importers.dictionary import Dictionary, SourceFile
from knowledge.catalog.read import load_catalog, open_catalog
from knowledge.catalog.rows import Row
from knowledge.catalog.versions import CatalogVersions
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.eye_clinic import write_folder

FILE = "form.csv"
TODAY = date(2032, 3, 4)


def dictionary(
    sha: str = "a" * 64, file: str = FILE, problems: tuple[str, ...] = (), **rows: list[dict[str, str]]
) -> Dictionary:
    """A dictionary whose rows are those of one file, numbered from 2 in each table."""
    made = {
        table: [Row(file, number, cells) for number, cells in enumerate(rows.get(table, ()), 2)]
        for table in ("concepts", "datasets", "tables", "variables")
    }
    return Dictionary("redcap", (SourceFile(file, "redcap", sha, 10),), made, problems)


SLEEP = dictionary(
    datasets=[{"dataset": "sleep", "title_en": "Sleep study", "keywords": "sleep|apnoea"}],
    tables=[{"dataset": "sleep", "table": "night", "granularity": "per night"}],
    variables=[
        {"dataset": "sleep", "table": "night", "name": "ahi", "label_en": "Apnoea index", "unit": "/h",
         "description_en": "Events per hour of sleep.", "concept": "ahi", "sensitive": "no"},
        {"dataset": "sleep", "table": "night", "name": "posture", "values": "1=back|2=side",
         "missing_codes": "-9=not recorded"},
    ],
    concepts=[{"concept": "ahi", "name_en": "Apnoea-hypopnoea index"}],
)  # fmt: skip


@pytest.fixture
def versions(tmp_path: Path) -> CatalogVersions:
    return CatalogVersions(tmp_path / "catalog")


@pytest.fixture
def clinics(tmp_path: Path, versions: CatalogVersions) -> CatalogVersions:
    """The versions of a home that has the eye clinics' catalog."""
    import_folder(write_folder(tmp_path / "folder"), versions)
    return versions


def ask(versions: CatalogVersions, sql: str) -> list[tuple[Any, ...]]:
    with open_catalog(versions.require().path) as connection:
        return connection.execute(sql).fetchall()


def test_an_empty_home_gets_a_catalog_of_it(versions: CatalogVersions) -> None:
    report = import_dictionary(SLEEP, versions, today=TODAY)
    assert (report.added, report.previous, report.problems) == (("sleep",), None, ())
    assert report.datasets == {"sleep": {"tables": 1, "variables": 2, "counts": 0, "cohorts": 0}}
    catalog = load_catalog(versions.require().path)
    meta = catalog.meta
    assert (meta.declared_version, meta.as_of, meta.rule) == ("2032.03", "2032-03-04", None)
    ahi, posture = catalog.variables
    assert (ahi.granularity, ahi.sensitive, ahi.concept) == ("per night", False, "ahi")
    assert posture.missing_codes == (("-9", "not recorded"),)
    assert catalog.datasets[0].keywords == ("sleep", "apnoea")
    assert [source.format for source in catalog.sources] == ["redcap"]
    found = ask(versions, "SELECT source_file, source_row FROM variables ORDER BY name")
    assert found == [(FILE, 2), (FILE, 3)]
    found = ask(versions, "SELECT code, label, source_row FROM variable_values")
    assert found == [("1", "back", 3), ("2", "side", 3)]


def test_importing_twice_changes_nothing(clinics: CatalogVersions, tmp_path: Path) -> None:
    first = import_dictionary(SLEEP, clinics, today=TODAY)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "catalog").glob("[!.]*")}
    again = import_dictionary(SLEEP, clinics, today=date(2040, 1, 1))
    assert (again.version, again.changed) == (first.version, False)
    assert (again.added, again.changed_datasets) == ((), ())
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "catalog").glob("[!.]*")} == before
    assert not list((tmp_path / "catalog" / ".work").iterdir())


def test_a_preview_tells_the_same_and_writes_nothing(clinics: CatalogVersions, tmp_path: Path) -> None:
    before = sorted(path.name for path in (tmp_path / "catalog").rglob("*"))
    preview = import_dictionary(SLEEP, clinics, today=TODAY, preview=True)
    assert sorted(path.name for path in (tmp_path / "catalog").rglob("*")) == before
    done = import_dictionary(SLEEP, clinics, today=TODAY)
    assert (preview.version, preview.added, preview.changed) == (done.version, done.added, True)
    assert preview.preview and not done.preview


GLAUCOMA = dictionary(
    datasets=[{"dataset": "glaucoma", "title_en": "Form of the eye clinic", "data_model": "REDCap",
               "age_min": "20", "hospital": "iris"}],
    tables=[{"dataset": "glaucoma", "table": "visit"}],
    variables=[{"dataset": "glaucoma", "table": "visit", "name": "iop"}],
    concepts=[{"concept": "iop", "name_en": "Something else"}],
)  # fmt: skip


def test_a_new_dataset_without_a_title_goes_by_its_id(versions: CatalogVersions) -> None:
    tables = [{"dataset": "hand_clinic", "table": "t"}]
    untitled = dictionary(datasets=[{"dataset": "hand_clinic"}], tables=tables)
    import_dictionary(untitled, versions, today=TODAY)
    assert ask(versions, "SELECT title_en, title_ko FROM datasets") == [("hand clinic", None)]
    assert not import_dictionary(untitled, versions, today=TODAY).changed


def test_a_list_of_tables_leaves_the_variables(versions: CatalogVersions) -> None:
    import_dictionary(SLEEP, versions, today=TODAY)
    described = "SELECT * FROM variables", "SELECT * FROM variable_values"
    before = [ask(versions, query) for query in described]
    tables = dictionary(
        "b" * 64, "tables.csv", datasets=[{"dataset": "sleep"}],
        tables=[{"dataset": "sleep", "table": "night", "title_en": "Nights"},
                {"dataset": "sleep", "table": "day"}],
    )
    first = import_dictionary(tables, versions, today=TODAY)
    assert first.datasets == {"sleep": {"tables": 2, "variables": 2, "counts": 0, "cohorts": 0}}
    assert [ask(versions, query) for query in described] == before
    assert ask(versions, 'SELECT "table", title_en FROM tables') == [("night", "Nights"), ("day", None)]
    assert {file for (file,) in ask(versions, "SELECT source_file FROM sources")} == {FILE, "tables.csv"}
    assert not import_dictionary(tables, versions, today=TODAY).changed


def test_its_tables_and_variables_take_the_place_of_the_former_ones(clinics: CatalogVersions) -> None:
    report = import_dictionary(GLAUCOMA, clinics, today=TODAY)
    assert (report.changed_datasets, report.removed) == (("glaucoma",), ())
    assert report.datasets["glaucoma"] == {"tables": 1, "variables": 1, "counts": 6, "cohorts": 1}
    catalog = load_catalog(clinics.require().path)
    assert [(t.dataset, t.table) for t in catalog.tables] == [("refraction", "visit"), ("glaucoma", "visit")]
    assert [v.name for v in catalog.variables_by_dataset["glaucoma"]] == ["iop"]
    assert len(catalog.variables_by_dataset["refraction"]) == 2
    assert not ask(clinics, "SELECT * FROM variable_values WHERE dataset = 'glaucoma'")
    assert len(catalog.linkage) == 1 and catalog.teams[0].datasets == ("glaucoma", "refraction")
    assert (catalog.meta.declared_version, catalog.meta.rule) == ("2031.10", "bins-10")
    assert catalog.concept_by_id["iop"].name_en == "Intraocular pressure"  # the one that was there


def test_what_it_says_of_a_dataset_wins_but_for_its_title(clinics: CatalogVersions) -> None:
    import_dictionary(GLAUCOMA, clinics, today=TODAY)
    dataset = load_catalog(clinics.require().path).dataset_by_id["glaucoma"]
    assert (dataset.title_en, dataset.data_model, dataset.age_min) == ("Glaucoma registry", "REDCap", 20)
    assert (dataset.start_year, dataset.median_follow_up_months) == (2015, 24.5)
    assert ask(clinics, "SELECT DISTINCT hospital FROM counts WHERE dataset = 'glaucoma'") == [("iris",)]
    assert ask(clinics, "SELECT source_file FROM datasets WHERE dataset = 'glaucoma'") == [("datasets.csv",)]
    assert not import_dictionary(GLAUCOMA, clinics, today=TODAY).changed


def test_a_dataset_that_it_brought_is_renamed_by_it(versions: CatalogVersions) -> None:
    import_dictionary(SLEEP, versions, today=TODAY)
    import_dictionary(
        dictionary("b" * 64, datasets=[{"dataset": "sleep", "title_en": "Sleep, second form"}],
                   variables=[{"dataset": "sleep", "name": "ahi"}],
                   concepts=[{"concept": "ahi", "name_en": "AHI"}]),
        versions, today=TODAY,
    )  # fmt: skip
    catalog = load_catalog(versions.require().path)
    assert [d.title_en for d in catalog.datasets] == ["Sleep, second form"]
    assert [c.name_en for c in catalog.concepts] == ["AHI"]
    assert [source.sha256 for source in catalog.sources] == ["b" * 64]  # no row is of the former file


def test_a_dataset_it_would_spoil_stays_as_it_was(clinics: CatalogVersions) -> None:
    spoiled = dictionary(
        datasets=[{"dataset": "glaucoma", "period_end": "2014"}],
        variables=[{"dataset": "glaucoma", "name": "iop"}],
    )
    report = import_dictionary(spoiled, clinics, today=TODAY)
    assert report.problems[0].startswith("form.csv:2: period_end 2014 is before period_start 2015-03")
    assert load_catalog(clinics.require().path).dataset_by_id["glaucoma"].period_end is None


def test_bad_rows_are_named_and_left_out(versions: CatalogVersions) -> None:
    report = import_dictionary(
        dictionary(problems=("form.csv:9: a form without a name; give it one",), variables=[
            {"dataset": "sleep", "name": "ahi"}, {"dataset": "sleep"}, {"dataset": "sleep", "name": "ahi"},
            {"dataset": "sleep", "name": "posture", "values": "1|2"},
            {"dataset": "sleep", "name": "spo2", "unit": "per cent"},
        ]),
        versions, today=TODAY,
    )  # fmt: skip
    assert [line.partition(";")[0] for line in report.problems] == [
        "form.csv:9: a form without a name",
        "form.csv:3: name is empty",
        "form.csv:4: variable of sleep/sleep 'ahi' stands twice",
        "form.csv:5: values '1' is not code=label",
        "form.csv:6: unit 'per cent' is no UCUM unit",
    ]
    catalog = load_catalog(versions.require().path)
    assert [v.name for v in catalog.variables] == ["ahi", "spo2"]
    assert [t.table for t in catalog.tables] == [d.dataset for d in catalog.datasets] == ["sleep"]


@pytest.mark.parametrize("rows", [{}, {"variables": [{"dataset": "glaucoma"}]}])
def test_nothing_usable_leaves_the_former_version(clinics: CatalogVersions, rows: dict[str, Any]) -> None:
    before = clinics.require()
    with pytest.raises(CatalogInvalid, match="No table and no variable"):
        import_dictionary(dictionary(**rows), clinics, today=TODAY)
    assert clinics.require() == before
    assert clinics.versions() == [before.version]


def test_two_files_of_one_name_are_told_apart(versions: CatalogVersions) -> None:
    import_dictionary(SLEEP, versions, today=TODAY)
    other = dictionary("c" * 64, variables=[{"dataset": "gait", "name": "speed"}])
    first = import_dictionary(other, versions, today=TODAY)
    sources = {s.source_file: s.sha256 for s in load_catalog(versions.require().path).sources}
    assert sources == {FILE: "a" * 64, f"{FILE}#cccccccc": "c" * 64}
    found = ask(versions, "SELECT source_file FROM variables WHERE dataset = 'gait'")
    assert found == [(f"{FILE}#cccccccc",)]
    assert import_dictionary(other, versions, today=TODAY).version == first.version


def test_what_it_describes_can_be_found(versions: CatalogVersions) -> None:
    import_dictionary(SLEEP, versions, today=TODAY)
    (found,) = (e for e in entries(versions.require().path) if e.document == "sleep/night.ahi")
    assert "Events per hour of sleep." in found.text


def test_a_whole_folder_replaces_it_and_says_what_goes_away(clinics: CatalogVersions, tmp_path: Path) -> None:
    import_dictionary(SLEEP, clinics, today=TODAY)
    report = import_folder(tmp_path / "folder", clinics)
    assert report.removed == ("sleep",)
    assert report.removed_datasets == {"sleep": {"tables": 1, "variables": 2, "counts": 0, "cohorts": 0}}
    assert report.rows_before["variables"] - report.rows["variables"] == 2
