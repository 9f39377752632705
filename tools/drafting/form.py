"""The form of a plan, as data: titles, labels, guidance, caps, choices and the programme's rules.

``load_form(name)`` reads ``forms/NAME.yaml``. A section or field of the form names one of the plan's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from knowledge.data_file import read_shipped
from knowledge.errors import NotFound
from knowledge.text import Language

FORMS = Path(__file__).parent / "forms"
DEFAULT_FORM = "research_plan"

Filled = Literal["person", "drafted", "catalog", "catalog_and_person"]
Said = Mapping[Language, str]


class Entry(BaseModel):
    """Common ground of the form's parts."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Cap(Entry):
    """At most so many words, or characters counted with spaces. One of them is given."""

    words: int | None = None
    characters: int | None = None


class Choice(Entry):
    """One option of a field."""

    id: str
    label: Said


class Role(Entry):
    """A role that the team has to cover, and the words that show that somebody does."""

    id: str
    label: Said
    words: tuple[str, ...]


class FormField(Entry):
    """One field. ``when`` names a field of the section without which this one is not needed.

    ``at_least`` and ``at_most`` count rows; ``columns`` are the shown parts of a row, ``needs`` the parts
    that every row has to have. ``computed`` fields are filled from the catalog or from queries only.
    ``wide`` text stands under its own heading rather than in the table of facts.
    """

    label: Said
    help: Said
    required: bool = True
    when: str = ""
    caps: Mapping[Language, Cap] = {}
    at_least: int = 0
    at_most: int | None = None
    columns: Mapping[str, Said] = {}
    needs: tuple[str, ...] = ()
    options: tuple[Choice, ...] = ()
    row_options: Mapping[str, tuple[Choice, ...]] = {}
    computed: bool = False
    hidden: bool = False
    wide: bool = False


class FormSection(Entry):
    """One section. ``aliases`` are what people call it; ``caps`` hold for its text as a whole."""

    number: int
    filled: Filled
    title: Said
    aliases: Mapping[Language, tuple[str, ...]]
    caps: Mapping[Language, Cap] = {}
    fields: Mapping[str, FormField]


class Rules(Entry):
    """What the programme asks of a plan. A rule without a value does not apply."""

    founding_years: int | None = None
    closing: date | None = None
    address_words: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    claim_words: tuple[str, ...] = ()
    identifier_words: tuple[str, ...] = ()
    identifier_types: tuple[str, ...] = ()
    subsidy: int | None = None
    currency: str = ""
    matching: date | None = None
    record_years: int | None = None


class Form(Entry):
    """A form, its sections in order."""

    id: str
    title: Said
    status: Said
    guidance_kinds: tuple[str, ...]
    guidance_query: Said
    edition_kinds: tuple[str, ...]
    rules: Rules
    sections: Mapping[str, FormSection]

    def label(self, section: str, field: str, language: Language) -> str:
        """What a field is called; a section's title where the field is empty."""
        found = self.sections[section]
        return found.fields[field].label[language] if field in found.fields else found.title[language]


@cache
def load_form(name: str = DEFAULT_FORM) -> Form:
    """The form called ``name``. NotFound names the ones there are."""
    known = sorted(path.stem for path in FORMS.glob("*.yaml"))
    if name not in known:
        raise NotFound(f"There is no form {name[:80]!r}.", hint=f"The forms are {', '.join(known)}.")
    loaded = read_shipped(FORMS / f"{name}.yaml")
    return Form.model_validate({"id": name, **loaded})
