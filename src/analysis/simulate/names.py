"""How invented firms are called, and how administrations write them."""

from random import Random

from analysis.simulate.people import WORLD, by_percent

NAMES, FORMS, STATED = WORLD["names"], WORLD["legal_forms"], WORLD["stated"]


def one(random: Random, choices: list) -> str:
    """Return one of the choices, all as likely."""
    return str(choices[int(random.random() * len(choices))])


def coined(random: Random) -> str:
    """Return a word that nobody has yet, out of syllables; many firms share one."""
    middle = one(random, NAMES["middle"]) if random.random() < 0.8 else ""
    return one(random, NAMES["first"]) + middle + one(random, NAMES["last"])


def firm_name(random: Random, language: str, trades: list[str], group: str) -> str:
    """Return the name of a firm without its legal form; `group` is the word its group shares."""
    mark = one(random, NAMES["words"][language])
    trade = trades[2] if language == "FR" else trades[int(random.random() * 2)]
    word, shape = coined(random), random.random()
    if group:
        parts = [mark, group, trade, word]
    elif shape < 0.4:
        parts = [mark, trade, word]
    elif shape < 0.7:
        parts = [mark, word, trade]
    elif shape < 0.85:
        parts = [mark, word, "&", coined(random)]
    else:
        parts = [mark, word]
    return " ".join([*parts[1:], parts[0]] if language == "FR" else parts)


def person_name(random: Random, language: str) -> str:
    """Return the name of a natural person who does not exist."""
    return f"{one(random, NAMES['words'][language])} Persoon {coined(random)} {coined(random)}"


def legal_form(random: Random, language: str) -> str:
    """Return a legal form of the language, as written since the reform."""
    percents = {form: facts[0] for form, facts in FORMS[language].items()}
    return by_percent(random.random() * 100, percents) or next(iter(percents))


def form_then(form: str, language: str, *, reformed: bool) -> str:
    """Return the legal form as it was written before or after the reform."""
    facts = FORMS.get(language, {}).get(form)
    return form if reformed or facts is None else str(facts[3])


def form_code(form: str, language: str, *, reformed: bool) -> str:
    """Return KBO's code of the legal form before or after the reform."""
    facts = FORMS.get(language, {}).get(form)
    return form if facts is None else str(facts[1 if reformed else 2])


def other_form(form: str, language: str, *, reformed: bool) -> str:
    """Return a legal form that is out of date, or that of the other language."""
    if reformed and (old := form_then(form, language, reformed=False)) != form:
        return old
    return str(FORMS["other"].get(language, {}).get(form, form))


def mistyped(text: str, roll: int) -> str:
    """Return the text with one letter lost, doubled or changed places with the next."""
    place = 1 + roll % max(len(text) - 2, 1)
    kind = roll // 1009 % 3
    before, letter, after = text[:place], text[place], text[place + 1 :]
    wrong = (after, letter * 2 + after, after[:1] + letter + after[1:])[kind]
    return " ".join((before + wrong).split())


def mistyped_number(number: str, roll: int) -> str:
    """Return the number with one digit changed, which the check digits always betray."""
    place = 2 + roll % 8
    digit = (int(number[place]) + 1 + roll // 8 % 9) % 10
    return f"{number[:place]}{digit}{number[place + 1 :]}"
