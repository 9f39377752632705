"""The index as a LangChain retriever."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as Page
from langchain_core.retrievers import BaseRetriever

from knowledge.documents.document import Hit


class PassageRetriever(BaseRetriever):
    """``invoke(words)`` gives LangChain documents, best first, with the passage's place in the metadata.

    ``index`` is a KnowledgeIndex; ``kinds`` and ``expand`` are those of its ``search``.
    """

    index: Any
    k: int = 10
    kinds: frozenset[str] | None = None
    expand: Any = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Page]:
        return [_page(hit) for hit in self.index.search(query, self.k, kinds=self.kinds, expand=self.expand)]


def _page(hit: Hit) -> Page:
    passage = hit.passage
    names = ("document", "version", "kind", "section", "page", "start", "end", "language", "title")
    metadata = {name: getattr(passage, name) for name in names}
    return Page(id=passage.id, page_content=passage.text, metadata=metadata | {"score": hit.score})
