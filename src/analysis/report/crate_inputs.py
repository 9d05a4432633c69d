"""What a report rests on: every delivery with its digest and what its source card says of it."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from analysis.report.folder import sha256
from analysis.sources.facts import RAW
from analysis.store import Delivery, Lake
from analysis.yaml_text import read_yaml

NOTICES, REGISTER, PROGRAMME, DECISIONS = "notices", "register", "programme", "decisions"
_CARDS = {"ted-old": "ted_old", "ted-r209": "ted", "eforms": "eforms"}
_KBO = ("full", "update", "superseded")
_UNSTATED = "not stated"
_INVENTED = {"publisher": "invented, no real organisation", "licence": "MIT"}
_ERAS = """
select list_sort(list(distinct era)), min(day)::varchar, max(day)::varchar
from (select era, coalesce(publication_date, dispatch_date) as day from read_parquet($path))
"""


def inputs(lake: Lake, decisions: Path | None) -> list[dict[str, Any]]:
    """Every delivery: name, sha256, size, kind, what it is, and its card; of facts see `facts`.

    The day on which it was received is left out, since it is not the same everywhere; `period` is
    what the data themselves say. Deliveries of the programmes are in the order of adding.
    """
    listed = [_entry(part.delivery, NOTICES, **_of_notices(part.folder)) for part in lake.parts]
    listed += [
        _entry(part.delivery, REGISTER, **_of_register(part.extract))
        for part in lake.registers.parts
    ]
    listed.sort(key=lambda one: (one["what"], one["name"], one["sha256"]))
    listed += [_entry(one, PROGRAMME, **_of_programme()) for one in lake.programme.added]
    return listed + ([_decided(decisions)] if decisions else [])


def facts() -> Iterator[dict[str, Any]]:
    """Every file of facts kept by hand, with the card of its folder."""
    for folder in sorted(path.parent for path in RAW.glob("*/card.yml")):
        card = read_yaml((folder / "card.yml").read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.csv")):
            yield {
                "name": path.relative_to(RAW.parents[1]).as_posix(),
                "sha256": sha256(path.read_bytes()),
                "bytes": path.stat().st_size,
                "title": card["title"]["en"],
                "publisher": ", ".join(card["publishers"]),
                "licence": card["licence"],
                "period": f"collected {card['collected']}: {card['how']}",
            }


def _entry(delivery: Delivery, what: str, **card: str) -> dict[str, Any]:
    entry = {name: getattr(delivery, name) for name in ("name", "sha256", "kind", "bytes", "files")}
    invented = _INVENTED if delivery.kind == "simulated" else {}
    return entry | {"what": what} | card | invented


def _decided(path: Path) -> dict[str, Any]:
    return {
        "name": path.name,
        "sha256": sha256(path.read_bytes()),
        "kind": "real",
        "bytes": path.stat().st_size,
        "files": 1,
        "what": DECISIONS,
        "title": "What persons decided about doubtful names (`pio link review`)",
        "publisher": "whoever decided, named in the file",
        "licence": _UNSTATED,
        "period": "",
    }


def _of_notices(folder: Path) -> dict[str, str]:
    """What the cards of the eras in it say, and its first and last day."""
    with duckdb.connect() as engine:
        path = {"path": str(folder / "notices.parquet")}
        [(eras, first, last)] = engine.execute(_ERAS, path).fetchall()
    cards = [_card(_CARDS[era]) for era in eras or []]
    joined = {name: "; ".join(dict.fromkeys(card[name] for card in cards)) for name in cards[0]}
    return joined | {"period": f"{first}/{last}" if first else ""}


def _of_register(extract: Any) -> dict[str, str]:
    card = {"title": f"Table of {extract.kind}", "publisher": _UNSTATED, "licence": _UNSTATED}
    period = extract.day.isoformat() if extract.day else ""
    return (_card("kbo") if extract.kind in _KBO else card) | {"period": period}


def _of_programme() -> dict[str, str]:
    title = "Tables that a programme delivered; their rows are not published"
    return {"title": title, "publisher": _UNSTATED, "licence": _UNSTATED, "period": ""}


def _card(name: str) -> dict[str, str]:
    text = resources.files("analysis.sources").joinpath(f"{name}.yml").read_text(encoding="utf-8")
    card = read_yaml(text)
    return {part: card[part] for part in ("title", "publisher", "licence")}
