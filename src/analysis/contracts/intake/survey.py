"""The survey: what was asked, how many could have answered, and what each answered."""

from analysis.contracts.intake.shape import COUNT, TEXT, YEAR, choice, maybe, sheet

GROUPS = (
    "applicant-admitted",
    "applicant-rejected",
    "applicant-withdrawn",
    "contractor",
    "losing-bidder",
    "consulted-firm",
    "eligible-buyer",
    "stakeholder",
)
SCALES = ("likert-5", "without-programme", "yes-no")
ANSWERS = {
    "likert-5": ("1", "2", "3", "4", "5"),
    "without-programme": ("not-at-all", "later", "smaller", "same"),
    "yes-no": ("yes", "no"),
}
NO_OPINION = ("dont-know", "not-applicable")

QUESTIONS = sheet(
    "survey",
    "survey_questions",
    key=("question",),
    columns={
        "question": TEXT,
        "scale": choice(*SCALES),
        "wording_nl": TEXT,
        "wording_en": maybe(TEXT),
    },
)

POPULATIONS = sheet(
    "survey",
    "survey_populations",
    key=("wave", "group", "stratum"),
    columns={
        "wave": YEAR,
        "group": choice(*GROUPS),
        "stratum": TEXT,
        "members": COUNT,
        "invited": maybe(COUNT),
    },
    rules={"no-more-invited-than-there-are": "invited <= members"},
)

SURVEY = sheet(
    "survey",
    "survey_answers",
    key=("wave", "respondent", "question"),
    columns={
        "wave": YEAR,
        "respondent": TEXT,
        "group": choice(*GROUPS),
        "stratum": TEXT,
        "organisation": maybe(TEXT),
        "question": TEXT,
        "answer": maybe(choice(*(a for scale in ANSWERS.values() for a in scale), *NO_OPINION)),
    },
)

SHEETS = (QUESTIONS, POPULATIONS, SURVEY)
