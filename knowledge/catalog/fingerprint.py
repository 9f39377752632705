"""What a catalog's content is, as hashes: equal content, equal fingerprint, whatever the row order.

Where a row came from (its file and row number) is no part of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass

import duckdb

from knowledge.catalog.columns import COLUMNS, ORIGIN, schema_hash
from knowledge.catalog.declaration import Declaration

_SIZE = 1 << 128
_UNSAFE = re.compile(r"[^0-9A-Za-z가-힣._+-]+")
_NAMES_A_DATASET = ("dataset", "dataset_a", "dataset_b")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """version: declared version, dash, first 8 hex of ``content``. content: sha256 (hex) of everything.
    datasets: a hash per dataset of its own row and of all rows that name it."""

    version: str
    content: str
    datasets: Mapping[str, str]


def fingerprint(
    declaration: Declaration, connection: duckdb.DuckDBPyConnection, tables: Iterable[str]
) -> Fingerprint:
    """The fingerprint of those tables of the connection's database."""
    totals: dict[str, int] = {}
    datasets: dict[str, int] = defaultdict(int)
    for table in sorted(tables):
        totals[table] = 0
        owners = [name for name in COLUMNS[table] if name in _NAMES_A_DATASET]
        for *owned, found in connection.execute(_sums(table, owners)).fetchall():
            # Sums, so that the order of rows does not matter; a row counts for each dataset it names.
            totals[table] = (totals[table] + int(found)) % _SIZE
            for name in owned:
                datasets[name] = (datasets[name] + int(found)) % _SIZE
    shape = [schema_hash(), astuple(declaration), totals]
    content = hashlib.sha256(json.dumps(shape, ensure_ascii=False).encode()).hexdigest()
    return Fingerprint(
        version=f"{_file_name(declaration.version)}-{content[:8]}",
        content=content,
        datasets={name: f"{total:032x}" for name, total in sorted(datasets.items())},
    )


def _sums(table: str, owners: list[str]) -> str:
    """Half the MD5s of the rows, added up by the datasets that the rows name.

    Cells stand between separators that no cell holds (rows.clean), so that no two rows have one text.
    """
    cells = ", ".join(
        f"""coalesce("{name}"::VARCHAR, chr(30))""" for name in COLUMNS[table] if name not in ORIGIN
    )
    by = "".join(f'"{name}", ' for name in owners)
    return (
        f"SELECT {by}coalesce(sum(md5_number_lower(concat_ws(chr(31), '{table}', {cells}))), 0)"
        f' FROM "{table}" GROUP BY ALL'
    )


def _file_name(version: str) -> str:
    """The declared version names a file: anything that could leave its folder becomes a dash."""
    return _UNSAFE.sub("-", version).strip(".-") or "catalog"
