"""The columns that every fact kept by hand carries: labels, period, source, certainty.

Every row carries its source and a certainty code: A official text, B press or federation,
C computed from A or B, U undated (period inferred), X another source says otherwise; several
are joined by +. What was sought and not found is a row without value and without certainty.
Dates are a year, month or day of ISO 8601, or two of them with a slash; missing: undated.
"""

from analysis.contracts.table import Column, Rule, Table

COMPARATORS = ("equal", "about", "more-than", "at-least", "at-most")
FIGURE_UNITS = ("EUR", "percent", "count", "days")


def text(about: str, values: tuple[str, ...] = ()) -> Column:
    """Give a text that every row states, from a closed list where `values` are given."""
    return Column(about, "text", values=values)


def maybe(about: str, kind: str = "text", unit: str = "", values: tuple[str, ...] = ()) -> Column:
    """Give a column that may be missing."""
    return Column(about, kind, unit, may_be_missing=True, values=values)


def both(name: str, about: str, *, may_be_missing: bool = False) -> dict[str, Column]:
    """Give the two columns `name_nl` and `name_en`."""
    languages = {"nl": "Dutch", "en": "English"}
    return {
        f"{name}_{code}": Column(f"{about}, in {spoken}", "text", may_be_missing=may_be_missing)
        for code, spoken in languages.items()
    }


def dated(name: str) -> Rule:
    """Promise that a column holds dates as the module says."""
    day = r"\d{4}(-\d{2}(-\d{2})?)?"
    return Rule(
        f"{name} is a date of ISO 8601, or two with a slash",
        f"regexp_full_match({name}, '{day}(/{day})?')",
    )


LABEL = both("label", "What the row says")
NOTE = both("note", "What the reader must know", may_be_missing=True)
PERIOD = {"period": maybe("When, or what the row speaks of; missing: undated")}
VARIANT = {"variant": text("Tells apart what sources give for one item; else published")}
_ORIGIN = {
    "source": text("Document or web address; else not-found or general-knowledge"),
    "source_date": maybe("Date of the source"),
    "certainty": maybe("A, B, C, U, X, joined by +; missing: sought and not found"),
}
_CERTAINTY = Rule(
    "certainty is made of A, B, C, U, X joined by +",
    r"regexp_full_match(certainty, '[ABC](\+[BCUX])*')",
)
_IS_GRADED = "certainty is not null"
_NOTE_RULE = Rule(
    "a note stands in both languages or in neither",
    "(note_nl is null) = (note_en is null)",
)


def facts(
    name: str,
    *,
    row: str,
    key: tuple[str, ...],
    columns: dict[str, Column],
    rules: tuple[Rule, ...] = (),
    found: str = "true",
) -> Table:
    """Make the contract of a table of facts: its own columns and rules, and those of all.

    `found` is the SQL condition under which a row holds something that was found.
    """
    dates = [dated(column) for column in ("period", "launched") if column in columns]
    noted = [_NOTE_RULE] * ("note_nl" in columns)
    graded = Rule("what was found has a certainty, else none", f"({found}) = ({_IS_GRADED})")
    return Table(
        name=name,
        row=row,
        key=key,
        columns={**columns, **_ORIGIN},
        rules=(*rules, *dates, *noted, dated("source_date"), _CERTAINTY, graded),
    )


def figures(name: str, *, row: str, items: tuple[str, ...], **more: Column) -> Table:
    """Make the contract of published numbers; differing sources are told apart by `variant`."""
    return facts(
        name,
        row=row,
        key=("item", "part", "period", "variant"),
        columns={
            "item": text("What is measured", items),
            "part": text("Part of the whole, e.g. BE, EU, micro; else all"),
            **PERIOD,
            **VARIANT,
            "comparator": text("How the number binds: more-than for 'meer dan 70'", COMPARATORS),
            "value": maybe("The number exactly as published; missing: not found", "money"),
            "unit": text("Unit of the number", FIGURE_UNITS),
            **more,
            **LABEL,
            **NOTE,
        },
        found="value is not null",
    )
