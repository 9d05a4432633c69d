"""What may be concluded from counts and amounts: bounds, intervals, decompositions."""

import sys

# statsmodels imports polars where it is there, for half a second; it gets no frames of it here.
# Whoever else wants polars, finds it afterwards.
if "polars" not in sys.modules:
    sys.modules["polars"] = None  # type: ignore[assignment]
    import statsmodels.tools.data  # noqa: F401

    del sys.modules["polars"]
