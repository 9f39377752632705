"""The setting that names the catalog's engine, as far as the command line."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("mysql://u:secret@127.0.0.1/d", "settings-invalid"),
        ("postgresql://u:secret@127.0.0.1:9/d", "store-unavailable"),
    ],
)
def test_an_engine_that_cannot_be_used_is_said_without_password(command, tmp_path, monkeypatch, url, kind):
    catalog = tmp_path / "catalog"
    catalog.mkdir()
    (catalog / "catalog.yaml").write_text("version: 1\nas_of: 2025-01-01\n")
    (catalog / "hospitals.csv").write_text("hospital,name_en\nh,H\n")
    (catalog / "datasets.csv").write_text("dataset,hospital,title_en\nd,h,D\n")
    monkeypatch.setenv("GILJABI_CATALOG_URL", url)
    home = ("--home", str(tmp_path / "home"), "--json")
    done = command("catalog", "import", "giljabi", str(catalog), *home)
    assert done.code == 3 and done.json["type"].endswith(kind)
    assert "secret" not in done.out and done.json["hint"]
    monkeypatch.delenv("GILJABI_CATALOG_URL")
    assert command("catalog", "info", *home).code == 3  # nothing was put in use


def test_a_home_can_be_asked_on_sqlite(command, tmp_path, monkeypatch):
    monkeypatch.setenv("GILJABI_CATALOG_URL", "sqlite:///asked")
    catalog = tmp_path / "catalog"
    catalog.mkdir()
    (catalog / "catalog.yaml").write_text("version: 1\nas_of: 2025-01-01\n")
    (catalog / "hospitals.csv").write_text("hospital,name_en\nh,H\n")
    (catalog / "datasets.csv").write_text("dataset,hospital,title_en\nd,h,D\n")
    home = ("--home", str(tmp_path / "home"), "--json")
    done = command("catalog", "import", "giljabi", str(catalog), *home)
    assert done.code == 0
    version = done.json["version"]
    assert (tmp_path / "home" / "catalog" / "asked" / f"{version}.sqlite").exists()
