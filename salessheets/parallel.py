"""Independent jobs on all cores: the same results in the same order, whatever finishes first.

The program works along from one end of the list while helper processes (``python -m salessheets.parallel``) take
jobs from the other, so two cores need one helper. A helper that does not start or dies costs nothing but time: its job
is done here. It ends by itself when the program is gone, since its input ends then.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

# A module-level function and the rest of its arguments; the first is the shared one.
Job = tuple[Callable[..., bytes], tuple[Any, ...]]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_LENGTH = struct.Struct("<Q")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """No search for garbage in cycles meanwhile: among millions of objects that all stay it takes a tenth of the time.

    Also a decorator. What piled up is collected at the end.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
            gc.collect(0)  # everything made meanwhile is still in the youngest generation


def threads(function: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
    """``function`` of each item, in order, on all cores: for work that lets go of the interpreter (Arrow, numpy)."""
    with ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(function, items))


def run_all(jobs: Sequence[Job], shared: Any, *, alone: bool = False) -> list[bytes]:
    """``function(shared, *arguments)`` of every job, in order. alone: in this process, for work too small to divide.

    What a job raises is raised here.
    """
    waiting = deque(range(len(jobs)))
    done: dict[int, bytes] = {}
    helpers = 0 if alone else min(cores(), len(jobs)) - 1
    packed = pickle.dumps(shared, protocol=pickle.HIGHEST_PROTOCOL) if helpers > 0 else b""
    threads = [threading.Thread(target=_drive, args=(jobs, packed, waiting, done)) for _ in range(helpers)]
    try:
        for thread in threads:
            thread.start()
        while True:
            try:
                at = waiting.popleft()
            except IndexError:
                break
            done[at] = _do(jobs[at], shared)
    finally:
        waiting.clear()  # after an exception the helpers stop at the job they are at
        for thread in threads:
            thread.join()
    return [done[at] if at in done else _do(job, shared) for at, job in enumerate(jobs)]


def each(function: Callable[..., bytes], items: Iterable[tuple[Any, ...]], shared: Any) -> Iterator[bytes]:
    """``function(shared, *item)`` of every item, in order, a few ahead: for more items than memory holds.

    All work is done by helpers, one per core; this process hands it out, and does a lone item itself. What a job raises is
    raised here.
    """
    items = iter(items)
    first = list(islice(items, 2))
    if len(first) < 2:
        yield from (_do((function, item), shared) for item in first)
        return
    packed = pickle.dumps(shared, protocol=pickle.HIGHEST_PROTOCOL)
    own = threading.local()  # every thread keeps one helper busy
    waiting: deque[Future[bytes]] = deque()
    with contextlib.ExitStack() as children, ThreadPoolExecutor(cores()) as threads:

        def work(job: Job) -> bytes:
            try:
                if not hasattr(own, "child"):
                    own.child = children.enter_context(_helper())
                    _send(own.child.stdin, packed)
                    _receive(own.child.stdout)
                _send(own.child.stdin, pickle.dumps(job, protocol=pickle.HIGHEST_PROTOCOL))
                return _receive(own.child.stdout)
            except (OSError, EOFError):
                return _do(job, shared)

        for item in chain(first, items):
            waiting.append(threads.submit(work, (function, item)))
            if len(waiting) > cores() + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _do(job: Job, shared: Any) -> bytes:
    function, arguments = job
    with collector_paused():
        return function(shared, *arguments)


def _drive(jobs: Sequence[Job], packed: bytes, waiting: deque[int], done: dict[int, bytes]) -> None:
    """Keep one helper busy with jobs from the end of the list."""
    with contextlib.suppress(OSError, EOFError), _helper() as child:
        assert child.stdin is not None
        assert child.stdout is not None
        _send(child.stdin, packed)
        _receive(child.stdout)  # it is ready: no job waits for a helper that is still starting
        while True:
            try:
                at = waiting.pop()
            except IndexError:
                return
            _send(child.stdin, pickle.dumps(jobs[at]))
            done[at] = _receive(child.stdout)


def _helper() -> subprocess.Popen[bytes]:
    root = str(Path(__file__).parents[1])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-m", "salessheets.parallel"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _send(pipe: Any, data: bytes) -> None:
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: Any) -> bytes:
    """One message. Raises EOFError when the other side is gone."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (size,) = _LENGTH.unpack(head)
    data: bytes = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data


def main() -> None:
    """Do jobs until the program closes the pipe. What a job raises ends the helper: the program meets it again."""
    requests: BinaryIO = sys.stdin.buffer
    replies: BinaryIO = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever a library prints must not get between the messages
    with contextlib.suppress(EOFError):
        shared = pickle.loads(_receive(requests))  # noqa: S301  from our own parent
        _send(replies, b"")
        while True:
            _send(replies, _do(pickle.loads(_receive(requests)), shared))  # noqa: S301


if __name__ == "__main__":
    main()
