from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.catalog.compare import compare
from knowledge.catalog.import_dictionary import import_dictionary
from knowledge.catalog.import_folder import import_folder
from knowledge.catalog.info import version_list
from knowledge.catalog.versions import CatalogVersions
from knowledge.errors import CatalogInvalid, NotFound
from tests.knowledge.catalog.eye_clinic import FILES, with_rows, write_folder
from tests.knowledge.catalog.test_import_dictionary import SLEEP

CHANGED = {
    "counts": with_rows("counts.csv", "glaucoma,,2019,,,700,,released").replace(",1230,5600,", ",1240,5600,"),
    "datasets": FILES["datasets.csv"].replace("2031-08-31", "2031-09-30"),
    "variables": "".join(FILES["variables.csv"].splitlines(keepends=True)[:-1]),
    "hospitals": with_rows("hospitals.csv", "retina,Retina Clinic,,,,,,"),
}


@pytest.fixture
def versions(tmp_path: Path) -> CatalogVersions:
    versions = CatalogVersions(tmp_path / "catalog")
    import_folder(write_folder(tmp_path / "folder"), versions)
    return versions


def test_what_changed_between_two_versions(versions: CatalogVersions, tmp_path: Path) -> None:
    first = versions.require().version
    second = import_folder(write_folder(tmp_path / "folder", **CHANGED), versions).version
    found = compare(first, "current", versions)
    assert (found["from"], found["to"], found["same"]) == (first, second, False)
    assert found["cells"] == {
        "added": 1, "removed": 0, "changed": 1,
        "rows": [
            {"change": "added", "key": {"dataset": "glaucoma", "year": "2019"}},
            {"change": "changed", "key": {"dataset": "glaucoma"}, "columns": {
                "patients": [1230, 1240], "patients_low": [1230, 1240], "patients_high": [1239, 1249],
            }},
        ],
    }  # fmt: skip
    assert found["datasets"]["rows"] == [
        {"change": "changed", "key": {"dataset": "glaucoma"},
         "columns": {"last_updated": ["2031-08-31", "2031-09-30"]}},
    ]  # fmt: skip
    assert found["variables"]["rows"] == [
        {"change": "removed", "key": {"dataset": "refraction", "table": "visit", "name": "sphere"}}
    ]
    assert found["hospitals"]["rows"] == [{"change": "added", "key": {"hospital": "retina"}}]
    assert not any(found["tables"][change] for change in ("added", "removed", "changed"))
    back = compare("current", first, versions)
    assert (back["cells"]["added"], back["cells"]["removed"], back["variables"]["added"]) == (0, 1, 1)


def test_where_rows_came_from_is_no_change(versions: CatalogVersions, tmp_path: Path) -> None:
    head, *rest = FILES["counts.csv"].splitlines(keepends=True)
    write_folder(tmp_path / "folder", counts="".join((head, *reversed(rest))))
    found = compare("current", str(tmp_path / "folder"), versions)
    assert found["same"] and found["to"] == str(tmp_path / "folder")


def test_a_dictionary_is_an_addition(versions: CatalogVersions) -> None:
    first = versions.require().version
    import_dictionary(SLEEP, versions, today=date(2032, 1, 1))
    found = compare(first, "current", versions)
    assert [found[part]["added"] for part in ("datasets", "tables", "variables", "concepts")] == [1, 1, 2, 1]
    assert not any(found[part]["changed"] + found[part]["removed"] for part in found if part not in
                   {"from", "to", "same"})  # fmt: skip


def test_what_is_no_catalog(versions: CatalogVersions, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no catalog version 'nowhere'"):
        compare("current", "nowhere", versions)
    with pytest.raises(CatalogInvalid, match="is not a catalog folder"):
        compare(str(tmp_path), "current", versions)


def test_going_back_to_a_former_version(versions: CatalogVersions, tmp_path: Path) -> None:
    first = versions.require().version
    second = import_folder(write_folder(tmp_path / "folder", **CHANGED), versions).version
    assert versions.use(first) == first == versions.require().version
    listed = version_list(versions)
    assert listed["current"] == first
    assert {row["id"]: row["in_use"] for row in listed["versions"]} == {first: True, second: False}
    assert {row["id"]: row["counts"] for row in listed["versions"]} == {first: 7, second: 8}
    with pytest.raises(NotFound):
        versions.use("nothing")
    assert versions.require().version == first
