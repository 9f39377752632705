"""A research plan on its page: made, filled from the catalog and by hand, checked, exported."""

from __future__ import annotations

import httpx
from playwright.sync_api import expect


def _new(page, title: str) -> str:
    page.locator("#title").fill(title)
    page.locator("#new button[type=submit]").click()
    page.locator("#checked .badge").first.wait_for()
    return page.url.rsplit("/", 1)[1]


def test_a_plan_is_made_filled_and_exported(visit, eye_server):
    page = visit("/plans", "ko")
    plan = _new(page, "녹내장의 예후")
    expect(page.locator("#plan h1")).to_have_text("녹내장의 예후")
    expect(page.locator("#contents li")).to_have_count(13)
    page.locator("#pick-datasets").select_option("nuri_glaucoma")
    page.locator("[data-picker=datasets] button").click()
    expect(page.locator("#section-data tbody tr")).to_have_count(1)
    page.locator("#pick-cohorts").select_option("glaucoma")
    page.locator("[data-picker=cohorts] button").click()
    counts = page.locator("#section-feasibility tbody tr")
    expect(counts).to_have_count(1)
    expect(counts.first.locator("td").nth(1)).to_have_text("녹내장")  # before, it counts everyone
    stored = httpx.get(f"{eye_server.url}/api/plans/{plan}", trust_env=False).json()
    (count,) = stored["plan"]["feasibility"]["counts"]
    expect(counts.first).to_contain_text(f"{count['low']:,}")
    page.locator("#applicant-company").fill("가나다 주식회사")
    page.locator("#applicant-founded").fill("2020-03-01")
    page.locator("#section-applicant").get_by_role("button", name="행 추가").click()
    page.get_by_label("이름, 1행").fill("홍연구")
    page.locator("#section-applicant button[type=submit]").click()
    expect(page.locator("#version option")).to_have_count(4)
    stored = httpx.get(f"{eye_server.url}/api/plans/{plan}", trust_env=False).json()["plan"]["applicant"]
    assert stored["company"] == "가나다 주식회사" and stored["founded"] == "2020-03-01"
    assert stored["members"] == [{"name": "홍연구", "role": "", "affiliation": ""}]
    for format in ("DOCX", "HWPX", "MD"):
        with page.expect_download() as download:
            page.get_by_role("link", name=format).click()
        assert download.value.path().stat().st_size > 500
    page.locator("#plan > details summary").click()
    expect(page.locator(".preview")).to_contain_text("가나다 주식회사")


def test_findings_stand_at_their_fields_in_the_pages_language(visit):
    page = visit("/plans", "en")
    _new(page, "A study of vision")
    expect(page.locator("#checked")).to_contain_text("Errors")
    expect(page.locator("#at-applicant-company .findings")).to_contain_text("Still to be written")
    page.locator("#summary-summary").fill("This product cures every patient.")
    page.locator("#section-summary button[type=submit]").click()
    wrong = page.locator("#section-summary .findings").locator(".error, .warning")
    expect(wrong.first).to_be_visible()


def test_a_value_that_does_not_fit_is_said_at_its_section_and_nothing_is_lost(visit, watch):
    watch.expected = {404}
    page = visit("/plans", "en")
    _new(page, "A study of variables")
    page.locator("#pick-variables").fill("nothing/like.this")
    page.locator("[data-picker=variables] button").click()
    problem = page.locator("#section-variables").get_by_role("alert")
    expect(problem).to_contain_text("nothing/like.this")
    expect(page.locator("#pick-variables")).to_have_value("nothing/like.this")


def test_an_older_version_can_be_read_and_not_changed(visit):
    page = visit("/plans", "en")
    _new(page, "A study of versions")
    page.locator("#summary-title_en").fill("Another title")
    page.locator("#section-summary button[type=submit]").click()
    expect(page.locator("#version option")).to_have_count(2)
    page.locator("#version").select_option("1")
    expect(page.locator("#summary-title_en")).to_have_value("A study of versions")
    expect(page.locator("#summary-title_en")).to_be_disabled()
