"""A configuration names what is wrong in it, each key with its value."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.catalog.profiling.config import read_config
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog import lung_clinic


def problems(tmp_path: Path, **changes: str) -> str:
    path = lung_clinic.config(tmp_path, "folder: files", **changes)
    with pytest.raises(CatalogInvalid) as caught:
        read_config(path)
    return "\n".join(caught.value.problems) or str(caught.value)


@pytest.mark.parametrize(("old", "new", "said"), [
    ("source: {folder: files}", "source: {folder: files, duckdb: a.duckdb}",
     "source: give exactly one of folder, files, duckdb, postgres, omop"),
    ("source: {folder: files}", "source: {folder: files, encoding: latin-1}",
     "source.encoding is 'latin-1': write one of utf-8, cp949, utf-16"),
    ("source: {folder: files}", "source: {omop: cdm.duckdb}",
     "datasets: an OMOP CDM is described by itself; use the key omop"),
    ("datasets:", "dataset:", "dataset: unknown key; did you mean 'datasets'?"),
    ("patient: id, sex", "pateint: id, sex",
     "datasets[0].persons.pateint is 'id': unknown key; did you mean 'patient'?"),
    ("title_en:", "titel_en:", "datasets[0]: unknown key 'titel_en'; did you mean 'title_en'?"),
    ("years: [2020, 2023]", "years: [2023, 2020]",
     "datasets[0].years is [2023, 2020]: the last year comes before the first; swap them"),
    ("years: [2020, 2023]", "years: 2020-2023",
     "datasets[0].years is '2020-2023': write [first, last], or a list"),
    ("age_min: 18", "age_min: -1", "datasets[0].age_min is -1: Input should be greater than or equal to 0"),
    ('["18-39", "40-59", "60+"]', '["18-40", "40-59"]', "Age bands '18-40' and '40-59' overlap"),
    ('["18-39", "40-59", "60+"]', '["18-84", "85+"]', "Age band '18-84' tells ages of 80 and over apart"),
    ('["18-39", "40-59", "60+"]', '["young"]', "Age band 'young' cannot be read"),
    ("coded: [J43, J44]", "like: J4%",
     "datasets[0].cohorts[0].records.where[0]: give one operator of equals"),
    ("below: 70", "below: [60, 70]", "below with 2 values"),
    ('date: day, date_format: ""', 'date: day, date_format: "%d/%m"', "'%d/%m' is not a date format"),
    ("sexes: {1: M, 2: F}", "sexes: {}", "datasets[0].persons.sexes"),
    ("version: \"2025.1\"", "version: 2025.10", "version is 2025.1: it would lose zeros as a number"),
    ("as_of: 2025-03-31", "as_of: last spring", "as_of is 'last spring': 'last spring' is not a date"),
    ("datasets:\n", "protection: {base: 5}\ndatasets:\n", "base is 5, below the least allowed 10"),
    ("datasets:\n", "protection: {bass: 10}\ndatasets:\n", "unknown key 'bass'; did you mean 'base'?"),
    ("datasets:\n", "hospitals: [{hospitol: x}]\ndatasets:\n",
     "hospitals: unknown key 'hospitol'; did you mean 'hospital'?"),
    ("- dataset: lungs", "- dataset: [lungs]",
     "datasets[0].dataset is ['lungs']: Input should be a valid string"),
])
def test_wrong_keys_and_values(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in problems(tmp_path, **{old: new})


def test_several_faults_are_said_at_once(tmp_path: Path) -> None:
    said = problems(tmp_path, **{"sex: sex": "sx: sex", "below: 70": "under: 70"})
    assert said.count("profile.yaml: ") == 3  # unknown, missing, operator


def test_files_that_are_no_configuration(tmp_path: Path) -> None:
    path = tmp_path / "profile.yaml"
    for content, said in (
        (b"source: [", "profile.yaml' cannot be read: it is not YAML"),
        (b"- a", "does not hold keys and values"),
        (b"source: {folder: x}", "datasets: describe at least one"), (b"\xff\xfe\x00", "cannot be read"),
        (b"x: !!python/object:os.system {}", "is not YAML"),
    ):
        path.write_bytes(content)
        with pytest.raises(CatalogInvalid, match=said):
            read_config(path)
    with pytest.raises(CatalogInvalid, match="No such file"):
        read_config(tmp_path / "nothing.yaml")


def test_a_hospital_may_only_be_stricter(tmp_path: Path) -> None:
    stricter = {"datasets:\n": "protection: {base: 20, gate: 50}\ndatasets:\n"}
    path = lung_clinic.config(tmp_path, "folder: files", **stricter)
    rule = read_config(path).rule
    assert (rule.base, rule.gate) == (20, 50)


def test_the_configurations_of_the_readme_can_be_read(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[4] / "README.md").read_text(encoding="utf-8")
    section = readme.split("## From a hospital's tables")[1].split("\n## ")[0]
    blocks = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        path = tmp_path / "profile.yaml"
        path.write_text(block, encoding="utf-8")
        assert read_config(path).source
