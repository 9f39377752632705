"""What the catalog's subjects are called in its tables: key, labels, and what each belongs to.

The names are those of the catalog folder format, which is fixed; nothing here depends on what a
catalog contains.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.errors import PlanIncomplete


@dataclass(frozen=True, slots=True)
class Entity:
    """One subject: its table, key, label columns (``label`` + _ko/_en), what the label is shown as, parents.

    ``parents`` maps an entity to the columns shared with it, by which it is joined.
    """

    table: str
    key: tuple[str, ...]
    label: str
    shown_as: str
    parents: dict[str, tuple[str, ...]]
    columns: frozenset[str]


def _entity(table: str, key: str, label: str, shown_as: str, columns: str, **parents: str) -> Entity:
    names = frozenset((*key.split(), f"{label}_en", f"{label}_ko", *columns.split()))
    joins = {parent: tuple(shared.split()) for parent, shared in parents.items()}
    return Entity(table, tuple(key.split()), label, shown_as, joins, names)


# ``span_years``, and a dataset's ``patients`` and ``variables``, are computed: see compile/computed.py.
ENTITIES: dict[str, Entity] = {
    "hospital": _entity(
        "hospitals", "hospital", "name", "hospital_name", "type beds region_en region_ko contact"
    ),
    "dataset": _entity(
        "datasets",
        "dataset",
        "title",
        "dataset_title",
        "hospital description_en description_ko theme period_start period_end start_year end_year span_years"
        " update_frequency last_updated data_model access_level lead_time_days age_min age_max"
        " median_follow_up_months patients variables",
        hospital="hospital",
    ),
    "table": _entity("tables", "dataset table", "title", "table_title", "granularity", dataset="dataset"),
    "variable": _entity(
        "variables",
        "dataset table name",
        "label",
        "label",
        "aliases type unit values missing_pct missing_text missing_low missing_high granularity modifier"
        " concept description_en description_ko section sensitive missing_codes provenance source_file"
        " source_row",
        dataset="dataset",
        concept="concept",
    ),
    "concept": _entity("concepts", "concept", "name", "concept_name", "code_system edition code synonyms"),
    "cohort": _entity("cohorts", "cohort", "name", "cohort_name", "codes definition"),
    "team": _entity(
        "teams",
        "team",
        "name",
        "team_name",
        "hospital lead_role interests_en interests_ko datasets",
        hospital="hospital",
    ),
}


def entity(name: str) -> Entity:
    """The entity called ``name``; PlanIncomplete where there is none."""
    try:
        return ENTITIES[name]
    except KeyError:
        raise PlanIncomplete(
            f"The catalog has no subject {name!r}.", hint=f"Use one of {', '.join(ENTITIES)}."
        ) from None


def split_field(field: str, subject: str) -> tuple[str, str]:
    """('dataset', 'theme') of "dataset.theme", or of "theme" about a dataset.

    Raises PlanIncomplete where the column does not exist or the subject does not belong to the owner.
    """
    owner, _, column = field.rpartition(".")
    owner = owner or subject
    if column not in entity(owner).columns:
        raise PlanIncomplete(
            f"A {owner} has no field {column!r}.",
            hint=f"Its fields are {', '.join(sorted(entity(owner).columns))}.",
        )
    if path_up(subject, owner) is None:
        raise PlanIncomplete(f"A {subject} does not belong to a {owner}.", hint="Ask about the other one.")
    return owner, column


def path_up(subject: str, owner: str) -> tuple[str, ...] | None:
    """The entities from ``subject`` (left out) up to ``owner`` (included); None where it belongs to none."""
    if subject == owner:
        return ()
    for parent in entity(subject).parents:
        rest = path_up(parent, owner)
        if rest is not None:
            return (parent, *rest)
    return None
