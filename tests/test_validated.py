"""Numbers of others, which ours are: every row of docs/validation.md."""

import gzip
import struct
from functools import cache
from pathlib import Path

import pytest
import validated
from validated import _rda as rda
from validated import r_survey

FIXTURES = validated.collected()


@cache
def found(name):
    """The row, or why its data are not here."""
    try:
        return validated.row(name, FIXTURES[name])
    except validated.NoDataError as why:
        return why


@pytest.mark.parametrize("name", FIXTURES)
def test_ours_is_the_number_that_others_print(name):
    row = found(name)
    if isinstance(row, validated.NoDataError):
        pytest.skip(str(row))
    assert row.agrees, f"printed {row.printed}, ours {row.ours}, tolerance {row.tolerance}"


def test_the_page_is_what_the_generator_writes():
    written = validated.PAGE.read_text(encoding="utf-8")
    rows = [found(name) for name in FIXTURES]
    here = [row for row in rows if isinstance(row, validated.Row)]
    if here == rows:
        assert written == validated.page(rows), "run `python -m tests.validated`"
        return
    ours = [line for line in validated.page(here).splitlines() if line.startswith("|")]
    assert [line for line in written.splitlines() if line in set(ours)] == ours
    pytest.skip(f"without {len(rows) - len(here)} rows: data that are not on this machine")


def test_the_page_says_that_a_number_is_not_ours():
    row = validated.row("9.1 a|b", ((0.5, 1.25), 2, lambda: (0.5, 1.26)))
    assert not row.agrees
    assert validated.page([row]).endswith(
        "| 9.1 | a\\|b | 0.50; 1.25 | 0.50; 1.26 | 2 decimals | **no** |\n"
    )


@pytest.mark.parametrize(
    ("ours", "tolerance", "agrees"),
    [
        (1.2349, 2, True),
        (1.2251, 2, True),
        (1.2249, 2, False),
        (1.24, 0.01, True),
        (1.2401, 0.01, False),
        (float("nan"), 2, False),
    ],
)
def test_decimals_are_rounded_and_distances_measured(ours, tolerance, agrees):
    assert validated.row("9 x", (1.23, tolerance, lambda: ours)).agrees is agrees


def test_one_number_for_two_does_not_agree():
    assert not validated.row("9 x", ((1.0, 2.0), 2, lambda: 1.0)).agrees


def _r(kind, *parts, flags=0):
    return struct.pack(">i", kind | flags) + b"".join(
        struct.pack(">i", part) if isinstance(part, int) else part for part in parts
    )


def _text(text):
    return _r(9, len(text), text.encode())


def _file_of_r(column):
    """`f <- data.frame(x = ...)` as R writes it, by hand after R Internals."""
    names = _r(1, _text("names")) + _r(16, 1, _text("x"))
    kind = _r(1, _text("class")) + _r(16, 1, _text("data.frame"))
    end = _r(254)
    frame = _r(19, 1, column, _r(2, names, flags=0x400), _r(2, kind, flags=0x400), end, flags=0x300)
    pair = _r(2, _r(1, _text("f")), frame, end, flags=0x400)
    return b"RDX2\nX\n" + struct.pack(">iii", 2, 0x040000, 0x020300) + pair


def test_a_data_frame_of_r_is_read():
    read = rda.frames(gzip.compress(_file_of_r(_r(13, 3, 7, -(2**31), 9))))["f"]["x"]
    assert read.dropna().to_dict() == {0: 7, 2: 9}
    read = rda.frames(_file_of_r(_r(14, 2, struct.pack(">dd", 0.5, -2))))["f"]["x"]
    assert read.tolist() == [0.5, -2]


@pytest.mark.parametrize(
    "file",
    [
        b"RDA2\nA\n2\n",
        _file_of_r(_r(13, 1, 7))[:-9],
        _file_of_r(_r(13, 1, 7)) + b"\0",
        _file_of_r(_r(13, -1)),
        _file_of_r(_r(15, 1, struct.pack(">dd", 0, 1))),
    ],
    ids=["text", "cut off", "more", "length below 0", "complex numbers"],
)
def test_what_is_no_data_of_r_is_refused(file):
    with pytest.raises(ValueError, match=r"."):
        rda.frames(file)


def test_data_that_cannot_be_had_are_skipped_and_not_asked_for_again(monkeypatch):
    asked = []

    def nothing(*command, **_):
        asked.append(command)
        raise FileNotFoundError("apt-get")

    monkeypatch.setattr(r_survey, "DATA", Path("no/such/folder"))
    monkeypatch.setattr(r_survey.subprocess, "run", nothing)
    monkeypatch.setattr(r_survey, "_file", cache(r_survey._file.__wrapped__))
    for _ in range(2):
        with pytest.raises(validated.NoDataError, match="r-cran-survey"):
            r_survey.schools.__wrapped__()
    assert len(asked) == 1
