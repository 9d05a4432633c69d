"""What chapter 41 shows of the survey: groups apart, and nothing that is too small."""

import re
from functools import partial

import pandas as pd

from analysis.contracts.intake.survey import GROUPS
from analysis.present import blocks, blocks_shown, figures_blocks, labels
from analysis.present.access import last, only, rows
from analysis.present.chapter import Chapter, Draw
from analysis.present.labels import Texts
from analysis.present.language import LANGUAGES

_QUESTION = re.compile(r"respondents=([^,]+),question=([^,]+)")
_ANSWER = re.compile(r",answer=.*")
_SHARES = ("top_box", "yes_share", "not_same_share")


def wave(chapter: Chapter) -> str:
    """Year of the last survey; empty where there is none."""
    found = rows(chapter, "satisfaction.response_rate")
    return str(found["period"].max()) if len(found) else ""


def asked(found: pd.DataFrame) -> pd.DataFrame:
    """Rows on questions, with columns `who` and `question`, groups in the order of the forms."""
    parts = found["group"].str.extract(_QUESTION)
    own = found.assign(who=parts[0], question=parts[1])
    place = own["who"].map({group: at for at, group in enumerate(GROUPS)})
    order = pd.DataFrame({"question": own["question"], "place": place})
    return own.loc[order.sort_values(["question", "place"], kind="stable").index]


def agreement(chapter: Chapter) -> pd.DataFrame:
    """Shares that agree, of the last survey, by question and group."""
    return asked(rows(chapter, "satisfaction.top_box", period=wave(chapter) or "-"))


def headline(found: pd.DataFrame) -> pd.DataFrame:
    """Of shares that agree, those of the first question that some group answered often enough."""
    known = found[found["value"].notna()]
    return known[known["question"] == known["question"].min()] if len(known) else known


def likert(chapter: Chapter) -> pd.DataFrame:
    """Answers of the last survey of the groups of which a share may be shown."""
    found = asked(rows(chapter, "satisfaction.answers", period=wave(chapter) or "-"))
    known = agreement(chapter)
    shares = set(known["group"][known["value"].notna()])
    return found[found["group"].str.replace(_ANSWER, "", regex=True).isin(shares)]


def wordings(chapter: Chapter) -> dict[str, Texts]:
    """Questions as they were put, by code, where the folder of the report has them."""
    path = chapter.folder / "survey_questions.csv"
    if not path.is_file():
        return {}
    listed = pd.read_csv(path, dtype="string", keep_default_na=False).to_dict("records")
    return {
        str(one["question"]): {
            "nl": str(one["wording_nl"]),
            "en": str(one["wording_en"] or one["wording_nl"]),
        }
        for one in listed
    }


def drawn(chapter: Chapter) -> Draw:
    """The drawing of the answers, with the words of the questions."""
    return partial(figures_blocks.likert, worded=wordings(chapter))


def response(chapter: Chapter) -> None:
    """Show how many of each group answered."""
    year = wave(chapter)
    names = ("members", "answered", "organisations")
    counts = rows(chapter, *(f"satisfaction.{name}" for name in names), period=year)
    rate = rows(chapter, "satisfaction.response_rate", period=year, definition="rr1")
    found = pd.concat([counts, rate])
    place = found["group"].map({f"respondents={group}": at for at, group in enumerate(GROUPS)})
    chapter.table("blocks-response", found.loc[place.sort_values(kind="stable").index])


def judged(chapter: Chapter, shown: pd.DataFrame) -> None:
    """Show who agrees with the first question, by group, with what it is judged by."""
    question = str(shown["question"].iloc[0])
    own = agreement(chapter)
    own = own[own["question"] == question]
    bounds = rows(chapter, "satisfaction.top_box_bounds", period=wave(chapter))
    cells = [_judged(chapter, one, bounds) for one in own["group"]]
    heads = ("respondents", "value", "bounds", "n", "unknown", "earlier", "target", "grade")
    blocks_shown.show("blocks-agreement", heads, cells, pd.concat([own, bounds])[own.columns[:-2]])


def _judged(chapter: Chapter, group: str, bounds: pd.DataFrame) -> list[Texts]:
    year = wave(chapter)
    row = only(rows(chapter, "satisfaction.top_box", period=year, group=group)).row
    silent = bounds[bounds["group"] == group]
    earlier = rows(chapter, "satisfaction.top_box", group=group)
    earlier = earlier[(earlier["period"] < year) & earlier["value"].notna()]
    return [
        labels.of_group(group.split(",")[0]),
        blocks_shown.number(row),
        labels.of_ends(only(silent).row) if len(silent) else labels.same(""),
        blocks_shown.counted(row["n"]),
        blocks_shown.counted(row["unknown"]),
        blocks_shown.plain(last(earlier).row) if len(earlier) else labels.same(""),
        blocks_shown.target(chapter, "satisfaction.top_box"),
        labels.same(row["grade"]),
    ]


def questions(chapter: Chapter) -> None:
    """Show who agrees, or says yes, by question and group, and the questions as they were put."""
    year = wave(chapter)
    shares = asked(rows(chapter, *(f"satisfaction.{name}" for name in _SHARES), period=year))
    counts = rows(chapter, *(f"satisfaction.{name}_count" for name in _SHARES), period=year)
    how_many = dict(zip(counts["group"], counts["value"], strict=True))
    found = shares[shares["group"].isin(how_many)]
    if found.empty:
        return
    chapter.say("blocks.satisfaction.questions")
    cells = [
        [
            labels.same(row["question"]),
            labels.of_group(f"respondents={row['who']}"),
            blocks_shown.number(row),
            blocks_shown.counted(how_many[row["group"]]),
            blocks_shown.counted(row["n"]),
        ]
        for row in found.astype(object).where(found.notna(), None).to_dict("records")
    ]
    heads = ("question", "respondents", "share", "agree", "n")
    blocks_shown.show("blocks-questions", heads, cells, found)
    worded = wordings(chapter)
    cells = [[labels.same(code), worded[code]] for code in sorted(worded)]
    if cells:
        blocks_shown.show("blocks-wordings", ("question", "wording"), cells)


def told(chapter: Chapter, shown: pd.DataFrame) -> dict[str, object]:
    """Of shares that agree with one question, the lowest and the highest, and its words.

    The highest is left out where there is one share.
    """
    order = shown.sort_values("value", kind="stable")
    ends = {"lowest": only(order)} | ({"highest": only(order[::-1])} if len(order) > 1 else {})
    groups = {
        f"{name}_group": labels.of_group(one.row["group"].split(",")[0])
        for name, one in ends.items()
    }
    question = str(shown["question"].iloc[0])
    worded = wordings(chapter).get(question, labels.same(question))
    words = {lang: blocks.literal(worded[lang].rstrip(" .")) for lang in LANGUAGES}
    return {"question": words, **ends, **groups}
