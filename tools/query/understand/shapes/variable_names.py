"""Which variables a question names, and by what part of their names."""

from __future__ import annotations

from tools.query.plan import AnyOf, Condition
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import FULL, GLOSSARY, SHORT
from tools.query.understand.outcome import Note

NO_TIER = 9
_SEVERAL = 2


def named_variables(clues: Clues) -> tuple[list[Condition | AnyOf], list[Note]]:
    """Conditions for the variables, tables and properties named. Several names are any of them."""
    names: dict[str, None] = {}
    tables: dict[str, None] = {}
    within: dict[str, None] = {}
    kinds: dict[str, None] = {}
    tabled: list[int] = []
    conditions: list[Condition | AnyOf] = []
    notes: list[Note] = []
    beside = any(_tier(clues, i, "variable") <= GLOSSARY for i in clues.mentions("variable"))
    shared = None if beside else _with_all_words(clues)
    for i in clues.mentions("variable", "table", "value", "concept"):
        segment = clues.segments[i]
        if clues.titles(i):
            continue
        best = min(s.tier for s in segment.senses)
        near = SHORT if best <= SHORT else GLOSSARY  # the catalog's own names before the glossary's
        exact = [kind for kind in ("variable", "table") if _tier(clues, i, kind) <= near]
        if len(exact) > 1 and _tier(clues, i, "table") == FULL < SHORT == _tier(clues, i, "variable"):
            exact = ["table"]  # "the watch table": not the variables with "(watch)" behind their names
        if not exact and _part_of_variable(clues, i) and beside and _single_word(segment.text):
            continue  # part of a name beside a whole one would only widen the answer
        typed = [s for s in segment.names("value") if s.field == "variable.type"]
        said = next((j for j in (i - 1, i + 1) if _says_type(clues, j)), None)
        if typed and said is not None:
            # "of type image", "이미지 형식"
            conditions.append(Condition("variable.type", "eq", typed[0].ids))
            clues.used.update((said, i))
            continue
        chosen = exact or [kind for kind in ("variable", "table") if _tier(clues, i, kind) == best]
        own = [s for s in segment.names("value") if s.field.split(".")[0] in {"variable", "concept"}]
        if chosen:
            if "variable" in chosen:
                if shared is not None and not exact and not shared:
                    continue  # words of different names: none has them all
                own_names = clues.ids(i, "variable") if exact or shared is None else shared
                names.update(dict.fromkeys(own_names))
                # "Video data": the variable that is called so, and whatever else is a video.
                kinds.update(dict.fromkeys(id for s in typed if s.tier == best for id in s.ids))
                tables.update(dict.fromkeys(clues.ids(i, "table") if "table" in chosen else ()))
            else:
                tabled.append(i)
                within.update(dict.fromkeys(clues.ids(i, "table")))
            if not exact:
                notes.append(Note("part_of_name", {"words": segment.text}))
        elif own:
            conditions.append(Condition(own[0].field, "eq", own[0].ids))
        else:
            continue
        clues.used.add(i)
    if within and not _together(clues, names, within):
        if clues.has("and", "or") or "," in clues.text:
            tables.update(within)
        else:
            clues.used.difference_update(tabled)  # a table without the variables beside it: not understood
    elif within:
        conditions.append(Condition("variable.table", "eq", tuple(within)))
    wanted = []
    if kinds:
        wanted.append(Condition("variable.type", "eq", tuple(kinds)))
    if names:
        wanted.append(Condition("variable.name", "eq", tuple(names)))
    if tables:
        wanted.append(Condition("variable.table", "eq", tuple(tables)))
    conditions += [AnyOf(tuple(wanted))] if len(wanted) > 1 else wanted
    return conditions, notes


def _with_all_words(clues: Clues) -> tuple[str, ...] | None:
    """Where only parts of names are said ("안경을 한 주에 며칠"), the variables that have them all; None
    for one part, or where they are alternatives."""
    parts = [i for i in clues.mentions("variable") if _single_word(clues.word(i)) and not clues.titles(i)]
    if len(parts) < _SEVERAL or clues.has("or", "and") or "," in clues.text:
        return None
    found = [clues.ids(i, "variable") for i in parts]
    return tuple(name for name in found[0] if all(name in ids for ids in found[1:]))


def _says_type(clues: Clues, j: int) -> bool:
    return 0 <= j < len(clues.segments) and clues.segments[j].plays("field.type")


def _part_of_variable(clues: Clues, i: int) -> bool:
    """True when the words are part of the name of a variable or table."""
    return bool(clues.segments[i].names("variable", "table"))


def _single_word(text: str) -> bool:
    return len(text.split()) == 1


def _together(clues: Clues, names: dict[str, None], tables: dict[str, None]) -> bool:
    """True when a table named by itself holds variables named beside it: "Hb in the monthly lab panel"."""
    named = clues.catalog.variables_by_name
    return not names or any(v.table in tables for name in names for v in named.get(name, ()))


def _tier(clues: Clues, i: int, kind: str) -> int:
    return min((s.tier for s in clues.segments[i].names(kind)), default=NO_TIER)
