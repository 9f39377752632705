"""Schema files: what is read, and every problem said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import CatalogInvalid, SqlRejected
from tests.tools.query.small_catalog import SQL
from tools.query.guard import catalog_schema, check, load_schema


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


SITES = """
threshold: 5
tables:
  sites:
    site: {type: text, unique: true}
    region: text
    visitors: {type: integer, measure: true, additive_over: []}
  visits:
    site: {type: text, unique: true}
    kind: text
    visits: {type: integer, measure: true, additive_over: kind}
  totals:
    name: {type: text, unique: true}
    members: {type: integer, measure: true}
  stays:
    site: text
    year: integer
    ward: text
    stays: {type: integer, measure: true, additive_over: [ward]}
joins:
  - [visits.site, sites.site]
  - [stays.site, sites.site]
keys:
  stays: [[site, year, ward]]
"""


def test_what_names_a_thing_is_not_added_over(tmp_path: Path) -> None:
    schema = load_schema(write(tmp_path, SITES))
    accepted = [
        "SELECT site, region, visitors FROM sites",
        "SELECT site, SUM(visitors) AS n FROM sites GROUP BY site",
        "SELECT site, SUM(visits) AS n FROM visits GROUP BY site",
        "SELECT name, members FROM totals",
        "SELECT site, year, SUM(stays) AS n FROM stays GROUP BY site, year HAVING SUM(stays) >= 5",
        "SELECT s.site, s.region, t.year, SUM(t.stays) AS n FROM sites s JOIN stays t ON t.site = s.site "
        "GROUP BY s.site, s.region, t.year",
    ]
    refused = {
        "SELECT region, SUM(visitors) AS n FROM sites GROUP BY region": "additive",
        "SELECT SUM(visitors) AS n FROM sites WHERE region = 'a'": "additive",
        "SELECT SUM(visits) AS n FROM visits": "additive",
        "SELECT kind, SUM(visits) AS n FROM visits GROUP BY kind": "additive",
        "SELECT SUM(members) AS n FROM totals": "additive",
        "SELECT members FROM totals": "measure_alone",
        "SELECT year, SUM(stays) AS n FROM stays GROUP BY year": "additive",
        "SELECT s.region, t.year, SUM(t.stays) AS n FROM sites s JOIN stays t ON t.site = s.site "
        "GROUP BY s.region, t.year": "additive",
    }
    for dialect in ("duckdb", "postgres", "sqlite"):
        for sql in accepted:
            assert check(sql, schema, dialect=dialect).tables
        for sql, rule in refused.items():
            with pytest.raises(SqlRejected) as refusal:
                check(sql, schema, dialect=dialect)
            assert refusal.value.rule == rule, sql


def test_without_counts_there_is_no_threshold(tmp_path: Path) -> None:
    schema = load_schema(write(tmp_path, "tables: {a: {x: text, y: integer}}"))
    assert check("SELECT x, SUM(y) AS y FROM a GROUP BY x HAVING SUM(y) < 3", schema).columns == ("x", "y")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("threshold: 10\n", "tables"),
        ("threshold: 10\ntables: {a: {x: {typ: text}}}\n", "typ"),
        ("tables: {a: {x: text, n: {type: integer, measure: true}}}\n", "threshold"),
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
