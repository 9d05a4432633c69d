"""Chapter 50 holds every number of the reply to question 307, and what was delivered, if it was."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from chapters import SVG
from partner_tables import agreement, amount, example, given, kpi, ledger, partner
from run_chapter import NOTEBOOKS, shown, words

from analysis.contracts.intake.partners import INSTRUMENTS, SERVICES
from analysis.present import drawing, figures_partners
from analysis.present.language import LANGUAGES, catalogue
from analysis.present.partner_groups import LIGHTS, light_of, parts

REPLY = Path(__file__).with_name("reply_307.txt").read_text(encoding="utf-8")
EURO = r"(\d{1,3}(?:\.\d{3})+(?:,\d\d)?) euro"


def told_by(delivered, folder, *, draws: bool = False):
    """The chapter of some deliveries; to draw its figures takes seconds, so most do not."""
    with pytest.MonkeyPatch.context() as patch:
        if not draws:
            patch.setattr(drawing, "svg", lambda figure, id: SVG)
        return shown("50_partners", ledger(delivered), folder, patch, year=2025)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return told_by(given(), tmp_path_factory.mktemp("none"))


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    return told_by(example(), tmp_path_factory.mktemp("full"), draws=True)


def euros(text: str) -> list[Decimal]:
    found = re.findall(EURO, " ".join(text.split()))
    return [Decimal(amount.replace(".", "").replace(",", ".")) for amount in found]


def table(told, name, language="nl"):
    [found] = [block for block in told if block["type"] == "table" and block["id"] == name]
    return [[cell[language] for cell in row] for row in found["rows"]]


def ids(told, kind):
    return [block["id"] for block in told if block["type"] == kind]


def test_the_reply_kept_for_the_tests_is_the_one_in_the_seed(shared):
    seed = (shared / "seeds" / "002_3b319597539220f9.txt").read_text(encoding="utf-8")
    assert REPLY.strip() in seed


def test_every_amount_of_the_reply_is_in_the_chapter_once_under_its_vat_base(published):
    rows = table(published, "partners")
    written = Counter(euros(REPLY))
    assert written.total() == 25
    shown_ = Counter(
        euros(cell.replace("\u00a0", " "))[0] for row in rows for cell in row[1:] if cell
    )
    assert shown_ == written
    text = " ".join(REPLY.split())
    after = re.findall(rf"{EURO}(,? inclusief btw)?", text)
    included = {Decimal(a.replace(".", "").replace(",", ".")) for a, says in after if says}
    for _, with_vat, not_stated in rows:
        assert bool(with_vat) != bool(not_stated)
        [value] = euros((with_vat or not_stated).replace("\u00a0", " "))
        assert (value in included) == bool(with_vat)


def test_the_totals_of_the_chapter_are_the_sums_of_the_reply(published):
    """The five totals of the facts: subsidies, contracts, Brexit, contracts with Brexit, all."""
    own, services = REPLY.split("Naast de structurele partners")
    subsidies, extra = sum(euros(own)), re.findall(rf"bijkomend {EURO}", " ".join(REPLY.split()))
    brexit = sum(euros(" ".join(f"{amount} euro" for amount in extra)))
    contracts = sum(euros(services)) - brexit
    assert [subsidies, contracts, brexit, contracts + brexit, subsidies + contracts + brexit] == [
        Decimal(total)
        for total in ("12541000.00", "24535576.61", "2263248.87", "26798825.48", "39339825.48")
    ]
    told = {row[0]: row for row in table(published, "partner-totals")}
    _, net, included, mixed, not_stated = range(5)
    cells = [
        (told["subsidie"][not_stated], subsidies),
        (told["opdracht"][included], contracts),
        (told["Brexit-extra"][mixed], brexit),
        (told["opdrachten en Brexit-extra’s samen"][mixed], contracts + brexit),
        (told["alle"][mixed], subsidies + contracts + brexit),
        (told["opdrachten en Brexit-extra’s samen"][net], Decimal("22147789.65")),
        (told["alle"][net], Decimal("34688789.65")),
    ]
    for cell, total in cells:
        assert euros(cell.replace("\u00a0", " ")) == [total]


def test_every_partner_year_and_day_of_the_reply_is_in_the_chapter(published):
    said = words(published, "nl")
    shared = re.search(r"verdeeld onder (.*?)\n\n", REPLY, re.S)[1]
    names = [name.strip() for name in re.split(r",| en ", " ".join(shared.split()))]
    assert len(names) == 9
    themes = ("artificiële intelligentie", "cybersecurity", "klimaat en energie")
    for part in (*names, *themes, "2022", "2023 en mogelijk 2024", "1 juli 2022"):
        assert part in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_delivered_files_one_sentence_says_what_is_lacking(published, language):
    said = words(published, language)
    assert said.count("partners.xlsx") == 1
    assert "pio templates" in said
    assert ids(published, "figure") == ["partners"]
    assert not [block for block in published if block.get("mark")]


def test_every_part_is_there_when_everything_was_delivered(full):
    assert ids(full, "figure") == ["partners", "partner-lights-1", "partner-funnel"]
    delivered = [block["id"] for block in full if block.get("mark") == "simulated"]
    assert delivered == [
        "partner-engagements", "partner-stages", "partner-lines", "partner-absorption",
        "partner-years", "partner-lights-1", "partner-funnel", "partner-kpis", "partner-revised",
        "partner-catching-up", "partner-adjusted", "partner-means", "partner-depth",
        "partner-costs",
    ]  # fmt: skip
    assert "Alles in dit deel is verzonnen" in words(full, "nl")


def test_partners_stand_in_the_order_of_their_names(full):
    for name in ("partner-lines", "partner-kpis", "partner-engagements"):
        names = [row[0] for row in table(full, name)]
        assert names == sorted(names, key=str.casefold)


def test_a_kpi_shows_target_result_limits_and_the_word_of_its_colour(full):
    rows = {tuple(row[:2]): row[2:] for row in table(full, "partner-kpis")}
    assert rows["Partner A vzw", "netwerken (digitalisering)"] == [
        "500", "390", "0,78 (0,70–0,86)", "", "rood",
    ]  # fmt: skip
    assert rows["Partner C vzw", "adviestrajecten (groeiers)"] == [
        "40", "onbekend", "onbekend", "", "grijs",
    ]  # fmt: skip


def test_what_was_agreed_is_shown_with_its_own_commas(full):
    assert table(full, "partner-catching-up") == [
        ["Partner A vzw", "netwerken (digitalisering)", "rood", "110",
         "Meer laagdrempelige werkvormen, vanaf mei"],
    ]  # fmt: skip


def test_unlike_vat_bases_of_one_partner_are_rows_of_their_own(full):
    rows = [row for row in table(full, "partner-lines") if row[0] == "Vereniging B, afdeling X"]
    assert [row[2:] for row in rows] == [
        ["vrij van btw", "", "40.000", "10.000", "", "0,25"],
        ["btw niet vermeld", "50.000", "", "", "", ""],
    ]


def test_a_real_delivery_is_in_the_answer_and_an_invented_one_is_not(tmp_path, full):
    real = told_by(example("real"), tmp_path)
    [answer] = [block["text"]["nl"] for block in real if block["type"] == "answer"]
    assert "is het doel gehaald bij 4 van 7; bij 1 ligt het resultaat er verder onder" in answer
    [invented] = [block["text"]["nl"] for block in full if block["type"] == "answer"]
    assert invented.endswith("berust op gepubliceerde cijfers.")
    assert "verzonnen" not in words(real, "nl")


@pytest.mark.parametrize(
    "tables",
    [
        {"structural_partners": [partner("a")], "partner_instruments": [agreement("a-25")]},
        {"structural_partners": [partner("a")], "partner_payments": [amount("a-25", "paid", "1")]},
        {"partner_instruments": [agreement("a-25")], "partner_kpis": [kpi("a-25", "x", 9, None)]},
        {"partner_kpis": [kpi("a-25", "x", 0, 5)]},
    ],
    ids=["agreements", "payments", "nothing reported", "a target of zero"],
)
def test_a_part_of_the_files_is_enough_for_a_chapter(tmp_path, tables):
    told = told_by(given(**tables), tmp_path)
    for language in LANGUAGES:
        assert "##" in words(told, language)
        assert "{" not in words(told, language)


def test_both_languages_have_the_same_numbers(full):
    for block in full:
        if block["type"] == "table":
            digits = [
                re.findall(r"\d+", re.sub(r"[.,](?=\d)", "", " ".join(cell[lang] for cell in row)))
                for lang in LANGUAGES
                for row in block["rows"]
            ]
            half = len(digits) // 2
            assert digits[:half] == digits[half:], block["id"]


def test_every_kind_service_and_colour_has_its_word():
    for language in LANGUAGES:
        said = catalogue(language)
        for kind, codes in (
            ("instrument_kind", INSTRUMENTS),
            ("service", SERVICES),
            ("light", LIGHTS),
        ):
            assert all(said[f"{kind}.{code}"] for code in codes)


def test_a_group_is_taken_apart_with_its_own_commas():
    group = "structural_partner=Kring\u201a Gent,kpi=a=b,service=stem"
    assert parts(group) == {"structural_partner": "Kring, Gent", "kpi": "a=b", "service": "stem"}
    assert [light_of(value) for value in (None, pd.NA, 1.0, 2.0, 3.0)] == [
        "grey", "grey", "red", "amber", "green",
    ]  # fmt: skip


def test_the_tiles_go_by_name_and_a_partner_is_not_cut_over_two_figures(tmp_path):
    many = [partner(f"p{n:02d}", f"{name} vzw") for n, name in enumerate("zyxwvutsrqponmlk")]
    tables = {
        "structural_partners": many,
        "partner_instruments": [agreement(f"{one['partner']}-25", one["partner"]) for one in many],
        "partner_kpis": [
            kpi(f"{one['partner']}-25", f"kpi {n}", 50, 60) for one in many for n in range(4)
        ],
    }
    rows = ledger(given(**tables))
    own = rows[rows["id"].isin(("partners.kpi_light", "partners.kpi_attainment"))]
    tiles = figures_partners.tiles_of(own[own["definition"] == "target-in-force"])
    assert [tile["partner"][0] for tile in tiles[::4]] == list("klmnopqrstuvwxyz")
    assert {tile["place"] for tile in tiles} == {0, 1, 2}
    told = told_by(given(**tables), tmp_path)
    lights = [block for block in told if block.get("id", "").startswith("partner-lights-")]
    assert len(lights) == 3  # 32 lines of tiles
    names = [set(re.findall(r"\b([k-z]) vzw", block["data"]["nl"])) for block in lights]
    assert set.union(*names) == set("klmnopqrstuvwxyz")
    assert sum(map(len, names)) == 16


def test_a_tile_shows_the_whole_name_of_a_long_indicator():
    name = "deelnemers ondernemerschap in het onderwijs"
    tables = {
        "structural_partners": [partner("p", "P vzw")],
        "partner_instruments": [agreement("p-25", "p")],
        "partner_kpis": [kpi("p-25", name, 50, 60)],
    }
    rows = ledger(given(**tables))
    own = rows[rows["id"].isin(("partners.kpi_light", "partners.kpi_attainment"))]
    figure = figures_partners.lights(own[own["definition"] == "target-in-force"], "nl")
    texts = [text.get_text().replace("\n", " ") for text in figure.axes[0].texts]
    assert any(text.startswith(name) for text in texts)


def test_the_funnel_names_no_two_different_heights_alike():
    """A quarter would be written as 0,3, three quarters as 0,8."""
    rows = ledger(example())
    in_force = rows["id"].str.startswith("partners.kpi_") & (
        rows["definition"] == "target-in-force"
    )
    drawn = rows[(rows["id"] == "partners.kpi_funnel") | in_force]
    axes = figures_partners.funnel(drawn, "nl").axes[0]
    axes.figure.canvas.draw()
    heights = [float(label.get_text().replace(",", ".")) for label in axes.get_yticklabels()]
    assert heights == pytest.approx(list(axes.get_yticks()))
    assert len(heights) > 3


def test_the_chapter_asks_for_no_indicator_that_is_not_documented():
    """What the notebook names of the published part is in the module that makes it."""
    from analysis.indicators import partners

    source = json.loads((NOTEBOOKS / "50_partners.ipynb").read_text(encoding="utf-8"))
    code = "".join("".join(cell["source"]) for cell in source["cells"])
    for id in re.findall(r'number\(\s*"(partners\.\w+)"|rows\("(partners\.\w+)"', code):
        assert "".join(id) in partners.__doc__
