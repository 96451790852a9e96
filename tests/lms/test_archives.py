"""Hostile zips: what they hold is refused by name before it is unpacked, and a broken one is one clear clause."""

import io
import stat
import struct
import zipfile

import pytest

from grader.lms import archives
from grader.lms.archives import OF_A_CLASS, OF_A_STUDENT, Archive, Bounds, Refused


def made(*entries):
    """A zip of (ZipInfo or path, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in entries:
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return out


def entry(path, mode=0, **about):
    info = zipfile.ZipInfo(path)
    info.external_attr = mode << 16
    for name, value in about.items():
        setattr(info, name, value)
    return info


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("../../etc/passwd", "'..'"),
        ("a/../../b.ipynb", "'..'"),
        ("/etc/passwd", "absolute"),
        ("..\\..\\b.ipynb", "'..'"),
        ("C:\\x\\..\\b.ipynb", "'..'"),
        ("a//b.ipynb", "empty"),
        ("a\nb.ipynb", "cannot be printed"),
        ("a\x1b[31mb.ipynb", "cannot be printed"),
    ],
    ids=ascii,
)
def test_a_path_that_leads_elsewhere_is_refused(path, problem):
    [one] = Archive(made((entry(path), b"x")), OF_A_CLASS).entries
    assert problem in one.problem
    with pytest.raises(Refused):
        Archive(made((entry(path), b"x")), OF_A_CLASS).read(one)


@pytest.mark.parametrize(
    ("mode", "problem"), [(stat.S_IFLNK | 0o777, "a link"), (stat.S_IFIFO | 0o600, "not a regular file"), (stat.S_IFCHR | 0o600, "not a regular file")], ids=["link", "pipe", "device"]
)
def test_links_pipes_and_devices_are_refused(mode, problem):
    [one] = Archive(made((entry("x", mode), b"/etc/passwd")), OF_A_CLASS).entries
    assert problem in one.problem


def test_encrypted_and_rarely_packed_files_are_refused():
    data = bytearray(made(("x", b"secret")).getvalue())
    listing = data.index(b"PK\x01\x02")
    data[listing + 8] |= 1
    assert "encrypted" in Archive(io.BytesIO(data), OF_A_CLASS).entries[0].problem
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("x", b"0" * 1000)
    assert "rare way" in Archive(out, OF_A_CLASS).entries[0].problem


def test_bombs_by_size_ratio_and_number():
    heavy = made(("x", bytes(50_000_000)))
    with pytest.raises(Refused, match="200 times its size"):
        Archive(heavy, OF_A_CLASS)
    with pytest.raises(Refused, match="unpacks to 50 MB"):
        Archive(heavy, Bounds(10, 10**6, 10**8, 10**7))
    many = made(*((f"{number}", b"") for number in range(60)))
    with pytest.raises(Refused, match="60 files; 50 are taken"):
        Archive(many, Bounds(50, 10**6, 10**6, 10**6))
    with pytest.raises(Refused, match="list of files"):
        Archive(many, Bounds(100, 1000, 10**6, 10**6))


def test_a_file_over_its_bound_is_refused_alone():
    import os

    archive = Archive(made(("big", os.urandom(2_000_000)), ("small", b"x")), Bounds(10, 10**6, 10**6, 10**9))
    assert [bool(one.problem) for one in archive.entries] == [True, False] and "larger than 1 MB" in archive.entries[0].problem
    assert archive.read(archive.entries[1]) == b"x"


@pytest.mark.parametrize("declared", [3, 10**9], ids=["less", "more"])
def test_a_size_that_lies_is_found_and_never_unpacked_beyond(declared):
    data = bytearray(made(("x", bytes(range(256)) * 4000)).getvalue())
    listing = data.index(b"PK\x01\x02")
    data[listing + 24 : listing + 28] = struct.pack("<I", declared)
    try:
        archive = Archive(io.BytesIO(data), OF_A_STUDENT)
    except Refused as refused:
        assert declared == 10**9 and "unpacks to" in str(refused)
        return
    with pytest.raises(Refused):
        archive.read(archive.entries[0])


def test_a_zip_that_was_cut_off_or_is_none_says_so():
    whole = made(("a.ipynb", b"{}" * 100), ("b.ipynb", b"{}" * 100)).getvalue()
    for cut in (10, 40, len(whole) // 2, len(whole) - 30, len(whole) - 5):
        with pytest.raises(Refused, match="cut off"):
            Archive(io.BytesIO(whole[:cut]), OF_A_CLASS)
    for no_zip in (b"", b"{}", b"<html>", bytes(1000), b"Rar!\x1a\x07\x00"):
        with pytest.raises(Refused, match="not a zip"):
            Archive(io.BytesIO(no_zip), OF_A_CLASS)


def test_damage_inside_is_found_by_the_sum():
    data = bytearray(made(("x", b"hello world " * 50)).getvalue())
    data[45] ^= 0xFF
    archive = Archive(io.BytesIO(data), OF_A_CLASS)
    with pytest.raises(Refused, match="damaged inside the zip"):
        archive.read(archive.entries[0])


def test_names_in_utf8_and_in_code_page_437():
    def named(name, encoding, flag):
        data = made((entry("x" * len(name.encode(encoding))), b"1")).getvalue()
        new = data.replace(b"x" * len(name.encode(encoding)), name.encode(encoding))
        new = bytearray(new)
        if flag:
            new[6:8] = new[new.index(b"PK\x01\x02") + 8 : new.index(b"PK\x01\x02") + 10] = b"\x00\x08"
        [one] = Archive(io.BytesIO(new), OF_A_CLASS).entries
        assert Archive(io.BytesIO(new), OF_A_CLASS).read(one) == b"1"
        return one.path

    assert named("José 李.ipynb", "utf-8", True) == "José 李.ipynb"
    assert named("José 李.ipynb", "utf-8", False) == "José 李.ipynb", "as macOS packs"
    assert named("Jose\u0301.ipynb", "utf-8", True) == "José.ipynb"
    assert named("Zoë.ipynb", "cp437", False) == "Zoë.ipynb", "as Windows packs"
    assert named("علی\u200cرضا.ipynb", "utf-8", True) == "علیرضا.ipynb", "without invisible marks"
    assert archives.tidy("\u202egnp.exe") == "gnp.exe"


def test_folders_of_windows_and_odd_dates():
    [one] = Archive(made((entry("ada\\01_x.ipynb", date_time=(1980, 1, 1, 0, 0, 0)), b"x")), OF_A_CLASS).entries
    assert (one.path, one.modified, one.problem) == ("ada/01_x.ipynb", None, "")
    data = bytearray(made(("x", b"1")).getvalue())
    listing = data.index(b"PK\x01\x02")
    data[listing + 12 : listing + 16] = b"\xff\xff\xff\xff"
    assert Archive(io.BytesIO(data), OF_A_CLASS).entries[0].modified is None
