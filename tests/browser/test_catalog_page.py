"""The catalog page: from hospital to dataset, table, variable and values, by search, in a version."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect


def test_from_a_hospital_down_to_a_variable(visit):
    page = visit("/catalog", "en")
    expect(page.locator(".menu [aria-current=page]")).to_have_text("Catalog")
    expect(page.locator(".hospital")).to_have_count(3)
    page.locator("#list .card", has_text="Nuri glaucoma registry").click()
    entry = page.locator("#entry")
    expect(entry.locator("h2")).to_have_text("Nuri glaucoma registry")
    expect(entry.locator(".over")).to_have_text("Nuri Eye Hospital")
    expect(entry).to_contain_text("datasets.csv, row 2")
    entry.locator(".cards.grid .card", has_text="Visual field tests").click()
    expect(entry.locator(".cards.grid [aria-current=true]")).to_contain_text("Visual field tests")
    name = entry.locator("tbody tr a").first
    shown = name.inner_text()
    name.click()
    detail = page.locator("#variable")
    expect(detail).to_be_visible()
    expect(detail).to_contain_text(shown)
    expect(detail).to_contain_text(re.compile(r"variables\.csv, row \d+"))
    assert "table=field" in page.url and f"name={shown}" in page.url
    page.go_back()
    expect(detail).to_be_hidden()
    expect(entry.locator(".cards.grid [aria-current=true]")).to_contain_text("Visual field tests")


def test_published_numbers_are_said_and_hidden_ones_are_not(visit, eye_server):
    page = visit("/catalog", "ko")
    datasets = httpx.get(f"{eye_server.url}/api/catalog/datasets", trust_env=False).json()["datasets"]
    for listed in datasets:
        one = f"{eye_server.url}/api/catalog/datasets/{listed['dataset']}"
        totals = httpx.get(one, trust_env=False).json()["totals"]
        page.locator("#list .card", has_text=listed["title_ko"]).first.click()
        expect(page.locator("#entry h2")).to_have_text(listed["title_ko"])
        numbers = page.locator("#entry .numbers")
        expect(numbers).to_have_count(1 if totals["patients"] else 0)
        if totals["patients"]:
            patients = totals["patients"]
            expect(numbers).to_contain_text(f"{patients['low']:,}~{patients['high']:,}명")
            expect(numbers).to_contain_text(f"규칙 {totals['rule']}, 기준일 2026-02-28")


def test_search_finds_names_in_both_languages_and_leads_there(visit):
    page = visit("/catalog", "ko")
    page.locator("#words").fill("안압")
    page.locator("#words").press("Enter")
    expect(page.locator("#list .badge").first).to_have_text("변수")
    page.locator("#list .card").first.click()
    expect(page.locator("#variable h3")).to_contain_text("안압")
    page.get_by_role("link", name="English").click()
    expect(page.locator("#variable h3")).to_contain_text("Intraocular pressure")
    expect(page.locator("#words")).to_have_value("안압")
    page.locator("#words").fill("no such thing")
    page.locator("#words").press("Enter")
    expect(page.locator("#list")).to_contain_text("No name holds 'no such thing'.")
    page.get_by_role("link", name="Clear the search").click()
    expect(page.locator(".hospital")).to_have_count(3)


def test_variables_are_filtered_within_a_dataset(visit):
    page = visit("/catalog?dataset=nuri_glaucoma", "en")
    rows = page.locator("#entry tbody tr")
    rows.first.wait_for()
    everything = rows.count()
    page.locator("#filter").fill("left eye")
    page.locator("#filter").press("Enter")
    expect(rows).not_to_have_count(everything)
    expect(page.locator("#filter")).to_be_focused()
    page.locator("#filter").fill("zebra")
    page.locator("#filter").press("Enter")
    expect(page.locator("#entry")).to_contain_text("No variable fits.")


def test_a_version_is_named_and_an_unknown_dataset_is_said(visit, watch):
    page = visit("/catalog", "en")
    expect(page.locator("#version option")).to_have_text([re.compile(r"2026\.2-\w+ \(in use\)")])
    watch.expected = {404}
    page = visit("/catalog?dataset=nothing", "ko")
    expect(page.get_by_role("alert")).to_contain_text("찾을 수 없습니다")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_fits_a_phone(visit, language):
    page = visit("/catalog?dataset=nuri_glaucoma&table=visit&name=iop_od", language, phone=True)
    page.locator("#variable h3").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".hospital[open]")).to_have_count(1)
