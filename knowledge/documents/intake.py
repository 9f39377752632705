"""Which files an indexing call is about, and under which name each becomes a document."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.documents.files import files, place_of
from knowledge.documents.store import Known
from knowledge.errors import DocumentInvalid


@dataclass(slots=True)
class Intake:
    """What a call will do. ``files``: each file to look at, with the place that its document will have
    (version and format are still open). ``gone``: active documents whose file is no longer there.
    ``failed``: (path, reason)."""

    files: list[tuple[Path, Known]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def clean_source(name: str) -> str:
    """A source's name as documents carry it."""
    return unicodedata.normalize("NFC", name.strip().strip("/"))


def intake(paths: Sequence[Path], source: str, known: Iterable[Known]) -> Intake:
    """Plan the indexing of ``paths``. Raises DocumentInvalid when two files would have one document id."""
    everything = list(known)
    own = {k.path: k for k in everything if k.source == source}
    plan = Intake()
    found: dict[str, tuple[Path, Known]] = {}
    for given in paths:
        try:
            here, gone = _named(given, own)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            shown = str(given) if str(given).isprintable() else ascii(str(given))
            plan.failed.append((shown, f"{reason}. Check the path."))
            continue
        plan.gone += gone
        for file, name, folder in here:
            if not _is_utf8(file):
                plan.failed.append((ascii(str(file)), "The file's name is not UTF-8. Rename it."))
            else:
                found.setdefault(str(file), (file, _place(file, name, folder, source, own)))
    plan.files = list(found.values())
    _refuse_collisions(plan, everything)
    names = {place.document for _, place in plan.files}
    plan.gone = [
        document for document in dict.fromkeys(plan.gone) if document not in names
    ]  # not gone: moved
    return plan


def _named(given: Path, own: dict[str, Known]) -> tuple[list[tuple[Path, str, str]], list[str]]:
    """(file, name, folder) of all files that ``given`` means; documents of those that it no longer has."""
    path = place_of(given)
    if not path.is_dir():
        path.stat()  # says what is wrong with it
        return [(path, *_lone_name(path, own.values()))], []
    here = files(path)
    there = {str(file) for file in here}
    gone = [k.document for k in own.values() if k.path not in there and Path(k.path).is_relative_to(path)]
    return [(file, file.relative_to(path).as_posix(), str(path)) for file in here], gone


def _lone_name(path: Path, own: Iterable[Known]) -> tuple[str, str]:
    """Name and folder of a file given by itself: inside an indexed folder it belongs to that."""
    for folder in sorted({k.folder for k in own if k.folder}):
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix(), folder
    return path.name, ""


def _place(path: Path, name: str, folder: str, source: str, own: dict[str, Known]) -> Known:
    """A file that is known already keeps its document id, whichever folder was given this time."""
    if str(path) in own:
        return own[str(path)]
    document = unicodedata.normalize("NFC", f"{source}/{name}" if source else name)
    return Known(document, "", source, folder, str(path), "")


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse_collisions(plan: Intake, known: Iterable[Known]) -> None:
    taken = {k.document: k.path for k in known if k.document not in plan.gone and Path(k.path).is_file()}
    for path, place in plan.files:
        other = taken.setdefault(place.document, str(path))
        if other != str(path):
            raise DocumentInvalid(
                f"Two files would both be document '{place.document}': '{other}' and '{path}'.",
                hint="Index one of the folders with a --source NAME of its own.",
            )
