"""Office files are zips that say when they were made; these say it of a day that never changes."""

import datetime as dt
import io
import re
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that a zip can hold
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def rezipped(office: bytes, day: dt.date) -> bytes:
    """Return an office file zipped anew: members sorted, dated alike, changed last on `day`.

    Nothing is compressed, as compressors differ between machines.
    """
    out, said = io.BytesIO(), f"{day:%Y-%m-%d}T00:00:00Z".encode()
    with zipfile.ZipFile(io.BytesIO(office)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist()):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.create_system = 0
            new.writestr(member, _MODIFIED.sub(rb"\g<1>" + said, old.read(name)))
    return out.getvalue()
