from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.catalog.database import build_database
from knowledge.catalog.entries import entries
from knowledge.catalog.info import info
from knowledge.catalog.read import AgeBand, Catalog, load_catalog
from knowledge.catalog.stage import StagedCatalog
from knowledge.errors import NotFound
from tests.knowledge.catalog.eye_clinic import FILES

Read = Callable[..., tuple[StagedCatalog, tuple[str, ...]]]
Build = Callable[..., Path]


@pytest.fixture
def build(tmp_path: Path, read: Read) -> Build:
    def build(**changes: object) -> Path:
        path = tmp_path / f"catalog-{len(list(tmp_path.iterdir()))}.duckdb"
        build_database(read(**changes)[0], path)
        return path

    return build


def test_rows_are_typed(build: Build) -> None:
    catalog = load_catalog(build())
    device = catalog.variables_by_name["device"][0]
    assert device.values == (("1", "air puff"), ("2", "contact (a=b)"))
    assert (device.missing_text, device.missing_pct, device.missing_low, device.missing_high) == (
        "<5",
        None,
        0,
        5,
    )
    assert device.aliases == () and device.unit is None
    assert [v.dataset for v in catalog.variables_by_concept["iop"]] == ["glaucoma", "refraction"]
    assert catalog.concept_by_id["iop"].synonyms == ("tension of the eye", "안내압")
    assert catalog.cohort_by_id["open_angle"].codes == ("KCD:H40.1",)
    assert catalog.table_by_id["glaucoma", "pressure"].title_ko == "안압 측정"
    assert catalog.hospital_by_id["lumen"].beds == 1200
    assert catalog.teams[0].datasets == ("glaucoma", "refraction")
    assert catalog.linkage[0].same_controller is False
    assert catalog.linkage[0].overlap_patients_high == 59
    assert [d.dataset for d in catalog.datasets] == ["glaucoma", "refraction"]
    assert len(catalog.variables_by_dataset["refraction"]) == 2
    assert (catalog.meta.threshold, catalog.meta.base, catalog.meta.rounding) == (10, 10, "bins")
    assert (catalog.meta.rule, catalog.meta.zeros, catalog.meta.as_of) == ("bins-10", "hidden", "2031-09-30")


def test_which_cells_the_counts_hold(build: Build) -> None:
    counts = load_catalog(build()).counts
    assert counts.years == {"glaucoma": (2020, 2021), "refraction": ()}
    assert counts.sexes == ("F", "M")
    assert counts.age_bands == (AgeBand("65-69", 65, 69), AgeBand("80+", 80, None))
    assert counts.cohorts == {("glaucoma", None), ("glaucoma", "open_angle"), ("refraction", None)}
    assert counts.years_by_cohort[("glaucoma", "open_angle")] == (2020, 2021)
    assert counts.sexes_by_dataset == {"glaucoma": ("F", "M")}
    assert counts.age_bands_by_dataset == {"glaucoma": counts.age_bands}


def test_a_catalog_without_counts(build: Build) -> None:
    catalog = load_catalog(
        build(
            without=tuple(FILES.keys() - {"catalog.yaml", "datasets.csv", "variables.csv"}),
            catalog="version: v1\nas_of: 2031\n",
            variables="dataset,name\nglaucoma,iop\n",
        )
    )
    assert (catalog.meta.rule, catalog.meta.threshold, catalog.meta.zeros) == (None, None, None)
    assert catalog.counts.cohorts == frozenset() and catalog.counts.years == {}
    assert [h.hospital for h in catalog.hospitals] == ["lumen", "iris"]


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no catalog file 'x\.duckdb'"):
        load_catalog(tmp_path / "x.duckdb")


def test_twenty_thousand_variables_are_read_within_a_second(build: Build) -> None:
    lines = [
        f"glaucoma,t{n % 40},v{n},Label {n},이름 {n},a{n}|b{n},code,,0=no|1=yes,{n % 90},,,iop"
        for n in range(20_000)
    ]
    path = build(
        variables=FILES["variables.csv"].splitlines()[0] + "\n" + "\n".join(lines) + "\n",
        tables="dataset,table\n" + "".join(f"glaucoma,t{n}\n" for n in range(40)),
    )

    def seconds() -> tuple[float, Catalog]:
        start = time.process_time()
        catalog = load_catalog(path)
        return time.process_time() - start, catalog

    took, catalog = min((seconds() for _ in range(3)), key=lambda timed: timed[0])
    assert len(catalog.variables) == 20_000
    assert took < 1.0


def test_entries_are_readable_lines_in_each_language(build: Build) -> None:
    found = {(e.document, e.language): e for e in entries(build())}
    assert found["glaucoma/pressure.iop", "en"].text == (
        "Intraocular pressure (iop). Also: IOP, eye pressure. Unit: mm[Hg]."
        " Concept: Intraocular pressure, tension of the eye, 안내압."
        " Table: Pressure readings. Dataset: Glaucoma registry. Hospital: Lumen Eye Hospital."
    )
    assert found["glaucoma/pressure.iop", "ko"].text == (
        "안압 (iop). 다른 이름: IOP, eye pressure. 단위: mm[Hg]. 개념: 안압, tension of the eye, 안내압."
        " 테이블: 안압 측정. 데이터셋: 녹내장 레지스트리. 병원: 빛안과병원."
    )
    assert "Values: air puff, contact (a=b)." in found["glaucoma/pressure.device", "en"].text
    assert found["glaucoma", "en"].text == (
        "Glaucoma registry (glaucoma). Fields and pressures. Theme: registry."
        " Hospital: Lumen Eye Hospital. Period: 2015-03 – ongoing. Data model: registry."
    )
    assert found["glaucoma/patient", "ko"].text == (
        "환자 (patient). 단위 구간: per patient. 데이터셋: 녹내장 레지스트리. 병원: 빛안과병원."
    )
    assert {e.kind for e in found.values()} == {"dataset", "table", "variable"}


def test_an_entry_per_language_that_has_a_label(build: Build) -> None:
    found = entries(
        build(variables="dataset,table,name,label_ko\nglaucoma,patient,side,좌우\nglaucoma,patient,x9,\n")
    )
    languages = [(e.document, e.language) for e in found if e.kind == "variable"]
    assert languages == [("glaucoma/patient.side", "ko"), ("glaucoma/patient.x9", "en")]
    assert found[-1].title == "x9"
    assert len({(e.document, e.language) for e in found}) == len(found)


def test_info_counts(build: Build) -> None:
    found = info(build())
    assert found["datasets"] == [
        {
            "id": "glaucoma",
            "title_en": "Glaucoma registry",
            "title_ko": "녹내장 레지스트리",
            "hospital": "lumen",
            "variables": 3,
            "tables": 2,
            "counts": 6,
            "cohorts": 1,
        },
        {
            "id": "refraction",
            "title_en": "Refraction visits",
            "title_ko": "굴절 검사",
            "hospital": "iris",
            "variables": 2,
            "tables": 1,
            "counts": 1,
            "cohorts": 0,
        },
    ]
    assert {key: found[key] for key in found.keys() - {"datasets", "version"}} == {
        "as_of": "2031-09-30",
        "rule": "bins-10",
        "protection": {
            "threshold": 10,
            "base": 10,
            "rounding": "bins",
            "zeros": "hidden",
            "suppressed_below": 10,
        },
        "hospitals": 2,
        "tables": 3,
        "variables": 5,
        "concepts": 1,
        "cohorts": 1,
        "counts": 7,
        "linkage": 1,
        "teams": 1,
        "variable_names": 4,
    }
    assert found["version"].startswith("2031.10-")
