"""A file of facts that is not as promised stops the run, and the message names its line."""

import shutil

import pytest
from ledger_rows import RAW

from analysis.refusal import SourceError
from analysis.sources import facts


@pytest.fixture
def raw(tmp_path):
    return shutil.copytree(RAW, tmp_path / "raw")


def rewrite(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("1440000.00", '"1.440.000,00"', r"partners.csv line 2\n.*amount_eur is '1.440.000,00'"),
        ("1440000.00", "", r"line 2\n.*not true that amount_eur is stated"),
        ("1440000.00", "-1.00", r"line 2\n.*not true that an amount is above zero"),
        (
            "vlajo,subsidy",
            "vlajo,gift",
            r"line 2\n.*kind is one of subsidy, contract, brexit-extra",
        ),
        ("included,promised", "included,paid", r"not true that status is one of promised"),
        ("dyzo,subsidy", "vlajo,subsidy", r"line 2, 5\n.*identifies one row"),
        ("amount_eur,vat", "amount,vat", r"line 1\n.*unknown columns: amount; lost: amount_eur"),
        ("vat,status", "vat,colour,status", r"line 1\n.*unknown columns: colour; lost: none"),
        ("vlajo,subsidy", "vlajo,extra,subsidy", r"line 2\n.*15 cells"),
        ("2023-01-20,A", "20/01/2023,A", r"line 2\n.*source_date is a date of ISO 8601"),
        ("2023-01-20,A", "2023-01-20,D", r"line 2\n.*certainty is made of A, B, C, U, X"),
        ("2023-01-20,A", "2023-01-20,", r"line 2\n.*what was found has a certainty"),
        (
            "Bedrag voor de partnerschappen samen; de partners zijn niet genoemd.",
            "",
            r"line 11\n.*a note stands in both languages or in neither",
        ),
        ("vlajo", "vlajo ", r"line 2\n.*partner is 'vlajo '"),
    ],
)
def test_a_file_of_facts_that_is_not_as_promised_is_refused_with_its_line(raw, old, new, complaint):
    rewrite(raw / "partners" / "partners.csv", old, new)
    with pytest.raises(SourceError, match=complaint):
        facts.read(raw)


def test_a_lost_row_is_refused(raw):
    path = raw / "partners" / "partners.csv"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    with pytest.raises(SourceError, match="24 rows\n  expected  25 rows"):
        facts.read(raw)


@pytest.mark.parametrize("name", ["card.yml", "partners.csv"])
def test_a_missing_card_or_file_is_refused(raw, name):
    (raw / "partners" / name).unlink()
    with pytest.raises(SourceError, match=r"card\.yml"):
        facts.read(raw)


def test_a_file_that_no_card_describes_is_refused(raw):
    shutil.copy(raw / "norm" / "norm.csv", raw / "norm" / "norm_2026.csv")
    with pytest.raises(SourceError, match="norm_2026"):
        facts.read(raw)


def test_a_card_with_an_unknown_entry_is_refused(raw):
    rewrite(raw / "norm" / "card.yml", "licence:", "license:")
    with pytest.raises(SourceError, match="license"):
        facts.read(raw)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda text: text.replace("\n", "\r\n").encode(), "carriage returns"),
        (lambda text: text.encode("latin-1", "replace"), "utf-8"),
        (lambda text: b"", "an empty file"),
        (lambda text: text.replace(",", ";").encode(), "unknown columns"),
    ],
)
def test_a_file_saved_by_a_spreadsheet_in_its_own_way_is_refused(raw, spoil, complaint):
    path = raw / "partners" / "partners.csv"
    path.write_bytes(spoil(path.read_text("utf-8")))
    with pytest.raises(SourceError, match=complaint):
        facts.read(raw)
