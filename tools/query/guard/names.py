"""Names: every column is tied to one source, every source to a real table or a block.

sqlglot's own qualify takes an alias for a column of the same name in WHERE and GROUP BY, which no
engine does, and lets whole rows, schemas and files pass as names. Here a name is either of the
schema or made in the statement itself; anything else is refused.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from sqlglot import exp

from tools.query.guard.blocks import QUERIES, Block, Pair, Relation, Source, own_nodes
from tools.query.guard.statement import Statement, refuse

MAX_ADDED = 2000
Named = tuple[Relation, tuple[str, ...]]  # a CTE: the block, and its columns' names


def resolved_names(statement: Statement) -> None:
    """Builds the blocks, inner ones first, and writes each name's owner into the tree."""
    statement.root = _Binder(statement).query(statement.tree, {}, None, "root")


class _Binder:
    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.any_case = statement.dialect != "postgres"
        self.tables = {self.key(name): name for name in statement.schema.tables}
        self.seen: set[str] = set()
        self.added = 0  # nodes put in for aliases

    def key(self, name: str) -> str:
        return name.lower() if self.any_case else name

    def spelled(self, name: exp.Identifier) -> str:
        """The name as the engine keeps it: PostgreSQL lowers what is not quoted."""
        return name.name if self.any_case or name.quoted else name.name.lower()

    # blocks

    def query(
        self, node: exp.Expression, ctes: Mapping[str, Named], outer: Block | None, role: str
    ) -> Relation:
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

    def ctes(self, node: exp.Expression, ctes: Mapping[str, Named], outer: Block | None) -> dict[str, Named]:
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
            names = tuple(self.spelled(column) for column in alias.columns) or relation.outputs
            if len(names) != len(relation.outputs):
                refuse("columns", f"{name} names {len(names)} columns but has {len(relation.outputs)}", alias)
            self.distinct(names, alias)
            _rename(alias.this, name)
            for column, spelling in zip(alias.columns, names, strict=False):
                _rename(column, spelling)
            known[key] = (relation, names)
        return known

    def pair(self, node: exp.Expression, ctes: Mapping[str, Named], outer: Block | None, role: str) -> Pair:
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
                _rename(column.this, outputs[self.key(column.name)])
            elif not _ordinal(column, len(outputs)):
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
        _Columns(self, block, ctes).bind()
        if role in {"cte", "derived"}:
            self.distinct(block.outputs, node)
        self.statement.relations.append(block)
        return block

    def distinct(self, names: Iterable[str], node: exp.Expression) -> None:
        keys = [self.key(name) for name in names]
        for name in keys:
            if keys.count(name) > 1:
                refuse(
                    "ambiguous", f"Two columns of a subquery are called '{name}'", node, "Rename one with AS."
                )

    def source(self, item: exp.Expression, ctes: Mapping[str, Named], outer: Block | None) -> Source:
        alias = item.args.get("alias")
        if isinstance(item, exp.Subquery):
            if alias is None:
                name = f"subquery_{len(self.seen)}"
                item.set("alias", exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
                self.seen.add(name)
            else:
                name = self.spelled(alias.this)
                _rename(alias.this, name)
            if self.key(name) in self.tables:
                refuse("cte_shadow", "A subquery's name hides a table", name, "Choose another name.")
            relation = self.query(item, ctes, outer, "derived")
            return Source(name, relation.outputs, relation=relation)
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
            _rename(item.this, table)
        else:
            refuse("unknown_table", "There is no table called", written, _nearest(written, self.tables))
        if self.key(name) in self.tables and self.tables[self.key(name)] != source.table:
            refuse("cte_shadow", "An alias hides another table", name, "Choose another alias.")
        if not source.table:
            _rename(item.this, written)
        if alias:
            _rename(alias.this, name)
        return source


class _Columns:
    """Ties the columns of one SELECT to its sources."""

    def __init__(self, binder: _Binder, block: Block, ctes: Mapping[str, Named]) -> None:
        self.binder, self.block, self.ctes = binder, block, ctes
        self.key = binder.key
        self.merged: dict[str, str | None] = {}  # a USING column: the source that it is read from

    def bind(self) -> None:
        select = self.block.node
        self.from_items()
        self.stars()
        self.outputs()
        for join in select.args.get("joins") or ():
            if join.args.get("on"):
                self.expression(join.args["on"])
        for window in select.args.get("windows") or ():
            self.window_name(window.this)
            self.expression(window)
        self.groups(select.args.get("group"))
        for clause in ("where", "having", "qualify", "distinct"):
            if select.args.get(clause):
                self.expression(select.args[clause])
        self.orders(select.args.get("order"))

    def from_items(self) -> None:
        select, block = self.block.node, self.block
        from_ = select.args.get("from_")
        if from_ is None:
            return
        for item, join in [(from_.this, None), *((j.this, j) for j in select.args.get("joins") or ())]:
            source = self.binder.source(item, self.ctes, block.outer)
            source.join = join
            if any(self.key(source.name) == self.key(name) for name in block.sources):
                refuse("ambiguous", "Two tables go by the same name", source.name, "Give each its own alias.")
            for column in join.args.get("using") or () if join is not None else ():
                self.using(column, source)
            block.sources[source.name] = source

    def using(self, column: exp.Identifier, source: Source) -> None:
        key = self.key(self.binder.spelled(column))
        left = [s for s in self.block.sources.values() if self.column(s, key)]
        if not self.column(source, key) or not left:
            refuse("unknown_column", "USING needs a column of both tables", column, "Write ON a.x = b.x.")
        if len(left) > 1 and key not in self.merged:
            refuse(
                "ambiguous", "More than one table before has the USING column", column, "Write ON a.x = b.x."
            )
        _rename(column, self.column(source, key) or "")
        side = source.join.side.upper() if source.join is not None else ""
        self.merged[key] = {"RIGHT": source.name, "FULL": None}.get(
            side, self.merged.get(key) or left[0].name
        )

    def column(self, source: Source, key: str) -> str | None:
        return next((name for name in source.names if self.key(name) == key), None)

    def stars(self) -> None:
        """A star over blocks is written out; over a real table it is refused; in EXISTS it is 1."""
        select, shown = self.block.node, []
        for projection in select.expressions:
            star = projection.this if isinstance(projection, exp.Column) else projection
            if not isinstance(star, exp.Star):
                shown.append(projection)
            elif self.block.role == "exists":
                shown.append(exp.Literal.number(1))
            else:
                shown += self.expanded(projection)
        select.set("expressions", shown)

    def expanded(self, star: exp.Expression) -> list[exp.Expression]:
        wanted = self.key(star.table) if isinstance(star, exp.Column) else None
        sources = [s for s in self.block.sources.values() if wanted is None or self.key(s.name) == wanted]
        if not sources or any(source.table for source in sources) or self.merged:
            refuse("star", "SELECT * is not allowed", star, "Name the columns.")
        return [exp.column(name, table=s.name, quoted=True) for s in sources for name in s.names]

    def outputs(self) -> None:
        """Every output has a name: its alias, its column, or its number."""
        select = self.block.node
        for number in range(len(select.expressions)):
            self.expression(select.expressions[number])
            projection = select.expressions[number]  # an alias of an earlier output may have been replaced
            if isinstance(projection, exp.Alias):
                name = self.binder.spelled(projection.args["alias"])
                _rename(projection.args["alias"], name)
            elif isinstance(projection, exp.Column):
                name = projection.name
            else:
                name = f"column_{number + 1}"
                named = exp.alias_(projection, name, quoted=True, copy=False)
                select.set("expressions", named, index=number)
            self.block.outputs = (*self.block.outputs, name)

    def groups(self, group: exp.Group | None) -> None:
        if group is not None and group.args.get("all"):
            # DuckDB's GROUP BY ALL, written out: every output that is not itself a group's value.
            numbers = [
                exp.Literal.number(number)
                for number, shown in enumerate(self.block.node.expressions, 1)
                if not any(isinstance(node, exp.AggFunc) for node in own_nodes(shown))
            ]
            self.block.node.set("group", exp.Group(expressions=numbers) if numbers else None)
        elif group is not None:
            for item in list(group.iter_expressions()):
                self.expression(item)

    def orders(self, order: exp.Order | None) -> None:
        items = order.expressions if order is not None else []
        if len(items) == 1 and isinstance(items[0].this, exp.Var) and items[0].name.upper() == "ALL":
            every = range(1, len(self.block.outputs) + 1)
            items[0].parent.set(
                "expressions",
                [  # type: ignore[union-attr]
                    exp.Ordered(this=exp.Literal.number(n), desc=items[0].args.get("desc"), nulls_first=False)
                    for n in every
                ],
            )
            return
        for ordered in list(items):
            self.order(ordered)

    def order(self, ordered: exp.Expression) -> None:
        """A bare name in ORDER BY is an output first; every other name is a column first."""
        column = ordered.this
        if isinstance(column, exp.Column) and not column.table:
            named = [name for name in self.block.outputs if self.key(name) == self.key(self.spelled(column))]
            if named:
                _rename(column.this, named[0])
                return
        if isinstance(column, exp.Literal) and not _ordinal(column, len(self.block.outputs)):
            refuse("order", "Rows are ordered by a column, not a constant", column, "Name a column.")
        self.expression(ordered)

    def window_name(self, name: exp.Expression) -> None:
        if isinstance(name, exp.Identifier):
            _rename(name, self.binder.spelled(name))

    def spelled(self, column: exp.Column) -> str:
        return self.binder.spelled(column.this)

    def expression(self, root: exp.Expression) -> None:
        for node in list(own_nodes(root)):
            if isinstance(node, QUERIES):
                self.block.inner[id(node)] = self.binder.query(node, self.ctes, self.block, _role(node))
            elif isinstance(node, exp.Column):
                self.resolve(node)
            elif isinstance(node, exp.Window) and node.args.get("alias"):
                self.window_name(node.args["alias"])

    def resolve(self, column: exp.Column) -> None:
        if not isinstance(column.this, exp.Identifier):
            refuse("star", "A star stands in COUNT(*) only", column, "Name the columns.")
        key = self.key(self.spelled(column))
        if column.args.get("table"):
            self.qualified(column, key)
        elif not self.bare(column, key) and not self.alias(column, key):
            self.unknown(column)

    def qualified(self, column: exp.Column, key: str) -> None:
        wanted = self.key(self.binder.spelled(column.args["table"]))
        block: Block | None = self.block
        while block is not None:
            for source in block.sources.values():
                if self.key(source.name) == wanted:
                    name = self.column(source, key)
                    if name is None:
                        names = {n: n for n in source.names}
                        refuse("unknown_column", "There is no column", column, _nearest(column.name, names))
                    _tie(column, source.name, name)
                    return
            block = block.outer
        refuse("unknown_column", "There is no table or alias for", column, "Name it in FROM first.")

    def bare(self, column: exp.Column, key: str) -> bool:
        block: Block | None = self.block
        while block is not None:
            found = [(s, name) for s in block.sources.values() if (name := self.column(s, key))]
            if len(found) > 1 and block is self.block and key in self.merged:
                found = [pair for pair in found if pair[0].name == self.merged[key]]
            if (
                found
                and block is not self.block
                and any(self.key(name) == key for name in self.block.outputs)
            ):
                refuse(
                    "ambiguous", "An alias and an outer column go by one name", column, "Rename the alias."
                )
            if len(found) == 1:
                _tie(column, found[0][0].name, found[0][1])
                return True
            if found or (block is self.block and key in self.merged):
                refuse("ambiguous", "More than one table has the column", column, "Write table.column.")
            block = block.outer
        return False

    def alias(self, column: exp.Column, key: str) -> bool:
        """Puts what an alias stands for in its place; columns of that name come first, as in every engine."""
        for name in self.block.outputs:
            if self.key(name) == key:
                shown = self.block.projection(name)
                if any(isinstance(node, QUERIES) for node in own_nodes(shown)):
                    refuse("alias", "An alias of a subquery is used in an expression", column, "Use WITH.")
                copy = shown.copy()
                self.binder.added += sum(1 for _ in copy.walk())
                if self.binder.added > MAX_ADDED:
                    refuse("too_large", "Aliases are built on aliases too often", column, "Use WITH.")
                column.replace(copy if isinstance(copy, exp.Column | exp.Func) else exp.Paren(this=copy))
                return True
        return False

    def unknown(self, column: exp.Column) -> None:
        names = {name: name for source in self.block.sources.values() for name in source.names}
        refuse("unknown_column", "There is no column", column, _nearest(column.name, names))


def _tie(column: exp.Column, source: str, name: str) -> None:
    column.set("this", exp.to_identifier(name, quoted=True))
    column.set("table", exp.to_identifier(source, quoted=True))


def _rename(identifier: exp.Identifier, name: str) -> None:
    identifier.set("this", name)
    identifier.set("quoted", True)


def _role(query: exp.Expression) -> str:
    parent = query.parent
    while isinstance(parent, exp.Subquery | exp.Paren):
        parent = parent.parent
    if isinstance(parent, exp.Exists):
        return "exists"
    return "in" if isinstance(parent, exp.In | exp.Any | exp.All) else "scalar"


def _ordinal(node: exp.Expression, columns: int) -> bool:
    return isinstance(node, exp.Literal) and node.is_int and 1 <= int(node.name) <= columns


def _nearest(name: str, known: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(name.lower(), [k.lower() for k in known], n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(sorted(known.values())[:12])}."
