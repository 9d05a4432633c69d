"""Validate: python -m analysis.validation [--draws 300] [--worlds W0,W3] [--record FILE].

Ends with 1 when a claim is not true. What was done is kept and not done again after an
interruption; parts made by other code or versions are not used.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from analysis.refusal import Refusal
from analysis.validation import record, run
from analysis.validation.worlds import chosen


def main(arguments: Sequence[str] | None = None) -> int:
    """Validate as asked, print what failed, and give the code to end with."""
    asked = _parser().parse_args(arguments)
    try:
        worlds = chosen(asked.worlds)
        answers = run.validate(
            worlds, draws=asked.draws, kept=asked.kept, processes=asked.processes
        )
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; the same command goes on where this one stopped.", file=sys.stderr)
        return 130
    made = record.made(worlds, answers, draws=asked.draws)
    if asked.record:
        record.write(made, asked.record)
    print("\n".join(_lines(made)))
    return 0 if made["passed"] else 1


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m analysis.validation", description=__doc__)
    parser.add_argument(
        "--draws", type=number_from_1, default=300, help="replications of every world"
    )
    parser.add_argument("--worlds", help="numbers, such as W0,W3; all of them by default")
    parser.add_argument("--record", type=Path, help="JSON file to write")
    parser.add_argument("--processes", type=number_from_1, default=2)
    parser.add_argument("--kept", type=Path, default=Path(".pio/validation"))
    return parser


def number_from_1(text: str) -> int:
    """A whole number from 1; the parser prints the name of this function."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _lines(made: dict) -> list[str]:
    """One line a world, and one a claim that is not true."""
    lines = []
    for world in made["worlds"]:
        claims = world["claims"]
        failed = [claim for claim in claims if not claim["passed"]]
        kept = f"{len(claims) - len(failed)} of {len(claims)} claims"
        lines.append(f"{world['id']:4} {'ok  ' if not failed else 'FAIL'} {kept}: {world['title']}")
        lines += [
            f"     not true: {claim['says']} ({claim['measure']} {claim['value']}, "
            f"expected {claim['low']} to {claim['high']})"
            for claim in failed
        ]
    return lines


if __name__ == "__main__":
    sys.exit(main())
