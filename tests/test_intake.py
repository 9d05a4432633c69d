"""Files of the programmes: read whole and right, or every fault named at once."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from intake_forms import (
    APPLICATION,
    BIDDER,
    BUYER,
    CALL,
    CONTRACT,
    FIRM,
    PROJECT,
    Forms,
    faults,
    filled,
    sheet_of,
)

from analysis.contracts import keep
from analysis.contracts.intake import TABLES
from analysis.refusal import SourceError
from analysis.sources import intake

DAY = dt.datetime
RIGHT: Forms = {
    "Oproepen": [
        CALL,
        CALL | {"Oproep": "2024-thema", "Budget van de oproep (euro)": "€ 1.250,50"},
    ],
    "Aanvragen": [
        APPLICATION | {"Thema": "Digitaal", "Digitaal": "ja", "Transversale prioriteit": "geen"},
        APPLICATION | {"Aanvraag": "A2", "Beslissing": "in behandeling", "Beslist op": "n.v.t."},
    ],
    "Projecten": [PROJECT | {"Gegund op": DAY(2025, 3, 3), "TRL bij de start": 4}],
    "Opdrachten van projecten": [CONTRACT | {"CPV-code": "73100000-3"}],
    "Inschrijvers": [
        BIDDER | {"Ondernemingsnummer inschrijver": f"BE {FIRM}"},
        BIDDER | {"Volgnummer inschrijver": 2, "Land": "nl", "Gewonnen": "nee"},
    ],
}


def test_a_template_filled_in_rightly_reads_back_into_tables_that_keep_their_contracts(
    tmp_path: Path,
) -> None:
    read = intake.read(filled(tmp_path / "pio.xlsx", "pio", RIGHT))
    assert list(read.tables) == [
        "pio_applications",
        "pio_bidders",
        "pio_calls",
        "pio_contracts",
        "pio_projects",
    ]
    for name, rows in read.tables.items():
        keep(rows, TABLES[name])
    calls = read.tables["pio_calls"].to_pylist()
    assert calls[1]["budget_eur"] == Decimal("1250.50")
    assert calls[0] == {
        "call": "2024-open",
        "call_kind": "open-call",
        "priority": None,
        "opened": None,
        "deadline": dt.date(2024, 5, 14),
        "budget_eur": None,
    }
    first, second = read.tables["pio_applications"].to_pylist()
    assert (first["digital"], first["priority"], first["buyer"]) == (True, "none", BUYER)
    assert (second["decided"], second["digital"]) == (None, None)
    bidders = read.tables["pio_bidders"].to_pylist()
    assert [(b["company_id"], b["country"], b["won"]) for b in bidders] == [
        (FIRM, "BE", True),
        (None, "NL", False),
    ]
    assert "sheet 'Marktconsultaties': no rows, counts as not delivered" in read.notes


TWENTY: Forms = {
    "Oproepen": [
        CALL,
        CALL | {"Oproep": "b", "Uiterste indiendatum": "14 mei 2024"},
        CALL | {"Oproep": "c", "Soort oproep": "open oprop"},
        CALL | {"Oproep": "d", "Budget van de oproep (euro)": "1.234"},
        CALL | {"Oproep": "e", "Geopend op": DAY(2024, 6, 1)},
        CALL,
    ],
    "Aanvragen": [
        APPLICATION | {"Ondernemingsnummer aanvrager": "BE 1999.999.944"},
        APPLICATION | {"Aanvraag": "A2", "Ondernemingsnummer aanvrager": "VMM"},
        APPLICATION | {"Aanvraag": "A3", "Ingediend op": None},
        APPLICATION | {"Aanvraag": "A4", "Oproep": "2023-open"},
        APPLICATION | {"Aanvraag": "A5", "Gevraagde cofinanciering (euro)": -5000},
        APPLICATION | {"Aanvraag": "A6", "Digitaal": "misschien"},
        APPLICATION | {"Aanvraag": "A7", "Beslist op": "12/31/2024"},
    ],
    "Projecten": [
        PROJECT | {"Bestek gepubliceerd op": DAY(2025, 4, 1), "Gegund op": DAY(2025, 3, 3)},
        PROJECT
        | {
            "Project": "P2",
            "Cofinanciering vastgelegd (euro)": 1000,
            "Cofinanciering uitbetaald (euro)": 1001,
        },
        PROJECT | {"Project": "P3", "TRL bij de start": 12},
        PROJECT | {"Project": "P4", "TRL op het einde": 7.5},
    ],
    "Opdrachten van projecten": [
        CONTRACT | {"CPV-code": "7310"},
        CONTRACT | {"Opdracht": "O2", "Gegund bedrag excl. btw (euro)": "$ 1000"},
    ],
    "Inschrijvers": [BIDDER | {"Land": "België"}],
}
# sheet, row, column, what was found, a word of what was expected
PLANTED = [
    ("Aanvragen", 4, "D (Ondernemingsnummer aanvrager)", "'BE 1999.999.944'", "that exists"),
    ("Aanvragen", 5, "D (Ondernemingsnummer aanvrager)", "'VMM'", "ten digits, no name"),
    ("Aanvragen", 6, "F (Ingediend op)", "nothing", "a day as 31/12/2026"),
    ("Aanvragen", 7, "C (Oproep)", "'2023-open'", "stands on the sheet Oproepen"),
    ("Aanvragen", 8, "M (Gevraagde cofinanciering (euro))", "'-5000'", "not below zero"),
    ("Aanvragen", 9, "J (Digitaal)", "'misschien'", "yes or no"),
    ("Aanvragen", 10, "H (Beslist op)", "'12/31/2024'", "the day first"),
    (
        "Inschrijvers",
        None,
        "G (Contactpersoon)",
        "'Contactpersoon'",
        "column of the form Tenderers",
    ),
    ("Inschrijvers", 4, "E (Land)", "'België'", "two letters"),
    ("Opdrachten van projecten", 4, "G (CPV-code)", "'7310'", "eight digits"),
    ("Opdrachten van projecten", 5, "E (Gegund bedrag excl. btw (euro))", "'$ 1000'", "in euro"),
    ("Oproepen", 5, "F (Uiterste indiendatum)", "'14 mei 2024'", "exists, as 31/12/2026"),
    ("Oproepen", 6, "C (Soort oproep)", "'open oprop'", "one of: open call, thematic call"),
    ("Oproepen", 7, "G (Budget van de oproep (euro))", "'1.234'", "read in one way only"),
    ("Oproepen", 8, "F (Uiterste indiendatum)", "'14/05/2024'", "not before the opening"),
    ("Oproepen", 9, "B (Oproep)", "'2024-open'", "each Oproep once"),
    ("Projecten", 4, "J (Gegund op)", "'03/03/2025'", "not before the phase filled in before"),
    ("Projecten", 5, "O (Cofinanciering uitbetaald (euro))", "'1001'", "no more is paid"),
    ("Projecten", 6, "R (TRL bij de start)", "'12'", "from 1 to 9"),
    ("Projecten", 7, "S (TRL op het einde)", "'7.5'", "a whole number"),
]


def test_twenty_planted_faults_give_twenty_messages_in_one_go(tmp_path: Path) -> None:
    def contact(book) -> None:
        book["Inschrijvers"]["G1"].value = "Contactpersoon"

    said = faults(filled(tmp_path / "pio.xlsx", "pio", TWENTY, contact))
    assert len(said) == len(PLANTED) == 20
    for sentence, (sheet, row, column, found, expected) in zip(said, PLANTED, strict=True):
        place = f"sheet '{sheet}'" + (f", row {row}" if row else "") + f", column {column}"
        assert sentence.startswith(f"{place}: found {found}; expected: ")
        wanted, to_do = sentence.split("; expected: ")[1].split("; to do: ")
        assert expected in wanted
        assert to_do


def test_the_same_faults_are_told_in_dutch(tmp_path: Path) -> None:
    forms: Forms = {"Oproepen": [CALL | {"Soort oproep": "open oprop"}]}
    assert faults(filled(tmp_path / "pio.xlsx", "pio", forms), language="nl") == [
        "blad 'Oproepen', rij 4, kolom C (Soort oproep): gevonden 'open oprop'; verwacht: een van: "
        "open oproep, thematische oproep; te doen: bedoelt u 'open oproep'? "
        "Kies een waarde uit de lijst"
    ]


def test_one_fault_refuses_the_whole_file(tmp_path: Path) -> None:
    forms = RIGHT | {"Inschrijvers": [BIDDER | {"Gewonnen": None}]}
    with pytest.raises(SourceError, match="1 fault; nothing was read"):
        intake.read(filled(tmp_path / "pio.xlsx", "pio", forms))


def test_rows_with_the_same_fault_share_a_sentence_that_names_them_all(tmp_path: Path) -> None:
    rows = [CALL | {"Oproep": f"c{n}", "Soort oproep": "?!"} for n in (1, 2, 3)]
    rows[1]["Soort oproep"] = "open oproep"
    (said,) = faults(filled(tmp_path / "pio.xlsx", "pio", {"Oproepen": rows}))
    assert said.startswith("sheet 'Oproepen', row 4, 6, column C (Soort oproep): found '?!'")


def test_many_contents_of_one_fault_are_shown_in_part_but_every_row_is_named(
    tmp_path: Path,
) -> None:
    rows = [CALL | {"Oproep": f"c{n}", "Uiterste indiendatum": f"dag {n}"} for n in range(9)]
    (said,) = faults(filled(tmp_path / "pio.xlsx", "pio", {"Oproepen": rows}))
    assert "row 4-12, column F" in said
    assert "found 'dag 0', 'dag 1', 'dag 2', 'dag 3', 'dag 4' and 4 other spellings" in said


def test_the_order_of_rows_and_sheets_leaves_no_trace(tmp_path: Path) -> None:
    def turned(book) -> None:
        book.move_sheet("Aanvragen", -1)

    back = {title: rows[::-1] for title, rows in RIGHT.items()}
    one = intake.read(filled(tmp_path / "a.xlsx", "pio", RIGHT)).tables
    two = intake.read(filled(tmp_path / "b.xlsx", "pio", back, turned)).tables
    assert one == two


def test_a_csv_export_reads_as_the_workbook_does(tmp_path: Path) -> None:
    path = tmp_path / "oproepen.csv"
    names = "Oproep;Soort oproep;Uiterste indiendatum;Budget van de oproep (euro)"
    path.write_text(f"{names}\r\n2024-open;open oproep;14/05/2024;\r\n", encoding="utf-8-sig")
    read = intake.read(path)
    book = intake.read(filled(tmp_path / "pio.xlsx", "pio", {"Oproepen": [CALL]}))
    assert read.tables == book.tables


@pytest.mark.parametrize(
    ("mark", "encoding", "amount"),
    [
        (";", "utf-8", "1.250,50"),
        (";", "utf-8-sig", "€ 1 250,50"),
        (",", "utf-8", '"1,250.50"'),
        (",", "utf-8", "1250.5"),
        ("\t", "utf-8", "1250,50 EUR"),
        (";", "cp1252", "€ 1.250,50"),
    ],
)
def test_csv_of_every_habit_gives_the_same_amount(
    tmp_path: Path, mark: str, encoding: str, amount: str
) -> None:
    path = tmp_path / "oproepen.csv"
    lines = [
        ["call", "call_kind", "deadline", "budget_eur"],
        ["één", "open oproep", "2024-05-14", amount],
    ]
    path.write_text("\n".join(mark.join(line) for line in lines), encoding=encoding)
    read = intake.read(path)
    assert read.tables["pio_calls"].column("budget_eur").to_pylist() == [Decimal("1250.50")]
    assert read.tables["pio_calls"].column("call").to_pylist() == ["één"]
    assert any("cp1252" in note for note in read.notes) == (encoding == "cp1252")


REGISTER = ["Dossiernr", "Aanbestedende overheid", "Sluiting", "Raming", "Opmerking"]
MAPPING = """
contract_register:
  Dossiernr: contract
  Aanbestedende overheid: buyer
  Sluiting: date
  Raming: estimated_eur
  Opmerking: null
"""


def test_an_export_is_mapped_instead_of_renamed(tmp_path: Path) -> None:
    rows = [REGISTER, ["D1", "KBO 1999.999.943", "31-12-2023", "12,5", "bel Jan"]]
    path = sheet_of(tmp_path / "edelta.xlsx", rows)
    assert "found 'Dossiernr | Aanbestedende overheid" in faults(path)[0]
    (tmp_path / "kolommen.yml").write_text(MAPPING, encoding="utf-8")
    read = intake.read(path)
    (row,) = read.tables["contract_register"].to_pylist()
    assert (row["contract"], row["buyer"]) == ("D1", BUYER)
    assert (row["date"], row["estimated_eur"]) == (dt.date(2023, 12, 31), Decimal("12.5"))
    assert "sheet 'Blad1': column 'Opmerking' not read, as asked" in read.notes
    assert "bel Jan" not in str(read)
    dutch = intake.read(path, language="nl")
    assert dutch.notes[0] == "edelta.xlsx: kolomnamen gelezen volgens kolommen.yml"


def test_a_mapping_that_a_file_does_not_need_is_not_said_to_be_used(tmp_path: Path) -> None:
    path = filled(tmp_path / "pio.xlsx", "pio", {"Oproepen": [CALL]})
    (tmp_path / "kolommen.yml").write_text(MAPPING, encoding="utf-8")
    assert "kolommen.yml" not in str(intake.read(path))


@pytest.mark.parametrize(
    ("mapping", "found"),
    [
        ("contract_register:\n  Nr: contrakt\n", "column 'contrakt', which table"),
        ("Nr: contract\n", "'Nr', which is not the name of a table"),
        ("- a\n", "no table with columns below it"),
        ("contract_register: contract\n", "nothing usable below table 'contract_register'"),
        ("a: [", "ParserError"),
    ],
)
def test_a_wrong_mapping_is_named(tmp_path: Path, mapping: str, found: str) -> None:
    path = sheet_of(tmp_path / "edelta.xlsx", [REGISTER])
    (tmp_path / "mine.yml").write_text(mapping, encoding="utf-8")
    with pytest.raises(SourceError, match="list of column names") as caught:
        intake.read(path, tmp_path / "mine.yml")
    assert found in caught.value.found
    with pytest.raises(SourceError, match=r"Dossiernummer: contract"):  # what is right, in Dutch
        intake.read(path, tmp_path / "mine.yml", language="nl")


def test_a_number_is_shown_as_excel_shows_it(tmp_path: Path) -> None:
    def percent(book) -> None:
        book["Projecten"]["R4"].number_format = "0%"

    forms: Forms = {"Projecten": [PROJECT | {"TRL bij de start": 0.455, "TRL op het einde": 7.5}]}
    first, second = faults(filled(tmp_path / "pio.xlsx", "pio", forms, percent), language="nl")
    assert "kolom R (TRL bij de start): gevonden '45,5%'" in first
    assert "kolom S (TRL op het einde): gevonden '7,5'" in second
