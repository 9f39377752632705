"""The optional language model: LangChain's chat model over any OpenAI-compatible endpoint.

It is asked for one thing: a proposal for a question that the grammar does not read. What it says is
never shown and never runs; ``tools.query.propose`` decides what is taken of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from knowledge.data_file import read_shipped
from knowledge.errors import ModelUnavailable, SettingsInvalid
from tools.query.propose import Offer, Proposal, proposal_schema

_PROMPT = Path(__file__).with_name("language_model.yaml")
DEFAULT_PROVIDER = "openai"


class Proposer(Protocol):
    """Whatever proposes a plan for a question. ``name`` goes into the record of what it proposed."""

    @property
    def name(self) -> str: ...

    def propose(self, question: str, offered: Offer) -> Proposal:
        """A proposal. Raises ModelUnavailable, or PlanIncomplete where the reply is none."""


@dataclass(frozen=True)
class LanguageModel:
    """A chat model, as ``init_chat_model`` makes it.

    name: "provider:model", or a model of an OpenAI-compatible endpoint. url: that endpoint's, with /v1.
    key: its key, where it wants one. seconds: how long one reply may take.
    """

    name: str
    url: str | None = None
    key: str | None = None
    seconds: float = 30.0

    def propose(self, question: str, offered: Offer) -> Proposal:
        """Ask the model once. Raises ModelUnavailable where it does not answer with a JSON document,
        PlanIncomplete where the document is no proposal."""
        prompt: Mapping[str, str] = read_shipped(_PROMPT)
        things = {
            kind: [f"{id} = {called}" for id, called in named] for kind, named in offered.things.items()
        }
        asked = prompt["question"].format(things=_json(things, 0), question=_json(question))
        try:
            document = self._chat.invoke([("system", prompt["system"]), ("human", asked)])
        # Every provider's client has errors of its own, and none of them may end a turn.
        except Exception as error:
            raise ModelUnavailable(
                f"The language model {self.name!r} at {self.url or 'its provider'} gave no proposal: "
                f"{type(error).__name__}: {str(error)[:200]}",
                hint="Check GILJABI_MODEL, GILJABI_MODEL_URL and GILJABI_MODEL_KEY; answers do without it.",
            ) from error
        return Proposal.read(document)

    @cached_property
    def _chat(self) -> Any:
        from langchain.chat_models import init_chat_model

        provider, _, model = self.name.rpartition(":")
        options: dict[str, Any] = {"temperature": 0, "timeout": self.seconds, "max_retries": 1}
        if self.url is not None:
            # An endpoint of one's own mostly wants no key, and the client wants one.
            options |= {"base_url": self.url, "api_key": self.key or "none"}
        elif self.key is not None:
            options["api_key"] = self.key
        try:
            chat = init_chat_model(model, model_provider=provider or DEFAULT_PROVIDER, **options)
        except (ImportError, ValueError) as error:
            raise SettingsInvalid(
                f"The language model {self.name!r} cannot be set up: {error}",
                hint="Install the extra `giljabi[model]`, and name the model as provider:model.",
            ) from error
        return chat.with_structured_output(proposal_schema(), method="json_schema", strict=True)

    def check(self) -> None:
        """Set the client up without asking anything. SettingsInvalid where that cannot be done."""
        _ = self._chat


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
