"""Jobs on all cores: the order of the results is that of the jobs, and no helper is needed for them."""

import operator
import subprocess
import sys

import pytest

from salessheets import parallel

SHARED = tuple(f"{n:03d}".encode() for n in range(60))
JOBS = [(operator.getitem, (n,)) for n in range(60)]


@pytest.fixture(params=[1, 2, 3])
def _cores(request, monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: request.param)


@pytest.mark.usefixtures("_cores")
def test_results_come_in_the_order_of_the_jobs():
    assert parallel.run_all(JOBS, SHARED) == list(SHARED)


@pytest.mark.usefixtures("_cores")
def test_what_a_job_raises_is_raised_here():
    with pytest.raises(IndexError):
        parallel.run_all([*JOBS, (operator.getitem, (60,))], SHARED)


@pytest.mark.parametrize("code", ["pass", "import sys; sys.exit(1)", "import sys; sys.stdin.buffer.read(100)"])
def test_a_helper_that_dies_costs_nothing(code, monkeypatch):
    def broken():
        pipe = subprocess.PIPE
        return subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)

    monkeypatch.setattr(parallel, "cores", lambda: 2)
    monkeypatch.setattr(parallel, "_helper", broken)
    assert parallel.run_all(JOBS, SHARED) == list(SHARED)


def test_helpers_really_take_jobs(monkeypatch):
    done_here = []
    own = parallel._do

    def slow(job, shared):
        done_here.append(job)
        subprocess.run([sys.executable, "-c", "import time; time.sleep(0.2)"], check=True)
        return own(job, shared)

    monkeypatch.setattr(parallel, "cores", lambda: 2)
    monkeypatch.setattr(parallel, "_do", slow)
    assert parallel.run_all(JOBS, SHARED) == list(SHARED)
    assert len(done_here) < len(JOBS)


def test_no_jobs():
    assert parallel.run_all([], SHARED) == []
