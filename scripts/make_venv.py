"""Make or refresh .venv with this project in it: python scripts/make_venv.py [EXTRA]

Needs Python 3.11 or newer and nothing else. Nothing is installed when nothing changed. Used by venv.sh and the .bat files.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venv"


def python() -> Path:
    """The Python of .venv, wherever this system puts it."""
    windows = FOLDER / "Scripts" / "python.exe"
    return windows if sys.platform == "win32" else FOLDER / "bin" / "python"


def usable() -> bool:
    """Whether .venv is there and its Python still runs (it is a link to one that may have been removed)."""
    asked = [python(), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(asked, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def install(target: str) -> bool:
    """Install the pinned dependencies; pip's own words are kept in .venv/install.log."""
    options = ["--disable-pip-version-check", "-q", "-c", "constraints.txt", "-e", target]
    command = [python(), "-m", "pip", "install", *options]
    done = subprocess.run(command, check=False, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    (FOLDER / "install.log").write_bytes(done.stdout)
    if done.returncode:
        sys.stderr.write(done.stdout.decode("utf-8", errors="replace"))
    return done.returncode == 0


def main() -> int:
    """Exit code 0 when .venv is ready."""
    extra = sys.argv[1] if len(sys.argv) > 1 else ""
    stamp = FOLDER / ("installed" + (f"-{extra}" if extra else ""))
    pins = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    wanted = hashlib.sha256(pins).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii").strip() == wanted and python().exists():
        return 0
    print("第一次运行:正在准备环境(约一分钟)…", file=sys.stderr)
    if not usable():
        try:
            venv.create(FOLDER, clear=True, with_pip=True)
        except (OSError, subprocess.CalledProcessError) as reason:
            print(
                f"建不了 .venv({type(reason).__name__})。文件夹可能不能写入;Debian/Ubuntu 上请先安装 python3-venv。",
                file=sys.stderr,
            )
            return 1
    if not install(f".[{extra}]" if extra else "."):
        print("安装没有成功,请检查网络后再试;没有网络的电脑请用「免安装包」。", file=sys.stderr)
        return 1
    stamp.write_text(wanted, encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
