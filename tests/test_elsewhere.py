"""What another process does is as if it had been done here."""

import os
import signal
from pathlib import Path

import pytest

from analysis import elsewhere
from analysis.progress import shown
from analysis.refusal import ContractError, SourceError


def _told(name, amount):
    return {name: amount}


def _refused(name):
    raise ContractError(name, found="two", expected="one", do="take one away")


def _broken():
    return {}["nobody"]


def _stopped():
    os.kill(os.getpid(), signal.SIGKILL)


def _pid_and_bar():
    with shown("a long step", 1) as advance:
        advance(1)
    return os.getpid()


def _prints_as_a_library_does():
    print("told by Python")
    os.write(1, b"a bar that C draws")
    return "an answer"


@pytest.fixture(autouse=True, scope="module")
def _these_functions_are_known_elsewhere():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        yield


@pytest.fixture(scope="module")
def process():
    with elsewhere.started() as running:
        yield running


def test_an_answer_comes_back_from_another_process(process):
    assert elsewhere.ask(process, _told, "lots", 3) == {"lots": 3}
    assert elsewhere.ask(process, _pid_and_bar) == process.pid != os.getpid()


def test_what_is_printed_elsewhere_does_not_stand_between_the_answers(process):
    assert elsewhere.ask(process, _prints_as_a_library_does) == "an answer"
    assert elsewhere.ask(process, _told, "lots", 2) == {"lots": 2}


def test_two_engines_side_by_side_do_not_take_more_threads_than_there_are_cores():
    with elsewhere.engine() as one:
        [(threads,)] = one.sql("select current_setting('threads')").fetchall()
    assert threads >= 1
    assert 2 * threads <= max(2, os.cpu_count() or 1)


def test_a_refusal_elsewhere_is_a_refusal_here_with_its_four_parts(process):
    with pytest.raises(ContractError) as refusal:
        elsewhere.ask(process, _refused, "pio_calls")
    told = refusal.value
    assert (told.where, told.found, told.expected, told.do) == (
        "pio_calls",
        "two",
        "one",
        "take one away",
    )


def test_a_fault_elsewhere_says_where_it_happened_and_the_process_goes_on(process):
    with pytest.raises(KeyError) as fault:
        elsewhere.ask(process, _broken)
    assert "_broken" in fault.value.__notes__[0]
    assert elsewhere.ask(process, _told, "lots", 1) == {"lots": 1}


def test_a_process_stopped_from_outside_is_said_and_nobody_waits_for_it():
    with elsewhere.aside("os") as aside, pytest.raises(SourceError, match="from outside"):
        aside(_stopped).result()


def test_who_does_not_wait_for_the_answer_is_not_held_up():
    with pytest.raises(RuntimeError, match="of our own"), elsewhere.aside("signal") as aside:
        aside(signal.pause)
        aside(signal.pause)
        raise RuntimeError("of our own")


def test_questions_are_answered_one_after_the_other_beside_or_here():
    with elsewhere.aside("os") as aside:
        beside = [aside(_told, "lots", number) for number in range(3)]
        assert [answer.result()["lots"] for answer in beside] == [0, 1, 2]
    assert elsewhere.here(_told, "lots", 3).result() == {"lots": 3}
