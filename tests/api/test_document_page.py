"""The page that a citation opens: the quote marked, its page in a PDF, and what became of it since."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.home import Home

FEE, DESK = "The fee is 10 won.", "The desk opens at nine."
OF_PAGE_TWO = "Samples are stored for seven years."


def two_pages() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for text in ("Orders are sent on Monday.", OF_PAGE_TWO):
        canvas.drawString(72, 720, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def cited(tmp_path_factory: pytest.TempPathFactory, start_server: Any) -> tuple[str, dict[str, str]]:
    """A served home whose document was changed after it was quoted, and the address of each quote."""
    place = tmp_path_factory.mktemp("cited")
    folder = place / "documents"
    folder.mkdir()
    (folder / "terms.md").write_text(f"# Terms\n\n{DESK} {FEE}\n", encoding="utf-8")
    (folder / "gone.md").write_text("# Gone\n\nParking is free.\n", encoding="utf-8")
    (folder / "store.pdf").write_bytes(two_pages())
    found: dict[str, str] = {}
    with Home(place / "home", "tests") as home:
        home.add_documents([folder])
        names = {FEE: "terms.md", DESK: "terms.md", "Parking is free.": "gone.md", OF_PAGE_TWO: "store.pdf"}
        for words, name in names.items():
            document = home.index.document(name)
            start = document.text.index(words)
            found[words] = (
                f"/documents/{name}?version={document.version}&start={start}&end={start + len(words)}"
            )
        (folder / "terms.md").write_text(
            f"# Terms\n\nRead this first. {DESK} The fee is 20 won.\n", encoding="utf-8"
        )
        (folder / "gone.md").unlink()
        home.add_documents([folder])
    return start_server(place / "home").url, found


def shown(cited: tuple[str, dict[str, str]], words: str, language: str = "en") -> str:
    url, found = cited
    headers = {"accept": "text/html", "accept-language": language}
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        response = client.get(found[words], headers=headers)
    assert response.status_code == 200
    assert f'<mark id="quote">{words}</mark>' in response.text
    return response.text


def test_a_dead_quote_is_shown_as_dead(cited: tuple[str, dict[str, str]]) -> None:
    page = shown(cited, FEE)
    assert 'data-fate="dead"' in page and "no longer stand in today" in page
    assert "지금 판에 없습니다" in shown(cited, FEE, "ko")


def test_a_quote_that_still_stands_leads_to_its_place_today(cited: tuple[str, dict[str, str]]) -> None:
    page = shown(cited, DESK)
    assert 'data-fate="kept"' in page
    link = page.split('data-fate="kept"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    with httpx.Client(base_url=cited[0], trust_env=False, timeout=60) as client:
        today = client.get(link, headers={"accept": "text/html"}).text
    assert f'<mark id="quote">{DESK}</mark>' in today and "data-fate" not in today


def test_a_document_that_left_the_index_says_so(cited: tuple[str, dict[str, str]]) -> None:
    assert 'data-fate="withdrawn"' in shown(cited, "Parking is free.")


def test_the_page_of_a_pdf_is_told(cited: tuple[str, dict[str, str]]) -> None:
    page = shown(cited, OF_PAGE_TWO)
    assert "<dt>Page</dt><dd>2</dd>" in page and "data-fate" not in page
