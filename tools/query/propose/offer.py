"""What of the catalog a language model is shown for one question: names to choose from, and no counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from knowledge.catalog.read import Catalog

Named = tuple[str, str]  # id, what it is called in both languages
MOST = 40  # of a kind; a larger catalog shows those whose names are most like the question


@dataclass(frozen=True, slots=True)
class Offer:
    """Things of the catalog by kind (hospital, dataset, cohort, concept, variable, team)."""

    things: Mapping[str, tuple[Named, ...]]

    def holds(self, kind: str, id: str) -> bool:
        """True where the thing was shown."""
        return any(id == named for named, _ in self.things.get(kind, ()))


def offer(question: str, catalog: Catalog) -> Offer:
    """The things that a question may be about, at most ``MOST`` of a kind, the likeliest first."""
    rows: dict[str, Iterable[Named]] = {
        "hospital": ((h.hospital, _called(h.name_en, h.name_ko)) for h in catalog.hospitals),
        "dataset": ((d.dataset, _called(d.title_en, d.title_ko)) for d in catalog.datasets),
        "cohort": ((c.cohort, _called(c.name_en, c.name_ko)) for c in catalog.cohorts),
        "concept": ((c.concept, _called(c.name_en, c.name_ko)) for c in catalog.concepts),
        "variable": ((v.name, _called(v.label_en, v.label_ko)) for v in catalog.variables),
        "team": ((t.team, _called(t.name_en, t.name_ko)) for t in catalog.teams),
    }
    return Offer({kind: _likeliest(question, tuple(dict(found).items())) for kind, found in rows.items()})


def _likeliest(question: str, found: tuple[Named, ...]) -> tuple[Named, ...]:
    if len(found) <= MOST:
        return found
    names = [f"{id} {called}" for id, called in found]
    best = process.extract(
        question, names, scorer=fuzz.token_set_ratio, processor=utils.default_process, limit=MOST
    )
    return tuple(found[at] for _, _, at in best)


def _called(*names: str | None) -> str:
    return " / ".join(dict.fromkeys(name for name in names if name))
