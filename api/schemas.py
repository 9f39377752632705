"""The shapes of requests. Responses are the documents of api.results and assistant.answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from api.well_formed import well_formed

MODEL_ID = "giljabi"
MOST_MESSAGES = 200


def _clean(value: Any) -> Any:
    return well_formed(value) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_clean)]
Id = Annotated[str, BeforeValidator(_clean), Field(min_length=1, max_length=200)]


class Request(BaseModel):
    """A request body of our own: an unknown member is a mistake, and said so."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ChatRequest(Request):
    """A question; ``text`` and ``message`` are read as ``question``."""

    question: Text = Field(validation_alias=AliasChoices("question", "text", "message"))
    conversation: Id | None = None
    language: Literal["ko", "en"] | None = None
    view: bool = False  # also what the chat page draws of the answer


class SearchRequest(Request):
    """Words to look for; ``q``, ``query`` and ``text`` are read as ``words``."""

    words: Text = Field(validation_alias=AliasChoices("words", "q", "query", "text"))
    k: int = Field(default=10, ge=1, le=200)


class IndexRequest(Request):
    """Paths on the server's machine to add, refresh or remove."""

    paths: tuple[Text, ...] = Field(min_length=1)
    source: Text = ""
    remove: bool = False


class PlanRequest(Request):
    """A new research plan."""

    title: Text = Field(default="", max_length=1000)
    language: Literal["ko", "en"] | None = None


class PlanFillRequest(Request):
    """What to fill a plan with: ids of the catalog, "section.field=value", or whole fields by section."""

    datasets: tuple[Id, ...] = Field(default=(), max_length=500)
    variables: tuple[Id, ...] = Field(default=(), max_length=500)
    cohorts: tuple[Id, ...] = Field(default=(), max_length=500)
    set: tuple[Text, ...] = Field(default=(), max_length=500)
    sections: dict[str, dict[str, Any]] = {}
    base: int | None = Field(default=None, ge=1)


class CatalogImportRequest(Request):
    """A catalog folder, or a data dictionary, on the server's machine."""

    path: Text
    format: Text = "giljabi"
    dataset: Text | None = None
    mapping: Text | None = None
    preset: Text | None = None
    strict: bool = False


class CatalogUseRequest(Request):
    """The id of a stored version of the catalog."""

    version: Text


class ReviewRequest(Request):
    """Who asks for a review, and why."""

    reviewer: Text = "user"
    reason: Text = ""


class DecisionRequest(Request):
    """Who decides on a review, and why."""

    reviewer: Text
    reason: Text = ""


class EditRequest(DecisionRequest):
    """The SQL to put in the place of the entry's own."""

    sql: Text


class FeedbackRequest(Request):
    """What a person says of the Answer with this id."""

    answer: Id
    rating: Literal["up", "down"]
    comment: Text = ""


class OpenAIRequest(BaseModel):
    """A body in OpenAI's shape. Members that steer a language model are taken and have no effect."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class ContentPart(OpenAIRequest):
    """One part of a message; only text can be read."""

    type: str
    text: Text = ""


class ChatMessage(OpenAIRequest):
    """One message of a conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | tuple[ContentPart, ...] | None = None


class StreamOptions(OpenAIRequest):
    """What a streamed reply carries beside the text."""

    include_usage: bool = False


class ChatCompletionRequest(OpenAIRequest):
    """The members of a chat completion request that mean something here."""

    model: str = MODEL_ID
    messages: tuple[ChatMessage, ...] = Field(min_length=1, max_length=MOST_MESSAGES)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = 1
