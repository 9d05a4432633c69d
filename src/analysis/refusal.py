"""One shape of refusal: where it happened, what was found, what was expected, what to do."""

_WORDS = {"nl": ("gevonden", "verwacht", "te doen"), "en": ("found", "expected", "to do")}


class Refusal(Exception):  # noqa: N818 - it is no error of the program
    """The workbook will not go on. The message is written for the person who must act.

    Its parts are in English, unless `language` says that they are in Dutch.
    """

    def __init__(
        self, where: str, *, found: str, expected: str, do: str, language: str = "en"
    ) -> None:
        parts = zip(_WORDS[language], (found, expected, do), strict=True)
        super().__init__("\n".join([where, *(f"  {word:<8}  {part}" for word, part in parts)]))
        self.where, self.found, self.expected, self.do = where, found, expected, do
        self.language = language

    def __reduce__(self) -> tuple:
        """Survive the trip back from a worker process."""
        parts = (self.where, self.found, self.expected, self.do, self.language)
        return _rebuild, (type(self), *parts)


class ContractError(Refusal):
    """A table breaks what it promises."""


class SourceError(Refusal):
    """Something received from outside cannot be used."""


class ReportError(Refusal):
    """A report cannot be built as asked."""


def _rebuild(
    kind: type[Refusal], where: str, found: str, expected: str, do: str, language: str
) -> Refusal:
    return kind(where, found=found, expected=expected, do=do, language=language)
