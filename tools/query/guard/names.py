"""Names: every column is tied to one source, every source to a real table or a block.

sqlglot's own qualify takes an alias for a column of the same name in WHERE and GROUP BY, which no
engine does, and lets whole rows, schemas and files pass as names. Here a name is either of the
schema or made in the statement itself; anything else is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from tools.query.guard.blocks import QUERIES, Block, Pair, Relation, Source
from tools.query.guard.columns import Columns, Named
from tools.query.guard.identifiers import nearest, ordinal, rename
from tools.query.guard.statement import Statement, refuse


def resolved_names(statement: Statement) -> None:
    """Builds the blocks, inner ones first, and writes each name's owner into the tree."""
    statement.root = Binder(statement).query(statement.tree, {}, None, "root")


class Binder:
    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.any_case = statement.dialect != "postgres"
        self.tables = {self.key(name): name for name in statement.schema.tables}
        self.seen: set[str] = set()
        self.added = 0  # nodes put in for stars and aliases

    def key(self, name: str) -> str:
        return name.lower() if self.any_case else name

    def spelled(self, name: exp.Identifier) -> str:
        """The name as the engine keeps it: PostgreSQL lowers what is not quoted."""
        return name.name if self.any_case or name.quoted else name.name.lower()

    # blocks

    def query(self, node: exp.Expr, ctes: Mapping[str, Named], outer: Block | None, role: str) -> Relation:
        while isinstance(node, exp.Subquery):
            node = node.this
        if not isinstance(node, QUERIES):
            refuse(
                "table_source", "Only a SELECT can stand in these brackets", node, "Write SELECT ... FROM ..."
            )
        ctes = self.ctes(node, ctes, outer)
        if isinstance(node, exp.Select):
            return self.select(node, ctes, outer, role)
        return self.pair(node, ctes, outer, role)

    def ctes(self, node: exp.Expr, ctes: Mapping[str, Named], outer: Block | None) -> dict[str, Named]:
        known = dict(ctes)
        with_ = node.args.get("with_")
        for cte in with_.expressions if with_ else ():
            alias = cte.args["alias"]
            name = self.spelled(alias.this)
            key = self.key(name)
            if key.lower() in {table.lower() for table in self.tables}:
                refuse("cte_shadow", "A WITH name hides a table", alias.this, "Choose another name.")
            if key in self.seen:
                refuse("cte_shadow", "A WITH name is used twice", alias.this, "Choose another name.")
            self.seen.add(key)
            relation = self.query(cte.this, known, outer, "cte")
            known[key] = (relation, self.renamed(alias, relation))
        return known

    def renamed(self, alias: exp.TableAlias, relation: Relation) -> tuple[str, ...]:
        """The columns of a CTE or subquery as its alias names them, written into the tree."""
        name = self.spelled(alias.this)
        names = tuple(self.spelled(column) for column in alias.columns) or relation.outputs
        if len(names) != len(relation.outputs):
            says = f"{name} names {len(names)} columns but has {len(relation.outputs)}"
            refuse("columns", says, alias, "Name every column, or none.")
        self.distinct(names, alias)
        rename(alias.this, name)
        for column, spelling in zip(alias.columns, names, strict=False):
            rename(column, spelling)
        return names

    def pair(self, node: exp.Expr, ctes: Mapping[str, Named], outer: Block | None, role: str) -> Pair:
        if isinstance(node.this, exp.Select) and any(node.this.args.get(part) for part in ("order", "limit")):
            refuse(
                "syntax",
                "ORDER BY or LIMIT stands before UNION",
                node.this,
                "Put brackets round that SELECT.",
            )
        left = self.query(node.this, ctes, outer, role)
        right = self.query(node.expression, ctes, outer, role)
        if len(left.outputs) != len(right.outputs):
            refuse(
                "columns", "The two sides have different numbers of columns", node, "Show the same columns."
            )
        pair = Pair(node, role, left, right, left.outputs)  # type: ignore[arg-type]
        outputs = {self.key(name): name for name in pair.outputs}
        for ordered in node.args["order"].expressions if node.args.get("order") else ():
            column = ordered.this
            if isinstance(column, exp.Column) and not column.table and self.key(column.name) in outputs:
                rename(column.this, outputs[self.key(column.name)])
            elif not ordinal(column, len(outputs)):
                refuse(
                    "order",
                    "After UNION, rows are ordered by a column that is shown",
                    column,
                    "Name a shown column or its number.",
                )
        self.statement.relations.append(pair)
        return pair

    def select(self, node: exp.Select, ctes: Mapping[str, Named], outer: Block | None, role: str) -> Block:
        block = Block(node, role, outer)
        Columns(self, block, ctes).bind()
        if role in {"cte", "derived"}:
            self.distinct(block.outputs, node)
        self.statement.relations.append(block)
        return block

    def distinct(self, names: Iterable[str], node: exp.Expr) -> None:
        keys = [self.key(name) for name in names]
        for name in keys:
            if keys.count(name) > 1:
                refuse(
                    "ambiguous", f"Two columns of a subquery are called '{name}'", node, "Rename one with AS."
                )

    def source(self, item: exp.Expr, ctes: Mapping[str, Named], outer: Block | None) -> Source:
        alias = item.args.get("alias")
        if isinstance(item, exp.Subquery):
            if alias is None:
                name = f"subquery_{len(self.seen)}"
                item.set("alias", exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
                self.seen.add(name)
            else:
                name = self.spelled(alias.this)
            if self.key(name) in self.tables:
                refuse("cte_shadow", "A subquery's name hides a table", name, "Choose another name.")
            relation = self.query(item, ctes, outer, "derived")
            names = self.renamed(alias, relation) if alias else relation.outputs
            return Source(name, names, relation=relation)
        if type(item) is not exp.Table:
            refuse("table_source", "Only tables of the catalog can be read", item, "Name a table.")
        return self.named(item, alias, ctes)

    def named(self, item: exp.Table, alias: exp.TableAlias | None, ctes: Mapping[str, Named]) -> Source:
        written = self.spelled(item.this)
        name = self.spelled(alias.this) if alias else written
        if self.key(written) in ctes:
            relation, names = ctes[self.key(written)]
            source = Source(name, names, relation=relation)
        elif self.key(written) in self.tables:
            table = self.tables[self.key(written)]
            source = Source(name, tuple(self.statement.schema.tables[table].columns), table=table)
            name = written = table if alias is None else name
            source.name = name
            rename(item.this, table)
        else:
            refuse("unknown_table", "There is no table called", written, nearest(written, self.tables))
        if self.key(name) in self.tables and self.tables[self.key(name)] != source.table:
            refuse("cte_shadow", "An alias hides another table", name, "Choose another alias.")
        if not source.table:
            rename(item.this, written)
        if alias:
            rename(alias.this, name)
        return source
