from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.records.audit import BEGINNING
from assistant.records.database import Database
from knowledge.errors import StoreUnavailable
from tests.assistant.records.conftest import engine


def write(records, n=1, actor="김"):
    for i in range(n):
        with records.audit._database.write() as connection:
            records.audit.append(
                connection,
                actor=actor,
                act="review.approve",
                subject=f"review:q-{i}",
                before={"status": "pending"},
                after={"status": "approved", "이유": "맞음"},
            )


def tamper(place, statement):
    """What somebody with the rights of the database's owner could do."""
    with engine(place).begin() as connection:
        if isinstance(place, Path):
            connection.execute(text("DROP TRIGGER audit_kept_update"))
            connection.execute(text("DROP TRIGGER audit_kept_delete"))
        else:
            connection.execute(text("DROP TRIGGER audit_kept ON audit"))
        connection.execute(text(statement))


def test_an_empty_trail_is_intact(records):
    verdict = records.audit.verify()
    assert (verdict.intact, verdict.rows, verdict.head) == (True, 0, BEGINNING)


def test_each_row_carries_the_hash_of_the_one_before(records, place):
    write(records, 3)
    with engine(place).connect() as connection:
        rows = connection.execute(text("SELECT previous, hash FROM audit ORDER BY number")).all()
    assert [row.previous for row in rows] == [BEGINNING, rows[0].hash, rows[1].hash]
    verdict = records.audit.verify()
    assert (verdict.intact, verdict.rows, verdict.head) == (True, 3, rows[2].hash)
    assert records.audit.rows("review:q-1")[0].after == {"status": "approved", "이유": "맞음"}


def test_odd_text_does_not_break_the_chain(records):
    write(records, 2, actor="\x00 \ud800 🙂 줄\n")
    assert records.audit.verify().intact


@pytest.mark.parametrize(
    ("statement", "at"),
    [
        ("UPDATE audit SET actor = 'lee' WHERE number = 2", 2),
        ("UPDATE audit SET after = '{}' WHERE number = 3", 3),
        ("UPDATE audit SET time = '2020-01-01' WHERE number = 1", 1),
        ("DELETE FROM audit WHERE number = 2", 2),
        ("UPDATE audit SET number = 9 WHERE number = 3", 3),
        (
            "INSERT INTO audit (number, time, actor, act, subject, previous, hash)"
            " VALUES (4, 't', 'a', 'b', 'c', 'd', 'e')",
            4,
        ),
    ],
)
def test_what_was_tampered_with_is_found(records, place, statement, at):
    write(records, 3)
    tamper(place, statement)
    verdict = records.audit.verify()
    assert not verdict.intact
    assert (verdict.broken_at, verdict.rows) == (at, at - 1)
    assert str(at) in verdict.problem


def test_a_cut_tail_shows_in_the_head(records, place):
    write(records, 3)
    head = records.audit.verify().head
    tamper(place, "DELETE FROM audit WHERE number = 3")
    assert records.audit.verify().intact and records.audit.verify().head != head


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'lee'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_it(records, place, statement):
    write(records)
    database = Database(place)
    with pytest.raises(StoreUnavailable, match="only added to"), database.write() as connection:
        connection.execute(text(statement))
    database.close()
    assert records.audit.verify().rows == 1


def test_writers_at_once_make_one_chain(place, open_records):
    stores = [open_records(place) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: write(stores[i % 4], 3), range(8)))
    verdict = stores[0].audit.verify()
    assert verdict.intact and verdict.rows == 24


def test_an_act_that_fails_leaves_no_row(records):
    with pytest.raises(ZeroDivisionError), records.audit._database.write() as connection:
        records.audit.append(connection, actor="a", act="b", subject="c")
        raise ZeroDivisionError
    assert records.audit.rows() == []
