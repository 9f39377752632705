"""Workbooks and text files as sheets of numbered lines, whatever the program that wrote them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from knowledge.catalog.importers.sheets.container import is_workbook
from knowledge.catalog.importers.sheets.sheet import Sheet
from knowledge.errors import CatalogInvalid


def open_sheets(
    path: Path,
    name: str,
    report: Callable[[str, int, int], None],
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Sequence[Sheet]:
    """The sheets of the file ``path``, called ``name`` in messages. ``encoding`` and ``delimiter`` are
    those of a text file, found out where None. ``report`` is told what is read, how far, of how much.

    Raises CatalogInvalid where the file can be neither, or is damaged, locked or empty.
    """
    try:
        if is_workbook(path, name):
            from knowledge.catalog.importers.sheets.workbook import Workbook

            return Workbook(path, name, report).sheets
        from knowledge.catalog.importers.sheets.text_file import TextSheet

        return [TextSheet(path, name, report, encoding, delimiter)]
    except OSError as error:
        raise CatalogInvalid(
            f"{name} cannot be opened ({error.strerror or error}).",
            hint="Give the path of a file that can be read.",
        ) from error
