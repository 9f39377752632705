"""catalog.yaml: the version of a catalog folder, its date, and the rule its counts were protected under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.catalog.cells import parse_integer, parse_moment
from knowledge.data_file import read_given
from knowledge.errors import CatalogInvalid

FILE = "catalog.yaml"
# A folder that holds one of these holds exact numbers (see raw_folder.py, last_publication.py).
UNPROTECTED = ("raw.yaml", "raw_counts.csv", "state.yaml")
ROUNDINGS = ("half_up", "bins")
ZEROS = ("published", "hidden")


@dataclass(frozen=True, slots=True)
class Protection:
    """The rule of the published counts.

    A number below ``threshold`` is never published, apart from 0 where ``zeros`` is "published".
    ``rounding`` "half_up" rounds to a multiple of ``base``, "bins" down to one; None with base 1.
    ``suppressed_below`` is what every suppressed number is below: the threshold, or more where the
    rule also hides larger ones (whole slices, or cells that would give a small one away).
    """

    id: str
    threshold: int
    base: int
    rounding: str | None
    zeros: str
    suppressed_below: int

    def range_of(self, value: int) -> tuple[int, int]:
        """The least and the greatest true number behind a released ``value``."""
        if value == 0 or self.rounding is None:
            return value, value
        if self.rounding == "bins":
            return value, value + self.base - 1
        return max(value - self.base // 2, self.threshold), value + (self.base - 1) // 2

    @property
    def suppressed_range(self) -> tuple[int, int]:
        """The least and the greatest true number behind a suppressed cell."""
        return (1 if self.zeros == "published" else 0), self.suppressed_below - 1


@dataclass(frozen=True, slots=True)
class Declaration:
    """What catalog.yaml says; ``protection`` is None in a catalog that declares none."""

    version: str
    as_of: str
    protection: Protection | None


def read_declaration(folder: Path) -> Declaration:
    """The declaration of a catalog folder. Raises CatalogInvalid when it is absent or broken, and for a
    folder of exact numbers, which stays at the hospital."""
    for name in UNPROTECTED:
        if (folder / name).exists():
            raise CatalogInvalid(
                f"{folder.name!r} holds unprotected counts ({name}) and cannot be imported.",
                hint="Run giljabi catalog protect first, and import the folder that it writes.",
            )
    raw = _load(folder / FILE)
    version, as_of = _text(raw, "version"), _text(raw, "as_of")
    try:
        parse_moment(as_of)
    except ValueError as error:
        raise _broken(f"as_of {error}") from error
    protection = raw.get("protection") or None
    if protection is not None and not isinstance(protection, dict):
        raise _broken(f"protection is {protection!r}; give it id, threshold, base, rounding and zeros")
    return Declaration(version, as_of, _protection(protection) if protection else None)


def stored_declaration(meta: Mapping[str, str]) -> Declaration:
    """The declaration that a catalog database was built under, from its catalog_meta."""
    rule = meta.get("rule")
    protection = None if rule is None else Protection(
        id=rule, threshold=int(meta["threshold"]), base=int(meta["base"]),
        rounding=None if meta["rounding"] == "none" else meta["rounding"], zeros=meta["zeros"],
        suppressed_below=int(meta["suppressed_below"]),
    )
    return Declaration(meta["declared_version"], meta["as_of"], protection)


def _broken(what: str) -> CatalogInvalid:
    return CatalogInvalid(
        f"{FILE}: {what}.", problems=(f"{FILE}: {what}",), hint=f"Correct {FILE} and import again."
    )


def _load(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise CatalogInvalid(
            f"{path.parent.name!r} is not a catalog folder: it has no {FILE}.",
            hint=f"Add a {FILE} with version, as_of and protection.",
        )
    # Every scalar stays text: as numbers, version 2026.10 would become 2026.1.
    raw = read_given(path, lambda why: _broken(f"it cannot be read ({why})"), texts=True)
    if not isinstance(raw, dict):
        raise _broken("it does not hold keys and values; write version, as_of and protection")
    return raw


def _text(raw: dict[str, Any], key: str, where: str = "") -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _broken(f"{where}{key} is missing; give it a value")
    return value.strip()


def _number(raw: dict[str, Any], key: str, least: int) -> int:
    try:
        return parse_integer(_text(raw, key, "protection."), least=least)
    except ValueError as error:
        raise _broken(f"protection.{key} {error}") from error


def _choice(raw: dict[str, Any], key: str, choices: tuple[str, ...]) -> str:
    value = _text(raw, key, "protection.")
    if value not in choices:
        raise _broken(f"protection.{key} is {value!r}; write {' or '.join(choices)}")
    return value


def _protection(raw: dict[str, Any]) -> Protection:
    """A threshold of 1 would protect nothing, and a base without a rounding says nothing."""
    base = _number(raw, "base", 1) if raw.get("base") else 1
    rounding = None
    if raw.get("rounding") not in (None, "", "none"):
        rounding = _choice(raw, "rounding", ROUNDINGS)
    if base > 1 and rounding is None:
        raise _broken(f"protection.base is {base} without a rounding; write {' or '.join(ROUNDINGS)}")
    threshold = _number(raw, "threshold", 2)
    below = _number(raw, "suppressed_below", threshold) if raw.get("suppressed_below") else threshold
    return Protection(
        id=_text(raw, "id", "protection."),
        threshold=threshold,
        base=base,
        rounding=rounding if base > 1 else None,
        zeros=_choice(raw, "zeros", ZEROS) if raw.get("zeros") else "hidden",
        suppressed_below=below,
    )
