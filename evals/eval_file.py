"""Reading the files of the evals: whatever is wrong with one is a CaseInvalid that names it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from knowledge.errors import CaseInvalid

Form = TypeVar("Form")


def read_text(path: Path) -> str:
    """The text of a file in UTF-8. Raises CaseInvalid."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CaseInvalid.of([f"{path}: the file cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise CaseInvalid.of([f"{path.name}: the file is no UTF-8 (byte {error.start})"]) from error


def read_toml(path: Path, form: Callable[[dict[str, Any]], Form]) -> Form:
    """What ``form``, which may raise pydantic's ValidationError, makes of a TOML file. Raises CaseInvalid."""
    try:
        return form(tomllib.loads(read_text(path)))
    except tomllib.TOMLDecodeError as error:
        raise CaseInvalid.of([f"{path.name}: this is no TOML ({error})"]) from error
    except ValidationError as error:
        raise CaseInvalid.of([f"{path.name}: {said}" for said in said_of(error)]) from error


def said_of(error: ValidationError) -> list[str]:
    """One short sentence per problem that pydantic found."""
    said = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"]) or "the case"
        if problem["type"] == "extra_forbidden":
            said.append(f"there is no field {where!r}")
        elif problem["type"] == "missing":
            said.append(f"the field {where!r} is missing")
        else:
            said.append(f"{where}: {problem['msg']}")
    return said
