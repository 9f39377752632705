"""Schema files: what is read, and every problem said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import CatalogInvalid
from tests.tools.query.small_catalog import SQL
from tools.query.guard import catalog_schema, load_schema


def write(folder: Path, text: str) -> Path:
    path = folder / "schema.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_are_a_type_or_a_mapping() -> None:
    schema = load_schema(SQL / "schema.yaml")
    counts = schema.tables["patient_counts"]
    assert counts.columns["patient_count"].additive_over == ("sex", "age_group")
    assert counts.columns["sex"].type == "text"
    assert counts.dimensions == {"dataset_id", "year", "sex", "age_group"}
    assert counts.keys == (frozenset({"count_id"}),)
    assert schema.threshold == 10


def test_joins_reach_through_shared_columns() -> None:
    schema = catalog_schema()
    assert schema.joinable("counts.dataset", "variables.dataset")
    assert schema.joinable("linkage.dataset_a", "linkage.dataset_b")
    assert not schema.joinable("counts.dataset", "counts.hospital")
    assert not schema.joinable("hospitals.region_en", "hospitals.region_en")


def test_the_catalog_holds_bounds_beside_every_measure() -> None:
    for spec in catalog_schema().tables.values():
        for name, column in spec.columns.items():
            if column.measure:
                assert {f"{name}_low", f"{name}_high", f"{name}_status"} <= set(spec.columns)
                assert spec.columns[f"{name}_low"].compiler_only


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("threshold: 10\n", "tables"),
        ("threshold: 10\ntables: {a: {x: {typ: text}}}\n", "typ"),
        ("tables: {a: {x: text}}\n", "threshold"),
        ("threshold: 0\ntables: {a: {x: text}}\n", "threshold 0"),
        ("threshold: 10\ntables: {a: {x: {type: integer, measure: true, additive_over: [y]}}}\n", "'y'"),
        ("threshold: 10\ntables: {a: {x: text}}\nkeys: {a: [y]}\n", "'y'"),
        ("threshold: 10\ntables: {a: {x: text}}\njoins: [[a.x, b.x]]\n", "b.x"),
        ("threshold: 10\ntables: {a: {x: text}, A: {x: text}}\n", "upper and lower case"),
        ("- just\n- a list\n", "tables"),
        ("{unclosed", "cannot be read"),
    ],
)
def test_broken_files_are_refused_with_the_reason(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(CatalogInvalid, match=says):
        load_schema(write(tmp_path, text))


def test_a_missing_file_is_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(CatalogInvalid, match="cannot be read"):
        load_schema(tmp_path / "nowhere.yaml")
