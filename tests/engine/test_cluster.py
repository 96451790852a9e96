"""A real scheduler and real workers on loopback: what is lost is graded elsewhere, and who may not grade gets nothing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import textwrap
from concurrent.futures import wait
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from grader.engine import Cluster, EngineError, Isolation, Limits, Worker
from grader.engine.edition import edition

from .loopback import GRADES, NONE, STAND_IN, Dask, both, until
from .notebooks import code, job, points, test, text

settings = pytest.importorskip("dask.config", reason="grading on a cluster is an extra: pip install -e '.[cluster]'")
distributed = pytest.importorskip("distributed", reason="grading on a cluster is an extra: pip install -e '.[cluster]'")
pytestmark = pytest.mark.slow  # a scheduler and workers, each a process that imports the course
# Below bubblewrap: its own init, the warm process, two keepers and two kernels.
PROCESSES = 6


@pytest.fixture(scope="module", autouse=True)
def data(tmp_path_factory):
    """A small folder of data, and with it an edition of its own, for this process and the workers."""
    folder = tmp_path_factory.mktemp("data")
    folder.chmod(0o755)  # submissions are nobody's
    (folder / "numbers" / "1.0.0").mkdir(parents=True)
    (folder / "numbers" / "1.0.0" / "numbers.txt").write_text("1 2 3")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNN_COURSE_DATA", str(folder))
        edition.cache_clear()
        yield folder
    edition.cache_clear()


@pytest.fixture
def dask(tmp_path):
    started = Dask(tmp_path)
    yield started
    started.close()


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A scheduler and two workers that only stand in for grading."""
    started = Dask(tmp_path_factory.mktemp("pair"))
    for name in ("one", "two"):
        started.worker(name, *STAND_IN, **GRADES)
    yield started
    started.close()


@pytest.fixture
def cluster(pair):
    with both(pair) as cluster:
        yield cluster


def waiting(path, **kwargs):
    return job(code(f"wait {path}"), **kwargs)


def test_verdicts_come_from_every_worker(cluster):
    verdicts = [future.result(300) for future in [cluster.start(job(code(f"now {n}"), test("a"))) for n in range(12)]]
    assert [points(verdict) for verdict in verdicts] == [{"a": 1}] * 12
    assert len({verdict.stopped for verdict in verdicts}) == 2  # the process ids
    assert points(cluster.verdict(job(code("now")))) == {"a": 1}


def test_equal_jobs_in_hand_share_a_verdict(cluster, tmp_path):
    first, again = (cluster.start(waiting(tmp_path / "go")) for _ in range(2))
    (tmp_path / "go").touch()
    assert first is not again  # their cells have other ids
    same = waiting(tmp_path / "other")
    assert cluster.start(same) is cluster.start(same)
    (tmp_path / "other").touch()
    wait([first, again, cluster.start(same)])


def test_a_worker_that_was_started_anew_is_examined_anew(cluster):
    """At its old address, before anybody saw that it was gone: what it is sent for the old process it does not grade."""
    for number, member in enumerate(cluster._dispatcher.grading()):
        member.token = f"of an earlier process, {number}"
    assert points(cluster.verdict(job(code("now")))) == {"a": 1}


def test_what_one_worker_fails_on_another_grades(dask, tmp_path):
    dask.worker("broken", *STAND_IN, **GRADES, STAND_IN="broken")
    with Cluster(str(dask.file), NONE, seconds=300) as alone:
        with pytest.raises(EngineError, match="tried on one worker .*: no kernel can be started here"):
            alone.verdict(job(code("now")))
    dask.worker("whole", *STAND_IN, **GRADES)
    with both(dask) as cluster:
        assert [points(cluster.verdict(job(code("now")))) for _ in range(4)] == [{"a": 1}] * 4


def test_an_interrupt_stops_what_runs_on_the_cluster(pair, tmp_path):
    with pytest.raises(KeyboardInterrupt), both(pair) as cluster:
        begun = [cluster.start(waiting(tmp_path / name)) for name in ("one", "two")]
        until(lambda: (tmp_path / "one.begun").exists() and (tmp_path / "two.begun").exists(), pair.said)
        queued = cluster.start(job(code("now")))
        raise KeyboardInterrupt
    assert queued.cancelled()
    for future in begun:
        with pytest.raises(EngineError, match="was left"):
            future.result(0)
    until(lambda: (tmp_path / "one.stopped").exists() and (tmp_path / "two.stopped").exists(), pair.said)
    with both(pair) as cluster:
        assert points(cluster.verdict(job(code("now")))) == {"a": 1}


def test_left_in_peace_it_ends_what_it_has_begun(pair, tmp_path):
    with both(pair) as cluster:
        begun = [cluster.start(waiting(tmp_path / name)) for name in ("one", "two")]
        until(lambda: (tmp_path / "one.begun").exists() and (tmp_path / "two.begun").exists(), pair.said)
        queued = cluster.start(job(code("now")))
        queued.add_done_callback(lambda _: [(tmp_path / name).touch() for name in ("one", "two")])
    assert queued.cancelled()
    assert [points(future.result(0)) for future in begun] == [{"a": 1}] * 2


def test_a_grader_that_was_killed_leaves_nothing_running(pair, tmp_path):
    script = textwrap.dedent(f"""
        from nbformat.v4 import new_code_cell, new_notebook
        from grader.engine import Cluster, Isolation, Job
        with Cluster({str(pair.file)!r}, Isolation("none"), seconds=300) as cluster:
            cluster.verdict(Job(new_notebook(cells=[new_code_cell("wait {tmp_path}/go")])))
    """)
    grader = subprocess.Popen([sys.executable, "-c", script])
    until(lambda: (tmp_path / "go.begun").exists(), pair.said)
    grader.kill()
    grader.wait()
    until(lambda: (tmp_path / "go.stopped").exists(), pair.said)


def test_a_job_that_kills_its_workers_ends_and_the_class_goes_on(dask, tmp_path):
    """With nannies, as documented: each process that is killed is started again. One of them comes back at the same address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    dask.worker("one", *STAND_IN, "--worker-port", str(port), nanny=True, **GRADES)
    dask.worker("two", *STAND_IN, nanny=True, **GRADES)
    told = []
    with both(dask, told) as cluster:
        hostile = replace(job(code("die")), name="mallory/01")
        futures = [cluster.start(hostile), *(cluster.start(job(code("now"))) for _ in range(9))]
        wait(futures)
        with pytest.raises(EngineError, match="tried on 3 workers and is not tried again: .* was lost while it graded it"):
            futures[0].result()
        assert [points(future.result()) for future in futures[1:]] == [{"a": 1}] * 9
        assert sum("lost while it graded mallory/01" in line for line in told) == 3


def test_without_a_worker_jobs_wait_until_one_comes(dask):
    first = dask.worker("first", *STAND_IN, **GRADES)
    told = []
    with Cluster(str(dask.file), NONE, told.append, seconds=300) as cluster:
        first.kill()
        until(lambda: any("waiting for one to come" in line for line in told), dask.said)
        assert cluster.size == 1
        future = cluster.start(job(code("now")))
        dask.worker("second", *STAND_IN, **GRADES)
        assert points(future.result(120)) == {"a": 1}
    assert told[-1].startswith("second at tcp://127.0.0.1:") and told[-1].endswith("has come, and grades")


def test_the_scheduler_s_end_is_every_job_s(dask, tmp_path):
    dask.worker("one", *STAND_IN, **GRADES)
    with Cluster(str(dask.file), NONE, seconds=300) as cluster:
        begun, queued = cluster.start(waiting(tmp_path / "go")), cluster.start(job(code("now")))
        until(lambda: (tmp_path / "go.begun").exists(), dask.said)
        dask.scheduler.kill()
        for future in (begun, queued):
            with pytest.raises(EngineError, match="scheduler at tcp://127.0.0.1:.* is gone"):
                future.result(120)
        with pytest.raises(EngineError, match="is gone"):
            cluster.start(job(code("later"))).result(120)


def test_who_may_not_grade_gets_nothing_and_is_named(dask, data, tmp_path):
    other = tmp_path / "other"
    (other / "numbers" / "1.0.0").mkdir(parents=True)
    (other / "numbers" / "1.0.0" / "numbers.txt").write_text("1 2 4")
    dask.worker("open", *STAND_IN, **GRADES)
    dask.worker("bare", *STAND_IN, PATH=str(other))
    dask.worker("odd", *STAND_IN, GRADER_ISOLATION="chroot")
    dask.worker("empty", *dask.without_grader)
    told = []
    with pytest.raises(EngineError, match="no worker of the cluster can grade") as problem:
        with distributed.Client(scheduler_file=str(dask.file)) as client:
            client.wait_for_workers(4, timeout=240)
        with Cluster(str(dask.file), Isolation(), told.append, seconds=1):
            pass
    for said in (str(problem.value), "\n".join(told)):
        assert "open at tcp" in said and "it would grade without isolation" in said
        assert "bare at tcp" in said and "bubblewrap is not installed" in said
        assert "odd at tcp" in said and "'chroot' is not known" in said
        assert "empty at tcp" in said and "the grader is not installed there" in said
    dask.worker("gpu", *STAND_IN, GRADER_REQUIRE_GPU="1", **GRADES)
    dask.worker("another", *STAND_IN, RNN_COURSE_DATA=str(other), **GRADES)
    told.clear()
    with Cluster(str(dask.file), NONE, told.append, seconds=300) as cluster:
        until(lambda: len(told) == 5, dask.said)
        refused = "\n".join(told)
        assert "another at tcp" in refused and "its grader/ or its course data differ" in refused
        assert "gpu at tcp" in refused and "GRADER_REQUIRE_GPU is '1' there and '' here" in refused
        assert "open at tcp" not in refused and "bare at tcp" in refused
        assert cluster.size == 1
        assert len({cluster.verdict(job(code("now"))).stopped for _ in range(6)}) == 1


def test_nobody_there_is_said(dask):
    with pytest.raises(EngineError, match=r"no worker came to the scheduler at tcp://127\.0\.0\.1:\d+ within 0.5 s: start some"):
        Cluster(str(dask.file), NONE, seconds=0.5).__enter__()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{}", "127.0.0.1:{}", "tls://127.0.0.1:{}", "carrier-pigeon://127.0.0.1:{}"])
def test_an_address_where_no_scheduler_answers(address):
    with socket.socket() as silent:  # accepts, and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = address.format(silent.getsockname()[1])
        with pytest.raises(EngineError, match=f"^no Dask scheduler answers at {address} .*: start one with .*, or correct the address"):
            Cluster(address, NONE, seconds=0.5).__enter__()


def test_a_scheduler_file_that_is_none(tmp_path):
    for name, content in (("no.json", "[]"), ("cut.json", '{"address": "tc'), ("binary.json", b"\xff\xfe")):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(EngineError, match=f"{name}' is neither .* nor a scheduler file .it is no scheduler file.: correct it"):
            Cluster(str(tmp_path / name))
    for missing in (str(tmp_path / "missing.json"), str(tmp_path), "localhost", ""):
        with pytest.raises(EngineError, match="is neither a scheduler's address"):
            Cluster(missing)


def test_over_tls_with_certificates_and_not_without(tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes the certificate, is not installed")
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "cert.pem")
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=grader", "-keyout", key, "-out", certificate]
    subprocess.run(make, check=True, capture_output=True)
    told = {"CA_FILE": certificate}
    for who in ("SCHEDULER", "WORKER"):
        told |= {f"{who}__CERT": certificate, f"{who}__KEY": key}
    started = Dask(tmp_path, "--protocol", "tls", **{f"DASK_DISTRIBUTED__COMM__TLS__{name}": value for name, value in told.items()})
    try:
        started.worker("one", *STAND_IN, **GRADES)
        with pytest.raises(EngineError, match="no Dask scheduler answers at tls://.*ssl_context"):
            Cluster(str(started.file), NONE, seconds=5).__enter__()
        mine = {"ca-file": certificate, "client.cert": certificate, "client.key": key}
        with settings.set({f"distributed.comm.tls.{name}": value for name, value in mine.items()}), Cluster(str(started.file), NONE, seconds=300) as cluster:
            assert points(cluster.verdict(job(code("now")))) == {"a": 1}
    finally:
        started.close()


def test_without_dask_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    for name in ("grader.engine.dispatch", "grader.engine.link", "grader.engine.station"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(EngineError, match=r"needs Dask: pip install -e '\.\[cluster\]'"):
        Cluster("tcp://127.0.0.1:8786")


GRADED = """
import keras, numpy as np
keras.utils.set_random_seed(1)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
shape = model(np.ones((4, 3))).shape
print(*shape)
"""
# Says where it runs by waiting: for a file beside the data, which the sandbox shows.
WAITS = "import os, time\nwhile not os.path.exists(os.environ['RNN_COURSE_DATA'] + '/go'):\n    time.sleep(0.1)\nwaited = 1"


def test_verdicts_are_those_of_this_machine_also_when_a_worker_is_killed(dask, data):
    given = [
        job(code(GRADED), test("shape", "assert tuple(shape) == (4, 2)", 3), limits=Limits()),
        job(code("x = [1, 2]\nx"), test("right", "assert x == [1, 2]"), test("wrong", "assert x == [2]"), code("1 / 0"), limits=Limits()),
    ]
    long = [job(code(WAITS), test("waited", "assert waited == 1"), limits=Limits(cell_seconds=120)) for _ in range(2)]
    processes = [dask.worker(name) for name in ("one", "two")]
    told = []
    with Cluster(str(dask.file), Isolation(), told.append, seconds=300) as cluster:
        until(lambda: cluster.size == 2, dask.said)
        futures = [cluster.start(one) for one in [*long, *given]]
        until(lambda: all(len(psutil.Process(one.pid).children(recursive=True)) >= PROCESSES for one in processes), dask.said)
        processes[0].kill()  # while it grades
        until(lambda: any("was lost while it graded" in line for line in told), dask.said)
        (data / "go").touch()
        verdicts = [future.result(300) for future in futures]
    assert [points(verdict) for verdict in verdicts[:2]] == [{"waited": 1}] * 2
    with Worker(Isolation()) as worker:
        for one, verdict in zip(given, verdicts[2:], strict=True):
            assert replace(verdict, seconds=0) == replace(worker.grade(one), seconds=0)
    assert text(verdicts[2], given[0].notebook.cells[0]) == "4 2\n"
    assert points(verdicts[3]) == {"right": 1, "wrong": 0}


def test_a_worker_that_closes_ends_its_warm_process(dask):
    process = dask.worker("one", **GRADES)
    with Cluster(str(dask.file), NONE, seconds=300) as cluster:
        cluster.verdict(job(test("a"), limits=Limits()))
    below = psutil.Process(process.pid).children(recursive=True)
    assert below  # stays warm for whoever comes next
    process.terminate()
    process.wait(300)
    until(lambda: not any(map(psutil.Process.is_running, below)), dask.said)
