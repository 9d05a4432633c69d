"""Who an organisation is: a number or the words of a name that can be compared between notices.

Plain SQL for the words of a name: lazy frames have no lists of words.
"""

import pyarrow as pa

from analysis.companies.numbers import comparable, enterprise_number
from analysis.notices.stages import Engine, Relation, materialise

_NUMBERS = pa.schema(
    [(name, pa.string()) for name in ("identifier", "country", "number", "refused", "comparable")]
)

# Words in any script, accents off, each once, in order: "N.V. Étude" and "etude nv" have the same.
_WORDS = r"""list_sort(list_distinct(regexp_extract_all(
    strip_accents(lower(replace(name, '.', ''))), '[\p{L}\p{N}]+')))"""


def identities(engine: Engine, organisations: Relation) -> Relation:
    """Add to each organisation what identifies it.

    Returns
    -------
    Relation
        ORGANISATIONS with `number`, `refused` (a reason of companies.numbers), `comparable` (any
        country's number, None if it identifies nobody), `words` (of the name, a sorted list) and
        `spelt` (the same words in one text, None without a name).
    """
    all_organisations, all_numbers = organisations, _numbers(engine, organisations)  # noqa: F841
    return materialise(
        engine,
        "identified",
        engine.sql(
            f"""select o.*, number, refused, comparable, coalesce({_WORDS}, []) as words,
                       nullif(array_to_string(words, ' '), '') as spelt
                from all_organisations o left join all_numbers n
                  on n.identifier is not distinct from o.identifier
                 and n.country is not distinct from o.country"""
        ),
    )


def _numbers(engine: Engine, organisations: Relation) -> Relation:
    """Read each distinct number once, in Python: there are far fewer of them than rows."""
    pairs = organisations.project("identifier, country").distinct().fetchall()
    rows = [(*pair, *enterprise_number(*pair), comparable(*pair)) for pair in pairs]
    columns = zip(*rows, strict=True) if rows else [()] * len(_NUMBERS)
    arrays = [pa.array(cells, pa.string()) for cells in columns]
    return engine.from_arrow(pa.table(arrays, schema=_NUMBERS))
