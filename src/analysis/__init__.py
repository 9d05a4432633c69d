"""The yearly evaluation of innovation procurement and start-up access in Flanders.

`from analysis import Workbook` gives what an analyst holds in a notebook: see `analysis.lab`.
"""

TYPE_CHECKING = False  # as in `typing`, which is not imported for it

if not TYPE_CHECKING:  # whoever checks types is still told of a name that does not exist

    def __getattr__(name: str) -> object:
        """Import the workbook when somebody asks for it: that takes seconds, `analysis` none."""
        if name != "Workbook":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # as text it would make all that is kept rest on it

        return import_module("analysis.lab").Workbook
