"""The index as a LangChain retriever, which the command line, HTTP and the evals search by."""

from __future__ import annotations

from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as Page
from langchain_core.retrievers import BaseRetriever

from knowledge.documents.document import Hit

FIELDS = ("document", "version", "kind", "section", "page", "start", "end", "language", "title")


class PassageRetriever(BaseRetriever):
    """``invoke(words)`` gives LangChain documents, best first: the passage's text, its place (``FIELDS``) and
    its ``score`` in the metadata, its id as id.

    ``index`` is a KnowledgeIndex; ``kinds``, ``expand`` and ``today`` are those of its ``search``, and what
    that raises is raised.
    """

    index: Any
    k: int = 10
    kinds: frozenset[str] | None = None
    expand: Any = None
    today: date | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Page]:
        hits = self.index.search(query, self.k, kinds=self.kinds, expand=self.expand, today=self.today)
        return [_page(hit) for hit in hits]


def _page(hit: Hit) -> Page:
    passage = hit.passage
    metadata = {name: getattr(passage, name) for name in FIELDS}
    return Page(id=passage.id, page_content=passage.text, metadata=metadata | {"score": hit.score})
