from __future__ import annotations

import multiprocessing
import sqlite3

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from assistant.home import Home
from assistant.records import Records
from assistant.records.database import MIGRATIONS, Database, upgrade
from assistant.records.migrations import HEAD, REVISIONS
from assistant.records.tables import metadata
from knowledge.errors import SettingsInvalid, StoreUnavailable
from tests.assistant.records.conftest import emptied, engine


def shape(place):
    """Table -> {column: may it be null}, without Alembic's own."""
    found = inspect(engine(place))
    return {
        table: {column["name"]: column["nullable"] for column in found.get_columns(table)}
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def test_the_revisions_named_are_the_ones_that_are_there():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    assert tuple(s.revision for s in scripts.walk_revisions())[::-1] == REVISIONS


def test_an_empty_database_is_brought_to_the_tables_that_the_stores_use(records, place):
    expected = {
        name: {column.name: bool(column.nullable) for column in table.columns}
        for name, table in metadata.tables.items()
    }
    assert shape(place) == expected


def test_revision_1_is_brought_up_with_what_it_holds(place, open_records):
    with engine(place).begin() as connection:
        upgrade(connection, "0001")
    assert "research_plans" not in shape(place)
    with engine(place).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO turns (answer_id, conversation, question, answer, created)"
                " VALUES ('a-1', 'c-1', '질문', '{\"id\":\"a-1\"}', '2026-01-01T00:00:00.000000Z')"
            )
        )
    records = open_records(place)
    assert records.turns.conversation("c-1")[0].answer == {"id": "a-1"}
    assert records.plans.create({}, title="t", language="ko").version == 1


def test_opening_again_changes_nothing(place, open_records):
    open_records(place).plans.create({"a": 1}, title="t", language="ko")
    before = shape(place)
    assert [p.title for p in open_records(place).plans.list()] == ["t"]
    assert shape(place) == before


def test_records_of_a_newer_program_are_left_alone(place, open_records):
    open_records(place).close()
    with engine(place).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(StoreUnavailable, match="'0999'"):
        Records(place)


def _open(place, barrier, outcomes):
    barrier.wait()
    try:
        records = Records(place)
        records.turns.add("c-1", "q", {"id": f"a-{multiprocessing.current_process().pid}"})
        records.close()
        outcomes.put("")
    except BaseException as error:
        outcomes.put(repr(error))
        raise


def test_processes_that_open_a_new_database_at_once_all_find_it_ready(place, open_records):
    context = multiprocessing.get_context("spawn")
    barrier, outcomes = context.Barrier(4), context.Queue()
    started = [context.Process(target=_open, args=(place, barrier, outcomes)) for _ in range(4)]
    for process in started:
        process.start()
    assert [outcomes.get(timeout=60) for _ in started] == [""] * 4
    for process in started:
        process.join(30)
    assert open_records(place).turns.conversations()[0].turns == 4


def test_sqlite_is_opened_for_many_readers_with_foreign_keys_and_patience(tmp_path):
    database = Database(tmp_path / "records.sqlite")
    with database.read() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 15000}


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "records.sqlite"
    path.write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(StoreUnavailable, match=r"records\.sqlite") as caught:
        Records(path)
    assert caught.value.hint and path.read_bytes().startswith(b"nothing")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        Records(tmp_path / "none" / "records.sqlite")


def test_a_lock_that_is_not_let_go_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("assistant.records.database.BUSY_SECONDS", 0.1)
    path = tmp_path / "records.sqlite"
    records = Records(path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        records.turns.add("c-1", "q", {"id": "a-1"})
    holder.execute("ROLLBACK")
    records.turns.add("c-1", "q", {"id": "a-1"})
    holder.close()
    records.close()


@pytest.mark.parametrize("url", ["mysql://u@h/d", "sqlite:///x", "no url", "postgresql://u:p@h:port/d"])
def test_another_kind_of_url_is_refused(url):
    with pytest.raises(SettingsInvalid) as caught:
        Records(url)
    assert "postgresql://" in caught.value.hint


def test_a_server_that_is_not_there_is_named_without_its_password():
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:9") as caught:
        Records("postgresql://user:secret@127.0.0.1:9/records")
    assert "secret" not in str(caught.value)


def test_a_home_keeps_its_records_where_the_url_says(postgres, tmp_path):
    url = emptied(postgres)
    with Home(tmp_path / "home", "tests", url) as home:
        home.create()
        home.records.turns.add("c-1", "질문", {"id": "a-1"})
    assert not (tmp_path / "home" / "records.sqlite").exists()
    with Home(tmp_path / "other", "tests", url) as other:
        other.create()
        assert other.records.turns.answer("a-1") == {"id": "a-1"}
