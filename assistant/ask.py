"""The assistant: one question in, one checked Answer out, within a conversation."""

from __future__ import annotations

import re
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from langgraph.checkpoint.sqlite import SqliteSaver

from assistant.answer import Answer
from assistant.evidence.continued import goes_on
from assistant.finish import finish, parts_with_rows
from assistant.gather import gather
from assistant.language_model import Proposer
from assistant.messages import messages
from assistant.parts import each
from assistant.propose import propose
from assistant.records import Records
from assistant.remember import after, recall, topic
from assistant.reviewed import Reviewed
from assistant.road import Step, road
from assistant.routing import Router
from assistant.turn import CatalogInUse, State
from assistant.understand import understand
from assistant.write import suggest, write
from knowledge.catalog.read import load_catalog
from knowledge.catalog.versions import CatalogFile, CatalogVersions
from knowledge.documents.index import KnowledgeIndex
from knowledge.errors import QuestionInvalid, StoreUnavailable
from knowledge.glossary.glossary import load_terms
from knowledge.text import Language, language_of, normalize
from tools.query.guard import catalog_schema
from tools.query.plan_document import plan_document
from tools.query.understand.outcome import NoQuery, Understood
from tools.query.understand.understand import Reader

MAX_QUESTION = 4_000
MAX_HISTORY = 20
_CONVERSATION = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PIECES = re.compile(r"\S+\s*|\s+")


class Assistant:
    """Answers questions over one index and one catalog. Safe to use from many threads."""

    def __init__(
        self,
        index: KnowledgeIndex,
        versions: CatalogVersions,
        conversations: Path,
        records: Records | None = None,
        model: Proposer | None = None,
    ) -> None:
        """``conversations`` is the SQLite file of what follow-ups refer to.

        ``records`` keep turns and queries, and say what reviewers decided. ``model`` proposes plans for
        questions that the grammar does not read. Raises StoreUnavailable.
        """
        self._reviewed = None if records is None else Reviewed(records)
        rule = None if self._reviewed is None else self._reviewed.rule
        self._index = index
        self._versions = versions
        self._catalog: CatalogInUse | None = None
        self._lock = threading.Lock()
        self._terms = load_terms()
        schema = catalog_schema()
        self._router = router = Router(index.encode)
        try:
            self._connection = sqlite3.connect(conversations, check_same_thread=False)
            saver = SqliteSaver(self._connection)
            saver.setup()
        except sqlite3.Error as error:
            raise StoreUnavailable(
                f"The conversations in {conversations.name} cannot be opened: {error}.",
                hint="Move the file away to begin anew.",
            ) from error
        proposing: dict[str, Step] = {}
        if model is not None:
            proposing["propose"] = lambda state: propose(state, model, self._terms)
        self._road = road(
            {
                "understand": lambda state: understand(state, router, rule),
                **proposing,
                "gather": each(lambda state: gather(state, index, schema, self._terms)),
                "write": each(write),
                "check": lambda state: finish(state, index),
            },
            saver,
        )

    def ask(
        self,
        question: str,
        *,
        today: date,
        conversation: str | None = None,
        language: Language | None = None,
        history: Sequence[str] = (),
    ) -> Answer:
        """The checked answer. ``history`` are earlier questions, used where the conversation is new.

        Raises QuestionInvalid for an empty, too long or wordless question and a malformed conversation id.
        """
        text = _valid(question, language)
        thread = _conversation(conversation)
        catalog = self._in_use()
        state: State = {
            "question": text,
            "language": language,
            "today": today,
            "conversation": thread,
            "catalog": catalog,
            "timings": {},
        }
        config: Any = {"configurable": {"thread_id": thread}}
        if history and catalog is not None and not self._known(config):
            state["previous"] = self._replayed(history, catalog)
        try:
            final = self._road.invoke(state, config, durability="exit")
        except sqlite3.Error as error:
            raise StoreUnavailable(
                f"The conversation {thread} cannot be stored: {error}.", hint="Check the home's disk."
            ) from error
        answer: Answer = final["answer"]
        return self._kept(answer.model_copy(update={"timings_ms": final["timings"]}), final)

    def stream(
        self,
        question: str,
        *,
        today: date,
        conversation: str | None = None,
        language: Language | None = None,
        history: Sequence[str] = (),
    ) -> Iterator[str | Answer]:
        """The text of the answer word by word, once it has been checked, and last the Answer itself."""
        answer = self.ask(
            question, today=today, conversation=conversation, language=language, history=history
        )
        yield from _PIECES.findall(answer.text)
        yield answer

    def examples(self, language: Language) -> tuple[str, ...]:
        """Questions that the catalog in use answers, to begin with."""
        return suggest(self._in_use(), language)

    def make_ready(self) -> None:
        """Read the catalog in use, which the first question would else wait for."""
        self._in_use()

    def close(self) -> None:
        """Let go of the conversations' file."""
        self._connection.close()

    def _in_use(self) -> CatalogInUse | None:
        """The catalog version in use now, read once per version."""
        file: CatalogFile | None = self._versions.current()
        if file is None:
            return None
        with self._lock:
            if self._catalog is None or self._catalog.file.version != file.version:
                self._catalog = CatalogInUse(file, Reader.of(load_catalog(file.path), self._terms))
            return self._catalog

    def _kept(self, answer: Answer, final: Mapping[str, Any]) -> Answer:
        """The answer, once what it leaves behind is kept."""
        if self._reviewed is None:
            return answer
        catalog = final.get("catalog")
        if catalog is not None:
            found = final["gathered"].result
            answer = self._reviewed.keep(answer, found, final["understanding"], catalog)
            for n, part in enumerate(parts_with_rows(final.get("parts") or ())[1:]):
                answer = self._reviewed.keep_further(
                    answer, n, part["gathered"].result, part["understanding"], catalog
                )
        self._reviewed.remember(answer)
        return answer

    def _known(self, config: Any) -> bool:
        return bool(self._road.get_state(config).values)

    def _replayed(self, history: Sequence[str], catalog: CatalogInUse) -> dict[str, Any] | None:
        """What the earlier questions come to, as a conversation would have kept it."""
        previous: dict[str, Any] | None = None
        for earlier in history[-MAX_HISTORY:]:
            outcome = catalog.reader.understand(earlier[:MAX_QUESTION], recall(previous, catalog))
            if isinstance(outcome, Understood):
                before = previous.get("plan") if previous else None
                version = catalog.file.version
                previous = {"plan": plan_document(outcome.plan), "before": before, "catalog_version": version}
            elif self._router.route(earlier).intent in {"rules", "consult"}:
                asked = topic(previous) if goes_on(earlier) else ""
                previous = {**(previous or {}), "asked": asked or earlier}
            elif not isinstance(outcome, NoQuery):
                previous = after(outcome, catalog, previous)
        return previous


def _valid(question: str, language: Language | None) -> str:
    text = normalize(question).strip()
    if not any(char.isalnum() for char in text):
        raise QuestionInvalid(
            "The question holds no words." if language != "ko" else "질문에 글자가 없습니다.",
            hint=messages("turns", language or language_of(question, "en"))["empty"],
        )
    if len(text) > MAX_QUESTION:
        raise QuestionInvalid(
            f"The question has {len(text):,} characters; at most {MAX_QUESTION:,} are read.",
            hint="Shorten it, or ask its parts one by one.",
        )
    return text


def _conversation(given: str | None) -> str:
    if given is None:
        return f"c-{secrets.token_hex(8)}"
    if not _CONVERSATION.fullmatch(given):
        raise QuestionInvalid(
            f"The conversation id {given[:80]!r} is malformed.",
            hint="Use 1 to 64 letters, digits, dots, dashes or underscores.",
        )
    return given
