"""Where sentences, list items and table rows begin and end."""

from __future__ import annotations

import pytest

from knowledge.documents.sentences import sentences

WHOLE = [
    "Some devices (e.g. watches) report SpO2 every minute.",
    "Use a fixed ratio, e.g. 0.70, or the lower limit, i.e. the LLN.",
    "COPD means post-bronchodilator FEV1/FVC < 0.70 at any visit.",
    "U07.1 stands for confirmed COVID-19 and U07.2 for suspected cases.",
    "접수 기간은 2025. 4. 2. ~ 2025. 4. 28. 까지입니다.",
    "마감일은 4. 28.(월) 18:00이다.",
    "신청은 '25. 4. 28.까지 받습니다.",
    "See Fig. 2 and Sec. 3 of Vol. 4 for details.",
    "Dr. Kim and Prof. Lee wrote to Acme Co. and others.",
    "J. Smith et al. reported this in 2020.",
    "Approx. 20 firms vs. 7 selected ones took part.",
    "Open https://example.org/a?b=1.2&c=3. html is not a sentence start",
    "값은 0.5 mg/dL이며 표준은 ISO 8601입니다.",
    "The board (it meets monthly. It may meet more often.) decides.",
    "개정판(2025. 12. 31. 시행)이 적용됩니다.",
    "위원회는 5명 이상으로 구성한다(외부 위원이 과반수이어야 한다. 위원장은 호선한다).",
    "The U.S. programme differs.",
    "Read item no. 7 first.",
    "버전 2.0.1이 배포되었습니다.",
    "1. 신청 자격을 확인한다.",
    "제28조의2(가명정보의 처리 등) 제1항에 따른다.",
]

SEVERAL = [
    ("First one. Second one.", ["First one.", "Second one."]),
    ("Is it open? Yes! It closes on 28 April.", ["Is it open?", "Yes!", "It closes on 28 April."]),
    ("신청합니다. 그리고 기다립니다.", ["신청합니다.", "그리고 기다립니다."]),
    ("신청합니다.그리고 기다립니다.", ["신청합니다.", "그리고 기다립니다."]),
    ("신청할 수 있나요? 네, 가능합니다.", ["신청할 수 있나요?", "네, 가능합니다."]),
    ('He said "stop." Then he left.', ['He said "stop."', "Then he left."]),
    ("**Deadline.** It is in April.", ["**Deadline.**", "It is in April."]),
    (
        "It closes on 2025. 4. 28. Later entries are refused.",
        ["It closes on 2025. 4. 28.", "Later entries are refused."],
    ),
    ("The ratio is 0.70. Values below count.", ["The ratio is 0.70.", "Values below count."]),
    ("Fees, advice, etc. The rest is own money.", ["Fees, advice, etc.", "The rest is own money."]),
    (
        "Check the unit. eGFR is derived. mMRC is a score.",
        ["Check the unit.", "eGFR is derived.", "mMRC is a score."],
    ),
    ("That is known.[1] This is new.[^2]", ["That is known.[1]", "This is new.[^2]"]),
    (
        "기준은 0.70 미만이다. 예외도 있다(부록 참조). 끝.",
        ["기준은 0.70 미만이다.", "예외도 있다(부록 참조).", "끝."],
    ),
    ("5,000만 원입니다. 2025년에 시작합니다.", ["5,000만 원입니다.", "2025년에 시작합니다."]),
    ("It ends here…  Or not.", ["It ends here…", "Or not."]),
    ("마감: 4월 28일\n제출처: 누리집", ["마감: 4월 28일", "제출처: 누리집"]),
    ("A wrapped\nline goes on. So\ndoes this.", ["A wrapped\nline goes on.", "So\ndoes this."]),
    ("신청 서류는 다음과 같다:\n연구계획서", ["신청 서류는 다음과 같다:", "연구계획서"]),
]


def texts(document: str) -> list[str]:
    return [document[span.start : span.end] for span in sentences(document, 0, len(document))]


@pytest.mark.parametrize("text", WHOLE)
def test_one_sentence_stays_whole(text: str) -> None:
    found = sentences(text, 0, len(text))
    assert len(found) == 1
    assert text.endswith(text[found[0].start : found[0].end])


@pytest.mark.parametrize(("text", "expected"), SEVERAL)
def test_sentences_are_told_apart(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_list_items_keep_their_mark_beside_the_text() -> None:
    document = (
        "Steps:\n\n1. Write the plan. Keep it short.\n2. Send it\n   by e-mail.\n- also this\n"
        "○ 서울 소재 기업\n가. 첫째\n"
    )
    spans = sentences(document, 0, len(document))
    assert [span.mark for span in spans] == ["", "1.", "", "2.", "-", "○", "가."]
    assert [span.kind for span in spans] == ["sentence"] + ["item"] * 6
    assert document[spans[3].start : spans[3].end] == "Send it\n   by e-mail."
    assert document[spans[5].start : spans[5].end] == "서울 소재 기업"


def test_table_rows_know_cells_and_columns() -> None:
    document = "| step | date |\n|---|:--|\n| opening | 2025. 4. 2. |\n| closing | a \\| b |\n"
    rows = sentences(document, 0, len(document))
    assert [row.kind for row in rows] == ["row", "row"]
    assert document[rows[0].start : rows[0].end] == "opening | 2025. 4. 2."
    assert rows[0].cells == ("opening", "2025. 4. 2.")
    assert rows[1].cells == ("closing", "a \\| b")
    assert rows[1].header == ("step", "date")


def test_the_header_is_known_from_the_middle_of_a_table() -> None:
    document = "| step | date |\n|---|---|\n" + "".join(f"| s{n} | d{n} |\n" for n in range(5))
    start = document.index("| s3")
    rows = sentences(document, start, len(document))
    assert [row.cells for row in rows] == [("s3", "d3"), ("s4", "d4")]
    assert rows[0].header == ("step", "date")


def test_headings_comments_and_fences_are_no_sentences() -> None:
    document = "# Title\n\n<!-- hidden. words. -->\n\nBody text.\n\nOther\n-----\n\n```\ncode line\n```\n"
    assert texts(document) == ["Body text.", "code line"]


def test_a_range_cuts_off_what_lies_outside() -> None:
    document = "One here. Two here. Three here."
    start = document.index("Two")
    spans = sentences(document, start, start + len("Two here."))
    assert [document[s.start : s.end] for s in spans] == ["Two here."]


def test_words_beside_a_comment_are_kept() -> None:
    assert texts("<!-- note --> Words after it.\n\n<!-- never closed\n") == [
        "<!-- note --> Words after it.",
        "<!-- never closed",
    ]


LONG = [
    *("A sentence (with a bracket). " * 20_000, "line\n" * 50_000, "<!-- x\n" * 20_000, "1. 2. " * 50_000),
    *(
        "|-" + " " * 200_000,
        "(" * 100_000,
        "가" * 300_000,
        ". " * 50_000,
        "- a\n" * 20_000,
        "a.\n\n" * 20_000,
    ),
]


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
@pytest.mark.timeout(20)
def test_time_grows_with_the_length_only(text: str) -> None:
    spans = sentences(text, 0, len(text))
    assert spans == sorted(spans, key=lambda span: span.start)
