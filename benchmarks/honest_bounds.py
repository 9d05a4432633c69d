"""How fast the bounds on differing trends are: python honest_bounds.py [INTERPRETER [MBAR ...]].

The Medicaid fixture of the tests (5 events before, 2 after): relative magnitudes for the given M̄
(1), in seconds of CPU and by the clock, best of three. With the interpreter of an environment that
has the `honestdid` package (0.1.1; it needs numpy 2.2, and torch and cvxpy only to be imported:
empty ones stand in for them) its own run is set beside ours, once, and its ends must lie within one
step of its grid and the noise of its drawn critical value.

Measured for M̄ = 1 on two busy cores: ours 0.02 s of CPU and 0.07 s by the clock, honestdid 108 s
and 366 s: 5,300 times by the clock (the bar is 10). It solves a linear programme for each of 10,000
values and 10,000 draws; ours needs none. Theirs [.01701, .07190], ours [.01682, .07223], and a step
of their grid is .00037.
"""

import json
import subprocess
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from validated.honest import medicaid

from analysis.inference.effects.honest import relative_magnitude, smoothness

BAR_RATIO, GRID = 10, 0.001
PEER = """
import json, sys, time, types, warnings
import numpy as np
warnings.simplefilter("ignore")
stand_in = types.ModuleType("torch")
stand_in.Tensor, stand_in.float64 = type("Tensor", (), {}), float
stand_in.set_default_dtype, stand_in.tensor = (lambda kind: None), np.asarray
sys.modules["torch"], sys.modules["cvxpy"] = stand_in, types.ModuleType("cvxpy")
from honestdid.core import createSensitivityResults_relativeMagnitudes as bounds
given = json.loads(sys.stdin.read())
clock, cpu = time.perf_counter(), time.process_time()
found = bounds(np.array(given["estimate"]), np.array(given["covariance"]), given["pre"],
               given["post"], Mbarvec=given["mbar"])
seconds = time.perf_counter() - clock, time.process_time() - cpu
print(json.dumps({"sets": found[["lb", "ub"]].to_numpy().tolist(), "seconds": seconds}))
"""


def timed(what: str, bounds, limits: list[float]) -> tuple[float, float]:
    """Seconds by the clock and of CPU, best of three."""
    runs = []
    for _ in range(3):
        clock, cpu = time.perf_counter(), time.process_time()
        bounds(*medicaid(), limits)
        runs.append((time.perf_counter() - clock, time.process_time() - cpu))
    best = min(run[0] for run in runs), min(run[1] for run in runs)
    print(f"  {what:20}{best[0]:9.3f} s clock {best[1]:9.3f} s CPU")
    return best


def beside(interpreter: str, mbar: list[float], ours: tuple[float, float]) -> None:
    given = medicaid()._asdict() | {"mbar": mbar}
    sent = json.dumps(given, default=lambda array: array.tolist())
    answer = subprocess.run(
        [interpreter, "-c", PEER], input=sent, capture_output=True, text=True, check=True
    )
    found = json.loads(answer.stdout)
    clock, cpu = found["seconds"]
    print(f"  {'honestdid':20}{clock:9.3f} s clock {cpu:9.3f} s CPU")
    print(f"  ratio {clock / ours[0]:.0f} by the clock, {cpu / ours[1]:.0f} of CPU", end="; ")
    print(f"the bar is {BAR_RATIO}")
    for limit, theirs, (_, *our) in zip(
        mbar, found["sets"], relative_magnitude(*medicaid(), mbar), strict=True
    ):
        far = max(abs(a - b) for a, b in zip(theirs, our, strict=True))
        print(f"  M̄ = {limit}: {theirs} and {our}")
        if far > GRID:
            raise SystemExit(f"the sets differ by {far}")


def main(interpreter: str | None, mbar: list[float]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        medicaid()
    print(f"Medicaid, M̄ = {mbar}")
    ours = timed("relative magnitudes", relative_magnitude, mbar)
    timed("smoothness", smoothness, [limit / 100 for limit in mbar])
    if interpreter:
        beside(interpreter, mbar, ours)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None, [float(x) for x in sys.argv[2:]] or [1.0])
