"""The full-size texts: from a prepared copy, from a download, or not at all; and nobody waits for a network that is not there.

No test leaves this machine: names are not looked up, and the only servers listen on its loopback.
"""

import contextlib
import io
import socket
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
import tensorflow_datasets as tfds

from grader.lab import data
from grader.lab.data import full_size

REVIEWS = {
    "train/neg/0_2.txt": "It rained. I envied the rain.",
    "train/pos/0_9.txt": "I laughed <br />twice.",
    "train/pos/1_8.txt": "Très bien.",
    "test/neg/0_1.txt": "No.",
    "test/pos/0_10.txt": "Yes.",
    "train/unsup/0_0.txt": "Nobody said whether this one is good.",
}
TEXT = "First Citizen:\nBefore we proceed any further, hear me speak.\n\nAll:\nSpeak, speak.\n" * 3


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """An empty folder for tensorflow-datasets, and no proxy but what a test names."""
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "tfds"))
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path / "tfds"


@pytest.fixture(autouse=True)
def lookup(monkeypatch):
    """Every name is unknown, as on a machine without a network; addresses in numbers are found."""
    real = socket.getaddrinfo

    def found(host, *arguments, **named):
        if host in ("127.0.0.1", b"127.0.0.1"):
            return real(host, *arguments, **named)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.fixture
def online(monkeypatch):
    monkeypatch.setattr(full_size, "reachable", lambda timeout=2.0, name=None: True)


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """What tensorflow-datasets gets for a download: its own archive of reviews, but small, and a text."""
    reviews, text = tmp_path / "aclImdb_v1.tar.gz", tmp_path / "input.txt"
    with tarfile.open(reviews, "w:gz") as tar:
        for name, review in REVIEWS.items():
            member = tarfile.TarInfo(f"aclImdb/{name}")
            member.size = len(review.encode())
            tar.addfile(member, io.BytesIO(review.encode()))
    text.write_text(TEXT, encoding="utf-8")
    files = {full_size.SOURCES["imdb_reviews"]: reviews, full_size.SOURCES["tiny_shakespeare"]: text}
    monkeypatch.setattr(tfds.download.DownloadManager, "download", lambda self, url: tfds.core.Path(files[url]))
    return files


def expected(split):
    return {(review, int(name.split("/")[1] == "pos")) for name, review in REVIEWS.items() if name.startswith(split) and "unsup" not in name}


def no_downloads(self, url):
    raise AssertionError(f"asked for {url}")


@pytest.mark.slow
def test_reviews_are_downloaded_once_and_are_strings_and_labels(online, archive, home, monkeypatch):
    first = data.movie_reviews()
    for (texts, labels), split in zip(first, ("train", "test"), strict=True):
        assert all(type(text) is str for text in texts)
        assert labels.dtype == np.int64 and labels.shape == (len(texts),)
        assert set(zip(texts, labels.tolist(), strict=True)) == expected(split)
    assert (home / "imdb_reviews" / "plain_text" / "1.0.0" / "dataset_info.json").is_file()

    monkeypatch.setattr(full_size, "reachable", no_downloads)
    monkeypatch.setattr(tfds.download.DownloadManager, "download", no_downloads)
    again = data.movie_reviews()
    assert [texts for texts, _ in again] == [texts for texts, _ in first]
    assert all(np.array_equal(new, old) for (_, new), (_, old) in zip(again, first, strict=True))


@pytest.mark.slow
def test_shakespeare_is_one_text_in_its_own_order(online, archive):
    assert data.tiny_shakespeare() == TEXT
    assert data.tiny_shakespeare() == TEXT


def test_what_tensorflow_datasets_would_give_fits(online, capsys):
    """With its own names, splits and features, and examples of its own making (`tfds.testing.mock_data`)."""
    with tfds.testing.mock_data(num_examples=5):
        train, test = data.movie_reviews()
        text = data.tiny_shakespeare()
    for texts, labels in (train, test):
        assert len(texts) == len(labels) == 5 and all(type(review) is str for review in texts)
        assert labels.dtype == np.int64 and set(labels.tolist()) <= {0, 1}
    assert type(text) is str and text
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", full_size.SOURCES)
def test_sources_are_those_of_tensorflow_datasets(name, tmp_path):
    builder = tfds.builder(name, data_dir=tmp_path)
    assert full_size.SOURCES[name] in builder.url_infos


def test_a_copy_in_the_official_place_without_a_configuration_is_read(home):
    """As of other makers, or of another version of tensorflow-datasets: NAME/VERSION, the newest."""
    features = tfds.features.FeaturesDict({"text": tfds.features.Text()})
    for version, text in (("1.9.0", "older"), ("1.10.0", "newest")):
        parts = {"train": text, "validation": " one", "test": "!"}
        tfds.dataset_builders.store_as_tfds_dataset(
            name="tiny_shakespeare",
            version=version,
            data_dir=home,
            features=features,
            split_datasets={split: [("the only example", {"text": part})] for split, part in parts.items()},
        )
    assert data.tiny_shakespeare() == "newest one!"


@pytest.mark.parametrize(("ask", "name"), [(data.movie_reviews, "imdb_reviews"), (data.tiny_shakespeare, "tiny_shakespeare")])
def test_without_a_network_one_sentence_says_what_to_do(ask, name, home, capsys, monkeypatch):
    monkeypatch.setattr(tfds, "builder", no_downloads)
    assert ask() is None
    said, problems = capsys.readouterr()
    assert said.startswith(f"The full-size data set {name} is not in {home} and ") and "where there is a network" in said
    assert said.count("\n") == 1 and said.endswith("go on without it.\n") and problems == ""
    assert not home.exists()


def test_without_a_network_nothing_is_reachable():
    assert data.reachable() is False


def test_a_lookup_that_hangs_is_not_waited_for(monkeypatch):
    end, ended = threading.Event(), []

    def hanging(*arguments, **named):
        end.wait(60)
        ended.append(True)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    try:
        assert data.reachable(timeout=0.2) is False
        assert ended == [], "the answer came while the lookup was still under way"
    finally:
        end.set()


@pytest.fixture
def server(monkeypatch):
    """A host on the loopback that answers as `server.status` says; the sets come from there. Paths asked for are in `server.asked`."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.server.asked.append(self.path)
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.status, server.asked = 200, []
    server.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(full_size, "SOURCES", {name: f"{server.url}/{name}" for name in full_size.SOURCES})
    yield server
    server.shutdown()
    server.server_close()


def test_a_host_that_answers_is_reachable(server):
    assert data.reachable() is True
    assert sorted(server.asked) == ["/imdb_reviews", "/tiny_shakespeare"]
    assert data.reachable(name="imdb_reviews") is True and server.asked[2:] == ["/imdb_reviews"]


@pytest.mark.parametrize("status", [403, 404, 503])
def test_a_host_that_refuses_is_not(server, status):
    server.status = status
    assert data.reachable() is False


def test_one_host_of_two_is_not_enough(server, monkeypatch):
    monkeypatch.setitem(full_size.SOURCES, "imdb_reviews", "http://nowhere.invalid/reviews")
    assert data.reachable() is False
    assert data.reachable(name="tiny_shakespeare") is True


def test_the_way_leads_through_a_proxy(server, monkeypatch):
    monkeypatch.setattr(full_size, "SOURCES", {"imdb_reviews": "http://nowhere.invalid/reviews"})
    assert data.reachable() is False and server.asked == []
    monkeypatch.setenv("http_proxy", server.url)
    assert data.reachable() is True and server.asked == ["http://nowhere.invalid/reviews"]
    server.status = 407
    assert data.reachable() is False


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\n"], ids=["nothing", "half a line", "a letter at a time"])
def test_a_host_that_never_ends_its_answer_is_not_waited_for(monkeypatch, says):
    """The third begins a header that has no end: each letter comes within the socket's timeout."""
    heard = threading.Event()

    def answer():
        connection, _ = silent.accept()
        with connection:
            connection.sendall(says)
            with contextlib.suppress(OSError):  # the one who asked has gone
                while not heard.wait(0.1) and says.endswith(b"\n"):
                    connection.sendall(b"x")
            heard.wait(60)

    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = threading.Thread(target=answer)
        host.start()
        monkeypatch.setattr(full_size, "SOURCES", {"imdb_reviews": f"http://127.0.0.1:{silent.getsockname()[1]}/"})
        try:
            assert data.reachable(timeout=0.5) is False
            assert host.is_alive(), "the host was not heard to the end"
        finally:
            heard.set()
            host.join()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ModuleNotFoundError("No module named 'importlib_resources'", name="importlib_resources"), "lacks the package importlib_resources: run `pip install"),
        (TypeError("Detected incompatible Protobuf: gencode 6.31.1"), "cannot be used beside tensorflow .*, tensorflow-metadata .*, protobuf .*gencode 6.31.1"),
    ],
    ids=["missing", "not fit"],
)
def test_a_package_that_cannot_be_used_is_not_a_damaged_copy(online, archive, home, monkeypatch, error, words):
    """tensorflow-datasets does not raise where it is imported, but later, where something of it is used: so it is on Colab."""
    assert data.tiny_shakespeare() == TEXT
    real = full_size.package.__globals__["importlib"].import_module

    def import_module(name):
        if name == "tensorflow_datasets.public_api":
            raise error
        return real(name)

    monkeypatch.setattr("grader.lab.data.packages.importlib.import_module", import_module)
    with pytest.raises(data.DataError, match=f"tensorflow-datasets 4.* {words}.*The data are not at fault"):
        data.tiny_shakespeare()


def interrupted(stop):
    """A download that is stopped by `stop` when half of the reviews are written."""

    def generate(self, archive, directory, labeled=True):
        yield "a", {"text": "half of the reviews", "label": 1 if labeled else -1}
        raise stop

    return generate


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), OSError("No space left on device")], ids=["by hand", "by the disk"])
def test_an_interrupted_download_leaves_nothing_that_looks_whole(online, archive, home, monkeypatch, stop, capsys):
    builder = tfds.builder_cls("imdb_reviews")
    with monkeypatch.context() as half:
        half.setattr(builder, "_generate_examples", interrupted(stop))
        with pytest.raises(KeyboardInterrupt if isinstance(stop, KeyboardInterrupt) else data.DataError):
            data.movie_reviews()
    assert list(home.rglob("dataset_info.json")) == []
    with monkeypatch.context() as away:
        away.setattr(full_size, "reachable", lambda name: False)
        assert data.movie_reviews() is None
    (texts, labels), _ = data.movie_reviews()
    assert set(zip(texts, labels.tolist(), strict=True)) == expected("train")


def test_what_a_killed_kernel_left_is_passed_by(online, archive, home):
    data.tiny_shakespeare()
    whole = home / "tiny_shakespeare" / "1.0.0"
    whole.rename(whole.with_name("incomplete.AB12CD_1.0.0"))
    (whole.with_name("incomplete.AB12CD_1.0.0") / "features.json").unlink()
    assert data.tiny_shakespeare() == TEXT
    assert whole.is_dir()


def test_a_failed_download_is_one_sentence(online, home, monkeypatch):
    def fails(self, url):
        raise ConnectionError("Connection reset by peer")

    monkeypatch.setattr(tfds.download.DownloadManager, "download", fails)
    with pytest.raises(data.DataError, match=r"imdb_reviews could not be downloaded.*run this cell again.*Connection reset") as raised:
        data.movie_reviews()
    assert "\n" not in str(raised.value)
    assert list(home.rglob("dataset_info.json")) == []


def damage_cut_in_the_middle(version):
    file = next(version.glob("*train.tfrecord*"))
    file.write_bytes(file.read_bytes()[:-20])


def damage_features(version):
    (version / "features.json").unlink()


def damage_info(version):
    (version / "dataset_info.json").write_text("{")


def damage_no_info(version):
    (version / "dataset_info.json").unlink()


@pytest.mark.parametrize("damage", [damage_cut_in_the_middle, damage_features, damage_info, damage_no_info])
def test_a_damaged_copy_is_named_with_its_remedy(online, archive, home, damage):
    data.tiny_shakespeare()
    version = home / "tiny_shakespeare" / "1.0.0"
    damage(version)
    with pytest.raises(data.DataError, match=f"tiny_shakespeare cannot be read: delete the folder {version}"):
        data.tiny_shakespeare()
