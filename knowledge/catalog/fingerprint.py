"""What a catalog's content is, as hashes: equal content, equal fingerprint, whatever the row order."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Any

from knowledge.catalog.columns import COLUMNS, schema_hash
from knowledge.catalog.declaration import Declaration

_SIZE = 1 << 128
_UNSAFE = re.compile(r"[^0-9A-Za-z가-힣._+-]+")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """version: declared version, dash, first 8 hex of ``content``. content: sha256 (hex) of everything.
    datasets: a hash per dataset of its own row and of all rows that name it."""

    version: str
    content: str
    datasets: Mapping[str, str]


def fingerprint(declaration: Declaration, rows: Mapping[str, Iterable[tuple[Any, ...]]]) -> Fingerprint:
    """The fingerprint of the rows of each table, whose cells stand in the order of columns.py."""
    tables: dict[str, int] = {}
    datasets: dict[str, int] = defaultdict(int)
    for table in sorted(rows):
        places = [i for i, name in enumerate(COLUMNS[table]) if name in {"dataset", "dataset_a", "dataset_b"}]
        total = 0
        for row in rows[table]:
            digest = _digest(table, row)
            total = (total + digest) % _SIZE  # a sum, so that the order of rows does not matter
            for place in places:
                datasets[row[place]] = (datasets[row[place]] + digest) % _SIZE
        tables[table] = total
    shape = [schema_hash(), astuple(declaration), tables]
    content = hashlib.sha256(json.dumps(shape, ensure_ascii=False).encode()).hexdigest()
    return Fingerprint(
        version=f"{_file_name(declaration.version)}-{content[:8]}",
        content=content,
        datasets={name: f"{total:032x}" for name, total in sorted(datasets.items())},
    )


def _digest(table: str, row: tuple[Any, ...]) -> int:
    return int.from_bytes(hashlib.blake2b(repr((table, row)).encode(), digest_size=16).digest())


def _file_name(version: str) -> str:
    """The declared version names a file: anything that could leave its folder becomes a dash."""
    return _UNSAFE.sub("-", version).strip(".-") or "catalog"
