"""Which columns of a block are settled once others are: keys, equalities, fixed values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from tools.query.guard.blocks import QUERIES, Block, Ref, Source, conjuncts, own_nodes, unwrapped
from tools.query.guard.schema import GuardSchema

EVERY = "*"
ROW = "*row*"  # stands for which row it is: columns that are all settled may still repeat
Rule = tuple[frozenset[Ref], frozenset[Ref]]


class Dependencies:
    """``told(refs)``: every column of the block that has one value per value of ``refs``."""

    def __init__(self, block: Block, schema: GuardSchema) -> None:
        self.block, self.schema = block, schema
        self.rules: list[Rule] = []
        self.matched: dict[str, list[Rule]] = {}  # further rules for rows in which that source is present
        self.met: dict[str, set[str]] = {}  # the sources that are present in such rows too
        for source in block.sources.values():
            for key in source.keys:
                self.rules.append((frozenset((source.name, name) for name in key), whole(source)))
        for source in block.sources.values():
            if source.join is not None:
                self._join(source)
        for condition in conjuncts(block.node.args.get("where")):
            self._condition(condition)
        self.fixed = self.told(())

    def told(self, refs: Iterable[Ref], present: str = "") -> frozenset[Ref]:
        """The closure of ``refs`` under the rules, in rows that hold a row of ``present`` (EVERY: of all)."""
        known = set(refs)
        rules = [*self.rules]
        for name in self.matched if present == EVERY else self._present_with(present):
            rules += self.matched.get(name, ())
        grown = True
        while grown:
            grown = False
            for given, gained in rules:
                if given <= known and not gained <= known:
                    known |= gained
                    grown = True
        return frozenset(known)

    def told_by(self, wanted: set[Ref], shown: Mapping[str, Ref]) -> frozenset[str] | None:
        """Few output names that settle ``wanted``; None when all of them together do not."""
        missing = wanted - self.fixed
        chosen: set[str] = set()
        for ref in sorted(missing):
            same = [name for name, own in shown.items() if own == ref]
            if same:
                chosen.add(same[0])
        if missing <= self.told(shown[name] for name in chosen):
            return frozenset(chosen)
        for name, ref in shown.items():
            if missing <= self.told({ref, *(shown[n] for n in chosen)}):
                return frozenset({name, *chosen})
        return frozenset(shown) if missing <= self.told(shown.values()) else None

    def _join(self, source: Source) -> None:
        join = source.join
        assert join is not None
        side = join.side.upper()
        conditions = conjuncts(join.args.get("on"))
        pairs = [pair for part in conditions if (pair := equality(part, self.block) or self._shifted(part))]
        pairs += [(earlier, (source.name, name)) for name, earlier in source.using.items()]
        for left, right in pairs:
            self._pair(source, side, left, right, self._always_matched(source, conditions))
        for part in conditions:
            ref = self._fixed(part)
            if ref is not None and (side == "" or (side == "LEFT" and ref[0] == source.name)):
                self.rules.append((frozenset(), frozenset({ref})))

    def _pair(self, source: Source, side: str, left: Ref, right: Ref, matched: bool) -> None:
        """What an equality in ON says, ``right`` being the joined source's column."""
        if right[0] != source.name:
            left, right = right, left
        forth: Rule = (frozenset({left}), frozenset({right}))
        back: Rule = (frozenset({right}), frozenset({left}))
        if right[0] != source.name:  # of two earlier sources: an outer join does not hold them to it
            self.rules += [forth, back] if side == "" else []
            return
        for lacking, other in {"": (), "LEFT": ((right, left),), "RIGHT": ((left, right),)}.get(
            side, ((left, right), (right, left))
        ):
            self.matched.setdefault(lacking[0], []).extend((forth, back))
            self.met.setdefault(lacking[0], set()).add(other[0])
        # The side that a row may lack tells nothing of the other one: NULL stands for many rows.
        if side in {"", "LEFT"}:
            self.rules.append(forth)
        if side in {"", "RIGHT"} or matched:
            self.rules.append(back)

    def _present_with(self, name: str) -> set[str]:
        """The sources that have a row wherever ``name`` has one, by the equalities that brought it in."""
        found, new = set[str](), {name}
        while new:
            found |= new
            new = {other for one in new for other in self.met.get(one, ())} - found
        return found

    def _always_matched(self, source: Source, conditions: list[exp.Expr]) -> bool:
        """A real table joined by its key on a declared pair alone: such a reference finds its row."""
        if not source.table or source.join is None or source.join.side.upper() != "LEFT":
            return False
        pair = equality(conditions[0], self.block) if len(conditions) == 1 else None
        if pair is None:
            return False
        by_key = any(ref[0] == source.name and self._is_key(ref) for ref in pair)
        one, other = (self.block.sources[name].facts[column].origin for name, column in pair)
        declared = one and other and self.schema.joinable(".".join(one), ".".join(other))
        return by_key and bool(declared)

    def _shifted(self, condition: exp.Expr) -> tuple[Ref, Ref] | None:
        """``a.year = b.year + 1``: each side settles the other, though they are not the same thing."""
        if not isinstance(condition, exp.EQ):
            return None
        left, right = (self._own(_unshifted(side)) for side in (condition.this, condition.expression))
        return (left, right) if left and right and left[0] != right[0] else None

    def _condition(self, condition: exp.Expr) -> None:
        pair = equality(condition, self.block) or self._shifted(condition)
        if pair:
            left, right = pair
            self.rules.append((frozenset({left}), frozenset({right})))
            self.rules.append((frozenset({right}), frozenset({left})))
        ref = self._fixed(condition)
        if ref is not None:
            self.rules.append((frozenset(), frozenset({ref})))

    def _fixed(self, condition: exp.Expr) -> Ref | None:
        """The own column that equals one value: a literal, an outer column, a one-row subquery, NULL."""
        if isinstance(condition, exp.Is) and isinstance(condition.expression, exp.Null):
            ref = None if condition.args.get("negate") else self._own(condition.this)
            # A key that is NULL names no row: it is an unmatched one, of which there may be many.
            return None if ref is None or self._is_key(ref) else ref
        if isinstance(condition, exp.In):
            return self._own(condition.this) if self._one_of_one(condition) else None
        if not isinstance(condition, exp.EQ):
            return None
        for side, other in ((condition.this, condition.expression), (condition.expression, condition.this)):
            ref = self._own(side)
            many = isinstance(unwrapped(other), exp.Any | exp.All)  # equal to one of several values
            if ref is not None and not many and not self._looks_at_own(other):
                return ref
        return None

    def _one_of_one(self, condition: exp.In) -> bool:
        query = condition.args.get("query")
        if query is not None:
            while isinstance(query, exp.Subquery):
                query = query.this
            return frozenset() in self.block.inner[id(query)].keys and not self._looks_at_own(query)
        values = condition.expressions
        listed = len(values) != 1 or values[0].find(exp.Array, exp.Tuple, exp.Split, exp.StringToArray)
        return not listed and not self._looks_at_own(values[0])

    def _is_key(self, ref: Ref) -> bool:
        return frozenset({ref[1]}) in self.block.sources[ref[0]].keys

    def _own(self, node: exp.Expr) -> Ref | None:
        node = unwrapped(node)
        if isinstance(node, exp.Column) and node.table in self.block.sources:
            return node.table, node.name
        return None

    def _looks_at_own(self, node: exp.Expr) -> bool:
        for part in own_nodes(node):
            if isinstance(part, QUERIES):
                # An inner alias of the same name would be its own; taking it for ours only refuses more.
                if any(column.table in self.block.sources for column in part.find_all(exp.Column)):
                    return True
            elif isinstance(part, exp.Column) and part.table in self.block.sources:
                return True
        return False


def whole(source: Source) -> frozenset[Ref]:
    """Every column of a source, and which row it is."""
    return frozenset((source.name, name) for name in (*source.names, ROW))


def _unshifted(node: exp.Expr) -> exp.Expr:
    """The column of ``column + literal`` or ``column - literal``."""
    node = unwrapped(node)
    if isinstance(node, exp.Add | exp.Sub) and isinstance(node.expression, exp.Literal):
        return unwrapped(node.this)
    return node


def equality(condition: exp.Expr, block: Block) -> tuple[Ref, Ref] | None:
    """The two columns of different sources of ``block`` that a condition sets equal."""
    if not isinstance(condition, exp.EQ):
        return None
    left, right = unwrapped(condition.this), unwrapped(condition.expression)
    if not (isinstance(left, exp.Column) and isinstance(right, exp.Column)) or left.table == right.table:
        return None
    if left.table not in block.sources or right.table not in block.sources:
        return None
    return (left.table, left.name), (right.table, right.name)
