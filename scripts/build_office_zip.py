"""Make the zip that an office unpacks and uses: no installation, no administrator, no network.

    bash scripts/fetch_wheels.sh build/wheels 3.13
    python scripts/build_office_zip.py --runtime python-3.13.x-embed-amd64.zip --wheels build/wheels

The embeddable zip comes from the makers of Python. In the folder of the zip lie the office (设置.xlsx, 模板, 收件箱…), the
launchers, the guide, and ``app/`` with everything of the program: an update is a new ``app/`` in place of the old one.
The same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

sys.path.insert(0, str(Path(__file__).resolve().parent))

from packaging.utils import canonicalize_name, parse_wheel_filename
from windows_wheels import pins, wheel_fits

from salessheets import __version__, launchers, setup
from salessheets.office import Office

ROOT = Path(__file__).resolve().parents[1]
FOLDER = "销售周报"
GUIDE = ROOT / "docs" / "使用说明.pdf"
_WHEN = (2026, 1, 1, 0, 0, 0)  # of every member: a build does not depend on the clock
_NOT_FOR_AN_OFFICE = {"tests", "test", "include", "__pycache__"}
_ONLY_FOR_COMPILERS = {".pyi", ".pxd", ".pyx", ".pxi", ".h", ".hpp", ".c", ".cpp", ".lib", ".a"}

Member = tuple[str, bytes]


def runtime(embeddable: Path) -> tuple[str, list[Member]]:
    """The embeddable CPython with a ._pth that also looks into app/lib. Returns its version (3.13) and its files."""
    members: list[Member] = []
    version = ""
    with zipfile.ZipFile(embeddable) as archive:
        for name in archive.namelist():
            if found := re.fullmatch(r"python(\d)(\d+)\._pth", name):
                version = f"{found[1]}.{found[2]}"
                paths = f"python{found[1]}{found[2]}.zip\r\n.\r\n..\\lib\r\n"
                members.append((f"app/runtime/{name}", paths.encode("ascii")))
            elif not name.endswith("/"):
                members.append((f"app/runtime/{name}", archive.read(name)))
    if not version or "app/runtime/python.exe" not in dict(members):
        raise SystemExit(f"{embeddable} is no embeddable CPython: python.exe or python3xx._pth is missing")
    return version, members


def wheels(folder: Path, python: str) -> list[Path]:
    """One wheel for every pinned dependency. Ends with the names of those that are missing."""
    found = {}
    for path in sorted(folder.glob("*.whl")):
        name, version, _, _ = parse_wheel_filename(path.name)
        if wheel_fits(path.name, python):
            found[name, str(version)] = path
    wanted = pins(python)
    missing = [
        f"{name}=={version}" for name, version in wanted.items() if (canonicalize_name(name), version) not in found
    ]
    if missing:
        raise SystemExit(f"no wheel for Windows and Python {python} in {folder}: {', '.join(missing)}")
    return [found[canonicalize_name(name), version] for name, version in wanted.items()]


def library(wheel: Path) -> Iterator[Member]:
    """What an office needs of one wheel."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            path = PurePosixPath(name)
            if path.parts[0].endswith(".data"):
                if path.parts[1] not in ("purelib", "platlib"):
                    continue
                path = PurePosixPath(*path.parts[2:])
            if not name.endswith("/") and _needed(path):
                yield f"app/lib/{path}", archive.read(name)


def _needed(path: PurePosixPath) -> bool:
    return not _NOT_FOR_AN_OFFICE & set(path.parts[:-1]) and path.suffix not in _ONLY_FOR_COMPILERS


def program() -> Iterator[Member]:
    """The package itself, its texts, the launchers and the guide."""
    package = ROOT / "salessheets"
    for path in sorted(package.rglob("*")):
        if path.is_file() and _needed(PurePosixPath(path.relative_to(ROOT).as_posix())):
            yield f"app/lib/{path.relative_to(ROOT).as_posix()}", path.read_bytes()
    for name, data in launchers.texts():
        yield f"app/texts/{name}", data
    yield "app/版本.txt", f"{__version__}\r\n".encode()
    yield from launchers.batch_files()
    if GUIDE.exists():
        yield GUIDE.name, GUIDE.read_bytes()


def empty_office() -> Iterator[Member]:
    """设置.xlsx, the blank forms and the folders; a folder is a name that ends with /."""
    with tempfile.TemporaryDirectory() as folder:
        place = Office(Path(folder).resolve())
        setup.make_office(place, with_launchers=False)
        for path in sorted(place.root.rglob("*")):
            name = path.relative_to(place.root).as_posix()
            yield (f"{name}/", b"") if path.is_dir() else (name, path.read_bytes())


def build(embeddable: Path, wheel_folder: Path, out: Path) -> Path:
    """Write the zip: runtime, libraries, program, empty office."""
    python, members = runtime(embeddable)
    for wheel in wheels(wheel_folder, python):
        members += library(wheel)
    members += [*program(), *empty_office()]
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(members):
            member = zipfile.ZipInfo(f"{FOLDER}/{name}", _WHEN)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = (0o40755 << 16 | 0x10) if name.endswith("/") else 0o100644 << 16
            archive.writestr(member, data)
    return out


def main() -> None:
    """Parse, build, say how big it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runtime", type=Path, required=True, help="python-3.x.y-embed-amd64.zip")
    parser.add_argument("--wheels", type=Path, required=True, help="folder filled by fetch_wheels.sh")
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / f"{FOLDER}-{__version__}.zip")
    wanted = parser.parse_args()
    out = build(wanted.runtime, wanted.wheels, wanted.out)
    with zipfile.ZipFile(out) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        longest = max(len(member.filename) for member in archive.infolist())
    print(
        f"{out}: {out.stat().st_size / 1e6:.0f} MB, {unpacked / 1e6:.0f} MB unpacked, longest path {longest} characters"
    )


if __name__ == "__main__":
    main()
