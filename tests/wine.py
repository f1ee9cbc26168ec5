"""Batch files run by wine's cmd, with a small program in the place of python.exe that writes down its arguments."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

STUB_SOURCE = Path(__file__).resolve().parent / "windows" / "python_stub.c"
CHINESE = "zh_CN.UTF-8"
COMPILER = "x86_64-w64-mingw32-gcc"


def why_not() -> str:
    """The reason why no batch file can be run here; empty when one can."""
    if not shutil.which("wine"):
        return "wine is not installed"
    return "" if shutil.which(COMPILER) else f"{COMPILER} is not installed beside wine"


def chinese() -> bool:
    """Whether wine can be a Chinese Windows with code page 936 (needs the locale)."""
    done = subprocess.run(["locale", "-a"], check=False, capture_output=True, text=True)
    return "zh_CN.utf8" in done.stdout.split()


@dataclass(frozen=True)
class Ran:
    """line: what cmd was started with. code: its exit code. starts: the arguments of every start of the stub, its own
    path first."""

    line: str
    code: int
    output: str
    starts: list[list[str]]


class Wine:
    """A fresh wine prefix and the compiled stub."""

    def __init__(self, folder: Path) -> None:
        """Compile the stub and make the prefix: about ten seconds."""
        self.stub = folder / "python_stub.exe"
        subprocess.run([COMPILER, "-municode", "-O1", "-s", "-o", self.stub, STUB_SOURCE], check=True, timeout=120)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("DISPLAY", "SALESSHEETS"))},
            "WINEPREFIX": str(folder / "prefix"),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=",
            "LC_ALL": CHINESE if chinese() else "C.UTF-8",
        }
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["wineboot", "-i"], check=True, env=self.environment, timeout=300, **quiet)

    def close(self) -> None:
        """End this prefix's server; others are not touched."""
        subprocess.run(["wineserver", "-k"], check=False, env=self.environment, capture_output=True, timeout=60)

    def put_stub(self, place: Path) -> Path:
        """Put the stub where a python.exe would be."""
        place.parent.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(self.stub, place))

    def run(self, bat: Path, arguments: Sequence[str] = (), *, path: Path | None = None, **more: str) -> Ran:
        """Start a batch file as Explorer does, with quotes round arguments with blanks and no others.

        path: a folder on PATH. more: environment of the stub (STUB_CODE…).
        """
        log = bat.parent / "starts.log"
        log.unlink(missing_ok=True)
        environment = {**self.environment, "SALESSHEETS_NO_PAUSE": "1", "STUB_LOG": windows(log), **more}
        if path:
            environment["WINEPATH"] = windows(path)
        dropped = " ".join(f'"{argument}"' if " " in argument else argument for argument in arguments)
        environment["STUB_RUN"] = f'C:\\windows\\system32\\cmd.exe /c ""{windows(bat)}" {dropped}"'
        command = ["wine", str(self.stub)]
        said = bat.parent / "said.txt"  # not a pipe: wine's services hold it open after the end
        with said.open("wb") as out:
            done = subprocess.run(
                command,
                check=False,
                env=environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                timeout=120,
            )
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return Ran(
            environment["STUB_RUN"],
            done.returncode,
            said.read_text("utf-8", "replace"),
            [line.split("\t") for line in lines],
        )


def windows(path: Path) -> str:
    """A path here as wine's programs see it."""
    return str(PureWindowsPath("Z:/", *path.absolute().parts[1:]))


def unix(text: str) -> str:
    """And back."""
    return text.removeprefix("Z:").replace("\\", "/") if text.startswith("Z:") else text
