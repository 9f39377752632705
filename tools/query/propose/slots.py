"""The document that a language model fills in: a kind of plan and its slots."""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.errors import PlanIncomplete

Kind = Literal["count", "list", "linkage", "none"]
Part = Literal[
    # of a count
    "cohort", "sex", "from_year", "to_year", "from_age", "to_age", "at_least", "at_most", "measure",
    # of a count, a list or a linkage
    "hospital", "dataset",
    # of a count or a list
    "group_by", "most", "least",
    # of a list
    "subject", "show", "where", "holds", "lacks", "how_many",
]
Op = Literal["", "eq", "ne", "ge", "gt", "le", "lt", "missing"]
MAX_SLOTS = 16
MAX_WORDS = 200


class Slot(BaseModel):
    """One part of a plan.

    ``field`` is a field such as ``dataset.period_start`` (for where, show, most, least) or the kind of
    thing held (for holds, lacks), else empty; ``op`` goes with where. ``words`` are copied from the question.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: Part
    value: str
    words: str
    field: str = ""
    op: Op = ""


class Proposal(BaseModel):
    """A plan's kind and slots; the kind "none" where the question asks nothing of the catalog."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    slots: tuple[Slot, ...] = ()

    @classmethod
    def read(cls, document: Any) -> Proposal:
        """The proposal in a model's reply. PlanIncomplete where it does not keep to the schema."""
        try:
            found = cls.model_validate(document)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "document"
            raise PlanIncomplete(
                f"The model's {where} is wrong: {first['msg']}.", hint="Ask again in other words."
            ) from error
        if len(found.slots) > MAX_SLOTS or any(len(slot.words) > MAX_WORDS for slot in found.slots):
            raise PlanIncomplete(
                f"The model proposes {len(found.slots)} slots; at most {MAX_SLOTS} of {MAX_WORDS} characters"
                " each are read.",
                hint="Ask for less at once.",
            )
        return found


def proposal_schema() -> dict[str, Any]:
    """The JSON Schema of a proposal, every member required, as endpoints with strict schemas want it."""
    text = {"type": "string"}  # how long is checked in ``read``: bounds make the grammars of endpoints slow
    slot = {
        "type": "object",
        "additionalProperties": False,
        "required": ["part", "field", "op", "value", "words"],
        "properties": {
            "part": {"type": "string", "enum": list(get_args(Part))},
            "field": text,
            "op": {"type": "string", "enum": list(get_args(Op))},
            "value": text,
            "words": text,
        },
    }
    return {
        "title": "proposal",
        "description": "What the question asks of the catalog.",
        "type": "object",
        "additionalProperties": False,
        "required": ["kind", "slots"],
        "properties": {
            "kind": {"type": "string", "enum": list(get_args(Kind))},
            "slots": {"type": "array", "items": slot},
        },
    }
