"""HTML: what a browser does not show is left out and told; merged and empty cells keep their columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.documents.formats.html import read_html
from knowledge.documents.index import KnowledgeIndex

HIDING = [
    "<p hidden>{}</p>",
    '<p style="display:none">{}</p>',
    '<div style="VISIBILITY : hidden !important"><b>{}</b></div>',
    '<span style="font-size:0">{}</span>',
    '<span style="font-size: 0px">{}</span>',
    '<p style="opacity:0.0">{}</p>',
    '<p style="color:#FFFFFF">{}</p>',
    '<p style="color:#112233; background-color:#112233">{}</p>',
    '<p style="color:transparent">{}</p>',
    '<div style="position:absolute; left:-9999px">{}</div>',
    '<p style="text-indent:-5000px">{}</p>',
    '<div style="height:0; overflow:hidden">{}</div>',
    '<p class="note ghost">{}</p>',
    '<p id="gone">{}</p>',
    "<aside>{}</aside>",
    "<div hidden><div>{}</div><p>{}</div>",
    "<!-- {} -->",
    "<template>{}</template>",
    "<script>{}</script>",
]
SHOWING = [
    "<p aria-hidden=true>{}</p>",
    '<div style="background:#003366"><p style="color:white">{}</p></div>',
    '<p style="display:block;color:#333">{}</p>',
    '<p class="printed">{}</p>',
    '<p style="font-size:0.9em;opacity:0.8">{}</p>',
    "<details><summary>more</summary>{}</details>",
    '<p hidden="until-found">{}</p>',
    "<div><p hidden>away<p>{}</div>",
    "<div><p hidden>away</div><p>{}</p>",
]
SHEET = """<style>/* c */ .ghost, aside {display:none} #gone{visibility:hidden}
@media print { .printed {display:none} }</style>"""
WORDS = "The secret fee is 7 won."


def page(part: str) -> str:
    said = part.replace("{}", WORDS)
    return f"<html><head>{SHEET}</head><body><p>Before it.</p>{said}<p>Behind it.</p></body></html>"


@pytest.mark.parametrize("part", HIDING)
def test_hidden_text_is_left_out_and_told(part: str) -> None:
    content = read_html(page(part), "a.html")
    assert WORDS not in content.text
    assert "Before it." in content.text and "Behind it." in content.text
    told = not part.startswith(("<!--", "<template", "<script"))
    assert bool(content.notes) == told and all(WORDS in note for note in content.notes)


@pytest.mark.parametrize("part", SHOWING)
def test_shown_text_is_kept(part: str) -> None:
    assert WORDS in read_html(page(part), "a.html").text


def test_merged_and_empty_cells_keep_their_columns() -> None:
    content = read_html(
        "<table><tr><th>Who<th colspan=2>Support</tr><tr><td rowspan=2>A<td>1<td></tr>"
        "<tr><td>2<td>3</tr><tr><td hidden>x<td>B<td>4<td>5</tr></table>",
        "a.html",
    )
    rows = [line for line in content.text.splitlines() if line.startswith("|")]
    assert rows == [
        "| Who | Support | Support |",
        "| --- | --- | --- |",
        "| A | 1 |  |",
        "| A | 2 | 3 |",
        "| B | 4 | 5 |",
    ]


def test_a_span_without_end_is_bounded() -> None:
    content = read_html("<table><tr><td colspan=99999999 rowspan=99999999>x</tr></table>", "a.html")
    assert len(content.text) < 2000


def test_indexing_tells_of_it_and_a_search_does_not_find_it(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    (tmp_path / "fees.html").write_text(page("<p hidden>{}</p>"), encoding="utf-8")
    report = fresh.add_paths([tmp_path])
    assert any("does not show" in note for _, note in report.notes)
    assert all(WORDS not in hit.passage.text for hit in fresh.search("secret fee", 5))
