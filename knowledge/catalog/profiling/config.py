"""Reading the profile's configuration: ``read_config``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge.catalog.profiling.config_entries import Config
from knowledge.catalog.profiling.config_values import near
from knowledge.data_file import read_given
from knowledge.errors import CatalogInvalid


def read_config(path: Path) -> Config:
    """The configuration; CatalogInvalid names every wrong key with its value."""
    raw = read_given(path, lambda why: CatalogInvalid(
        f"The configuration {str(path)!r} cannot be read: {why}.", hint="Give a YAML file in UTF-8."
    ))
    if not isinstance(raw, dict):
        raise CatalogInvalid(f"{path.name} does not hold keys and values.", hint="Write source and datasets.")
    try:
        return Config.model_validate({**raw, "base": path.resolve().parent})
    except ValidationError as error:
        lines = tuple(f"{path.name}: {line}" for line in _said(error))
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        raise CatalogInvalid(
            f"{lines[0]}{more}.", problems=lines, hint="Correct the configuration."
        ) from error


def _said(error: ValidationError) -> Iterator[str]:
    """One line per fault: the key's path, the value where it is short, and what is wrong."""
    for fault in error.errors():
        path = ""
        for part in fault["loc"]:
            path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
        what = fault["msg"].removeprefix("Value error, ")
        value = fault.get("input")
        if fault["type"] == "extra_forbidden":
            what = f"unknown key; {near(str(fault['loc'][-1]), _fields(fault['loc'][:-1]))}"
        short = isinstance(value, str | int | float | list) and len(repr(value)) < 80
        shown = f" is {value!r}" if short else ""
        yield f"{path}{shown}: {what}" if path else what


def _fields(path: tuple[int | str, ...]) -> set[str]:
    """The keys that belong at a place of the file."""
    model: Any = Config
    for part in path:
        if isinstance(part, str) and part in getattr(model, "model_fields", {}):
            model = _inner(model.model_fields[part].annotation)
    return {field.alias or name for name, field in getattr(model, "model_fields", {}).items()} - {"base"}


def _inner(annotation: Any) -> Any:
    """The model in an annotation such as list[Model] or Model | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in getattr(annotation, "__args__", ()) if (found := _inner(one))), None)
