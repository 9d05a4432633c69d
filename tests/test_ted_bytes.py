"""Translations are cut out of the bytes before they are parsed: the rows must not change."""

import pytest
import real_notices
from ted_snippets import R209, award, contractor, original, translation

from analysis.sources import notices
from analysis.sources.packages import Found, Reject
from analysis.sources.ted_bytes import shortened

_START = '<F03_2014 CATEGORY="TRANSLATION" LG="EN">'
_AGAIN = '<F03_2014 CATEGORY="ORIGINAL" LG="EN">'
ORIGINAL = original(award(contractor("Bakkerij Jansen")))
ANOTHER = original(award(contractor("Petit Pain")), language="FR")
TRANSLATION = translation(award(contractor("Jansen Bakery")))
TITLES = "<TRANSLATION_SECTION><ML_TITLES><P>Bread</P></ML_TITLES></TRANSLATION_SECTION>"


def document(forms: str, *, coded: str = "", titles: str = TITLES) -> bytes:
    """A TED document in the bytes of the Publications Office."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<TED_EXPORT xmlns="{R209}" DOC_ID="000123-2021"><CODED_DATA_SECTION>'
        f"<REF_OJS><DATE_PUB>20210212</DATE_PUB></REF_OJS>{coded}</CODED_DATA_SECTION>"
        f"{titles}<FORM_SECTION>\n{forms}\n</FORM_SECTION></TED_EXPORT>\n"
    ).encode()


def read_cut_and_whole(data: bytes, monkeypatch):
    """What is read from a document as usual, and what is read from all of its bytes."""
    file = Found("notice.xml", data)
    cut = notices.read(file)
    with monkeypatch.context() as patch:
        patch.setattr(notices, "shortened", lambda data: data)
        return cut, notices.read(file)


# One real document in so many is read both ways; all of them in the proofs.
STEPS = [5, pytest.param(1, marks=pytest.mark.slow)]


@pytest.mark.parametrize("step", STEPS)
def test_a_real_document_gives_the_same_rows_cut_and_whole(shared, monkeypatch, step):
    real = list(real_notices.documents().values()) + list(real_notices.pairs().values())
    shorter = [data for data in real if len(shortened(data)) < len(data)]
    assert len(shorter) > 2000
    for data in shorter[::step]:
        cut, whole = read_cut_and_whole(data, monkeypatch)
        assert cut == whole
    assert sum(len(shortened(data)) for data in real) < 0.6 * sum(map(len, real))


def test_only_the_original_form_is_left():
    left = shortened(document(TRANSLATION + ORIGINAL + "\n" + TRANSLATION)).decode()
    assert ORIGINAL in left
    assert "Bakery" not in left
    assert "Bread" not in left


def test_of_the_other_sections_only_the_coded_data_are_left():
    links = "<LINKS_SECTION><FORMS_LABELS_LINK/></LINKS_SECTION>"
    technical = "<TECHNICAL_SECTION><RECEPTION_ID>1</RECEPTION_ID></TECHNICAL_SECTION>"
    left = shortened(document(ORIGINAL, titles=technical + links + TITLES)).decode()
    assert "DATE_PUB" in left
    assert not [word for word in ("LINK", "TECHNICAL", "Bread") if word in left]


def test_what_is_cut_need_not_be_well_formed(monkeypatch):
    data = document(ORIGINAL + f"{_START}<P></F03_2014>")
    cut, whole = read_cut_and_whole(data, monkeypatch)
    assert [row.name for row in cut.organisations] == ["Bakkerij Jansen"]
    assert isinstance(whole, Reject)


TRICKS = {
    "a comment around the original": f"<!-- {_START} -->{ORIGINAL}<!-- </F03_2014> -->",
    "a translation in CDATA": original(f"<P><![CDATA[</F03_2014>{_START}]]></P>{award('')}"),
    "a translation in an instruction": original(f"<?x </F03_2014>{_START}?>{award('')}"),
    "the word in another attribute": ORIGINAL.replace('"NL"', "' CATEGORY=\"TRANSLATION\"'"),
    "a translation inside the original": original(TRANSLATION + award(contractor("Jansen"))),
    "an original inside a translation": translation(ORIGINAL) + ORIGINAL,
    "a space in an end tag": f"{_START}</F03_2014 >{ORIGINAL}",
    "a space in an end tag, and two originals": f"{_START}</F03_2014 >{ORIGINAL}{ANOTHER}",
    "a start in a comment": f"{_START}<!-- </F03_2014>{_AGAIN} -->{award('')}</F03_2014>{ORIGINAL}",
    "a start in an instruction": f"{_START}<?x </F03_2014>{_AGAIN}?></F03_2014>{ORIGINAL}",
    "an empty translation": f'<F03_2014 CATEGORY="TRANSLATION"/>{ORIGINAL}',
    "a translated form of the other reader": original("", name="CONTRACT_AWARD") + TRANSLATION,
    "an old translated form": translation("", name="CONTRACT_AWARD") + ORIGINAL,
    "the name of a form as a word": original("<P>F03_2014</P>" + award("")) + TRANSLATION,
    "a slash in an attribute": TRANSLATION.replace(' LG="', ' A="/" LG="') + ORIGINAL,
    "a bracket in an attribute": TRANSLATION.replace(' LG="', ' A=">" LG="') + ORIGINAL,
    "no original": TRANSLATION,
    "two originals": TRANSLATION + ORIGINAL + ANOTHER,
    "text between the forms": f"text{ORIGINAL}{TRANSLATION}",
    "a form of which the end is missing": f"{ORIGINAL}{_START}",
    "a second section of forms": f"{TRANSLATION}</FORM_SECTION><FORM_SECTION>{ORIGINAL}",
    "a section within a section": f"<FORM_SECTION>{ORIGINAL}</FORM_SECTION>{TRANSLATION}",
    "titles as a form": f'<TRANSLATION_SECTION CATEGORY="ORIGINAL"/>{ORIGINAL}',
}


@pytest.mark.parametrize("forms", TRICKS.values(), ids=TRICKS.keys())
def test_a_trick_with_forms_changes_nothing(forms, monkeypatch):
    cut, whole = read_cut_and_whole(document(forms), monkeypatch)
    assert cut == whole


@pytest.mark.parametrize(
    "more",
    [
        {"coded": TITLES},
        {"coded": f"<!-- </CODED_DATA_SECTION>{TITLES} -->"},
        {"titles": ""},
        {"titles": f"<!-- {TITLES} -->"},
        {"titles": "<TRANSLATION_SECTION/>"},
        {"titles": TITLES.replace("<P>", "<TRANSLATION_SECTION/><P>")},
        {"titles": f"<TRANSLATION_SECTION><FORM_SECTION>{ORIGINAL}</FORM_SECTION>" + TITLES[21:]},
        {"titles": f"<CODED_DATA_SECTION>{TITLES}</CODED_DATA_SECTION>"},
    ],
)
def test_a_trick_with_sections_changes_nothing(more, monkeypatch):
    cut, whole = read_cut_and_whole(document(ORIGINAL + TRANSLATION, **more), monkeypatch)
    assert cut == whole


TEXT = document(TRANSLATION + ORIGINAL).decode()
DOCUMENTS = {
    "Latin letters": TEXT.replace("UTF-8", "ISO-8859-1").replace("rij", "riÃ©").encode("latin-1"),
    "two bytes a letter": TEXT.replace("UTF-8", "UTF-16").encode("utf-16"),
    "cut off": TEXT[:-30].encode(),
    "two roots": f"{TEXT}<more/>".encode(),
    "a DOCTYPE": TEXT.replace("?>", "?><!DOCTYPE TED_EXPORT>").encode(),
    "another namespace": TEXT.replace(R209, "another").encode(),
    "a prefix": TEXT.replace("TED_EXPORT", "x:TED_EXPORT").replace("xmlns=", "xmlns:x=").encode(),
    "a namespace in quotes": TEXT.replace(f'"{R209}" DOC_ID="', '"" DOC_ID=\' xmlns="x"')
    .replace('2021"', "2021'")
    .encode(),
}


@pytest.mark.parametrize("data", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_a_trick_with_the_document_changes_nothing(data, monkeypatch):
    cut, whole = read_cut_and_whole(data, monkeypatch)
    assert cut == whole
