"""The columns of one SELECT, tied to its sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlglot import exp

from tools.query.guard.blocks import QUERIES, Block, Relation, Source, own_nodes
from tools.query.guard.identifiers import nearest, ordinal, rename, tie
from tools.query.guard.statement import refuse

if TYPE_CHECKING:
    from tools.query.guard.names import Binder

MAX_ADDED = 2000  # nodes that stars and aliases may add to a statement
Named = tuple[Relation, tuple[str, ...]]  # a CTE: the block, and its columns' names


class Columns:
    """Ties the columns of one SELECT to its sources."""

    def __init__(self, binder: Binder, block: Block, ctes: Mapping[str, Named]) -> None:
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
        name = self.column(source, key) or ""
        rename(column, name)
        earlier = self.merged.get(key, left[0].name)
        if earlier is not None:  # after FULL JOIN the merged column is of neither side
            source.using[name] = (earlier, self.column(self.block.sources[earlier], key) or "")
        side = source.join.side.upper() if source.join is not None else ""
        self.merged[key] = {"RIGHT": source.name, "FULL": None}.get(side, earlier)

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

    def expanded(self, star: exp.Expr) -> list[exp.Expr]:
        wanted = self.key(star.table) if isinstance(star, exp.Column) else None
        sources = [s for s in self.block.sources.values() if wanted is None or self.key(s.name) == wanted]
        if not sources or any(source.table for source in sources) or self.merged:
            refuse("star", "SELECT * is not allowed", star, "Name the columns.")
        self.add(sum(len(source.names) for source in sources), star)
        return [exp.column(name, table=s.name, quoted=True) for s in sources for name in s.names]

    def add(self, nodes: int, at: exp.Expr) -> None:
        """Counts nodes that were not written: stars and aliases must not build on each other for ever."""
        self.binder.added += nodes
        if self.binder.added > MAX_ADDED:
            refuse("too_large", "Stars or aliases are built on each other too often", at, "Name the columns.")

    def outputs(self) -> None:
        """Every output has a name: its alias, its column, or its number."""
        select = self.block.node
        for number in range(len(select.expressions)):
            self.expression(select.expressions[number])
            projection = select.expressions[number]  # an alias of an earlier output may have been replaced
            if isinstance(projection, exp.Alias):
                name = self.binder.spelled(projection.args["alias"])
                rename(projection.args["alias"], name)
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
                [
                    exp.Ordered(this=exp.Literal.number(n), desc=items[0].args.get("desc"), nulls_first=False)
                    for n in every
                ],
            )
            return
        for ordered in list(items):
            self.order(ordered)

    def order(self, ordered: exp.Expr) -> None:
        """A bare name in ORDER BY is an output first; every other name is a column first."""
        column = ordered.this
        if isinstance(column, exp.Column) and not column.table:
            named = [name for name in self.block.outputs if self.key(name) == self.key(self.spelled(column))]
            if named:
                rename(column.this, named[0])
                return
        if isinstance(column, exp.Literal) and not ordinal(column, len(self.block.outputs)):
            refuse("order", "Rows are ordered by a column, not a constant", column, "Name a column.")
        self.expression(ordered)

    def window_name(self, name: exp.Expr) -> None:
        if isinstance(name, exp.Identifier):
            rename(name, self.binder.spelled(name))

    def spelled(self, column: exp.Column) -> str:
        return self.binder.spelled(column.this)

    def expression(self, root: exp.Expr) -> None:
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
                        refuse("unknown_column", "There is no column", column, nearest(column.name, names))
                    tie(column, source.name, name)
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
                tie(column, found[0][0].name, found[0][1])
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
                self.add(sum(1 for _ in copy.walk()), column)
                column.replace(copy if isinstance(copy, exp.Column | exp.Func) else exp.Paren(this=copy))
                return True
        return False

    def unknown(self, column: exp.Column) -> None:
        names = {name: name for source in self.block.sources.values() for name in source.names}
        refuse("unknown_column", "There is no column", column, nearest(column.name, names))


def _role(query: exp.Expr) -> str:
    parent = query.parent
    while isinstance(parent, exp.Subquery | exp.Paren):
        parent = parent.parent
    if isinstance(parent, exp.Exists):
        return "exists"
    return "in" if isinstance(parent, exp.In | exp.Any | exp.All) else "scalar"
