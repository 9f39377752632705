from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.catalog.columns import COLUMNS
from knowledge.catalog.folder import read_folder
from knowledge.catalog.rows import SHOWN_PER_FILE
from knowledge.catalog.stage import StagedCatalog
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.eye_clinic import FILES, next_row, with_rows, write_folder

Read = Callable[..., tuple[StagedCatalog, tuple[str, ...]]]


def rows(folder: StagedCatalog, table: str) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS[table], cells, strict=True)) for cells in folder.rows[table]]


def content(folder: StagedCatalog) -> dict[str, list[tuple[Any, ...]]]:
    return {table: found for table, found in folder.rows.items() if table != "sources"}


def test_a_sound_folder_has_no_problems(read: Read) -> None:
    folder, problems = read()
    assert problems == ()
    assert folder.counts == {
        "hospitals": 2,
        "datasets": 2,
        "tables": 3,
        "variables": 5,
        "variable_values": 4,
        "concepts": 1,
        "cohorts": 1,
        "counts": 7,
        "linkage": 1,
        "coverage": 0,
        "access_rules": 0,
        "teams": 1,
    }
    assert folder.declaration.version == "2031.10"


def test_periods_dates_and_numbers(read: Read) -> None:
    glaucoma, refraction = rows(read()[0], "datasets")
    assert (
        glaucoma["period_start"],
        glaucoma["start_year"],
        glaucoma["period_end"],
        glaucoma["end_year"],
    ) == (
        "2015-03",
        2015,
        None,
        None,
    )
    assert (refraction["period_end"], refraction["end_year"]) == ("2022-06-30", 2022)
    assert glaucoma["last_updated"] == date(2031, 8, 31)
    assert glaucoma["median_follow_up_months"] == 24.5
    assert rows(read()[0], "hospitals")[0]["beds"] == 1200


def test_variables(read: Read) -> None:
    iop, device, side, *_ = rows(read()[0], "variables")
    assert (iop["missing_pct"], iop["missing_text"], iop["missing_low"], iop["missing_high"]) == (
        12.5,
        "12.5",
        12.5,
        12.5,
    )
    assert (device["missing_pct"], device["missing_text"], device["missing_low"], device["missing_high"]) == (
        None,
        "<5",
        0,
        5,
    )
    assert side["missing_text"] is None and side["missing_high"] is None
    assert [v["granularity"] for v in (iop, device, side)] == ["per visit", "per device", "per patient"]
    assert {
        "dataset": "glaucoma", "table": "pressure", "name": "device", "code": "2", "label": "contact (a=b)",
        "source_file": "variables.csv", "source_row": 3,
    } in rows(read()[0], "variable_values")


def test_counts_get_their_hospital_their_ages_and_the_rule(read: Read) -> None:
    counts = rows(read()[0], "counts")
    assert [c["hospital"] for c in counts] == ["lumen"] * 5 + ["iris", "lumen"]
    assert {c["rule"] for c in counts} == {"bins-10"}
    assert [(c["age_band"], c["age_low"], c["age_high"]) for c in counts[3:5]] == [
        ("65-69", 65, 69),
        ("80+", 80, None),
    ]
    assert counts[0]["cohort"] is None and counts[0]["year"] is None


BAD_ROWS = [
    ("hospitals", "lumen,,,,,,,", "hospital 'lumen' stands twice"),
    ("hospitals", "cornea,,,,many,,,", "beds 'many' is not a number"),
    ("hospitals", ",No name,,,,,,", "hospital is empty"),
    (
        "datasets",
        "retina,luman,,,,,,,,,,,,,,,",
        "hospital 'luman' is not in hospitals.csv; did you mean 'lumen'?",
    ),
    (
        "datasets",
        "retina,lumen,,,,,,2020-05,2020-04,,,,,,,,",
        "period_end 2020-04 is before period_start 2020-05",
    ),
    ("datasets", "retina,lumen,,,,,,last spring,,,,,,,,,", "period_start 'last spring' is not a date"),
    ("datasets", "retina,lumen,,,,,,,,,2031-02-30,,,,,,", "last_updated '2031-02-30' is not a date"),
    ("datasets", "retina,lumen,,,,,,,,,,,,,70,60,", "age_max 60 is below age_min 70"),
    ("datasets", "retina,lumen,,,,,,,,,,,,-3,,,", "lead_time_days -3 is negative"),
    ("datasets", "glaucoma,lumen,,,,,,,,,,,,,,,", "dataset 'glaucoma' stands twice"),
    ("tables", "retinas,scan,,,", "dataset 'retinas' is not in datasets.csv"),
    ("tables", "glaucoma,patient,,,", "table of glaucoma 'patient' stands twice"),
    (
        "variables",
        "glaucom,patient,x,,,,,,,,,,",
        "dataset 'glaucom' is not in datasets.csv; did you mean 'glaucoma'?",
    ),
    ("variables", "glaucoma,patient,side,,,,,,,,,,", "variable of glaucoma/patient 'side' stands twice"),
    ("variables", "glaucoma,patient,x,,,,,,1=a|b,,,,", "values 'b' is not code=label"),
    ("variables", "glaucoma,patient,x,,,,,,1=a|1=b,,,,", "values code '1' stands twice"),
    ("variables", "glaucoma,patient,x,,,,,,,lots,,,", "missing_pct 'lots' is not a missing rate"),
    ("variables", "glaucoma,patient,x,,,a||b,,,,,,,", "aliases 'a||b' has an empty item"),
    ("variables", "glaucoma,patient,,label,,,,,,,,,", "name is empty"),
    ("concepts", "iop,,,,,,", "concept 'iop' stands twice"),
    ("concepts", "tear,,,,,,a|", "synonyms 'a|' has an empty item"),
    ("cohorts", "narrow,,,H40.2,", "codes 'H40.2' is not a code; write SYSTEM:CODE"),
    ("cohorts", "open_angle,,,,", "cohort 'open_angle' stands twice"),
    ("counts", "glaucom,,,,,100,,released", "dataset 'glaucom' is not in datasets.csv"),
    ("counts", "glaucoma,open_angel,,,,100,,released", "cohort 'open_angel' is not in cohorts.csv"),
    (
        "counts",
        "glaucoma,,2019,,,7,,released",
        "patients 7 is below the threshold 10 but marked released;"
        " mark it suppressed or protect the catalog first",
    ),
    (
        "counts",
        "glaucoma,,2019,,,0,,released",
        "patients 0 is marked released, but rule 'bins-10' hides zeros",
    ),
    ("counts", "glaucoma,,2019,,,1234,,released", "patients 1234 is not a multiple of the rounding base 10"),
    ("counts", "glaucoma,,2019,,,-10,,released", "patients -10 is negative"),
    ("counts", "glaucoma,,2019,,,10000000000000000,,released", "patients 10000000000000000 is too large"),
    ("datasets", "retina,lumen,,,,,,,,,,,,,,,-1", "median_follow_up_months -1 is negative"),
    ("counts", "glaucoma,,2019,,,12.5,,released", "patients 12.5 is not a whole number"),
    ("counts", "glaucoma,,2019,,,about 100,,released", "patients 'about 100' is not a number"),
    ("counts", "glaucoma,,2019,,,,,released", "patients is empty but marked released"),
    ("counts", "glaucoma,,2019,,,100,,public", "status 'public' is unknown"),
    ("counts", "glaucoma,,2019,,,100,,", "status is empty"),
    ("counts", "glaucoma,,2019,,,100,8,released", "records 8 is below the threshold 10 but marked released"),
    ("counts", "glaucoma,,19,,,100,,released", "year '19' is not a year"),
    ("counts", "glaucoma,,,,elderly,100,,released", "age_band 'elderly' is not an age band"),
    (
        "counts",
        "glaucoma,,,,,1300,,released",
        "this cell (dataset, cohort, year, sex, age band) stands twice",
    ),
    ("counts", "glaucoma,open_angle,2021,F,65 - 69,30,,released", "this cell (dataset, cohort,"),
    ("counts", "glaucoma,,2019,,,100,,bound", "patients is marked bound without both ends"),
    ("counts", "glaucoma,,2019,,,1,000,,released", "it has 9 cells where the header has 8"),
    ("counts", 'glaucoma,,2019,,,"1"00,,released', "the row is not CSV"),
    ("linkage", "refraction,glaucoma,,,", "linkage of 'glaucoma and refraction' stands twice"),
    ("linkage", "glaucoma,glaucoma,,,", "dataset 'glaucoma' is linked with itself"),
    ("linkage", "glaucoma,retina,,,", "dataset 'retina' is not in datasets.csv"),
    ("teams", "lens,,,luman,,,,", "hospital 'luman' is not in hospitals.csv"),
    ("teams", "lens,,,,,a||b,,", "interests_en 'a||b' has an empty item"),
]


@pytest.mark.parametrize(("table", "bad", "message"), BAD_ROWS)
def test_a_bad_row_is_left_out_and_named(read: Read, table: str, bad: str, message: str) -> None:
    sound, _ = read()
    folder, problems = read(**{table: with_rows(f"{table}.csv", bad)})
    assert len(problems) == 1
    assert problems[0].startswith(f"{table}.csv:{next_row(f'{table}.csv')}: {message}")
    assert content(folder) == content(sound)


def test_rows_after_a_bad_one_are_taken_in(read: Read) -> None:
    text = with_rows("counts.csv", "glaucoma,,2019,,,7,,released", "glaucoma,,2018,,,90,,released")
    folder, problems = read(counts=text)
    assert len(problems) == 1
    assert rows(folder, "counts")[-1]["patients"] == 90


def test_a_hopeless_file_is_not_listed_to_its_end(read: Read) -> None:
    bad = [f"glaucoma,,{n},,,7,,released" for n in range(SHOWN_PER_FILE + 5)]
    folder, problems = read(counts=with_rows("counts.csv", *bad))
    assert len(problems) == SHOWN_PER_FILE + 1
    assert problems[-1] == "counts.csv: 5 more rows have problems; correct the ones above first"
    assert len(folder.rows["counts"]) == 7


def test_a_variable_survives_its_concept(read: Read) -> None:
    folder, problems = read(variables=with_rows("variables.csv", "glaucoma,patient,axis,,,,,,,,,,iopp"))
    assert problems == (
        "variables.csv:7: the variable was kept without its concept:"
        " concept 'iopp' is not in concepts.csv; did you mean 'iop'?",
    )
    assert rows(folder, "variables")[-1]["name"] == "axis"
    assert rows(folder, "variables")[-1]["concept"] is None


def test_a_team_survives_an_unknown_dataset(read: Read) -> None:
    folder, problems = read(teams=with_rows("teams.csv", "lens,,,,,,,dry_eye|glaucoma"))
    assert problems == (
        "teams.csv:3: the team was kept without one dataset:"
        " dataset 'dry_eye' is not in datasets.csv; add it there or correct it",
    )
    assert rows(folder, "teams")[-1]["datasets"] == "glaucoma"


def test_what_hangs_on_a_left_out_row_is_one_problem_per_file(read: Read) -> None:
    text = FILES["datasets.csv"].replace("2018,2022-06-30", "2018,2017")
    folder, problems = read(datasets=text)
    assert [d["dataset"] for d in rows(folder, "datasets")] == ["glaucoma"]
    assert problems[0].startswith("datasets.csv:3: period_end 2017 is before period_start 2018")
    assert problems[1:] == (
        "tables.csv: 1 row was left out with dataset 'refraction', see datasets.csv:3; correct that row",
        "variables.csv: 2 rows were left out with dataset 'refraction', see datasets.csv:3; correct that row",
        "counts.csv: 1 row was left out with dataset 'refraction', see datasets.csv:3; correct that row",
        "linkage.csv: 1 row was left out with dataset 'refraction', see datasets.csv:3; correct that row",
        "teams.csv:2: the team was kept without one dataset:"
        " dataset 'refraction' was left out, see datasets.csv:3",
    )


def test_a_table_that_only_variables_name(read: Read) -> None:
    folder, problems = read(variables=with_rows("variables.csv", "glaucoma,scan,depth,,,,,,,,,,"))
    assert problems == (
        "tables.csv: table 'scan' of dataset 'glaucoma' has variables but no row;"
        " it was taken in without titles, add the row",
    )
    (scan,) = (table for table in rows(folder, "tables") if table["table"] == "scan")
    assert (scan["title_en"], scan["source_file"], scan["source_row"]) == (None, "variables.csv", 7)


def test_a_dictionary_without_counts_is_a_catalog(read: Read) -> None:
    folder, problems = read(
        without=tuple(
            name for name in FILES if name not in {"catalog.yaml", "datasets.csv", "variables.csv"}
        ),
        catalog="version: v1\nas_of: 2031-09\n",
        variables="dataset,name,concept,extra\nglaucoma,iop,LOINC:56844-4,x\nrefraction,sphere,,\n",
    )
    assert problems == ()
    assert folder.declaration.protection is None
    assert rows(folder, "hospitals")[0] == {
        "hospital": "lumen",
        "name_en": None,
        "name_ko": None,
        "type": None,
        "beds": None,
        "region_en": None,
        "region_ko": None,
        "contact": None,
        "source_file": "datasets.csv",
        "source_row": 2,
    }
    assert [(t["dataset"], t["table"]) for t in rows(folder, "tables")] == [
        ("glaucoma", "glaucoma"),
        ("refraction", "refraction"),
    ]
    assert folder.rows["concepts"] == [
        ("LOINC:56844-4", "LOINC", None, "56844-4", None, None, None, "variables.csv", 2)
    ]
    assert folder.rows["counts"] == []


def test_bom_crlf_quoted_newlines_and_decomposed_korean(read: Read) -> None:
    sound, _ = read()
    decomposed = unicodedata.normalize("NFD", FILES["datasets.csv"])
    assert decomposed != FILES["datasets.csv"]
    folder, problems = read(
        datasets="\ufeff" + decomposed.replace("\n", "\r\n"),
        counts="\ufeff" + FILES["counts.csv"].replace("\n", "\r\n") + "\r\n,,,,,,,\r\n",
        catalog="\ufeff" + FILES["catalog.yaml"].replace("\n", "\r\n"),
    )
    assert (problems, content(folder)) == ((), content(sound))
    noted = 'open_angle,"Open\r\nangle",,,"First, ""sure""\r\ndiagnosis"\r\nnarrow,,,H40,\r\n'
    folder, problems = read(cohorts="cohort,name_en,name_ko,codes,definition\r\n" + noted)
    (cohort,) = rows(folder, "cohorts")
    assert (cohort["name_en"], cohort["definition"]) == ("Open\nangle", 'First, "sure"\ndiagnosis')
    assert problems[0].startswith("cohorts.csv:3: codes 'H40'")  # the row that a spreadsheet shows


def test_an_unclosed_quotation_mark_is_named_where_it_opens(read: Read) -> None:
    folder, problems = read(teams=with_rows("teams.csv", 'lens,"Lens Group,,,,,,', "iris,,,,,,,"))
    assert problems == (
        "teams.csv:3: a quotation mark is opened here and never closed;"
        " nothing from here on was read; close it",
    )
    assert len(folder.rows["teams"]) == 1


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "folder")
    (folder / "hospitals.csv").write_bytes(FILES["hospitals.csv"].encode("cp949"))
    read, problems = read_folder(folder)
    assert problems == (
        "hospitals.csv:2: the file is not UTF-8; save it as CSV UTF-8; nothing of it was read",
    )
    assert [cells[0] for cells in read.rows["hospitals"]] == ["lumen", "iris"]  # known from the datasets


def test_a_renamed_column(read: Read) -> None:
    folder, problems = read(counts=FILES["counts.csv"].replace("status", "state"))
    assert problems == (
        "counts.csv:1: there is no column 'status'; add it to the header; nothing of it was read",
    )
    assert folder.rows["counts"] == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"without": ("catalog.yaml",)}, "has no catalog.yaml"),
        ({"catalog": "version: [1"}, "cannot be read"),
        ({"catalog": "- 1"}, "does not hold keys"),
        ({"catalog": "as_of: 2031-09-30"}, "version is missing"),
        ({"catalog": "version: 1"}, "as_of is missing"),
        ({"catalog": "version: 1\nas_of: soon"}, "as_of 'soon' is not a date"),
        ({"catalog": "version: 1\nas_of: 2031\nprotection: none"}, "protection is 'none'"),
        (
            {"catalog": FILES["catalog.yaml"].replace("threshold: 10", "threshold: ten")},
            "threshold 'ten' is not a",
        ),
        (
            {"catalog": FILES["catalog.yaml"].replace("threshold: 10", "threshold: 1")},
            "threshold 1 is below 2",
        ),
        ({"catalog": FILES["catalog.yaml"].replace("rounding: bins", "rounding: up")}, "rounding is 'up'"),
        ({"catalog": FILES["catalog.yaml"].replace("rounding: bins", "")}, "base is 10 without a rounding"),
        ({"catalog": FILES["catalog.yaml"].replace("hidden", "gone")}, "zeros is 'gone'"),
        ({"catalog": FILES["catalog.yaml"] + "  suppressed_below: 5\n"}, "suppressed_below 5 is below 10"),
        ({"catalog": FILES["catalog.yaml"].replace("id: bins-10", "")}, "protection.id is missing"),
        ({"catalog": "version: 1\nas_of: 2031"}, "declares no protection"),
        ({"without": ("datasets.csv",)}, "No dataset"),
        ({"datasets": "dataset,hospital\n"}, "No dataset"),
        ({"datasets": ""}, "there is no column 'dataset'"),
    ],
)
def test_what_makes_a_folder_useless(read: Read, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(CatalogInvalid, match=message.replace("[", r"\[")):
        read(**changes)


def test_a_path_that_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(CatalogInvalid, match="is no folder"):
        read_folder(tmp_path / "nowhere")
