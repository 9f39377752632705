"""What a portal wants to know and no catalog says: publisher, access body, legal basis, categories.

Whoever publishes declares it once, in ``portal.yaml`` of the home; nothing here is guessed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from knowledge.catalog.portal.vocabulary import Node, texts, vocabulary
from knowledge.data_file import read_given
from knowledge.errors import CatalogInvalid
from knowledge.text import Language

FILE = "portal.yaml"


class Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _iri(value: str) -> str:
    if "://" not in value and not value.startswith(("mailto:", "urn:")):
        raise ValueError(f"{value!r} is no address; write https://... or mailto:...")
    return value


def _listed(name: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in vocabulary()[name]:
            raise ValueError(f"{value!r} is not in the list; write one of {', '.join(vocabulary()[name])}")
        return value

    return AfterValidator(check)


Iri = Annotated[str, AfterValidator(_iri)]
Text = str | dict[Language, str]


class Agent(Facts):
    """An organisation. ``type`` is a term of the health publisher types, or its IRI."""

    name: Text
    email: str | None = None
    page: Iri | None = None
    type: str | None = None


class Resource(Facts):
    """A file or page: a sample, an analysis, a certificate."""

    url: Iri
    title: Text | None = None


class DatasetFacts(Facts):
    """Of one dataset. A list that is not given is taken from the defaults."""

    access_rights: Annotated[str, _listed("access_rights")] | None = None
    access_url: Iri | None = None
    analytics: tuple[Resource, ...] = ()
    health_category: tuple[Annotated[str, _listed("health_category")], ...] = ()
    health_theme: tuple[Annotated[str, _listed("health_theme")], ...] = ()
    landing_page: Iri | None = None
    legal_basis: Text | None = None
    personal_data: tuple[str, ...] = ()  # terms of DPV's personal data: Age, Gender, ...
    provenance: Text | None = None
    purpose: Text | None = None
    quality: tuple[Iri, ...] = ()  # certificates
    retention_end: str | None = None
    retention_start: str | None = None
    sample: tuple[Resource, ...] = ()
    spatial: tuple[Iri, ...] = ()
    type: tuple[str, ...] = ()  # terms of the EU dataset types, or IRIs


class PortalFacts(Facts):
    """portal.yaml. ``defaults`` are of every dataset that does not say otherwise."""

    title: Text | None = None
    description: Text | None = None
    homepage: Iri | None = None
    publisher: Agent | None = None
    hdab: Agent | None = None
    applicable_legislation: tuple[Iri, ...] = ()
    defaults: DatasetFacts = DatasetFacts()
    datasets: dict[str, DatasetFacts] = Field(default_factory=dict)

    def of(self, dataset: str) -> DatasetFacts:
        """What is declared of a dataset, with the defaults where it says nothing."""
        own = self.datasets.get(dataset)
        if own is None:
            return self.defaults
        return self.defaults.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})


def read_facts(path: Path) -> PortalFacts:
    """The facts in a portal.yaml; none where there is no such file. Raises CatalogInvalid."""
    if not path.exists():
        return PortalFacts()
    raw = read_given(path, lambda why: _broken(path, (why,)))
    try:
        return PortalFacts.model_validate(raw or {})
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise _broken(path, tuple(lines)) from error


def _broken(path: Path, problems: tuple[str, ...]) -> CatalogInvalid:
    named = tuple(f"{path.name}: {problem}" for problem in problems)
    return CatalogInvalid(f"{named[0]}.", problems=named, hint=f"Correct {path.name}.")


def said(text: Text | None) -> list[Node]:
    """A declared text as literals; one without languages has no tag."""
    if text is None:
        return []
    return [{"@value": text}] if isinstance(text, str) else texts(**text)
