"""What may be published of firms' sizes."""

import pandas as pd
import pytest
from access_world import frame

from analysis.companies.definitions import definitions
from analysis.contracts.access_cells import COMPANY_COUNTS
from analysis.disclosure import Behind, dominated, guarded, too_few, uses_sizes
from analysis.results import number

KNOWN = definitions()


@pytest.mark.parametrize(
    ("enterprises", "withheld"), [(0, False), (1, True), (2, True), (3, False)]
)
def test_three_enterprises_are_enough_and_none_tells_nothing(enterprises, withheld):
    assert too_few(Behind(enterprises, 0, 0, 0)) is withheld


@pytest.mark.parametrize(
    ("euros", "unsafe"),
    [
        ((100, 40, 30), False),
        ((100, 51, 9), True),  # one has more than half
        ((100, 44, 42), True),  # two have more than 85%
        ((100, 50, 35), False),
        ((0, 0, 0), False),
        ((100, 49, 48), True),  # 3 is left, a tenth of 49 is more
    ],
)
def test_one_or_two_that_make_up_nearly_all_are_unsafe(euros, unsafe):
    assert dominated(Behind(9, *euros)) is unsafe


def test_definitions_that_look_at_accounts_are_linked_and_those_of_age_are_not():
    assert uses_sizes(KNOWN["wvv-small"])
    assert uses_sizes(KNOWN["oecd-high-growth"])
    assert not uses_sizes(KNOWN["younger-than-5"])
    assert not uses_sizes(KNOWN["digiwhist-new-company"])
    assert not uses_sizes(KNOWN["startup-5"])


def row(id="access.lot_share", **stated):
    usual = {"chapter": "20", "period": "2020", "definition": "wvv-small", "perimeter": "belgium"}
    usual |= {"value": 0.2, "low": 0.1, "high": 0.3, "interval": "bounds", "unit": "share", "n": 9}
    usual |= {"denominator": "awarded-lots", "kind": "simulated", "inputs": "test"}
    return number(id, **(usual | stated))


def counts(yes, period="2020", **stated):
    usual = {"definition": "wvv-small", "perimeter": "belgium", "period": period, "group": "all"}
    return frame(COMPANY_COUNTS, usual | {"yes": yes} | stated)


def test_a_figure_of_two_enterprises_is_withheld_and_says_why():
    [one] = guarded([row()], counts(2), {"wvv-small"})
    assert (one.value, one.low, one.high, one.n, one.unknown) == (None,) * 5
    assert (one.interval, one.denominator) == ("none", "fewer-than-3-enterprises")


def test_what_rests_on_no_linked_table_is_published():
    assert guarded([row()], counts(2), set()) == [row()]
    assert guarded([row()], counts(3), {"wvv-small"}) == [row()]


def test_a_change_is_withheld_where_one_of_its_years_is():
    change = row("access.change", period="2019-2020", unit="share-difference", value=0.2)
    both = pd.concat([counts(9, period="2019"), counts(1)])
    [one] = guarded([change], both, {"wvv-small"})
    assert one.value is None


def test_a_group_has_its_own_count():
    of_group = counts(2, group="buyer_type=local")
    some = pd.concat([counts(9), of_group])
    all_, group = guarded([row(), row(group="buyer_type=local")], some, {"wvv-small"})
    assert (all_.value, group.value) == (0.2, None)


def test_only_euros_are_withheld_where_one_firm_dominates():
    few = counts(5, eur_yes=100, eur_first=90, eur_second=5)
    share, euros = guarded([row(), row("access.amount")], few, {"wvv-small"})
    assert (share.value, euros.value) == (0.2, None)
    assert euros.denominator == "few-enterprises-dominate"
