"""The invented register, in the files of KBO Open Data: who was active on the day of an extract."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from analysis.simulate.names import form_code, form_then
from analysis.simulate.people import WORLD, Organisation, dice

Row = tuple[object, ...]
HEADERS = {
    "enterprise": "EnterpriseNumber Status JuridicalSituation TypeOfEnterprise JuridicalForm "
    "JuridicalFormCAC StartDate",
    "establishment": "EstablishmentNumber StartDate EnterpriseNumber",
    "branch": "Id StartDate EnterpriseNumber",
    "denomination": "EntityNumber Language TypeOfDenomination Denomination",
    "address": "EntityNumber TypeOfAddress CountryNL CountryFR Zipcode MunicipalityNL "
    "MunicipalityFR StreetNL StreetFR HouseNumber Box ExtraAddressInfo DateStrikingOff",
    "activity": "EntityNumber ActivityGroup NaceVersion NaceCode Classification",
}
FORM_OF_CAC = dt.date(2022, 1, 1)  # extracts from before have no JuridicalFormCAC (day invented)
NACE_2025 = dt.date(2025, 1, 1)  # the list of 2025 stands beside that of 2008 from then on
MIDNIGHT = (1980, 1, 1, 0, 0, 0)


def write_kbo(
    path: Path, day: dt.date, number: int, everybody: Iterable[Organisation], card: bytes
) -> None:
    """Write a full extract of `day` as a zip of CSV files.

    Nothing is compressed and every date in the zip is the same, so that the bytes are the same on
    every machine. Rows go through files beside the zip, so that memory does not grow.

    Parameters
    ----------
    path : the zip
    day, number : of the extract, as its meta.csv says
    everybody : firms, buyers and vehicles, those that ceased too; only those in Belgium that are
        active on the day are written
    card : says that it is invented
    """
    with ExitStack() as stack:
        parts = {
            name: stack.enter_context(_lines(path.with_suffix(f".{name}"))) for name in HEADERS
        }
        for name, file in parts.items():
            file.write(_line(_columns(name, day)))
        for who in everybody:
            if (
                who.place.country == "BE"
                and who.since <= day
                and (not who.until or day < who.until)
            ):
                for name, row in _rows(who, day):
                    parts[name].write(_line(row))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("card.yml", MIDNIGHT), card)
        archive.writestr(zipfile.ZipInfo("meta.csv", MIDNIGHT), _meta(day, number))
        for name in HEADERS:
            part = path.with_suffix(f".{name}")
            _store(archive, part, f"{name}.csv")
            part.unlink()


def _lines(path: Path) -> io.TextIOWrapper:
    return path.open("w", encoding="utf-8", newline="")


def _store(archive: zipfile.ZipFile, part: Path, name: str) -> None:
    """Copy a file into the zip, block by block."""
    entry = zipfile.ZipInfo(name, MIDNIGHT)
    entry.file_size = part.stat().st_size
    with part.open("rb") as source, archive.open(entry, "w") as target:
        while block := source.read(1 << 20):
            target.write(block)


def _columns(name: str, day: dt.date) -> list[str]:
    return [c for c in HEADERS[name].split() if day >= FORM_OF_CAC or c != "JuridicalFormCAC"]


def _line(row: Iterable[object]) -> str:
    """Cells as KBO writes them: text in quotes, days and what is missing without."""
    return ",".join(_cell(cell) for cell in row) + "\n"


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.date):
        return f"{cell:%d-%m-%Y}"
    escaped = str(cell).replace('"', '""')
    return f'"{escaped}"'


def _meta(day: dt.date, number: int) -> str:
    written = dt.datetime.combine(day, dt.time(7, 7, 49)) + dt.timedelta(days=2)
    facts = {
        "Variable": "Value",
        "SnapshotDate": f"{day:%d-%m-%Y}",
        "ExtractTimestamp": f"{written:%d-%m-%Y %H:%M:%S}",
        "ExtractType": "full",
        "ExtractNumber": number,
        "Version": "1.0.0",
    }
    return "".join(_line(pair) for pair in facts.items())


def _rows(who: Organisation, day: dt.date) -> Iterator[tuple[str, Row]]:
    """Yield every row about one enterprise, with the file in which it stands."""
    number, unit = dotted(who.number[:10]), _unit(who)
    yield "enterprise", _enterprise(who, number, day)
    if unit:
        yield "establishment", (unit, who.since, number)
        yield "address", _address(who, unit, "BAET")
    if not who.is_person:
        yield "address", _address(who, number, "REGO")
    spoken = "1" if who.language == "FR" else "2"
    yield "denomination", (number, spoken, "001", _name(who, day))
    if who.short:
        yield "denomination", (number, spoken, "002", who.short)
    if who.brand:
        yield "denomination", (unit or number, spoken, "003", who.brand)
    versions = ("2008", "2025") if day >= NACE_2025 else ("2008",)
    for version in versions:
        code = who.nace[version == "2025"]
        yield "activity", (number, "001", version, code, "MAIN")


def _enterprise(who: Organisation, number: str, day: dt.date) -> Row:
    if who.is_person:
        forms: list[str | None] = [None, None]
    else:
        then = form_code(who.form, who.language, reformed=_reformed(who, day))
        now = form_code(who.form, who.language, reformed=True)
        forms = [then, now if now != then else None]
    if day < FORM_OF_CAC:
        del forms[1]
    return (number, "AC", "000", "1" if who.is_person else "2", *forms, who.since)


def _reformed(who: Organisation, day: dt.date) -> bool:
    """A company keeps its old form until it changes its statutes, from 2024 on without."""
    return who.since >= WORLD["reform"] or day >= dt.date(2024, 1, 1)


def _name(who: Organisation, day: dt.date) -> str:
    """Return the registered name, often without the legal form."""
    bare = dice(100, "form in the register", who.number) < WORLD["firms"]["unregistered_form"]
    if bare or not who.form or who.name == who.core:
        return who.core
    return f"{who.core} {form_then(who.form, who.language, reformed=_reformed(who, day))}"


def _unit(who: Organisation) -> str:
    """Return the number of the establishment: persons and who has a shop name have one."""
    if not (who.is_person or (who.brand and who.serial % 2)):
        return ""
    first = 29_000_000 + who.serial
    return dotted(f"{first}{97 - first % 97:02d}", unit=True)


def _address(who: Organisation, entity: str, kind: str) -> Row:
    town = who.place.town
    return (
        entity, kind, None, None, who.place.postcode, town, town, who.street, who.street,
        who.house, "", "", None,
    )  # fmt: skip


def dotted(number: str, *, unit: bool = False) -> str:
    """Return a number as KBO writes it: 1900.000.123, a unit as 2.900.000.123."""
    if unit:
        return f"{number[0]}.{number[1:4]}.{number[4:7]}.{number[7:]}"
    return f"{number[:4]}.{number[4:7]}.{number[7:]}"
