"""Ids of the catalog as plans write them, and codes as both spell them."""

from __future__ import annotations

import re

from knowledge.catalog.read import Catalog, Variable

_EDITION = re.compile(r"(.*\D)-(\d[\w.]*)")


def variable_id(row: Variable) -> str:
    """dataset/table.variable"""
    return f"{row.dataset}/{row.table}.{row.name}"


def variables_by_id(catalog: Catalog) -> dict[str, Variable]:
    """Every variable of the catalog by its id."""
    return {variable_id(row): row for row in catalog.variables}


def dataset_of(variable: str) -> str:
    """The dataset in a variable's id."""
    return variable.partition("/")[0]


def split_system(system: str, edition: str = "") -> tuple[str, str]:
    """("KCD", "8") of "KCD-8"; the edition given counts where the system's name carries none."""
    found = _EDITION.fullmatch(system.strip())
    return (found[1], found[2]) if found else (system.strip(), edition.strip())


def split_code(code: str) -> tuple[str, str, str]:
    """(system, edition, code) of "KCD-8:J44"; without a system the first two are empty."""
    system, colon, rest = code.partition(":")
    return (*split_system(system), rest.strip()) if colon else ("", "", code.strip())


def known_codes(catalog: Catalog) -> set[tuple[str, str, str]]:
    """(system, edition, code) of every cohort and concept, in upper case."""
    found = {split_code(code) for cohort in catalog.cohorts for code in cohort.codes}
    for concept in catalog.concepts:
        if concept.code:
            found.add((*split_system(concept.code_system or "", concept.edition or ""), concept.code))
    return {(system.upper(), edition.upper(), code.upper()) for system, edition, code in found}
