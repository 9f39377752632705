"""What rows imply but no file of a catalog says: values, tables, hospitals, concepts, cohorts."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.catalog.cells import parse_values
from knowledge.catalog.dictionary import implied_concept, implied_table
from knowledge.catalog.references import References
from knowledge.catalog.rows import Problems, Row
from knowledge.catalog.stage import Stage

_REPEATED = """
SELECT rid, dataset, "table", name, source_file, source_row FROM (
    SELECT rowid AS rid, dataset, "table", name, source_file, source_row,
           row_number() OVER (PARTITION BY dataset, "table", name ORDER BY rowid) AS nth
    FROM variables WHERE hash(dataset, "table", name) IN (
        SELECT hash(dataset, "table", name) FROM variables GROUP BY ALL HAVING count(*) > 1
    )
) WHERE nth > 1 ORDER BY rid
"""
_WITHOUT_TABLE = """
SELECT v.dataset, v."table", min_by(v.source_file, v.rowid), min_by(v.source_row, v.rowid)
FROM variables v ANTI JOIN tables t ON v.dataset = t.dataset AND v."table" = t."table"
GROUP BY ALL ORDER BY min(v.rowid)
"""
_VALUES = """
SELECT dataset, "table", name, "values", source_file, source_row FROM variables
WHERE "values" IS NOT NULL AND ($1::VARCHAR[] IS NULL OR dataset IN (SELECT unnest($1::VARCHAR[])))
ORDER BY rowid
"""


def remove_repeated_variables(stage: Stage, problems: Problems) -> None:
    """Keep the first of the variables that stand twice in one table, and note the others."""
    repeated = stage.query(_REPEATED)
    for _, dataset, table, name, file, row in repeated:
        problems.add(
            file, row, f"variable of {dataset}/{table} {name!r} stands twice; the first one was kept,"
            " remove the other",
        )
    if repeated:
        rids = [rid for rid, *_ in repeated]
        stage.query("DELETE FROM variables WHERE rowid IN (SELECT unnest($1::BIGINT[]))", [rids])


def complete(
    stage: Stage, references: References, problems: Problems, *, tables_told: bool,
    datasets: Sequence[str] | None = None,
) -> None:
    """Add the rows that others imply. ``tables_told``: tables were listed, one that is not is a problem.
    ``datasets``: those whose variables have no values yet, where not all are."""
    for dataset, table, name, values, file, row in stage.each(_VALUES, [datasets]):
        for code, label in parse_values(values):
            stage.add("variable_values", (dataset, table, name, code, label, file, row))
    for dataset, table, file, number in stage.query(_WITHOUT_TABLE):
        stage.add("tables", implied_table(dataset, table, Row(file, number, {})))
        if tables_told:
            problems.add_file(
                f"tables.csv: table {table!r} of dataset {dataset!r} has variables but no row;"
                " it was taken in without titles, add the row"
            )
    for name, row in references.implied("hospital").items():
        stage.add("hospitals", Row(row.file, row.number, {"hospital": name}).stored("hospitals"))
    for name, row in references.implied("concept").items():
        stage.add("concepts", implied_concept(name, row))
    for name, row in references.implied("cohort").items():
        stage.add("cohorts", Row(row.file, row.number, {"cohort": name}).stored("cohorts"))
