"""The IRIs of what an export describes: below a base address where one is given, else name-based UUIDs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote
from uuid import NAMESPACE_OID, uuid5

_SPACE = uuid5(NAMESPACE_OID, "giljabi catalog")


@dataclass(frozen=True, slots=True)
class Addresses:
    """``base`` is the address of the server that shows the catalog, without a slash at its end.

    Without one the same id gives the same ``urn:uuid:`` in every export, and there are no pages.
    """

    base: str | None = None

    @property
    def catalog(self) -> str:
        """The catalog itself."""
        return f"{self.base}/api/catalog/healthdcat" if self.base else _name("catalog", "")

    def dataset(self, id: str) -> str:
        """A dataset."""
        return f"{self.base}/api/catalog/datasets/{quote(id, safe='')}" if self.base else _name("dataset", id)

    def hospital(self, id: str) -> str:
        """A hospital."""
        if self.base is None:
            return _name("hospital", id)
        return f"{self.base}/api/catalog/hospitals#{quote(id, safe='')}"

    def page(self, id: str) -> str | None:
        """The page that shows a dataset."""
        return f"{self.base}/catalog?dataset={quote(id, safe='')}" if self.base else None


def _name(kind: str, id: str) -> str:
    return f"urn:uuid:{uuid5(_SPACE, f'{kind} {id}')}"
