"""The reading process seen from the program: started when first needed, kept warm, ended when it goes wrong.

A hostile file may crash a native reader, hang it or make it grow without end; none of that must reach the program.
One bad file costs one restart.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .wire import receive, send

MEMORY_LIMIT = 440 << 20  # bytes of resident memory
SECONDS = 2.0  # processor time for any file …
SECONDS_PER_MB = 1.0  # … and for each megabyte of it
START_SECONDS = 60.0
COMMAND = (sys.executable, "-m", "salessheets.read.worker")
_PATIENCE = 4  # wall time allowed per second of processor time: the machine may be busy
_POLL = 0.02
_FAREWELL = 2.0  # seconds

Answer = tuple[dict[str, Any], bytes]


class ProcessLostError(Exception):
    """The process crashed, hung or grew too big. The text says which, in Chinese; ``stage`` is where it was."""

    def __init__(self, reason: str, stage: str = "") -> None:
        super().__init__(reason)
        self.reason, self.stage = reason, stage


class ReadingProcess:
    """Asks one worker at a time; thread-safe."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._begun = False
        self.restarts = 0

    def ask(self, request: Mapping[str, Any], data: bytes, attempt: int = 0) -> Answer:
        """Send one request and wait, at each further attempt less long.

        Raises ProcessLostError when the worker did not survive it.
        """
        with self._lock:
            self._drop()
            self._send(request, data)
            return self._finish(len(data), attempt)

    def ahead(self, request: Mapping[str, Any], data: bytes) -> bool:
        """Let the worker begin while the program still does something else; False when it is busy already."""
        with self._lock:
            if self._begun:
                return False
            try:
                self._send(request, data)
            except ProcessLostError:
                return False
            self._begun = True
            return True

    def collect(self, size: int) -> Answer:
        """Wait for the request that was begun ahead. Raises ProcessLostError as ``ask`` does."""
        with self._lock:
            self._begun = False
            return self._finish(size)

    def _drop(self) -> None:
        """Nobody asked for what was begun ahead."""
        if self._begun:
            self._begun = False
            with contextlib.suppress(ProcessLostError):
                self._finish(0)

    def _send(self, request: Mapping[str, Any], data: bytes) -> None:
        child = self._child if self._child and self._child.poll() is None else self._start()
        assert child.stdin is not None
        try:
            send(child.stdin, request, data)  # type: ignore[arg-type]
        except OSError:
            self._lose()
            raise ProcessLostError("读取时程序崩溃") from None

    def _finish(self, size: int, attempt: int = 0) -> Answer:
        if self._child is None:
            raise ProcessLostError("读取时程序崩溃")
        try:
            return self._wait(self._child, (SECONDS + SECONDS_PER_MB * size / 1e6) / (1 + attempt))
        except ProcessLostError:
            self._lose()
            raise

    @property
    def pid(self) -> int:
        """The worker's process id, 0 when none runs."""
        return self._child.pid if self._child else 0

    def close(self) -> None:
        """End the worker: it leaves by itself when nobody asks any more, and is made to when it does not."""
        with self._lock:
            child = self._child
            if child is not None and child.stdin is not None and not self._begun:
                with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                    child.stdin.close()
                    child.wait(_FAREWELL)
            self._stop()

    def _start(self) -> subprocess.Popen[bytes]:
        self._answers = queue.SimpleQueue()
        package_root = str(Path(__file__).parents[2])
        paths = os.pathsep.join(filter(None, (package_root, os.environ.get("PYTHONPATH", ""))))
        child = subprocess.Popen(  # noqa: S603  our own module, no shell
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._child = child
        threading.Thread(target=_listen, args=(child, self._answers), daemon=True).start()
        try:
            hello = self._answers.get(timeout=START_SECONDS)
        except queue.Empty:
            hello = None
        if hello is None:
            self._stop()
            raise ProcessLostError("读取程序没有启动")
        return child

    def _lose(self) -> None:
        self.restarts += 1
        self._stop()

    def _stop(self) -> None:
        self._begun = False
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(OSError):
            child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _wait(self, child: subprocess.Popen[bytes], seconds: float) -> Answer:
        """Wait for the answer while time and memory of the worker are watched."""
        stage, watch = "", None
        try:
            while True:
                try:
                    answer = self._answers.get(timeout=_POLL)  # nearly every file is done by now
                except queue.Empty:
                    watch = watch or _Watch(child.pid, seconds)
                    watch.check()
                    continue
                header, body = _alive(answer)
                if "stage" not in header:
                    return header, body
                stage = header["stage"]
        except ProcessLostError as lost:
            raise ProcessLostError(lost.reason, stage) from None


class _Watch:
    """Processor time, wall time and memory of the worker, for one file."""

    def __init__(self, pid: int, seconds: float) -> None:
        import psutil

        self.gone = psutil.Error
        self.seconds, self.started = seconds, time.monotonic()
        try:
            self.process = psutil.Process(pid)
            self.before = self._used()
        except psutil.Error:
            raise ProcessLostError("读取时程序崩溃") from None

    def _used(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def check(self) -> None:
        """Raise ProcessLostError when the worker takes too long or too much."""
        try:
            late = time.monotonic() - self.started > self.seconds * _PATIENCE
            if late or self._used() - self.before > self.seconds:
                raise ProcessLostError("读取时间过长")
            if self.process.memory_info().rss > MEMORY_LIMIT:
                raise ProcessLostError("读取时占用内存过大")
        except self.gone:
            raise ProcessLostError("读取时程序崩溃") from None


def _alive(answer: Answer | None) -> Answer:
    if answer is None:
        raise ProcessLostError("读取时程序崩溃")
    return answer


def _listen(child: subprocess.Popen[bytes], answers: queue.SimpleQueue[Answer | None]) -> None:
    """Pass the worker's frames on; None when it is gone."""
    assert child.stdout is not None
    try:
        while True:
            answers.put(receive(child.stdout))  # type: ignore[arg-type]
    except (EOFError, OSError, ValueError):
        answers.put(None)
