"""What comes out of a package, and what a hostile one must not get."""

import gzip
import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from analysis.refusal import SourceError
from analysis.sources import packages
from analysis.sources.packages import Found


def tar(*members: tuple[str, bytes] | tarfile.TarInfo) -> bytes:
    """A tar archive of files (name, content) and of other members."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                entry = tarfile.TarInfo(member[0])
                entry.size = len(member[1])
                archive.addfile(entry, io.BytesIO(member[1]))
    return packed.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.fixture
def inside(tmp_path: Path):
    """What is in a received file with these bytes."""

    def look(data: bytes, read=packages.files, name: str = "received") -> list:
        (tmp_path / "received").write_bytes(data)
        return list(read(tmp_path / "received", name))

    return look


A, B = ("a.xml", b"<a/>"), ("b/b.xml", b"<b/>")
BOTH = [Found(*A), Found(*B)]


@pytest.mark.parametrize(
    "data",
    [tar(A, B), gzip.compress(tar(A, B)), zipped(A, B), gzip.compress(gzip.compress(tar(A, B)))],
    ids=["tar", "tar.gz", "zip", "tar.gz.gz"],
)
def test_every_kind_of_package_holds_the_same_files(inside, data):
    assert inside(data) == BOTH


def test_a_file_of_its_own_is_itself_packed_or_not(inside):
    assert inside(b"<a/>") == inside(gzip.compress(b"<a/>")) == [Found("received", b"<a/>")]


@pytest.mark.parametrize(
    "inner", [tar(A), gzip.compress(tar(A)), zipped(A)], ids=["tar", "tar.gz", "zip"]
)
@pytest.mark.parametrize("outer", [tar, zipped], ids=["in-tar", "in-zip"])
def test_a_package_in_a_package_is_opened(inside, outer, inner):
    packed = outer(("01.bin", inner), ("last.xml", b"<last/>"))
    assert inside(packed) == [Found("01.bin/a.xml", b"<a/>"), Found("last.xml", b"<last/>")]
    assert inside(gzip.compress(packed)) == inside(packed)


def test_two_members_of_one_name_are_both_there(inside):
    assert inside(tar(A, ("a.xml", b"<c/>"))) == [Found(*A), Found("a.xml", b"<c/>")]


def test_a_path_that_leads_out_is_rejected_and_the_rest_is_read(inside):
    names = ["../out.xml", "/etc/out.xml", "a/../../out.xml", "..\\out.xml", "C:\\out.xml"]
    for pack in (tar, zipped):
        *bad, good = inside(pack(*((name, b"<x/>") for name in names), A))
        assert [reject.reason for reject in bad] == ["outside"] * len(names)
        assert good == Found(*A)


def test_links_and_devices_are_rejected_and_folders_are_not_files(inside):
    members = [
        special("soft", tarfile.SYMTYPE, "/etc/passwd"),
        special("hard", tarfile.LNKTYPE, "a.xml"),
        special("device", tarfile.CHRTYPE),
        special("pipe", tarfile.FIFOTYPE),
        special("folder", tarfile.DIRTYPE),
    ]
    *bad, good = inside(tar(*members, A))
    assert [reject[:2] for reject in bad] == [
        (name, "link") for name in ("soft", "hard", "device", "pipe")
    ]
    assert good == Found(*A)


def test_a_link_in_a_zip_is_rejected(inside):
    link = zipfile.ZipInfo("soft")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    bad, good = inside(zipped((link, b"/etc/passwd"), A))
    assert (bad.reason, good) == ("link", Found(*A))


def test_a_locked_member_is_rejected_and_the_rest_is_read(inside):
    data = bytearray(zipped(A, B))
    data[6] |= 1  # the flag `encrypted` in the member's own header and in the index
    data[data.index(b"PK\1\2") + 8] |= 1
    bad, good = inside(bytes(data))
    assert (bad.name, bad.reason, good) == ("a.xml", "locked", Found(*B))


def test_an_empty_and_an_oversized_file_are_rejected(inside, monkeypatch):
    monkeypatch.setattr(packages, "LARGEST", 1000)
    large = ("large.xml", b"<a>" + b" " * 1000 + b"</a>")
    for pack in (tar, zipped):
        reasons = [f.reason for f in inside(pack(("none.xml", b""), large, A))[:2]]
        assert reasons == ["empty", "too-large"]
    assert inside(b"")[0].reason == "empty"
    assert inside(gzip.compress(large[1]))[0].reason == "too-large"


def test_packages_without_end_are_not_opened(inside):
    data = b"<a/>"
    for _ in range(packages.DEEPEST):
        data = gzip.compress(data)
    assert inside(data) == [Found("received", b"<a/>")]
    assert [found.reason for found in inside(tar(("deep", data)))] == ["too-deep"]


def bomb_of_headers() -> bytes:
    """A tar whose first header announces 100 MB of further description."""
    entry = tarfile.TarInfo("x")
    entry.type, entry.size = tarfile.XHDTYPE, 100_000_000
    return gzip.compress(entry.tobuf(tarfile.USTAR_FORMAT) + bytes(1000))


ZEROS = bytes(4_000_000)


@pytest.mark.parametrize(
    "bomb",
    [
        gzip.compress(tar(*((f"{i}.xml", ZEROS) for i in range(4)))),
        zipped(*((f"{i}.xml", ZEROS) for i in range(4))),
        gzip.compress(gzip.compress(tar(("zeros", 4 * ZEROS)))),
        tar(("inner.gz", gzip.compress(tar(("zeros", 4 * ZEROS))))),
        bomb_of_headers(),
    ],
    ids=["tar.gz", "zip", "twice", "inside", "headers"],
)
def test_a_bomb_is_refused(inside, bomb, monkeypatch):
    monkeypatch.setattr(packages, "GROWTH_FREE", 1_000_000)
    with pytest.raises(SourceError, match=r"bomb|header of"):
        inside(bomb)


NOISE = bytes(i * i % 251 for i in range(3000))


@pytest.mark.parametrize("pack", [tar, zipped, lambda *members: gzip.compress(tar(*members))])
def test_a_truncated_package_is_refused_wherever_it_ends(inside, pack):
    whole = pack(("a.xml", NOISE), ("b.xml", NOISE)).rstrip(b"\0")
    for end in range(512, len(whole), 149):  # less than a block is not yet a package
        with pytest.raises(SourceError):
            inside(whole[:end])


def test_a_package_cut_between_two_members_is_refused(inside):
    with pytest.raises(SourceError, match="ends too soon"):
        inside(tar(A, B)[:1024])


def test_a_broken_member_refuses_the_package(inside):
    spoiled = bytearray(tar(A, B))
    spoiled[1024 + 20] ^= 1  # in the name of the second member: its checksum is wrong now
    with pytest.raises(SourceError):
        inside(bytes(spoiled))
    spoiled = bytearray(zipped(A, B))
    spoiled[spoiled.index(b"PK\1\2") + 16] ^= 1  # the checksum of the first file
    with pytest.raises(SourceError, match="CRC"):
        inside(bytes(spoiled))


def test_something_behind_the_end_of_a_package_is_not_passed_over(inside):
    with pytest.raises(SourceError, match="behind its end"):
        inside(tar(A) + tar(B))


def test_in_a_folder_a_damaged_package_is_one_reject_and_nothing_of_it_is_used(inside):
    cut = gzip.compress(tar(A, B))[:-9]
    (reject,) = inside(cut, read=packages.files_of_folder, name="week/1.tar.gz")
    assert reject[:2] == ("week/1.tar.gz", "damaged-archive")
    whole = inside(gzip.compress(tar(A)), read=packages.files_of_folder, name="week/1.tar.gz")
    assert whole == [Found("week/1.tar.gz/a.xml", b"<a/>")]


def test_a_name_cannot_write_to_the_terminal(inside):
    (found,) = inside(tar(("\x1b[2Jclean.xml", b"<a/>")))
    assert found.name == "?[2Jclean.xml"
