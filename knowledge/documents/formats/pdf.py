"""PDF: pages, headings by the size of their letters, paragraphs put together from lines, ruled tables."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Sequence

from knowledge.documents.formats.container import require
from knowledge.documents.formats.draft import Content
from knowledge.documents.formats.pdf_layout import write_pages
from knowledge.documents.formats.pdf_page import Page, read_page
from knowledge.errors import DocumentInvalid

MOST_PAGES = 3_000


def read_pdf(raw: bytes, name: str) -> Content:
    """The text of a PDF. Raises DocumentInvalid where it has a password, no text, or is broken."""
    require(raw, "pdf", name)
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it tells of every oddity of a file
    try:
        with pdfplumber.open(io.BytesIO(raw)) as pdf:
            pages = len(pdf.pages)
            if pages > MOST_PAGES:
                raise DocumentInvalid(
                    f"'{name}' has {pages:,} pages, more than {MOST_PAGES:,}.",
                    hint="Split it into several files.",
                )
            found = [read_page(page, number) for number, page in enumerate(pdf.pages)]
            title = str((pdf.metadata or {}).get("Title") or "")
    except DocumentInvalid:
        raise
    except (
        PdfminerException,
        MalformedPDFException,
        PDFException,
        PSException,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OverflowError,
        AssertionError,
        ZeroDivisionError,
    ) as error:
        # pdfminer lets many kinds of its own mistakes through on broken files
        if "Password" in repr(error) or "Encryption" in repr(error):
            raise DocumentInvalid(
                f"'{name}' has a password.", hint="Remove the password and save it again."
            ) from error
        raise DocumentInvalid(
            f"'{name}' cannot be read as a PDF: {str(error) or type(error).__name__}.",
            hint="Print it into a new PDF, or save the original in another format.",
        ) from error
    return _write(name, found, title if _is_title(title) else "")


def _is_title(text: str) -> bool:
    """Printers often leave the name of a file as the title."""
    return bool(text.strip()) and not re.search(
        r"\.\w{2,5}$|^(?:microsoft|untitled|제목\s*없음)", text.strip(), re.I
    )


def _write(name: str, pages: Sequence[Page], title: str) -> Content:
    lines = [line for page in pages for line in page.lines]
    if not any(char.isalnum() for line in lines for char in line.text) and not any(
        page.tables for page in pages
    ):
        scanned = any(page.pictures for page in pages)
        raise DocumentInvalid(
            f"'{name}' has no text"
            + (": its pages are pictures, as a scanner makes them." if scanned else "."),
            hint="Run text recognition (OCR) over it and index the result, or save the original otherwise.",
        )
    draft = write_pages(pages)
    silent = [
        str(number)
        for number, page in enumerate(pages, 1)
        if page.pictures and not page.tables and not any(line.text.strip() for line in page.lines)
    ]
    if silent:
        draft.notes.append(f"'{name}': pages without text, as pictures: {', '.join(silent[:20])}.")
    return draft.content({"title": title})
