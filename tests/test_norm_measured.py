"""The 3 % norm measured on registers of a few contracts, worked by hand."""

import openpyxl
import pandas as pd
import pytest
from norm_world import contract, given, table, verdicts

from analysis import results
from analysis.contracts.intake import TABLES
from analysis.indicators import norm_measured, norm_signals
from analysis.innovation.frame import draw_sample, frame
from analysis.innovation.judged import judged
from analysis.refusal import SourceError
from analysis.sources import intake, templates
from analysis.store.frames import framed


def measured(**tables):
    return results.ledger(norm_measured.results(given(**tables)))


def one(rows, id, **where):
    for column, value in ({"id": id, "group": "all"} | where).items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1, f"{len(rows)} rows of {id} with {where}"
    return rows.iloc[0]


def ends(row):
    return pytest.approx((row["value"], row["low"], row["high"]), nan_ok=True)


def test_without_a_register_there_is_no_number():
    assert norm_measured.results(given()) == []


def test_a_contract_without_mark_may_be_either():
    """100 marked, 200 marked as none, 100 without: 1 of 3 known, from a quarter to a half."""
    rows = measured(
        register=[contract(1, 100, True), contract(2, 200, False), contract(3, 100, None)]
    )
    share = one(rows, "norm.marked_share", definition="marked-estimated")
    assert ends(share) == (1 / 3, 0.25, 0.5)
    assert (share["interval"], share["n"], share["unknown"]) == ("bounds", 2, 1)
    count = one(rows, "norm.marked_count_share")
    assert ends(count) == (1 / 2, 1 / 3, 2 / 3)
    assert one(rows, "norm.measured_verdict", definition="marked-estimated")["value"] == 1


def test_where_no_buyer_marked_anything_nothing_is_known():
    rows = measured(register=[contract(1, mark=None)])
    share = one(rows, "norm.marked_share", definition="marked-awarded")
    assert pd.isna(share["value"])
    assert (share["low"], share["high"]) == (0, 1)
    told = one(rows, "norm.measured_verdict", definition="marked-awarded")
    assert pd.isna(told["value"])
    assert told["denominator"] == "cannot-be-determined"


@pytest.mark.parametrize(
    ("yes", "none", "open_", "verdict"),
    [(30, 970, 0, 1), (29, 971, 0, 0), (20, 960, 20, None), (30, 900, 70, 1), (20, 975, 5, 0)],
)
def test_met_if_the_lower_end_reaches_three_percent(yes, none, open_, verdict):
    rows = measured(
        register=[contract(1, yes, True), contract(2, none, False), contract(3, open_, None)]
    )
    found = one(rows, "norm.measured_verdict", definition="marked-estimated")["value"]
    assert pd.isna(found) if verdict is None else found == verdict


def test_estimated_and_awarded_values_are_different_series_and_unknown_is_no_zero():
    rows = measured(
        register=[
            contract(1, 100, True, awarded_eur=80.0),
            contract(2, 300, False, awarded_eur=None),
        ]
    )
    assert one(rows, "norm.marked_share", definition="marked-estimated")["value"] == 0.25
    assert one(rows, "norm.marked_share", definition="marked-awarded")["value"] == 1
    awarded = one(rows, "norm.registered_eur", definition="awarded-value")
    assert (awarded["value"], awarded["n"], awarded["unknown"]) == (80, 1, 1)


def test_without_the_five_largest_one_contract_no_longer_decides():
    """A marked contract of 1,000 beside six of 10 to 15: without the five largest, 10 and 11."""
    small = [contract(n, 10 + n, False) for n in range(6)]
    rows = measured(register=[*small, contract(9, 1000, True, framework=True)])
    at = {"definition": "marked-estimated"}
    assert one(rows, "norm.marked_share", **at)["value"] == pytest.approx(1000 / 1075)
    assert one(rows, "norm.marked_share", group="without=largest-5", **at)["value"] == 0
    assert one(rows, "norm.marked_share", group="without=largest-5", **at)["n"] == 2
    assert one(rows, "norm.marked_share", group="without=frameworks", **at)["value"] == 0


def test_of_three_buyers_one_reaches_the_norm_one_does_not_and_one_may():
    rows = measured(
        register=[
            contract(1, 5, True, buyer="0200000001"),
            contract(2, 95, False, buyer="0200000001"),
            contract(3, 100, False, buyer="0200000002"),
            contract(4, 10, None, buyer="0200000003"),
            contract(5, 90, False, buyer="0200000003"),
        ]
    )
    share = one(rows, "norm.buyers_reaching", definition="marked-estimated")
    assert ends(share) == (1 / 2, 1 / 3, 2 / 3)
    assert (share["n"], share["unknown"]) == (2, 1)


def test_kinds_of_what_is_marked_with_unknown_as_a_kind_of_its_own():
    rows = measured(
        register=[
            contract(1, 30, True, innovation_kind="product-innovation"),
            contract(2, 60, True, innovation_kind="social-innovation"),
            contract(3, 10, True),
            contract(4, 900, False),
        ]
    )
    shares = rows[rows["id"] == "norm.kind_share"].set_index("group")["value"].to_dict()
    assert shares == {
        "innovation_kind=product-innovation": 0.3,
        "innovation_kind=social-innovation": 0.6,
        "innovation_kind=unknown": 0.1,
    }


def test_policy_domains_over_all_years():
    rows = measured(
        register=[
            contract(1, 10, True, policy_domain="mow"),
            contract(2, 90, False, policy_domain="mow", date="2021-06-01"),
            contract(3, 100, None),
        ]
    )
    at = {"period": "2020-2021", "definition": "marked-estimated"}
    assert one(rows, "norm.marked_share", group="policy_domain=mow", **at)["value"] == 0.1
    unknown = one(rows, "norm.marked_share", group="policy_domain=unknown", **at)
    assert (unknown["low"], unknown["high"]) == (0, 1)


def audited_year(verdict_of_3=("ppi", "ppi")):
    """A year of 1,000 of which all is judged: 20 R&D, 20 purchase of innovation, 960 none."""
    register = [contract(1, 20, True), contract(2, 20, False), contract(3, 960, False)]
    return {
        "register": register,
        "audit": [
            *verdicts(1, "rd", "rd"),
            *verdicts(2, *verdict_of_3),
            *verdicts(3, "none", "none"),
        ],
    }


def test_a_year_judged_as_a_whole_has_no_error():
    rows = measured(**audited_year())
    strict = one(rows, "norm.measured_share", definition="rd-awarded")
    broad = one(rows, "norm.measured_share", definition="rd-ppi-awarded")
    assert ends(strict) == (0.02, 0.02, 0.02)
    assert ends(broad) == (0.04, 0.04, 0.04)
    verdict = {"definition": "rd-awarded"}
    assert one(rows, "norm.measured_verdict", **verdict)["value"] == 0
    assert one(rows, "norm.measured_verdict", definition="rd-ppi-awarded")["value"] == 1
    assert one(rows, "norm.chance_met", definition="rd-ppi-awarded")["value"] == 1
    marked = one(rows, "norm.measured_verdict", definition="marked-estimated")
    assert marked["value"] == 0  # 2 % were marked: what buyers say is not what coders find
    assert one(rows, "norm.measured_count_share", definition="rd-ppi")["value"] == pytest.approx(
        2 / 3
    )


@pytest.mark.parametrize("said", [("ppi", "none"), ("ppi", "undecidable")])
def test_what_two_coders_leave_open_makes_the_norm_undeterminable(said):
    rows = measured(**audited_year(said))
    share = one(rows, "norm.measured_share", definition="rd-ppi-awarded")
    assert (share["low"], share["high"]) == pytest.approx((0.02, 0.04))
    assert share["unknown"] == 1
    told = one(rows, "norm.measured_verdict", definition="rd-ppi-awarded")
    assert pd.isna(told["value"])
    chance = one(rows, "norm.chance_met", definition="rd-ppi-awarded")
    assert (chance["low"], chance["high"]) == (0, 1)


def test_a_third_coder_decides():
    rows = measured(**audited_year(("ppi", "none", "ppi")))
    share = one(rows, "norm.measured_share", definition="rd-ppi-awarded")
    assert (share["value"], share["unknown"]) == (pytest.approx(0.04), 0)


def test_rd_and_ppi_are_one_to_who_asks_for_innovation():
    found = judged(table("audit_sample", verdicts(1, "rd", "ppi"))).iloc[0]
    assert found["rd-ppi"]
    assert pd.isna(found["rd"])


def test_half_the_contracts_judged_stand_for_all():
    """Ten of 100 judged by chance .5, one innovation: T = 100/.5 of 1,000; nobody marked any."""
    register = [contract(n, 100, None) for n in range(10)]
    audit = [
        line
        for n in range(5)
        for line in verdicts(n, "ppi" if n == 0 else "none", chance=0.5, stratum="1")
    ]
    rows = measured(register=register, audit=audit)
    assert one(rows, "norm.audit_judged")["value"] == 5
    assert one(rows, "norm.audit_represents")["value"] == 1
    share = one(rows, "norm.measured_share", definition="rd-ppi-estimated")
    # Scores are all .5: 500 + the one 50/.5 more, and each of four 50/.5 less.
    assert share["value"] == pytest.approx((500 + 100 - 400) / 1000)


def test_judged_without_a_chance_counts_for_nothing():
    year = audited_year()
    year["audit"] += verdicts(99, "ppi", "ppi") + verdicts(98, "ppi", chance=None)
    with_, without = measured(**year), measured(**audited_year())
    assert one(with_, "norm.audit_not_drawn")["value"] == 2
    assert one(without, "norm.audit_not_drawn")["value"] == 0
    for rows in (with_, without):
        assert one(rows, "norm.measured_share", definition="rd-awarded")["value"] == 0.02


def test_what_the_audit_says_of_the_marks_is_weighted():
    """Innovation: one marked, stands for 1; one not marked, stands for 4: the marks find 1/5."""
    register = [contract(1, 100, True), contract(2, 100, False), contract(3, 100, False)]
    audit = [
        *verdicts(1, "ppi", chance=1.0, stratum="4"),
        *verdicts(2, "ppi", chance=0.25, stratum="1"),
        *verdicts(3, "none", chance=0.25, stratum="1"),
    ]
    rows = measured(register=register, audit=audit)
    found = one(rows, "norm.audit_sensitivity", definition="buyers-mark")
    assert found["value"] == pytest.approx(0.2)
    assert one(rows, "norm.audit_specificity", definition="buyers-mark")["value"] == 1


def test_agreement_of_two_coders_by_hand():
    """Of four contracts they agree on three: p_o .75, p_e .5, kappa .5."""
    register = [contract(n) for n in range(4)]
    said = [("ppi", "ppi"), ("rd", "none"), ("none", "none"), ("none", "none")]
    audit = [line for n, pair in enumerate(said) for line in verdicts(n, *pair)]
    rows = measured(register=register, audit=audit)
    kappa = one(rows, "norm.audit_agreement", definition="kappa-rd-ppi")
    assert kappa["value"] == pytest.approx((0.75 - 0.5) / 0.5)
    assert kappa["n"] == 4


def test_of_two_pio_contracts_one_was_marked():
    pio = [{"contract": str(n), "project": "P", "awarded": "2020-06-01"} for n in (1, 2)]
    rows = measured(
        register=[contract(1, mark=True), contract(2, mark=False), contract(3, mark=True)], pio=pio
    )
    assert one(rows, "norm.pio_contracts")["value"] == 2
    assert one(rows, "norm.pio_marked")["value"] == 0.5
    assert one(rows, "norm.chapman")["value"] == (2 + 1) * (2 + 1) / (1 + 1) - 1


def test_a_signal_that_nobody_reads_has_no_number():
    row = one(measured(register=[contract(1)]), "norm.signal_contracts",
              group="signal=direct_award_rd")  # fmt: skip
    assert pd.isna(row["value"])
    assert row["denominator"] == "not-read"


def test_signals_of_a_register_and_what_coders_found_behind_them():
    register = [contract(n, title="prototype van een brug") for n in range(2)] + [contract(2)]
    audit = [*verdicts(0, "rd", "rd"), *verdicts(1, "none", "none")]
    rows = measured(register=register, audit=audit)
    assert one(rows, "norm.signal_contracts", group="signal=text_rd")["value"] == 2
    assert one(rows, "norm.signal_right", group="signal=text_rd")["value"] == 0.5


YEARS = [
    contract(
        f"{year}-{n:02d}", 100 + n, n % 3 == 0, date=f"{year}-03-01", buyer=f"02000000{n:02d}",
        title="prototype van een drone" if n % 3 == 0 else "poetsen van kantoren",
    )
    for year in (2023, 2024, 2025)
    for n in range(30)
]  # fmt: skip


def scores(audit):
    known = given(register=YEARS, audit=audit).tables
    found = frame(known["contract_register"], known["pio_contracts"], known["audit_sample"])
    return found.set_index("contract")["score"]


def test_a_verdict_moves_the_scores_of_later_years_and_never_its_own():
    audit = [line for n in range(30) for line in verdicts(f"2024-{n:02d}", "none", "none")]
    before, after = scores([]), scores(audit)
    changed = before.index[(before - after).abs() > 1e-6].str[:4]
    assert set(changed) == {"2025"}


def test_the_order_of_the_register_changes_no_number():
    audit = [line for n in range(0, 30, 2) for line in verdicts(f"2024-{n:02d}", "none", "ppi")]
    one_way = measured(register=YEARS, audit=audit)
    other = measured(register=YEARS[::-1], audit=audit[::-1])
    pd.testing.assert_frame_equal(one_way, other)


def drawn(**asked):
    known = given(register=YEARS).tables
    tables = (known["contract_register"], known["pio_contracts"], known["audit_sample"])
    return draw_sample(*tables, **({"year": 2024, "n": 20, "certain": 5} | asked))


def test_the_workbook_of_the_coders_has_every_contract_twice_and_no_verdict():
    rows = pd.DataFrame(drawn(), columns=list(TABLES["audit_sample"].columns))
    assert len(rows) == 40
    assert rows.groupby("contract")["coder"].agg("".join).eq("AB").all()
    assert rows["contract"].str.startswith("2024").all()
    assert rows[["verdict", "coded"]].isna().all(axis=None)
    assert rows["chance"].between(0, 1, inclusive="right").all()
    largest = {f"2024-{n:02d}" for n in range(25, 30)}
    assert set(rows["contract"][rows["stratum"] == "2024-0"]) == largest


def test_the_workbook_filled_in_by_coders_comes_back_with_its_chances(tmp_path):
    rows = drawn()
    path = tmp_path / "audit.xlsx"
    templates.fill(path, "audit_sample", rows)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for line in sheet.iter_rows(min_row=3, max_row=2 + len(rows)):
        line[3].value = "geen"  # neither R&D nor purchase of innovation
    book.save(path)
    found = framed(intake.read(path).tables["audit_sample"])
    asked = pd.DataFrame(rows, columns=list(TABLES["audit_sample"].columns))
    asked = asked.sort_values(["contract", "coder"], ignore_index=True)
    for column in ("contract", "coder", "stratum", "chance"):
        assert found[column].tolist() == asked[column].tolist()
    assert set(found["verdict"]) == {"none"}


def test_the_same_draw_every_time_and_another_year_another_draw():
    assert drawn() == drawn()
    assert drawn(seed=1) != drawn()
    with pytest.raises(SourceError, match="no contract of that year"):
        drawn(year=2030)


def test_signals_of_lots_are_bounds_where_codes_were_not_filled_in():
    counts = pd.DataFrame(
        [(2024, "bt_06", 10, 4, 1), (2025, "bt_06", 10, 0, 0)],
        columns=["year", "signal", "lots", "known", "yes"],
    )
    rows = results.ledger(norm_signals.results(counts, kind="simulated", inputs="x@1"))
    whole = one(rows, "norm.lot_signal_share", group="signal=bt_06", period="2024-2025")
    assert ends(whole) == (0.25, 1 / 20, 17 / 20)
    unknown = one(rows, "norm.lots_signalled", group="signal=bt_06", period="2025")
    assert pd.isna(unknown["value"])
    assert norm_signals.results(counts.head(0), kind="real", inputs="x@1") == []


def test_the_signal_of_the_programme_rests_on_its_list_of_contracts_too():
    counts = pd.DataFrame(
        [(2024, "bt_06", 10, 4, 1), (2024, "pio", 10, 10, 2)],
        columns=["year", "signal", "lots", "known", "yes"],
    )
    both = {"kind": "sample", "inputs": "2-deliveries@2"}
    rows = norm_signals.results(counts, kind="real", inputs="notices@1", of_pio=both)
    told = results.ledger(rows).query("denominator != 'not-read'")
    assert set(zip(told["group"], told["kind"], told["inputs"], strict=True)) == {
        ("signal=bt_06", "real", "notices@1"),
        ("signal=pio", "sample", "2-deliveries@2"),
    }
