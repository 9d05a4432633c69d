"""Groups of the ledger on delivered partners, taken apart: names are as they were delivered."""

import pandas as pd

LIGHTS = ("grey", "red", "amber", "green")  # partners.kpi_light: missing, 1, 2, 3
_COMMA = "\u201a"  # what stands for a comma within a part of a group


def parts(group: str) -> dict[str, str]:
    """Parts of a group by their kind, their own commas put back."""
    pairs = [part.split("=", 1) for part in group.split(",") if "=" in part]
    return {kind: said.replace(_COMMA, ",") for kind, said in pairs}


def light_of(value: object) -> str:
    """Colour of a number of partners.kpi_light."""
    return LIGHTS[0] if pd.isna(value) else LIGHTS[int(value)]  # type: ignore[call-overload]
