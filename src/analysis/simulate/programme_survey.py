"""The invented survey: what everybody thinks, and what those who respond say of it."""

from collections.abc import Iterator
from math import exp, log
from random import Random
from typing import Any, NamedTuple

from analysis.contracts.intake.survey import ANSWERS, NO_OPINION
from analysis.simulate.programme_base import (
    PROGRAMME,
    ROW,
    Told,
    Truth,
    falls,
    normal,
    pick,
    shuffled,
    spawn,
    weighed,
)
from analysis.simulate.programme_bodies import Body, eligible

SURVEY = PROGRAMME["survey"]
QUESTIONS, WAVES = SURVEY["questions"], SURVEY["waves"]
DECIDED = {
    "admitted": "applicant-admitted",
    "inadmissible": "applicant-rejected",
    "withdrawn": "applicant-withdrawn",
}
YES = {
    "likert-5": ("4", "5"),
    "yes-no": ("yes",),
    "without-programme": ("not-at-all", "later", "smaller"),
}


class Contact(NamedTuple):
    """Who had to do with the programme in a year, and so is asked in the next wave."""

    group: str
    who: str
    year: int
    stratum: str


class Person(NamedTuple):
    """A member of a group with how satisfied in truth, and what the answer to each question is."""

    group: str
    stratum: str
    organisation: str
    satisfied: float
    answers: dict[str, str]


def survey(seed: int, bodies: list[Body], tables: dict[str, list[Any]]) -> Told:
    """Return questions, populations and answers of every wave; the truth is what all members think.

    Parameters
    ----------
    seed : decides everything
    bodies : who may apply
    tables : the tables of PIO
    """
    told: dict[str, list[Any]] = {"survey_questions": questions()}
    truth: list[Truth] = []
    contacts = [*_applicants(bodies, tables["pio_applications"]), *_firms(tables)]
    for place, wave in enumerate(WAVES):
        since = WAVES[place - 1] if place else 0
        asked = [contact for contact in contacts if since < contact.year <= wave]
        asked += _others(bodies, tables["pio_applications"], wave)
        members = [
            person
            for group in sorted({contact.group for contact in asked})
            for person in _members(spawn(seed, "survey", wave, group), group, asked, place)
        ]
        random = spawn(seed, "responses", wave)
        told.setdefault("survey_populations", []).extend(_populations(random, wave, members))
        rows, said = _responses(random, wave, members)
        told.setdefault("survey_answers", []).extend(rows)
        truth += [*_truth(wave, members, "all"), *_truth(wave, said, "respondents")]
    return Told(told, truth)


def questions() -> list[Any]:
    """Return the questions."""
    return [
        ROW["survey_questions"](name, scale, nl, en)
        for name, (scale, _, _, nl, en) in QUESTIONS.items()
    ]


def _applicants(bodies: list[Body], applied: list[Any]) -> Iterator[Contact]:
    strata = {body.number: SURVEY["strata"][body.kind] for body in bodies}
    for row in applied:
        if row.decision in DECIDED:
            group = DECIDED[row.decision]
            yield Contact(group, row.buyer, row.decided.year, strata[row.buyer])


def _firms(tables: dict[str, list[Any]]) -> Iterator[Contact]:
    """Yield who won, who tendered in vain and who was consulted; without number each time anew."""
    awarded = {row.contract: row.awarded.year for row in tables["pio_contracts"]}
    for row in tables["pio_bidders"]:
        group = "contractor" if row.won else "losing-bidder"
        who = row.company_id or f"{row.contract}/{row.bidder}"
        yield Contact(group, who, awarded[row.contract], _seat(row.country))
    consulted = {row.project: row.consulted for row in tables["pio_projects"]}
    for row in tables["pio_consulted"]:
        if row.participant_kind == "company":
            who = row.company_id or f"{row.project}/{row.participant}"
            yield Contact("consulted-firm", who, consulted[row.project].year, _seat(row.country))


def _seat(country: str) -> str:
    return "België" if country == "BE" else "buitenland"


def _others(bodies: list[Body], applied: list[Any], wave: int) -> Iterator[Contact]:
    """Yield the bodies that never applied, and the stakeholders."""
    asked = {row.buyer for row in applied if row.submitted.year <= wave}
    for body in eligible(bodies, wave):
        if body.number not in asked:
            yield Contact("eligible-buyer", body.number, wave, SURVEY["strata"][body.kind])
    for n in range(SURVEY["stakeholders"]):
        yield Contact("stakeholder", f"stakeholder {n}", wave, "alle")


def _members(random: Random, group: str, asked: list[Contact], place: int) -> Iterator[Person]:
    """Yield the persons of a group; some organisations have two, who think alike in part."""
    found = {contact.who: contact.stratum for contact in asked if contact.group == group}
    for who, stratum in sorted(found.items()):
        shared = normal(random)
        for _ in range(2 if falls(random, SURVEY["second_person"]) else 1):
            own = 0.6 * shared + 0.8 * normal(random)
            satisfied = SURVEY["satisfied"][group] + place * SURVEY["by_wave"] + own
            answers = {
                name: _thinks(random, scale, shift, satisfied)
                for name, (scale, shift, groups, *_) in QUESTIONS.items()
                if group in groups
            }
            yield Person(group, stratum, who, satisfied, answers)


def _thinks(random: Random, scale: str, shift: float, satisfied: float) -> str:
    if scale == "yes-no":
        return "yes" if falls(random, shift) else "no"
    if scale == "without-programme":
        return weighed(random, SURVEY["additionality"])
    felt = satisfied + shift + SURVEY["noise"] * normal(random)
    return ANSWERS[scale][sum(felt > cut for cut in SURVEY["cuts"])]


def _populations(random: Random, wave: int, members: list[Person]) -> list[Any]:
    parts = sorted({(person.group, person.stratum) for person in members})
    counts = [sum(part == (p.group, p.stratum) for p in members) for part in parts]
    return [
        ROW["survey_populations"](wave, *part, many, sum(_invited(random) for _ in range(many)))
        for part, many in zip(parts, counts, strict=True)
    ]


def _invited(random: Random) -> bool:
    return falls(random, SURVEY["invited"])


def _responses(random: Random, wave: int, members: list[Person]) -> tuple[list[Any], list[Person]]:
    """Return the answers, and who gave them: the more satisfied, the likelier."""
    said = [person for person in shuffled(random, members) if _responds(random, person)]
    codes: dict[str, str] = {}
    for person in said:
        codes.setdefault(person.organisation, f"org-{len(codes) + 1}")
    rows = [
        ROW["survey_answers"](
            wave, str(n), person.group, person.stratum, codes[person.organisation], question,
            _written(random, answer),
        )
        for n, person in enumerate(said, 1)
        for question, answer in person.answers.items()
    ]  # fmt: skip
    return rows, said


def _responds(random: Random, person: Person) -> bool:
    usual = SURVEY["respond"][person.group] / 100
    mean = SURVEY["satisfied"][person.group]
    odds = log(usual / (1 - usual)) + SURVEY["pull"] * (person.satisfied - mean)
    return random.random() < 1 / (1 + exp(-odds))


def _written(random: Random, answer: str) -> str | None:
    """Return what a respondent fills in: mostly what the person thinks."""
    if falls(random, SURVEY["left_open"]):
        return None
    return pick(random, NO_OPINION) if falls(random, SURVEY["no_opinion"]) else answer


def _truth(wave: int, people: list[Person], of: str) -> list[Truth]:
    """Return what share of a group thinks so: agrees, says yes, or not the same without."""
    found = []
    for group in sorted({person.group for person in people}):
        there = [person for person in people if person.group == group]
        found.append(Truth("survey_answers", f"{wave}/{group}", f"{of}: persons", len(there)))
        for question in there[0].answers:
            yes = YES[QUESTIONS[question][0]]
            share = sum(person.answers[question] in yes for person in there) / len(there)
            key = f"{wave}/{group}/{question}"
            found.append(Truth("survey_answers", key, f"{of}: share", f"{share:.6f}"))
    return found
