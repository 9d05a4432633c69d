"""One engine for all invented tables: to start one costs more than most tests do."""

from functools import cache

import duckdb


def engine() -> duckdb.DuckDBPyConnection:
    """A connection with temporary tables of its own, one thread."""
    return _started().cursor()


@cache
def _started() -> duckdb.DuckDBPyConnection:
    started = duckdb.connect()
    started.execute("set threads = 1")
    return started
