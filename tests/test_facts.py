"""The facts kept by hand say what the documents say."""

import datetime as dt
import hashlib
import re
from collections import Counter
from decimal import Decimal

import pytest
from ledger_rows import RAW

from analysis.contracts.facts import FACTS
from analysis.sources import facts

# The reply to question 307, line by line as it is written: subsidies without a word on VAT ...
SUBSIDIES = {
    "vlajo": "1440000.00",
    "unizo-o-o": "440000.00",
    "my-machine": "146000.00",
    "dyzo": "585000.00",
    "sociale-innovatiefabriek": "450000.00",
    "microstart": "200000.00",
    "jongerencooperatieve-haven": "130000.00",
    "ecosystemen-studentensteden": "2000000.00",
    "vlhora": "5150000.00",
    "stem-partnerschappen": "2000000.00",
}
# ... contracts 'inclusief btw' ...
CONTRACTS = {
    "consortium-unizo": "9275232.85",
    "consortium-voka": "6139648.10",
    "consortium-sirris-agoria": "4406216.84",
    "scale-ups-eu": "300000.00",
    "consortium-nsz": "850000",
    "consortium-starterslabo": "609771.00",
    "sirris-agoria-imec": "654735.84",
    "netwerk-ondernemen-startit": "749913.00",
    "netwerk-innovatieversnelling-bouw": "1100968.00",
    "syntra-west": "199090.98",
    "verso": "250000",
}
# ... and what came on top for Brexit, 'inclusief btw' in three lines of the four.
BREXIT = {
    "consortium-unizo": ("1079287.50", "included"),
    "consortium-voka": ("585301.50", "included"),
    "consortium-sirris-agoria": ("486172.92", "included"),
    "netwerk-ondernemen-startit": ("112486.95", "not-stated"),
}


@pytest.fixture(scope="module")
def known():
    return facts.read(RAW)


def test_the_file_of_partners_says_what_the_reply_says_line_by_line(known):
    expected = {
        **{(p, "subsidy"): (Decimal(a), "not-stated") for p, a in SUBSIDIES.items()},
        **{(p, "contract"): (Decimal(a), "included") for p, a in CONTRACTS.items()},
        **{(p, "brexit-extra"): (Decimal(a), vat) for p, (a, vat) in BREXIT.items()},
    }
    rows = known["partners"].rows
    keys = zip(rows["partner"], rows["kind"], strict=True)
    assert (
        dict(zip(keys, zip(rows["amount_eur"], rows["vat"], strict=True), strict=True)) == expected
    )
    assert set(rows["status"]) == {"promised"}
    assert set(rows["year"]) == {2022}


def test_every_euro_amount_in_the_seed_stands_in_the_file_once_with_its_vat_statement(
    shared, known
):
    text = (shared / "seeds" / "002_3b319597539220f9.txt").read_text(encoding="utf-8")
    answer = " ".join(text.split("ANTWOORD")[1].split())
    pieces = re.split(r"(\d{1,3}(?:\.\d{3})+(?:,\d\d)?) euro", answer)
    written = Counter(
        (
            Decimal(amount.replace(".", "").replace(",", ".")),
            after.lstrip(", ").startswith("inclusief btw"),
        )
        for amount, after in zip(pieces[1::2], pieces[2::2], strict=True)
    )
    rows = known["partners"].rows
    kept = Counter(zip(rows["amount_eur"], rows["vat"] == "included", strict=True))
    assert written == kept
    assert written.total() == 25


def test_two_budgets_are_shared_by_partners_without_an_amount_of_their_own(known):
    rows = known["partners"].rows.set_index(["partner", "kind"])
    student_cities = rows.loc[("ecosystemen-studentensteden", "subsidy")]
    assert student_cities["named"] == 9
    assert "Beschikbaar budget" in student_cities["note_nl"]
    for name in ("Startup 2440 Geel", "Take Off Antwerp", "Manestarters Mechelen"):
        assert name in student_cities["note_en"]
    assert "not named" in rows.loc[("stem-partnerschappen", "subsidy")]["note_en"]


def test_the_reply_says_no_and_names_who_lags_and_on_what(known):
    rows = known["partner_findings"].rows
    of_kind = dict(list(rows.groupby("kind")))
    assert of_kind["kpi-attained"]["answer"].tolist() == ["no"]
    assert set(of_kind["lagging"]["subject"]) == {
        "Unizo", "Voka", "industrieconsortium", "Syntra West",
    }  # fmt: skip
    assert set(of_kind["hard-theme"]["theme"]) == {
        "artificial-intelligence", "cybersecurity", "climate-and-energy", "circular-economy",
    }  # fmt: skip
    assert set(of_kind["adjusted"]["subject"]) == {"Unizo", "Voka", "industrieconsortium"}


def test_the_amounts_of_2023_are_an_assertion_and_no_ledger(known):
    assert set(known["partners"].rows["year"]) == {2022}
    findings = known["partner_findings"].rows
    next_year = findings[findings["kind"] == "budget-next-year"]["label_nl"]
    assert next_year.str.contains("dezelfde bedragen").any()


def test_the_norm_has_the_figures_that_were_published_and_empty_rows_for_the_rest(known):
    rows = known["norm"].rows
    found = rows[rows["value"].notna()].set_index(["item", "period", "variant"])["value"].to_dict()
    assert found == {
        ("target", "2015", "published"): 3,
        ("numerator", "2018", "published"): 62_000_000,
        ("numerator", "2019", "published"): 18_000_000,
        ("numerator", "2020", "published-128"): 128_000_000,
        ("numerator", "2020", "published-129"): 129_000_000,
        ("denominator", "2019", "published"): 5_500_000_000,
        ("denominator", "2020", "published"): 3_800_000_000,
        ("share", "2019", "published"): Decimal("0.33"),
        ("share", "2020", "published"): Decimal("3.38"),
    }
    sought = rows[rows["value"].isna()]
    assert sought["certainty"].isna().all()
    assert set(sought[sought["item"] == "share"]["period"]) == {
        "2015", "2016", "2017", "2018", "2021", "2022", "2023", "2024", "2025",
    }  # fmt: skip


def test_the_charter_the_two_wordings_and_three_lists_of_innovation_are_kept(known):
    rows = known["norm_wording"].rows.set_index(["item", "variant"])
    assert rows.loc[("charter", "published"), "period"] == "2015-07-03"
    assert "aanbestedingsbudgetten" in rows.loc[("wording", "budgets"), "label_nl"]
    assert "uitgaven" in rows.loc[("wording", "expenditure"), "label_nl"]
    assert set(rows.loc["innovation-types"].index) == {"page-2015", "mow", "ongena"}


def test_the_two_days_of_the_extension_stand_side_by_side(known):
    rows = known["milestones"].rows
    extension = rows[rows["item"] == "extension"]
    assert set(extension["period"]) == {"2019-03-28", "2019-03-22"}
    assert extension["certainty"].str.contains("X").all()


def test_of_the_projects_named_in_public_two_have_a_supplier(known):
    rows = known["projects"].rows
    assert set(rows[rows["supplier"].notna()]["project"]) == {
        "sib-neet-antwerpen",
        "scheepsbewegingen",
    }


def test_the_break_register_has_the_days_of_the_method_note(known):
    rows = known["breaks"].rows.set_index("item")
    assert rows.loc["procurement-act", "date"] == dt.date(2017, 6, 30)
    assert rows.loc["concept-note", "date"] == dt.date(2019, 4, 5)
    assert rows.loc["simplified-award-notice", "date"] == dt.date(2023, 9, 1)
    assert rows.loc["sme-act", "date"] == dt.date(2023, 12, 22)
    assert rows.loc["yearly-totals", "date"] == dt.date(2025, 1, 1)
    assert len(rows) == 20


def test_what_the_method_note_knows_from_memory_stays_unverified(known):
    rows = known["breaks"].rows.set_index("item")
    assert not rows.loc["maatschap-number", "verified"]
    assert not rows.loc["eforms", "verified"]
    assert rows.loc["bosa-platform", "verified"]
    assert rows[~rows["verified"]]["certainty"].isna().all()


def test_belgium_s_scoreboard_keeps_both_shares_of_sme_bids_in_2020(known):
    rows = known["scoreboard"].rows
    bids = rows[(rows["item"] == "sme_bids") & (rows["period"] == "2020")]
    assert sorted(bids["value"]) == [54, 58]
    winners = rows[(rows["item"] == "sme_contractors") & (rows["part"] == "BE")]
    by_year = dict(zip(winners["period"].fillna("latest"), winners["value"], strict=True))
    assert by_year == {"2018": 32, "2019": 34, "2020": 34, "2021": 28, "2022": None, "latest": 31}


def test_everything_contested_and_everything_not_found_is_listed(known):
    contested = known["contested"].rows
    assert (
        len(contested) == 12 + 1 + 1
    )  # one row of the note holds two ceilings; PIO's start is ours
    assert (contested["value_1_nl"] != contested["value_2_nl"]).all()
    assert known["not_found"].rows["item"].tolist() == list(range(1, 11))


def test_no_text_for_readers_is_left_untranslated(known):
    """A sentence of five words or more that is the same in both languages is not translated."""
    for table in known.values():
        for name in [name for name in table.rows.columns if name.endswith("_nl")]:
            both = table.rows[[name, name[:-2] + "en"]].dropna()
            same = both[both[name] == both[name[:-2] + "en"]][name]
            assert not same[same.str.split().str.len() >= 5].tolist()


def test_no_contact_data_are_kept():
    for path in sorted(RAW.rglob("*.csv")):
        assert not re.search(r"\w@\w+\.\w|\+32|\b0\d{1,2} \d{3} \d\d", path.read_text("utf-8")), (
            path
        )


def test_the_tag_of_a_table_is_the_start_of_the_sha256_of_its_file(known):
    raw = (RAW / "partners" / "partners.csv").read_bytes()
    assert known["partners"].inputs == "partners@" + hashlib.sha256(raw).hexdigest()[:12]
    assert set(known) == {table.name for tables in FACTS.values() for table in tables}
