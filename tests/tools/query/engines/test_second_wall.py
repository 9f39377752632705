"""With the guard removed, no file, network, setting, other table or write is in reach of a statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.tools.query.engines.second_wall import (
    PLAIN,
    Surroundings,
    listed_attacks,
    outcomes,
    own_attacks,
    surroundings,
)
from tools.query.engines.engine import Ask, EngineFault, Limits
from tools.query.worker.pool import Pool

DIALECTS = ("duckdb", "sqlite", "postgres")


@pytest.fixture(scope="module")
def around(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Surroundings]]:
    with surroundings(postgres, tmp_path_factory.mktemp("wall")) as found:
        yield found


@pytest.mark.parametrize("attacks", [own_attacks, listed_attacks], ids=["own", "the guard's lists"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_is_given_away_and_nothing_changes(
    around: dict[str, Surroundings], pool: Pool, dialect: str, attacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = around[dialect]
    monkeypatch.chdir(here.folder)  # a file with a bare name would be written there
    before = here.state()
    ends = list(outcomes(here, attacks(dialect), pool))
    assert [outcome.sql for outcome in ends if outcome.leaks] == []
    assert here.state() == before
    count = Counter(outcome.end for outcome in ends)
    assert count["refused"] > 0
    rows = pool.run(here.place, Ask("SELECT COUNT(*) FROM hospitals", ("hospitals",), Limits()))
    assert rows[0][0] > 0


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_reaches_for_something_is_refused_by_the_engine(
    around: dict[str, Surroundings], pool: Pool, dialect: str
) -> None:
    """The few that execute are named: PostgreSQL undoes them when the transaction is rolled back."""
    undone = ("set_config(", "lo_from_bytea(", "lo_create(", "pg_notify(", "pg_advisory_lock(")
    empty = ("pg_stats", "pg_stat_activity", "schema_to_xml", "database_to_xml")
    for outcome in outcomes(around[dialect], own_attacks(dialect), pool):
        if outcome.end == "executed":
            assert dialect == "postgres" and any(name in outcome.sql for name in undone + empty), outcome


def test_a_setting_changed_by_one_statement_is_back_for_the_next(
    around: dict[str, Surroundings], pool: Pool
) -> None:
    def ask(sql: str) -> object:
        return pool.run(around["postgres"].place, Ask(sql, (), Limits(seconds=3)))[0][0]

    path = ask("SELECT current_setting('search_path')")
    for name, value in (("search_path", "private"), ("work_mem", "1GB"), ("statement_timeout", "0")):
        ask(f"SELECT set_config('{name}', '{value}', false)")
    assert ask("SELECT current_setting('search_path')") == path
    assert ask("SELECT current_setting('work_mem')") == "64MB"
    assert ask("SELECT current_setting('statement_timeout')") == "3s"
    assert ask("SELECT current_setting('transaction_read_only')") == "on"
    assert ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0


def test_the_tables_of_a_statement_are_the_only_ones_that_sqlite_reads(
    around: dict[str, Surroundings], pool: Pool
) -> None:
    place = around["sqlite"].place
    sql = "SELECT COUNT(*) FROM datasets"
    assert set(PLAIN.tables) >= {"hospitals", "datasets"}
    assert pool.run(place, Ask(sql, ("datasets",), Limits()))
    with pytest.raises(EngineFault, match=r"prohibited|authorized"):
        pool.run(place, Ask(sql, ("hospitals",), Limits()))
