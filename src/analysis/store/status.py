"""What the lake holds, as small tables to show: deliveries, notices, rejects and signals."""

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from analysis.store.lake import Lake, Part


def deliveries(lake: Lake) -> pd.DataFrame:
    """One row a delivery: what was received and how many notices and rejects it gave."""
    columns = ["delivery", "name", "kind", "received", "files", "bytes", "notices", "rejects"]
    return pd.DataFrame([_delivery(part) for part in lake.parts], columns=columns)


def notices(lake: Lake) -> pd.DataFrame:
    """Notices by era, kind and form."""
    return _counted(lake, "notices", "era, kind, form, count(*) as notices")


def rejects(lake: Lake) -> pd.DataFrame:
    """Files that could not be read, by reason, with an example and what to do."""
    return _counted(
        lake,
        "rejects",
        "reason, to_do, count(*) as files, min(file) as example, arg_min(found, file) as found",
    )


def signals(lake: Lake) -> pd.DataFrame:
    """Names and codes that no reader knows: how often, in how many notices, and one of these."""
    return _counted(
        lake,
        "signals",
        "era, place, found, sum(times)::bigint as times, "
        "count(distinct example) as notices, min(example) as example",
    )


def _delivery(part: Part) -> tuple:
    entry = part.delivery
    read, unread = (
        pq.read_metadata(part.folder / f"{name}.parquet").num_rows
        for name in ("notices", "rejects")
    )
    received = (entry.kind, entry.received, entry.files, entry.bytes)
    return entry.sha256[:16], entry.name, *received, read, unread


def _counted(lake: Lake, name: str, columns: str) -> pd.DataFrame:
    with duckdb.connect() as engine:
        return lake.relation(engine, name).aggregate(columns).order("all").df()
