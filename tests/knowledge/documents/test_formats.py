"""One text in every format, written by the usual libraries: what is recovered, what is refused by name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import hwpforge
import openpyxl
import pptx
import pytest
from pptx.util import Inches
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

from knowledge.documents.document import Document
from knowledge.documents.load import File, parse
from knowledge.errors import DocumentInvalid
from tests.knowledge.documents.hwp_file import Grid, Line, hwp_file

HEADINGS = ("이용 요금", "Refunds")
SENTENCES = (
    "요금은 데이터셋마다 정해지며 신청할 때 알려 드립니다.",
    "A fee is given back when the committee turns the request down.",
)
ITEMS = ("신청서", "A data management plan")
ROWS = (("구분", "기간", "요금"), ("기업", "6개월", "1,200,000원"), ("대학", "1년", "무료"))


def in_docx() -> bytes:
    made = docx.Document()
    made.core_properties.title = "요금 안내"
    for heading, sentence in zip(HEADINGS, SENTENCES, strict=True):
        made.add_heading(heading, 1)
        made.add_paragraph(sentence)
    for item in ITEMS:
        made.add_paragraph(item, style="List Number")
    table = made.add_table(len(ROWS), 3)
    for row, cells in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return saved(made.save)


def in_pptx() -> bytes:
    made = pptx.Presentation()
    made.core_properties.title = "요금 안내"
    for number, (heading, sentence) in enumerate(zip(HEADINGS, SENTENCES, strict=True)):
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = heading
        slide.shapes.add_textbox(Inches(1), Inches(2), Inches(8), Inches(1)).text_frame.text = sentence
        if number == 0:
            continue
        for at, item in enumerate(ITEMS):
            frame = slide.shapes.add_textbox(Inches(1), Inches(3 + at / 2), Inches(8), Inches(0.4)).text_frame
            frame.text = item
            frame.paragraphs[0].level = 1
        table = slide.shapes.add_table(len(ROWS), 3, Inches(1), Inches(5), Inches(8), Inches(2)).table
        for y, cells in enumerate(ROWS):
            for x, text in enumerate(cells):
                table.cell(y, x).text = text
    return saved(made.save)


def in_xlsx() -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    made.properties.title = "요금 안내"
    sheet.title = HEADINGS[0]
    sheet.append([SENTENCES[0]])
    sheet.append([])
    for row in ROWS:
        sheet.append(row)
    other = made.create_sheet(HEADINGS[1])
    for text in (SENTENCES[1], *ITEMS):
        other.append([text])
        other.append([])
    hidden = made.create_sheet("hidden")
    hidden.append(["never shown"])
    hidden.sheet_state = "hidden"
    return saved(made.save)


def in_pdf(encryption: StandardEncryption | None = None) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("HYSMyeongJo-Medium"))
    body = ParagraphStyle("body", fontName="HYSMyeongJo-Medium", fontSize=10, leading=14)
    head = ParagraphStyle("head", parent=body, fontSize=16, leading=22)
    table = Table([[Paragraph(cell, body) for cell in row] for row in ROWS])
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")]))
    flow = [
        Paragraph(HEADINGS[0], head),
        Paragraph(SENTENCES[0], body),
        PageBreak(),
        Paragraph(HEADINGS[1], head),
        Paragraph(SENTENCES[1], body),
        *(Paragraph(f"{number}. {item}", body) for number, item in enumerate(ITEMS, 1)),
        table,
    ]
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, title="요금 안내", encrypt=encryption).build(flow)
    return out.getvalue()


def in_hwpx() -> bytes:
    table = "\n".join("| " + " | ".join(row) + " |" for row in (ROWS[0], ("---",) * 3, *ROWS[1:]))
    items = "\n".join(f"{number}. {item}" for number, item in enumerate(ITEMS, 1))
    return hwpforge.convert_md(
        f"---\ntitle: 요금 안내\n---\n## {HEADINGS[0]}\n\n{SENTENCES[0]}\n\n## {HEADINGS[1]}\n\n"
        f"{SENTENCES[1]}\n\n{items}\n\n{table}\n"
    ).document.to_bytes()


def in_hwp(*, locked: bool = False) -> bytes:
    return hwp_file(
        [
            *(Line(HEADINGS[0], 1), Line(SENTENCES[0]), Line(HEADINGS[1], 1), Line(SENTENCES[1])),
            *(Line(f"{number}. {item}") for number, item in enumerate(ITEMS, 1)),
            Grid(ROWS),
        ],
        locked=locked,
    )


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


MAKERS = {
    ".docx": in_docx,
    ".pptx": in_pptx,
    ".xlsx": in_xlsx,
    ".pdf": in_pdf,
    ".hwpx": in_hwpx,
    ".hwp": in_hwp,
}


def read(raw: bytes, name: str) -> Document:
    return parse(File(name, raw), name)[0]


@pytest.mark.parametrize("suffix", MAKERS)
def test_each_format_keeps_headings_sentences_items_and_tables(suffix: str) -> None:
    document = read(MAKERS[suffix](), f"fees{suffix}")
    lines = document.text.split("\n")
    assert document.title == (HEADINGS[0] if suffix == ".hwp" else "요금 안내")  # this writer gives none
    for heading in HEADINGS:
        assert any(line.startswith("#") and line.endswith(heading) for line in lines), document.text
    for sentence in SENTENCES:
        assert sentence in lines
    for item in ITEMS:
        assert any(line.strip().endswith(item) for line in lines)
    for row in ROWS:
        assert "| " + " | ".join(row) + " |" in lines
    assert "never shown" not in document.text


@pytest.mark.parametrize(("suffix", "page"), [(".pdf", 2), (".pptx", 2), (".docx", None), (".hwpx", None)])
def test_a_place_knows_its_page(suffix: str, page: int | None) -> None:
    document = read(MAKERS[suffix](), f"fees{suffix}")
    first, second = (document.text.index(sentence) for sentence in SENTENCES)
    assert (document.page_at(first), document.page_at(second)) == ((1, page) if page else (None, None))


def test_a_table_that_runs_over_a_page_is_one_table() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("HYSMyeongJo-Medium"))
    body = ParagraphStyle("body", fontName="HYSMyeongJo-Medium", fontSize=10, leading=14)
    rows = [["번호", "항목"], *([str(n), f"항목 {n}번"] for n in range(1, 91))]
    table = Table([[Paragraph(cell, body) for cell in row] for row in rows], repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")]))
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build([table])
    document = read(out.getvalue(), "long.pdf")
    assert document.text.count("| 번호 | 항목 |") == 1
    assert all(f"| {n} | 항목 {n}번 |" in document.text for n in range(1, 91))
    assert document.page_at(document.text.index("항목 1번")) == 1
    last = document.page_at(document.text.index("항목 90번"))
    assert last is not None and last >= 3


def test_running_heads_are_left_out() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("HYSMyeongJo-Medium"))
    body = ParagraphStyle("body", fontName="HYSMyeongJo-Medium", fontSize=10, leading=14)

    def head(canvas, _) -> None:  # type: ignore[no-untyped-def]
        canvas.setFont("HYSMyeongJo-Medium", 8)
        canvas.drawString(60, 815, "공동 활용 안내서")
        canvas.drawString(280, 20, f"- {canvas.getPageNumber()} -")

    out = io.BytesIO()
    flow = [part for n in range(5) for part in (Paragraph(f"{n}번째 쪽의 문장입니다.", body), PageBreak())]
    SimpleDocTemplate(out, pagesize=A4).build(flow, onFirstPage=head, onLaterPages=head)
    text = read(out.getvalue(), "heads.pdf").text
    assert "공동 활용 안내서" not in text and "- 3 -" not in text
    assert all(f"{n}번째 쪽의 문장입니다." in text for n in range(5))


def test_footnotes_and_deleted_text_of_word() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("The fee is ")
    run = paragraph.add_run("100")
    run.font.hidden = True
    deleted = paragraph._p.makeelement(f"{{{paragraph._p.nsmap['w']}}}del", {})
    struck = made.add_paragraph("was 900 won").runs[0]._r
    deleted.append(struck)
    paragraph._p.append(deleted)
    paragraph.add_run("200 won.")
    text = read(saved(made.save), "fee.docx").text
    assert text == "The fee is 200 won.\n"


def test_merged_cells_stand_in_each_place() -> None:
    made = docx.Document()
    table = made.add_table(3, 3)
    for y in range(3):
        for x in range(3):
            table.cell(y, x).text = f"{y}{x}"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "wide"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "tall"
    lines = read(saved(made.save), "merged.docx").text.split("\n")
    assert lines[0] == "| 00 | wide | wide |"
    assert lines[2:4] == ["| tall | 11 | 12 |", "| tall | 21 | 22 |"]


def test_values_of_a_sheet_are_as_shown() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["opened", "share", "price", "n"])
    sheet.append([date(2025, 4, 1), 0.125, 1200000, 3.0])
    sheet["B2"].number_format, sheet["C2"].number_format = "0.0%", "#,##0"
    assert "| 2025-04-01 | 12.5% | 1,200,000 | 3 |" in read(saved(made.save), "values.xlsx").text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_in_each_encoding(encoding: str, mark: str) -> None:
    raw = "\n".join(mark.join(row).replace("1,200,000원", '"1,200,000원"') for row in ROWS).encode(encoding)
    text = read(raw, "fees.csv").text
    assert "| 기업 | 6개월 | 1,200,000원 |" in text and text.startswith("| 구분 | 기간 | 요금 |")


def test_front_matter_beside_a_file(tmp_path: Path) -> None:
    (tmp_path / "fees.docx").write_bytes(in_docx())
    (tmp_path / "fees.docx.meta.yaml").write_text("title: Fees 2025\nvalid_from: 2025-01-01\nkind: rule\n")
    from knowledge.documents.load import load, open_file

    document = load(tmp_path / "fees.docx", "fees.docx")
    assert (document.title, document.valid_from, document.kind) == ("Fees 2025", date(2025, 1, 1), "rule")
    before = open_file(tmp_path / "fees.docx").version
    (tmp_path / "fees.docx.meta.yaml").write_text("title: Fees 2026\n")
    assert open_file(tmp_path / "fees.docx").version != before
    (tmp_path / "fees.docx.meta.yaml").write_text("valid_from: 2025-02-30\n")
    with pytest.raises(DocumentInvalid, match=r"fees\.docx\.meta\.yaml"):
        load(tmp_path / "fees.docx", "fees.docx")


def bomb() -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(in_docx())) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in source.namelist():
            made.writestr(name, source.read(name))
        made.writestr("word/media/zero.bin", bytes(40_000_000))
    return out.getvalue()


def scanned() -> bytes:
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawImage(ImageReader(Image.new("L", (200, 200), 200)), 50, 400)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


REFUSED = {
    "locked.pdf": (lambda: in_pdf(StandardEncryption("secret")), "has a password"),
    "scan.pdf": (scanned, "pages are pictures"),
    "cut.pdf": (lambda: in_pdf()[:400], "cannot be read as a PDF"),
    "bomb.docx": (bomb, "unpacks to"),
    "cut.docx": (lambda: in_docx()[:3000], "not a Word file"),
    "cut.xlsx": (lambda: in_xlsx()[:2000], "not an Excel file"),
    "cut.pptx": (lambda: in_pptx()[:9000], "not a PowerPoint file"),
    "cut.hwpx": (lambda: in_hwpx()[:3000], "not an HWPX file"),
    "ole.hwp": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "not an HWP file"),
    "broken.hwp": (
        lambda: (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "FileHeader".encode("utf-16-le") + bytes(900)
        ),
        "cannot be read as an HWP file",
    ),
    "cut.hwp": (lambda: in_hwp()[:1500], "not an HWP file"),
    "locked.hwp": (lambda: in_hwp(locked=True), "cannot be read as an HWP file"),
    "word.pdf": (in_docx, "is a Word file"),
    "pdf.docx": (in_pdf, "is a PDF file"),
    "pdf.csv": (in_pdf, "is a PDF"),
    "locked.xlsx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "has a password"),
    "empty.docx": (lambda: saved(docx.Document().save), "has no text"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_named(name: str) -> None:
    make, reason = REFUSED[name]
    with pytest.raises(DocumentInvalid) as caught:
        read(make(), name)
    assert f"'{name}'" in caught.value.message and reason in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("suffix", MAKERS)
def test_damage_anywhere_is_refused_or_read_but_never_a_traceback(suffix: str) -> None:
    import random

    chance, good = random.Random(suffix), MAKERS[suffix]()
    for _ in range(25):
        raw = bytearray(good)
        for _ in range(chance.randint(1, 12)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        try:
            assert read(bytes(raw), f"damaged{suffix}").text
        except DocumentInvalid as error:
            assert "damaged" in error.message
