"""Environments of the peers: one venv each, made once from pinned requirements (peers/*.txt), under .peers/."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "peers"
FOLDER = HERE.parent / ".peers"
NAMES = tuple(sorted(p.stem for p in REQUIREMENTS.glob("*.txt")))


def python(name: str) -> Path:
    """The interpreter of a peer's environment, made or made again when its requirements changed."""
    wanted = REQUIREMENTS / f"{name}.txt"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    home, mark = FOLDER / name, FOLDER / name / "made-from"
    interpreter = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (mark.exists() and mark.read_text(encoding="utf-8") == digest):
        print(f"making the environment of {name} …", file=sys.stderr)
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([interpreter, "-m", "pip", "install", "--quiet", "-r", wanted], check=True)
        mark.write_text(digest, encoding="utf-8")
    return interpreter


def version(name: str) -> str:
    """The pinned line of the peer itself: its first requirement."""
    return (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()[0].replace("==", " ")


if __name__ == "__main__":
    for each in sys.argv[1:] or NAMES:
        print(each, python(each))
