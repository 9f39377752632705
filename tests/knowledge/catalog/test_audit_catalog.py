"""The audit of a whole catalog: planted leaks are found by name, and a clean one passes."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from knowledge.catalog.aggregates import RawCount, RawMissing, RawOverlap
from knowledge.catalog.audit import catalog as audits
from knowledge.catalog.audit.audit_log import AuditLog
from knowledge.catalog.audit.catalog import Published, audit_catalog
from knowledge.catalog.audit.files import file_findings, problem_findings
from knowledge.catalog.audit.findings import KINDS, AuditReport
from knowledge.catalog.audit.report import html, markdown, picture
from knowledge.catalog.folder import read_folder
from knowledge.catalog.protect import ProtectedCount
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.raw_folder import Raw
from knowledge.catalog.repair import protect_and_repair
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.small_hospitals import grow, make_hospital

Row = Mapping[str, object]
HOSPITAL = make_hospital(11)
COUNTS = protect_and_repair(HOSPITAL.raw, HOSPITAL.grid, Rule()).counts
YAML = """version: "1"
as_of: 2026-01-31
protection:
  {id: aligned-bins-10, threshold: 10, base: 10, rounding: bins, zeros: hidden, suppressed_below: 30}
"""
OTHER: Row = {"dataset": "lab", "period_start": 2020, "period_end": 2023}
DATASET: Row = {**OTHER, "dataset": "registry", "median_follow_up_months": 24}
VARIABLE: Row = {"dataset": "registry", "table": "visit", "name": "fev1", "missing_pct": "15"}
LINK: Row = {
    "dataset_a": "registry", "dataset_b": "lab",
    "overlap_patients": 300, "overlap_patients_status": "released",
}


def rows_of(counts: Sequence[ProtectedCount]) -> list[Row]:
    return [
        {"dataset": count.dataset, **count.cell._asdict(),
         "patients": count.patients, "records": count.records, "status": count.status,
         "patients_low": count.patients_low, "patients_high": count.patients_high,
         "records_low": count.records_low, "records_high": count.records_high}
        for count in counts
    ]


def write(folder: Path, name: str, rows: Sequence[Row]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        columns = list(dict.fromkeys(column for row in rows for column in row))
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def folder(path: Path, **files: Sequence[Row]) -> Path:
    """A clean catalog, with some files in the place of its own."""
    path.mkdir()
    (path / "catalog.yaml").write_text(YAML, encoding="utf-8")
    lab = [{"dataset": "lab", "patients": 2000, "status": "released"}]
    counts = [*rows_of(COUNTS), *lab]
    own = {"datasets": [DATASET, OTHER], "variables": [VARIABLE], "linkage": [LINK], "counts": counts}
    for name, rows in {**own, **files}.items():
        write(path, name, rows)
    return path


def audit(path: Path, **options: object) -> AuditReport:
    staged, problems = read_folder(path)
    with staged:
        return audit_catalog(
            Published(staged.path, staged.fingerprint.datasets), certificate=False,
            extra=[*problem_findings(problems), *file_findings(path)], **options,  # type: ignore[arg-type]
        )


def kinds(report: AuditReport) -> set[str]:
    return {finding.kind for finding in report.findings}


def test_a_protected_catalog_passes_with_the_truth(tmp_path: Path) -> None:
    raw = Raw("1", "2026-01-31", Rule(), {"registry": HOSPITAL.grid}, {"registry": HOSPITAL.raw})
    report = audit(folder(tmp_path / "clean"), raw=raw)
    assert report.passed, report.failures
    assert [one.dataset for one in report.figures] == ["lab", "registry"]
    assert report.figures[1].cells == len(COUNTS) and report.figures[1].watched


def test_the_truth_tells_what_is_not_true(tmp_path: Path) -> None:
    counts = [
        RawCount(c.dataset, c.cell, c.patients + 10, c.records + 10) if c.cell == COUNTS[0].cell else c
        for c in HOSPITAL.raw
    ]
    raw = Raw("1", "2026-01-31", Rule(), {"registry": HOSPITAL.grid}, {"registry": counts})
    assert "differs_from_truth" in kinds(audit(folder(tmp_path / "off"), raw=raw))


@pytest.mark.parametrize(("leak", "kind", "where"), [
    ({"variables": [{**VARIABLE, "missing_pct": "12.5"}]}, "unrounded_percentage", "visit.fev1"),
    ({"variables": [{**VARIABLE, "missing_pct": "2"}]}, "unrounded_percentage", "visit.fev1"),
    ({"variables": [{**VARIABLE, "missing_pct": "100"}]}, "unrounded_percentage", "visit.fev1"),
    ({"variables": [{**VARIABLE, "values": "min=0.4|max=7.9"}]}, "minimum_or_maximum", "visit.fev1"),
    ({"variables": [{**VARIABLE, "max_value": "7.9"}]}, "minimum_or_maximum", "variables.csv:2"),
    ({"variables": [{**VARIABLE, "first_recorded": "2020-02-17"}]}, "day_precise_date", "variables.csv:2"),
    ({"datasets": [{**DATASET, "period_start": "2020-02-17"}, OTHER]}, "day_precise_date", "dataset"),
    ({"datasets": [{**DATASET, "period_start": "2020-02"}, OTHER]}, "day_precise_date", "dataset"),
    ({"datasets": [{**DATASET, "age_max": 97}, OTHER]}, "age_not_top_coded", "age_max"),
    ({"datasets": [{**DATASET, "median_follow_up_months": 23}]}, "fine_median", "median_follow_up_months"),
    ({"linkage": [{**LINK, "overlap_patients": 600}]}, "overlap_leaves_few", "registry and lab"),
    ({"linkage": [{**LINK, "overlap_patients": 1300}]}, "overlap_impossible", "registry and lab"),
])
def test_a_planted_leak_is_found(leak: dict[str, list[Row]], kind: str, where: str, tmp_path: Path) -> None:
    report = audit(folder(tmp_path / "leak", **leak))
    found = [finding for finding in report.failures if finding.kind == kind]
    assert where in {finding.where for finding in found}, report.findings
    assert kind in KINDS


def test_a_total_from_raw_counts_is_found(tmp_path: Path) -> None:
    """An exact total is refused by the import, and the audit says so with its file and row."""
    exact = [{**row, "patients": 597} if n == 0 else row for n, row in enumerate(rows_of(COUNTS))]
    report = audit(folder(tmp_path / "exact", counts=exact))
    found = next(one for one in report.failures if one.kind == "rule_broken")
    assert found.where == "counts.csv:2" and "597 is not a multiple of the rounding base 10" in found.what


def test_a_small_dataset_has_no_rates_and_no_median(tmp_path: Path) -> None:
    counts = [{"dataset": "registry", "patients": 20, "records": 500, "status": "released"}]
    report = audit(folder(tmp_path / "few", counts=counts, linkage=[]))
    assert {"small_denominator", "median_of_few"} <= kinds(report)


def test_rates_and_overlaps_are_checked_against_the_truth(tmp_path: Path) -> None:
    raw = Raw(
        "1", "2026-01-31", Rule(), {"registry": HOSPITAL.grid}, {"registry": HOSPITAL.raw},
        missing=[RawMissing("registry", "visit", "fev1", 600, 595, 600, 595, 5)],
        overlaps=[RawOverlap("registry", "lab", 600, 307, 304)],
    )
    report = audit(folder(tmp_path / "true"), raw=raw)
    told = {finding.kind: finding for finding in report.failures}
    assert told["rate_differs"].what == "missing_pct is 15, the rule makes it >95"
    assert told["overlap_leaves_few"].dataset == "lab"


def test_rows_that_are_missing_are_noted_and_do_not_fail(tmp_path: Path) -> None:
    fewer = [row for row in rows_of(COUNTS) if not (row["sex"] == "M" and row["status"] == "suppressed")]
    report = audit(folder(tmp_path / "fewer", counts=fewer))
    assert "absent_cells" in kinds(report)
    assert not [finding for finding in report.failures if finding.kind == "absent_cells"]


def test_a_catalog_without_a_rule_cannot_be_audited(tmp_path: Path) -> None:
    path = folder(tmp_path / "bare", counts=[], linkage=[])
    (path / "catalog.yaml").write_text('version: "1"\nas_of: 2026-01-31\n', encoding="utf-8")
    with pytest.raises(CatalogInvalid, match="declares no protection"):
        audit(path)


def test_two_folders_are_audited_together(tmp_path: Path) -> None:
    """The second folder, published plainly with few new people, is not to be given away."""
    one = [{"dataset": "registry", "sex": sex, "patients": n, "status": "released" if n else "suppressed"}
           for sex, n in (("", 490), ("F", 480), ("M", 10))]
    two = [*one[:2], {**one[2], "patients": "", "status": "suppressed"}]
    before, _ = read_folder(folder(tmp_path / "before", counts=one, linkage=[]))
    with before:
        previous = Published(before.path, before.fingerprint.datasets)
        report = audit(folder(tmp_path / "after", counts=two, linkage=[]), previous=previous)
    assert report.versions == 2 and {"republished_too_soon", "crossed_alone"} <= kinds(report)


def test_a_second_version_by_itself_says_how_far_hidden_numbers_may_have_moved(tmp_path: Path) -> None:
    first = make_hospital(1)
    published = protect_and_repair(first.raw, first.grid, Rule(), certificate=False).published
    later = grow(first, 1, new=61)
    second = protect_and_repair(later.raw, later.grid, Rule(), previous=published, certificate=False)
    hidden = [count for count in second.counts if count.status == "suppressed"]
    assert 18 in {count.patients_high for count in hidden}
    report = audit(folder(tmp_path / "second", counts=rows_of(second.counts), linkage=[]))
    assert report.passed and report.figures[0].watched


def test_only_what_changed_is_attacked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attacked: list[list[str]] = []
    real = audits.audit_subjects

    def counting(subjects, *args, **options):  # type: ignore[no-untyped-def]
        attacked.append([subject.dataset for subject in subjects])
        return real(subjects, *args, **options)

    monkeypatch.setattr(audits, "audit_subjects", counting)
    log = tmp_path / "audits.json"
    first = audit(folder(tmp_path / "one"), log=AuditLog(log))
    again = audit(tmp_path / "one", log=AuditLog(log))
    assert (again.figures, again.findings) == (first.figures, first.findings)
    assert again.unchanged == ("lab", "registry")
    changed = [*rows_of(COUNTS), {"dataset": "lab", "patients": 2010, "status": "released"}]
    audit(folder(tmp_path / "two", counts=changed), log=AuditLog(log))
    assert attacked == [["lab", "registry"], ["lab"]]
    log.write_text("{", encoding="utf-8")
    assert audit(tmp_path / "one", log=AuditLog(log)).unchanged == ()


def test_the_report_has_a_table_and_a_picture(tmp_path: Path) -> None:
    name = "a|<b>"
    counts = [{"dataset": name, "patients": 50, "status": "released"}]
    datasets = [{"dataset": name, "age_max": 97}]
    report = audit(folder(tmp_path / "odd", datasets=datasets, counts=counts, variables=[], linkage=[]))
    assert "| a\\|<b> | 1 | 1 | 0 | 0 | 0 | 0 | intervals only |" in markdown(report)
    assert "<td>a|&lt;b&gt;</td>" in html(report) and "<b>" not in html(report)
    drawn = picture(report)
    assert drawn.startswith("<svg") and drawn.count("<rect") == 6 and "0 safe" in drawn
    assert report.document()["kinds"] == {"age_not_top_coded": 1} and not report.passed
