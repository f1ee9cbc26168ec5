"""Independent jobs on all cores: the same results in the same order, whatever finishes first.

Processes are spawned, never forked: threads of Arrow and of the reading process are running by then. The caller works
along from the other end of the list, so that two cores need one helper, and goes on alone when helpers cannot start.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

Job = tuple[Callable[..., bytes], tuple[Any, ...]]

_shared: list[Any] = []  # in a helper: what every job gets as its first argument


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_all(jobs: Sequence[Job], shared: Any, *, alone: bool = False) -> list[bytes]:
    """``function(shared, *arguments)`` of every job, in order. alone: in this process, for work too small to divide.

    Functions are module-level and arguments plain data. An exception of a job is raised here.
    """
    helpers = min(cores(), len(jobs)) - 1
    if alone or helpers < 1:
        return [function(shared, *arguments) for function, arguments in jobs]
    context = multiprocessing.get_context("spawn")
    packed = pickle.dumps(shared, protocol=pickle.HIGHEST_PROTOCOL)
    with ProcessPoolExecutor(helpers, mp_context=context, initializer=_begin, initargs=(packed,)) as pool:
        futures: list[Future[bytes]] = []
        try:
            futures = [pool.submit(_one, function, arguments) for function, arguments in jobs]
        except (OSError, BrokenProcessPool):  # no room for another process
            pool.shutdown(wait=False, cancel_futures=True)
        done: dict[int, bytes] = {}
        for at in reversed(range(len(jobs))):
            if at >= len(futures) or futures[at].cancel():
                function, arguments = jobs[at]
                done[at] = function(shared, *arguments)
        return [done[at] if at in done else _result(futures[at], jobs[at], shared) for at in range(len(jobs))]


def _result(future: Future[bytes], job: Job, shared: Any) -> bytes:
    """What the helper made; when the helper was killed, the job is done here."""
    try:
        return future.result()
    except BrokenProcessPool:
        function, arguments = job
        return function(shared, *arguments)


def _begin(packed: bytes) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _shared.append(pickle.loads(packed))  # noqa: S301  written by our own parent a moment ago


def _end_with_parent() -> None:
    """A helper whose parent was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _one(function: Callable[..., bytes], arguments: tuple[Any, ...]) -> bytes:
    return function(_shared[0], *arguments)
