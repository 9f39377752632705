"""Rules on what an answer's columns say of themselves: real rows, no invented numbers."""

from __future__ import annotations

from tools.query.guard.statement import Statement, refuse


def real_rows(statement: Statement) -> None:
    """The statement reads a real table, and no shown number is a constant."""
    root = statement.root
    assert root is not None
    if root.scans == 0:
        refuse("no_table", "The statement reads no table", root.node, "Add FROM with a table of the catalog.")
    if all(not fact.sources for fact in root.facts):
        refuse("constant", "The statement shows constants only", root.node, "Show columns of a table.")
    for name, fact in zip(root.outputs, root.facts, strict=True):
        if fact.constant == "number":
            refuse("constant", "A constant is shown as if it were a result", name, "Show columns of a table.")


def honest_names(statement: Statement) -> None:
    """A name of a protected column, or of its status, is given to that column only."""
    root = statement.root
    assert root is not None
    protected = {
        name: spec for table in statement.schema.tables.values() for name, spec in table.columns.items()
        if spec.protected
    }
    labels = {f"{name}_status" for name in protected}
    for name, fact in zip(root.outputs, root.facts, strict=True):
        if name.lower() in protected and fact.protected is None and fact.constant != "null":
            refuse("name", "A value goes by the name of a protected count", name, "Choose another name with AS.")
        if name.lower() in labels and not statement.compiled and (
            fact.origin is None or fact.origin[1] != name.lower()
        ):
            refuse("name", "A value goes by the name of a status", name, "Choose another name with AS.")
