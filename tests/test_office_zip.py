"""The zip that needs no installation, built with a stand-in for Python and for every wheel: layout, size, nothing foreign."""

from __future__ import annotations

import csv
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import build_office_zip as builder  # noqa: E402
import windows_wheels  # noqa: E402

from salessheets import launchers  # noqa: E402
from salessheets.tables import TABLES  # noqa: E402

TOP = builder.FOLDER


def write_zip(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """An embeddable Python and wheels in shape only."""
    folder = tmp_path_factory.mktemp("inputs")
    runtime = {"python.exe": "MZ", "python313.dll": "MZ", "python313.zip": "PK", "python313._pth": "python313.zip\n."}
    (folder / "wheels").mkdir()
    for name, version in windows_wheels.pins("3.13").items():
        module, info = name.replace("-", "_"), f"{name.replace('-', '_')}-{version}.dist-info"
        files = {
            f"{module}/__init__.py": "",
            f"{module}/core.pyd": "MZ",
            f"{module}/core.pyi": "",
            f"{module}/tests/test_core.py": "",
            f"{module}/include/core.h": "",
            f"{info}/METADATA": f"Name: {name}\n",
            f"{info[:-10]}.data/scripts/{module}.exe": "MZ",
            f"{info[:-10]}.data/purelib/{module}_more.py": "",
        }
        write_zip(folder / "wheels" / f"{module}-{version}-py3-none-any.whl", files)
    return write_zip(folder / "embed.zip", runtime), folder / "wheels"


@pytest.fixture(scope="module")
def built(inputs, tmp_path_factory):
    return builder.build(*inputs, tmp_path_factory.mktemp("out") / "office.zip")


@pytest.fixture(scope="module")
def members(built):
    with zipfile.ZipFile(built) as archive:
        return {name.removeprefix(f"{TOP}/"): archive.read(name) for name in archive.namelist()}


def test_layout(built, members):
    with zipfile.ZipFile(built) as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {TOP}
    top = {name.split("/")[0] for name in members}
    assert top >= {"app", "设置.xlsx", "模板", "收件箱", "存档", "周报", "退回更正", *dict(launchers.batch_files())}
    assert {name.split("/")[1] for name in members if name.startswith("app/")} == {
        "runtime",
        "lib",
        "texts",
        "版本.txt",
    }
    assert {f"模板/{table.name}.xlsx" for table in TABLES.values()} <= set(members)
    for wanted in ("runtime/python.exe", "lib/salessheets/launch.py", "lib/pandas/core.pyd", "texts/no_python.txt"):
        assert f"app/{wanted}" in members


def test_python_looks_into_lib_and_nowhere_else(members):
    assert members["app/runtime/python313._pth"] == b"python313.zip\r\n.\r\n..\\lib\r\n"


def test_every_file_of_the_package_is_there(members):
    files = [path for path in (ROOT / "salessheets").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {f"app/lib/{path.relative_to(ROOT).as_posix()}" for path in files} <= set(members)


def test_the_libraries_come_without_tests_headers_and_scripts(members):
    for name in members:
        parts = name.split("/")
        assert not {"tests", "test", "include", "__pycache__"} & set(parts), name
        assert not name.endswith((".pyi", ".h", ".pyc")), name
    assert not [name for name in members if name.startswith("app/lib/") and name.endswith(".exe")]
    assert "app/lib/pandas_more.py" in members


def test_no_path_of_the_machine_that_built_it(members, inputs):
    for place in (str(ROOT), str(inputs[1]), sys.prefix, str(Path.home() / ".")):
        if len(place) > 6:  # a home that is / or /root is in many a text
            assert not [name for name, data in members.items() if place.encode() in data]
    assert "app/python.txt" not in members


def test_an_office_in_it_is_empty(members):
    assert not [
        name for name in members if name.startswith(("收件箱/", "存档/", "周报/", "日志/")) and not name.endswith("/")
    ]


def test_the_programs_own_part_is_small_and_its_paths_short(members):
    own = {
        name: data for name, data in members.items() if "/lib/" not in name or name.startswith("app/lib/salessheets/")
    }
    assert sum(len(data) for data in own.values()) < 12_000_000
    assert max(len(f"{TOP}/{name}") for name in own) < 90


def test_the_same_inputs_give_the_same_bytes(built, inputs, tmp_path):
    assert builder.build(*inputs, tmp_path / "again.zip").read_bytes() == built.read_bytes()


def test_an_update_replaces_app_and_leaves_the_office(built, tmp_path):
    with zipfile.ZipFile(built) as archive:
        archive.extractall(tmp_path)
    office = tmp_path / TOP
    (office / "收件箱" / "陈静").mkdir()
    theirs = sorted(path.relative_to(office) for path in office.rglob("*") if "app" not in path.parts)
    assert Path("收件箱/陈静") in theirs
    with zipfile.ZipFile(built) as archive:
        archive.extractall(tmp_path, [name for name in archive.namelist() if name.startswith(f"{TOP}/app/")])
    assert sorted(path.relative_to(office) for path in office.rglob("*") if "app" not in path.parts) == theirs


def test_a_missing_wheel_is_named(inputs, tmp_path):
    with pytest.raises(SystemExit, match=r"pandas=="):
        builder.build(inputs[0], tmp_path, tmp_path / "x.zip")


def test_what_is_no_embeddable_python_is_named(inputs, tmp_path):
    other = write_zip(tmp_path / "other.zip", {"readme.txt": ""})
    with pytest.raises(SystemExit, match="no embeddable CPython"):
        builder.build(other, inputs[1], tmp_path / "x.zip")


@pytest.mark.parametrize("python", windows_wheels.PYTHONS)
def test_every_pinned_dependency_has_a_wheel_for_windows(python):
    """From docs/windows_wheels.csv, which scripts/windows_wheels.py writes from what pip finds."""
    with windows_wheels.FACTS.open(encoding="utf-8", newline="") as lines:
        known = {(r["package"], r["version"]): r["wheel"] for r in csv.DictReader(lines) if r["python"] == python}
    for name, version in windows_wheels.pins(python).items():
        assert (name, version) in known, f"run scripts/windows_wheels.py facts: {name}=={version}"
        assert windows_wheels.wheel_fits(known[name, version], python)


@pytest.mark.parametrize(
    ("wheel", "fits"),
    [
        ("numpy-2.4.6-cp313-cp313-win_amd64.whl", True),
        ("numpy-2.4.6-cp312-cp312-win_amd64.whl", False),
        ("numpy-2.4.6-cp313-cp313t-win_amd64.whl", False),
        ("numpy-2.4.6-cp313-cp313-win32.whl", False),
        ("numpy-2.4.6-cp313-cp313-manylinux_2_28_x86_64.whl", False),
        ("psutil-7.2.2-cp37-abi3-win_amd64.whl", True),
        ("olefile-0.47-py2.py3-none-any.whl", True),
    ],
)
def test_which_wheels_fit(wheel, fits):
    assert windows_wheels.wheel_fits(wheel, "3.13") is fits
