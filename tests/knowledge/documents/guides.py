"""The same ten-page guide in each format, and how much of it is recovered, side by side.

``python -m tests.knowledge.documents.guides`` prints the table; ``--out DIR`` keeps the files, ``--read
LANGUAGE FILE`` compares a file that another program made of the Markdown guide.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.documents.document import Document
from knowledge.documents.load import File, parse
from knowledge.documents.sentences import sentences
from knowledge.text import Language
from tests.knowledge.documents.hwp_file import Grid, Line, hwp_file

PAGES, ROWS = 10, 5
_TOPICS: dict[Language, tuple[str, ...]] = {
    "ko": (
        *("신청 자격", "제출 서류", "접수 일정", "심사 기준", "협약 체결"),
        *("이용 요금", "장비 예약", "안전 교육", "결과 보고", "문의처"),
    ),
    "en": (
        *("Eligibility", "Papers", "Timetable", "Review", "Agreement"),
        *("Fees", "Booking", "Safety", "Reports", "Contacts"),
    ),
}
_HEAD: dict[Language, tuple[str, ...]] = {
    "ko": ("구분", "기한", "금액", "비고"),
    "en": ("Group", "Time limit", "Amount", "Remark"),
}


@dataclass(frozen=True)
class Page:
    """One page of the guide."""

    heading: str
    sentences: tuple[str, ...]
    items: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]  # the header first


def guide(language: Language) -> list[Page]:
    """Ten pages; every sentence, item and cell stands once in the guide."""
    return [_page(language, number, topic) for number, topic in enumerate(_TOPICS[language], 1)]


def _page(language: Language, n: int, topic: str) -> Page:
    if language == "ko":
        said = (
            f"{topic}에 관한 {n}번째 안내이며 담당 부서가 해마다 고쳐 펴냅니다.",
            f"{topic}은 접수 마감 {n + 3}일 전까지 확인해야 합니다.",
            f"다만, 재해로 늦은 경우에는 {n + 10}일을 더 드립니다.",
        )
        items = tuple(f"{topic} 확인표 {n}-{k}" for k in range(1, 5))
        rows = [
            (f"제{n}군 {k}", f"{n + k}개월", f"{n * 100 + k},000원", f"{topic} 참고 {k}")
            for k in range(1, ROWS + 1)
        ]
    else:
        said = (
            f"This is guide number {n} on {topic.lower()}, which the office revises each year.",
            f"Check {topic.lower()} no later than {n + 3} days before the closing date.",
            f"Those delayed by a disaster are given {n + 10} more days.",
        )
        items = tuple(f"{topic} checklist {n}-{k}" for k in range(1, 5))
        rows = [
            (f"Group {n}.{k}", f"{n + k} months", f"KRW {n * 100 + k},000", f"{topic} note {k}")
            for k in range(1, ROWS + 1)
        ]
    return Page(topic, said, items, (_HEAD[language], *rows))


def in_markdown(pages: Sequence[Page]) -> bytes:
    """The guide as Markdown."""
    blocks: list[str] = []
    for page in pages:
        blocks += [f"## {page.heading}", *page.sentences]
        blocks.append("\n".join(f"{k}. {item}" for k, item in enumerate(page.items, 1)))
        rows = [page.table[0], ("---",) * len(page.table[0]), *page.table[1:]]
        blocks.append("\n".join("| " + " | ".join(row) + " |" for row in rows))
    return ("\n\n".join(blocks) + "\n").encode()


def in_html(pages: Sequence[Page]) -> bytes:
    """The guide as a web page."""
    body = []
    for page in pages:
        rows = ["".join(f"<td>{cell}</td>" for cell in row) for row in page.table[1:]]
        head = "".join(f"<th>{cell}</th>" for cell in page.table[0])
        body.append(
            f"<h2>{page.heading}</h2>" + "".join(f"<p>{one}</p>" for one in page.sentences)
            + "<ol>" + "".join(f"<li>{item}</li>" for item in page.items) + "</ol>"
            + f"<table><tr>{head}</tr>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
        )  # fmt: skip
    return f"<!doctype html><html><body>{''.join(body)}</body></html>".encode()


def in_text(pages: Sequence[Page], encoding: str = "utf-8") -> bytes:
    """The guide as plain text, without tables."""
    lines = []
    for page in pages:
        lines += [page.heading, "", *page.sentences, "", *(f"- {item}" for item in page.items), ""]
    return "\n".join(lines).encode(encoding)


def in_csv(pages: Sequence[Page]) -> bytes:
    """The rows of all tables as one."""
    out = io.StringIO()
    csv.writer(out).writerows([pages[0].table[0], *(row for page in pages for row in page.table[1:])])
    return out.getvalue().encode()


def in_docx(pages: Sequence[Page]) -> bytes:
    """The guide as a Word file, each part on a page."""
    import docx

    made = docx.Document()
    for page in pages:
        made.add_heading(page.heading, 1)
        for one in page.sentences:
            made.add_paragraph(one)
        for item in page.items:
            made.add_paragraph(item, style="List Number")
        table = made.add_table(len(page.table), len(page.table[0]))
        for row, cells in zip(table.rows, page.table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        made.add_page_break()
    return _saved(made.save)


def in_xlsx(pages: Sequence[Page]) -> bytes:
    """The guide as a workbook, each part a sheet."""
    import openpyxl

    made = openpyxl.Workbook()
    made.remove(made.active)
    for page in pages:
        sheet = made.create_sheet(page.heading)
        for one in (*page.sentences, *page.items):
            sheet.append([one])
            sheet.append([])
        for row in page.table:
            sheet.append(row)
    return _saved(made.save)


def in_pptx(pages: Sequence[Page]) -> bytes:
    """The guide as slides."""
    import pptx
    from pptx.util import Inches

    made = pptx.Presentation()
    for page in pages:
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = page.heading
        texts = [*((one, 0) for one in page.sentences), *((item, 1) for item in page.items)]
        for at, (text, level) in enumerate(texts):
            box = slide.shapes.add_textbox(Inches(1), Inches(1.4 + at * 0.4), Inches(8), Inches(0.4))
            box.text_frame.text = text
            box.text_frame.paragraphs[0].level = level
        size = (len(page.table), len(page.table[0]))
        table = slide.shapes.add_table(*size, Inches(1), Inches(4.6), Inches(8), Inches(2)).table
        for y, cells in enumerate(page.table):
            for x, text in enumerate(cells):
                table.cell(y, x).text = text
    return _saved(made.save)


def in_pdf(pages: Sequence[Page]) -> bytes:
    """The guide as a PDF of ten pages."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

    pdfmetrics.registerFont(UnicodeCIDFont("HYSMyeongJo-Medium"))
    body = ParagraphStyle("body", fontName="HYSMyeongJo-Medium", fontSize=10, leading=16)
    head = ParagraphStyle("head", parent=body, fontSize=16, leading=24)
    flow: list[object] = []
    for page in pages:
        table = Table([[Paragraph(cell, body) for cell in row] for row in page.table])
        table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")]))
        texts = [*page.sentences, *(f"{k}. {item}" for k, item in enumerate(page.items, 1))]
        flow += [Paragraph(page.heading, head), *(Paragraph(one, body) for one in texts), table, PageBreak()]
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(flow)
    return out.getvalue()


def in_hwpx(pages: Sequence[Page]) -> bytes:
    """The guide as an HWPX file."""
    import hwpforge

    text = in_markdown(pages).decode()
    return bytes(hwpforge.convert_md(f"---\ntitle: guide\n---\n{text}").document.to_bytes())


def in_hwp(pages: Sequence[Page]) -> bytes:
    """The guide as an HWP 5 file."""
    blocks: list[Line | Grid] = []
    for page in pages:
        blocks += [Line(page.heading, 1), *(Line(one) for one in page.sentences)]
        blocks += [*(Line(f"{k}. {item}") for k, item in enumerate(page.items, 1)), Grid(page.table)]
    return hwp_file(blocks)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


FORMATS: dict[str, tuple[str, Callable[[Sequence[Page]], bytes]]] = {
    "Markdown": (".md", in_markdown),
    "HTML": (".html", in_html),
    "PDF": (".pdf", in_pdf),
    "DOCX": (".docx", in_docx),
    "XLSX": (".xlsx", in_xlsx),
    "PPTX": (".pptx", in_pptx),
    "HWPX": (".hwpx", in_hwpx),
    "HWP": (".hwp", in_hwp),
    "CSV": (".csv", in_csv),
    "TXT UTF-8": (".txt", in_text),
    "TXT CP949": (".txt", lambda pages: in_text(pages, "cp949")),
}


@dataclass(frozen=True)
class Recovered:
    """How many of each were found, of how many that the format holds."""

    headings: tuple[int, int]
    sentences: tuple[int, int]
    items: tuple[int, int]
    rows: tuple[int, int]  # with each cell under the name of its column
    pages: int | None

    @property
    def whole(self) -> bool:
        return all(found == of for found, of in (self.headings, self.sentences, self.items, self.rows))


def compare(pages: Sequence[Page], document: Document, name: str) -> Recovered:
    """What of the guide stands in a document that was read. A plain text has no headings or tables, a CSV
    file only rows; a workbook has no list items, so these count as text."""
    spans = sentences(document.text, 0, len(document.text))
    texts = [document.text[span.start : span.end] for span in spans]
    rows = {(span.cells, span.header) for span in spans if span.kind == "row"}
    headings = {line.lstrip("# ") for line in document.text.splitlines() if line.startswith("#")}
    listed = {t for t, s in zip(texts, spans, strict=True) if s.kind == "item" or name == "XLSX"}
    plain, table_only = name.startswith("TXT"), name == "CSV"
    wanted_rows = [] if plain else [(row, page.table[0]) for page in pages for row in page.table[1:]]

    def share(found: Sequence[bool], held: bool) -> tuple[int, int]:
        return (sum(found), len(found)) if held else (0, 0)

    return Recovered(
        share([page.heading in headings for page in pages], not (plain or table_only)),
        share([one in texts for page in pages for one in page.sentences], not table_only),
        share([item in listed for page in pages for item in page.items], not table_only),
        share([row in rows for row in wanted_rows], True),
        len(document.pages) + 1 if document.pages is not None else None,
    )


def recovered(name: str, language: Language) -> Recovered:
    """What is read back of the guide in a format."""
    suffix, make = FORMATS[name]
    pages = guide(language)
    return compare(pages, parse(File(f"guide{suffix}", make(pages)), "guide")[0], name)


def _line(name: str, language: str, found: Recovered) -> str:
    cells = [f"{a}/{b}" if b else "-" for a, b in (found.headings, found.sentences, found.items, found.rows)]
    return f"| {name} | {language} | {' | '.join(cells)} | {found.pages or '-'} |"


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--read", nargs=2, metavar=("LANGUAGE", "FILE"), action="append", default=[])
    given = parser.parse_args(arguments)
    print("| format | language | headings | sentences | items | table rows | pages |")
    print("|---|---|---|---|---|---|---|")
    languages: tuple[Language, ...] = ("ko", "en")
    for name, (suffix, make) in FORMATS.items():
        for language in languages:
            print(_line(name, language, recovered(name, language)))
            if given.out:
                given.out.mkdir(parents=True, exist_ok=True)
                place = given.out / f"guide-{language}-{name.split()[-1].lower()}{suffix}"
                place.write_bytes(make(guide(language)))
    for language, file in given.read:
        path = Path(file)
        document, name = parse(File(path.name, path.read_bytes()), path.name)[0], path.suffix[1:].upper()
        print(_line(name, language, compare(guide(language), document, name)))


if __name__ == "__main__":
    main(sys.argv[1:])
