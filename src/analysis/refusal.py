"""One shape of refusal: where it happened, what was found, what was expected, what to do."""


class Refusal(Exception):  # noqa: N818 - it is no error of the program
    """The workbook will not go on. The message is written for the person who must act."""

    def __init__(self, where: str, *, found: str, expected: str, do: str) -> None:
        super().__init__(f"{where}\n  found     {found}\n  expected  {expected}\n  to do     {do}")
        self.where, self.found, self.expected, self.do = where, found, expected, do

    def __reduce__(self) -> tuple:
        """Survive the trip back from a worker process."""
        return _rebuild, (type(self), self.where, self.found, self.expected, self.do)


class ContractError(Refusal):
    """A table breaks what it promises."""


class SourceError(Refusal):
    """Something received from outside cannot be used."""


class ReportError(Refusal):
    """A report cannot be built as asked."""


def _rebuild(kind: type[Refusal], where: str, found: str, expected: str, do: str) -> Refusal:
    return kind(where, found=found, expected=expected, do=do)
