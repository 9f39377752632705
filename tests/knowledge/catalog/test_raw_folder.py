"""Raw aggregates as files: what is written is read again, and every wrong row is named."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from knowledge.catalog import last_publication, raw_folder
from knowledge.catalog import read_raw as reading
from knowledge.catalog.aggregates import Cell, CohortGrid
from knowledge.catalog.declaration import UNPROTECTED, read_declaration
from knowledge.catalog.profile_site import profile_site
from knowledge.catalog.raw_folder import Raw, write_raw
from knowledge.catalog.read_raw import read_raw
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog import lung_clinic

COUNTS = """\
dataset,cohort,year,sex,age_band,patients,records
eyes,,,,,100,300
eyes,,2020,,,60,90
eyes,,2021,,,70,210
eyes,,,F,,55,150
eyes,,,M,,45,150
eyes,,,,60대,80,200
eyes,,,,70세 이상,20,100
eyes,glaucoma,,,,12,20
"""


@pytest.fixture(scope="module")
def profiled(tmp_path_factory: pytest.TempPathFactory) -> Raw:
    """The lung clinic's aggregates."""
    folder = tmp_path_factory.mktemp("clinic")
    lung_clinic.write_csv(folder / "files")
    return profile_site(lung_clinic.config(folder, "folder: files"), "2025-04-01").raw


@pytest.fixture
def raw_dir(profiled: Raw, tmp_path: Path) -> Path:
    """Their folder."""
    write_raw(profiled, tmp_path / "raw")
    return tmp_path / "raw"


def test_what_is_written_is_read_again(raw_dir: Path, tmp_path: Path) -> None:
    raw = read_raw(raw_dir)
    write_raw(raw, tmp_path / "again")
    assert read_raw(tmp_path / "again") == raw
    assert [path.name for path in sorted(raw_dir.iterdir())] == [
        path.name for path in sorted((tmp_path / "again").iterdir())
    ]
    assert all(
        path.read_bytes() == (tmp_path / "again" / path.name).read_bytes() for path in raw_dir.iterdir()
    )
    years, bands = (2020, 2021, 2022, 2023), ("40-59", "60+")
    assert raw.grids["lungs"].cohorts[2] == CohortGrid("obstructed", years, bands, ("",))


def test_only_its_owner_may_enter(raw_dir: Path) -> None:
    assert stat.S_IMODE(raw_dir.stat().st_mode) == 0o700


def test_it_is_never_a_catalog(raw_dir: Path) -> None:
    """Not even with a catalog.yaml put beside it."""
    assert {raw_folder.FILE, reading.COUNTS, last_publication.FILE} == set(UNPROTECTED)
    (raw_dir / "catalog.yaml").write_text("version: '1'\nas_of: 2025-01-01\n")
    with pytest.raises(CatalogInvalid) as caught:
        read_declaration(raw_dir)
    assert str(caught.value) == (
        "'raw' holds unprotected counts (raw.yaml) and cannot be imported."
        " Run giljabi catalog protect first, and import the folder that it writes."
    )


def test_a_folder_of_something_else_is_not_replaced(raw_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(CatalogInvalid, match="is there already and holds something else"):
        write_raw(read_raw(raw_dir), tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_counts_that_a_hospital_made_itself(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(COUNTS, encoding="utf-8")
    raw = read_raw(path, "2025-04-01")
    assert (raw.version, raw.as_of) == ("2025-04-01", "2025-04-01")
    assert raw.described["datasets"] == [{"dataset": "eyes"}]
    grid = raw.grids["eyes"]
    assert grid.sexes == ("F", "M")
    assert grid.cohorts == (
        CohortGrid("", (2020, 2021), ("60-69", "70+")), CohortGrid("glaucoma", (), ("60-69", "70+")),
    )
    assert Cell("", 2020, "F", "60-69") in set(grid.cells())  # spanned, though no row tells it
    assert raw.uncounted == frozenset()


def test_the_rows_of_datasets_may_stand_among_each_other(tmp_path: Path) -> None:
    """Sorted by year, say. Each dataset's counts come in the order of its rows, as often as asked for."""
    header, *eyes = COUNTS.splitlines()
    ears = [row.replace("eyes", "ears", 1) for row in eyes]
    mixed = [row for pair in zip(eyes, ears, strict=True) for row in pair]
    apart, among = tmp_path / "apart.csv", tmp_path / "among.csv"
    apart.write_text("\n".join((header, *eyes, *ears)), encoding="utf-8")
    among.write_text("\n".join((header, *mixed)), encoding="utf-8")
    read = read_raw(among, "2025-04-01")
    assert read == read_raw(apart, "2025-04-01") and list(read.counts) == ["eyes", "ears"]
    assert read.counts["ears"] == read.counts["ears"] and len(read.counts["ears"]) == 8
    assert {count.dataset for count in read.counts["ears"]} == {"ears"}


def test_counts_without_records(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text("dataset,patients\neyes,100\n")
    assert read_raw(path, "2025-04-01").uncounted == {"eyes"}


def test_a_dataset_may_be_described_without_counts(tmp_path: Path) -> None:
    (tmp_path / "raw_counts.csv").write_text("dataset,patients\neyes,100\n")
    (tmp_path / "datasets.csv").write_text("dataset\neyes\nears\n")
    raw = read_raw(tmp_path, "2025-04-01")
    assert list(raw.grids) == list(raw.counts) == ["eyes"]
    assert [row["dataset"] for row in raw.described["datasets"]] == ["eyes", "ears"]


def problems(folder: Path, rows: str, **others: str) -> str:
    """What is said of COUNTS with more rows, beside other files."""
    folder.mkdir(exist_ok=True)
    (folder / "raw_counts.csv").write_text(COUNTS + rows, encoding="utf-8")
    for name, content in others.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    with pytest.raises(CatalogInvalid) as caught:
        read_raw(folder, "2025-04-01")
    return "\n".join(caught.value.problems)


@pytest.mark.parametrize(("rows", "said"), [
    ("eyes,,2022,,,-5,5\n", "raw_counts.csv:10: patients -5 is negative"),
    ("eyes,,2022,,,5.5,9\n", "raw_counts.csv:10: patients 5.5 is not a whole number"),
    ("eyes,,2022,,,many,9\n", "raw_counts.csv:10: patients 'many' is not a number"),
    ("eyes,,2022,,,,9\n", "raw_counts.csv:10: patients is empty"),
    ("eyes,,20,,,5,9\n", "raw_counts.csv:10: year 20 is below 1000"),
    ("eyes,,2022,,,9,5\n", "raw_counts.csv:10: 9 patients have 5 records"),
    ("eyes,,2022,,,101,300\n",
     "10: everyone / 2022 / all / all ages has 101 patients, more than the 100 of everyone"),
    ("eyes,,2022,F,,5,9\n",
     "10: everyone / 2022 / F / all ages has no denominator: there is no row for everyone / 2022"),
    ("eyes,dry_eye,2020,,,5,9\n",
     "10: dry_eye / 2020 / all / all ages has no denominator: there is no row for dry_eye"),
    ("eyes,dry_eye,,,,5,9\neyes,dry_eye,2022,,,5,9\n",
     "11: dry_eye / 2022 / all / all ages has no denominator: there is no row for everyone / 2022"),
    ("eyes,dry_eye,,,,101,900\n",
     "10: dry_eye / all years / all / all ages has 101 patients, more than the 100"),
    ("eyes,,,,65-74,5,9\n", "raw_counts.csv:7: Age bands '60-69' and '65-74' overlap"),
    ("eyes,,,,85세 이상,5,9\n", "Age band '85+' tells ages of 80 and over apart"),
    ("eyes,,,,teens,5,9\n", "raw_counts.csv:10: age_band 'teens' is not an age band"),
    ("eyes,,,X,,5,9\n",
     "raw_counts.csv:2: everyone / all years / all / all ages has 100 patients, but its sexes add up to 105"),
    ("eyes,,2020,,,60,90\n", "raw_counts.csv:10: this cell stands in row 3 already"),
    ("eyess,,,,,5,9\n", "raw_counts.csv:10: dataset 'eyess' is not in datasets.csv; did you mean 'eyes'?"),
])
def test_wrong_counts(tmp_path: Path, rows: str, said: str) -> None:
    assert said in problems(tmp_path / "raw", rows, datasets="dataset\neyes\n")


def test_wrong_rows_of_the_other_files(tmp_path: Path) -> None:
    said = problems(
        tmp_path / "raw", "",
        grid="dataset,cohort,years,sexes,age_bands\neyes,,2020|2021,F|M,60-69\n",
        raw_missing="dataset,table,variable,rows,rows_missing,patients,patients_missing,patients_present\n"
                    "eyes,visit,iop,10,-1,10,1,1\n",
        raw_overlaps="dataset_a,dataset_b,patients_a,patients_b,both\neyes,,1,1,1\n",
        raw_medians="dataset,patients,value\neyes,30,x\n",
    )
    assert "raw_counts.csv:8: everyone / all years / all / 70+ is outside the cells of grid.csv" in said
    assert "raw_missing.csv:2: rows_missing -1 is negative" in said
    assert "raw_overlaps.csv:2: dataset_b is empty" in said
    assert "raw_medians.csv:2: value 'x' is not a number" in said


@pytest.mark.parametrize(("content", "said"), [
    ("protection: {base: 5}", "below the least allowed 10"),
    ("protection: {bass: 10}", "protection.bass is unknown"),
    ("protection: {base: ten}", "protection.base 'ten' is not a number"),
    ("protection: 10", "protection is '10'"),
    ("as_of: soon", "as_of 'soon' is not a date"),
    ("[", "raw.yaml cannot be read"),
])
def test_wrong_declarations(raw_dir: Path, content: str, said: str) -> None:
    (raw_dir / "raw.yaml").write_text(content)
    with pytest.raises(CatalogInvalid, match=said):
        read_raw(raw_dir)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(CatalogInvalid, match="There is no"):
        read_raw(tmp_path / "nothing")
    with pytest.raises(CatalogInvalid, match=r"raw_counts.csv: it is not in the folder"):
        read_raw(tmp_path)
