"""Reading YAML and CSV files: word lists that ship beside the code, and files that somebody gives.

What ships is read as it is: a test reads every such file, so that a broken one cannot ship. What is given may
be anything: whatever keeps it from being read comes as one line, for the error of the caller.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge.errors import CatalogInvalid, GiljabiError


def read_shipped(path: Path, *, texts: bool = False) -> Any:
    """What a YAML file in UTF-8 holds that ships with the program. ``texts``: every scalar stays text,
    "no" and 01 too."""
    import yaml

    # The loaders in C read the same, five times as fast; they are not built on every platform.
    name = "BaseLoader" if texts else "SafeLoader"
    loader = getattr(yaml, f"C{name}", getattr(yaml, name))
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)


def read_given(path: Path, refuse: Callable[[str], GiljabiError], *, texts: bool = False) -> Any:
    """What a YAML file in UTF-8 holds that somebody gave; None where it is empty. Where it cannot be read,
    raises what ``refuse`` makes of the reason, one line. ``texts``: every scalar stays text."""
    import yaml

    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise refuse(error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise refuse(f"it is not UTF-8 ({error})") from error
    try:
        return yaml.load(text, Loader=yaml.BaseLoader if texts else yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:  # ValueError: no such day, as 2025-02-30
        raise refuse(f"it is not YAML ({' '.join(str(error).split())})") from error


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Mapping[str, str]]:
    """The rows of a CSV file in UTF-8 by column. CatalogInvalid where its header lacks any of ``columns``."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = sorted(set(columns) - set(rows.fieldnames or ()))
        if missing:
            raise CatalogInvalid(
                f"{path.name} lacks the columns {missing}.", hint=f"Its header needs {', '.join(columns)}."
            )
        yield from rows
