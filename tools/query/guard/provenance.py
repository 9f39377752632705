"""Rules on what an answer's columns say of themselves: real rows, no invented numbers."""

from __future__ import annotations

from sqlglot import exp

from tools.query.guard.blocks import Block, Pair, Relation, conjuncts, tables_of
from tools.query.guard.statement import Statement, refuse


def real_rows(statement: Statement) -> None:
    """The statement reads a real table, and no shown number is a constant."""
    root = statement.root
    assert root is not None
    for part in _sides(root):
        if part.scans == 0:
            hint = "Add FROM with a table of the catalog."
            refuse("no_table", "The statement reads no table", part.node, hint)
    if all(not fact.sources for fact in root.facts):
        refuse("constant", "The statement shows constants only", root.node, "Show columns of a table.")
    for name, fact in zip(root.outputs, root.facts, strict=True):
        if fact.constant == "number":
            refuse("constant", "A constant is shown as if it were a result", name, "Show columns of a table.")


def _sides(relation: Relation) -> list[Relation]:
    """The SELECTs that a statement's rows come from."""
    if isinstance(relation, Pair):
        return _sides(relation.left) + _sides(relation.right)
    return [relation]


def honest_names(statement: Statement) -> None:
    """The name of a protected column, or of its status, is given to that column only."""
    root = statement.root
    assert root is not None
    tables = statement.schema.tables.values()
    read = {table for relation in statement.relations for table in tables_of(relation)}
    columns = {name for table in read for name in statement.schema.tables[table].columns}
    protected = {name for table in tables for name, spec in table.columns.items() if spec.protected}
    labels = {f"{name}_status" for name in protected}
    for name, fact in zip(root.outputs, root.facts, strict=True):
        plain = name.lower()
        same = fact.protected is not None and fact.protected.column == plain
        if plain in protected and not same and fact.constant != "null":
            refuse(
                "name", "A value goes by the name of a protected count", name, "Choose another name with AS."
            )
        if fact.protected is not None and plain in columns and not same and not statement.compiled:
            refuse("name", "A count goes by the name of another column", name, "Choose another name with AS.")
        own = fact.origin is not None and fact.origin[1] == plain
        if plain in labels and not own and not statement.compiled:
            refuse("name", "A value goes by the name of a status", name, "Choose another name with AS.")
        if plain in columns and fact.constant == "text" and not _is_condition(root, name):
            refuse(
                "constant", "A constant goes by the name of a column", name, "Choose another name with AS."
            )


def _is_condition(root: Relation, name: str) -> bool:
    """True for ``'CT' AS modality`` beside ``WHERE modality = 'CT'``: what it says is so."""
    if not isinstance(root, Block):
        return False
    shown = root.projection(name)
    for condition in conjuncts(root.node.args.get("where")):
        sides = (condition.this, condition.expression) if isinstance(condition, exp.EQ) else ()
        if shown in sides and any(
            isinstance(side, exp.Column) and side.name == name.lower() for side in sides
        ):
            return True
    return False
