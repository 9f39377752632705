"""The tables, as the newest migration leaves them."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData()


class Words(TypeDecorator[str]):
    """Text that every database takes: without NUL, a lone surrogate replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as it is stored."""
        return None if value is None else clean(value)


class Document(TypeDecorator[Any]):
    """A JSON document as text: keys sorted, what UTF-8 or a database cannot hold left as its escape."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The document as text; None is no document."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The document that the text holds."""
        return None if value is None else json.loads(value)


def clean(text: str) -> str:
    """The text without NUL, a lone surrogate replaced by a question mark."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def canonical(value: Any) -> str:
    """One text per JSON document. ValueError for NaN and infinities, TypeError for what is no JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "backslashreplace").decode()


turns = Table(
    "turns",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("answer_id", Words, nullable=False, unique=True),
    Column("conversation", Words, nullable=False, index=True),
    Column("question", Words, nullable=False),
    Column("answer", Document, nullable=False),
    Column("created", String(32), nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("answer_id", Words, ForeignKey("turns.answer_id"), primary_key=True),
    Column("rating", String(8), nullable=False),
    Column("comment", Words, nullable=False),
    Column("created", String(32), nullable=False),
)

reviews = Table(
    "reviews",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("query_id", Words, nullable=False, index=True),
    Column("runs_as", Words, nullable=False, index=True),
    Column("question", Words, nullable=False),
    Column("language", String(8), nullable=False),
    Column("plan", Document, nullable=False),
    Column("sql", Words, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("catalog_version", Words, nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("reviewer", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("edited_from", Words),
    Column("created", String(32), nullable=False),
    Column("updated", String(32), nullable=False),
    Column("decided", String(32)),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("time", String(32), nullable=False),
    Column("actor", Words, nullable=False),
    Column("act", String(64), nullable=False),
    Column("subject", Words, nullable=False),
    Column("before", Document),
    Column("after", Document),
    Column("previous", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
)

research_plans = Table(
    "research_plans",
    metadata,
    Column("id", Words, primary_key=True),
    Column("title", Words, nullable=False),
    Column("language", String(8), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created", String(32), nullable=False),
    Column("updated", String(32), nullable=False),
)

plan_versions = Table(
    "plan_versions",
    metadata,
    Column("plan", Words, ForeignKey("research_plans.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("title", Words, nullable=False),
    Column("document", Document, nullable=False),
    Column("created", String(32), nullable=False),
)
