"""What a mapping says: which column of a sheet is which of the folder format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase


def _columns(text: str) -> tuple[str, ...]:
    """Names; "title*" is title, title_ko and title_en."""
    endings = {True: ("", "_ko", "_en"), False: ("",)}
    return tuple(name.removesuffix("*") + end for name in text.split() for end in endings[name.endswith("*")])


# What a sheet may hold, and the columns that each can have.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "variables": _columns(
        "dataset dataset_title table table_title table_description name label* description* note aliases"
        " section type unit values range code code_label group missing_pct missing_codes granularity modifier"
        " concept sensitive provenance required nullable several key"
    ),
    "codes": _columns("group table name code code_label"),
    "tables": _columns("dataset table title* description* note granularity"),
    "datasets": _columns(
        "dataset hospital title* description* population* note theme period period_start period_end"
        " update_frequency update_lag last_updated data_model access_level lead_time_days age_min age_max"
        " median_follow_up_months controller contact cost_basis supersedes license keywords"
    ),
    "concepts": _columns("concept code_system edition code name_en name_ko synonyms"),
    "nothing": (),
}
# Without these a sheet says nothing.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "variables": ("name",), "codes": ("code", "code_label"), "tables": ("table",), "datasets": ("dataset",),
    "concepts": ("concept",), "nothing": (),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where the cells of a column come from: ``headers``, or ``letters`` of columns ("C" is 2), joined
    with ``join``. Then ``map`` replaces whole cells, ``times`` multiplies numbers, ``prefix`` goes before."""

    headers: tuple[str, ...] = ()
    letters: tuple[int, ...] = ()
    join: str = " / "
    map: Mapping[str, str] | None = None
    times: float | None = None
    prefix: str = ""

    @property
    def plain(self) -> bool:
        """Whether a cell stays as it is."""
        return not self.map and self.times is None and not self.prefix


@dataclass(frozen=True, slots=True)
class Skip:
    """Rows to leave out: those that begin with one of ``starts``, or whose cell under ``column`` is one
    of ``texts`` (any text where there are none given means: is empty)."""

    column: str | None
    texts: tuple[str, ...]
    starts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """How the sheets whose names fit ``pattern`` are read. ``header`` are row numbers, () for no header,
    None for one that is to be found. ``key`` is where this stands in the mapping file."""

    pattern: str
    key: str
    holds: str
    columns: Mapping[str, Source]
    constants: Mapping[str, str]
    header: tuple[int, ...] | None = None
    first_row: int = 1
    last_row: int | None = None
    fill: tuple[str, ...] = ()
    skip: tuple[Skip, ...] = ()
    between: str | None = None
    inside: str | None = None

    def fits(self, name: str) -> bool:
        """Whether a sheet of this name is meant."""
        return fnmatchcase(name.casefold(), self.pattern.casefold())

    @property
    def named(self) -> bool:
        """Whether the pattern is a name, which a hidden sheet needs to be read."""
        return not set(self.pattern) & set("*?[")


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A mapping file. ``name`` is its own name, ``text`` what it says for the content to be told."""

    name: str
    sheets: tuple[SheetMapping, ...]
    dataset: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
