"""Which files an indexing call is about, and under which name each becomes a document."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.documents.files import files
from knowledge.documents.store import Known
from knowledge.errors import DocumentInvalid


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file to index: its path, its document id, and the folder that the id is relative to ("" for a lone file)."""

    path: Path
    document: str
    folder: str


@dataclass(slots=True)
class Intake:
    """What a call will do: files to look at, active documents whose file is gone, paths that cannot be used."""

    files: dict[str, Incoming] = field(default_factory=dict)  # by path
    gone: dict[str, Known] = field(default_factory=dict)  # by document
    failed: list[tuple[str, str]] = field(default_factory=list)


def intake(paths: Sequence[Path], source: str, known: Iterable[Known]) -> Intake:
    """Plan the indexing of ``paths``. Raises DocumentInvalid when two files would have one document id."""
    own = {k.path: k for k in known if k.source == source}
    plan = Intake()
    for given in paths:
        path = Path(given).expanduser().resolve()
        if path.is_dir():
            _folder(plan, path, source, own)
        elif path.is_file():
            _add(plan, path, _lone_name(path, own), source, own)
        else:
            plan.failed.append((str(given), "There is no such file or folder. Check the path."))
    _refuse_collisions(plan, {k.document: k for k in known})
    return plan


def _folder(plan: Intake, folder: Path, source: str, own: dict[str, Known]) -> None:
    seen = set()
    for path in files(folder):
        seen.add(str(path))
        _add(plan, path, (path.relative_to(folder).as_posix(), str(folder)), source, own)
    for path, k in own.items():
        if path not in seen and Path(path).is_relative_to(folder):
            plan.gone[k.document] = k


def _lone_name(path: Path, own: dict[str, Known]) -> tuple[str, str]:
    """A file inside an indexed folder belongs to it; any other is called by its name."""
    for folder in {k.folder for k in own.values() if k.folder}:
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix(), folder
    return path.name, ""


def _add(plan: Intake, path: Path, named: tuple[str, str], source: str, own: dict[str, Known]) -> None:
    name, folder = named
    try:
        str(path).encode()
    except UnicodeEncodeError:
        plan.failed.append((ascii(str(path)), "The file's name is not UTF-8. Rename it."))
        return
    document = unicodedata.normalize("NFC", f"{source}/{name}" if source else name)
    if str(path) in own:  # known under a name already, whichever folder was named this time
        document, folder = own[str(path)].document, own[str(path)].folder
    plan.files.setdefault(str(path), Incoming(path, document, folder))


def _refuse_collisions(plan: Intake, known: dict[str, Known]) -> None:
    taken: dict[str, str] = {
        k.document: k.path for k in known.values() if k.document not in plan.gone and Path(k.path).is_file()
    }
    for incoming in plan.files.values():
        other = taken.setdefault(incoming.document, str(incoming.path))
        if other != str(incoming.path):
            raise DocumentInvalid(
                f"Two files would both be document '{incoming.document}': '{other}' and '{incoming.path}'.",
                hint="Index one of the folders with --source NAME.",
            )
    for incoming in plan.files.values():  # a file that moved within the call is not gone
        plan.gone.pop(incoming.document, None)
