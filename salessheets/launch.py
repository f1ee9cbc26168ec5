"""What a double click starts: one command on one office folder, then a look at what came out.

``python -m salessheets.launch weekly --root FOLDER [OFFICE] [options of the command]``; ``command`` instead of weekly
hands everything on as typed. The launchers hand over the
folder they lie in; everything that has to be said in Chinese is said here. Exit codes are those of the command.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

import click

from .cli import main
from .cli.shell import DONE, FAILED, SET_ASIDE, WRONG_USE, say

if TYPE_CHECKING:
    import psutil

_LONGEST_NAME = 130  # characters below the office: 存档\2026-W47\00123_<姓名>_<file name>
_OPENED_AT_MOST = 3
_OFFICE = "办公室"
_UNATTENDED = {"powershell.exe", "pwsh.exe", "cmd.exe", "bash.exe", "svchost.exe", "taskeng.exe", "windowsterminal.exe"}
_DROP = re.compile(r" (?=[A-Za-z]:\\|\\\\)")  # Explorer hands over whole paths, with quotes only round blanks
_PREVIEW = re.compile(r"Rar\$|7zO|Temp\d*_|BNZ\.", re.IGNORECASE)
_RESULTS = {"weekly": "周报", "daily": "日报"}


@dataclass(frozen=True)
class Started:
    """How this process was started. dropped: files dropped on the icon, as far as the command line still shows them."""

    clicked: bool = False
    dropped: tuple[str, ...] = ()


def read_line(line: str, parent: str) -> Started:
    """Tell from cmd's command line and the name of the program that started cmd, how a .bat was started.

    A file called A&B.xlsx without blanks arrives unquoted, and cmd cuts the arguments at the &. Only its own command
    line still has the whole name.
    """
    line = line.strip()
    if not re.search(r"\s/c\s", line, re.IGNORECASE) or ".bat" not in line.lower():
        return Started()
    after = line[line.lower().index(".bat") + len(".bat") :]
    files = tuple(path.strip(' "') for path in _DROP.split(after.replace('"', " ")) if path.strip(' "'))
    return Started(parent.lower() not in _UNATTENDED, files)


def started() -> Started:
    """How this process was started; on systems other than Windows nobody can tell."""
    if os.name != "nt":
        return Started()
    import psutil

    return among(psutil.Process().parents())


def among(ancestors: Sequence[psutil.Process]) -> Started:
    """The same from the processes above this one, nearest first; py.exe and .venv's python.exe may stand before cmd."""
    import psutil

    try:
        for at, ancestor in enumerate(ancestors[:4]):
            if ancestor.name().lower() == "cmd.exe":
                above = ancestors[at + 1].name() if len(ancestors) > at + 1 else ""
                return read_line(" ".join(ancestor.cmdline()), above)
    except psutil.Error:  # not ours to look at
        return Started()
    return Started()


def obstacle(folder: Path) -> str:
    """Why nothing can be written in this folder; empty when it can. Found by writing, not by guessing."""
    if _PREVIEW.search(str(folder)) and folder.is_relative_to(Path(tempfile.gettempdir()).resolve()):
        return "程序还在压缩包里。请先解压到「文档」或桌面,再到解压出来的文件夹里双击。"
    if reason := _cannot_write(folder, "x"):
        return (
            f"办公文件夹不能写入:{folder}({reason})。"
            "可能是只读的、在光盘上,或者没有权限。请把整个文件夹复制到「文档」或桌面,再运行。"
        )
    if _cannot_write(folder, "x" * _LONGEST_NAME):
        return (
            f"文件夹的路径太长({len(str(folder))} 个字):{folder}。请把整个文件夹移到短一点的地方,例如 D:\\周报,再运行。"
        )
    return ""


def _cannot_write(folder: Path, name: str) -> str:
    probe = folder / f".{name}"
    try:
        with probe.open("xb"):
            pass
        probe.unlink()
    except FileExistsError:
        return ""
    except OSError as reason:
        return reason.strerror or "打不开"
    return ""


def on_network(folder: str) -> bool:
    r"""A UNC path: \\server\share, as a launcher on a network drive without a letter sees it."""
    return PureWindowsPath(folder).drive.startswith("\\\\")


def office_of(root: Path, rest: Sequence[str]) -> tuple[Path, list[str]]:
    """The office folder and the remaining options: the one named, else ``root``, else 办公室 beside the launcher.

    The sample office is copied to demo/ first, so that a checkout stays clean.
    """
    options = list(rest)
    if options and not options[0].startswith("-"):
        folder = Path(options.pop(0)).resolve()
        return (_sample_copy(root, folder) if folder.is_relative_to(root / "samples") else folder), options
    if (root / "设置.xlsx").exists() or (root / "收件箱").exists():
        return root, options
    return root / _OFFICE, options


def _sample_copy(root: Path, sample: Path) -> Path:
    copy = root / "demo" / sample.name
    if not copy.exists():
        shutil.copytree(sample, copy)
        say(f"样例已复制到 demo/{sample.name}(要重新开始,删掉 demo 文件夹即可)。")
    return copy


def run(arguments: Sequence[str]) -> int:
    """Run one salessheets command here and return its exit code."""
    try:
        main(list(arguments), prog_name="salessheets")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FAILED
    except ImportError as missing:
        say(f"程序文件不完整(缺少 {missing.name}),没有运行。请重新解压或重新安装程序;交来的表都没有动。")
        return FAILED
    return DONE


def report(command: str, office: Path, options: Sequence[str]) -> tuple[int, list[Path]]:
    """The weekly or daily run. Returns its exit code and what to open."""
    if not office.exists():
        run(["init", str(office)])
    if reason := obstacle(office):
        say(reason)
        return FAILED, []
    if on_network(str(office)):
        say("办公文件夹在网络盘上:可以用,但会慢一些,运行时请不要断网。")
    _refresh_templates(office)
    code = run([command, str(office), *options])
    weeks = sorted(path for path in (office / _RESULTS[command]).glob("*") if path.is_dir())
    return code, weeks[-1:] if code in (DONE, SET_ASIDE) else []


def _refresh_templates(office: Path) -> None:
    """Write the blank forms again when 设置.xlsx is newer: who double-clicks types no ``salessheets templates``."""
    from . import setup
    from .office import Office

    place = Office(office)
    forms = [path.stat().st_mtime for path in place.templates.glob("*.xlsx")]
    if not place.settings.exists() or (forms and min(forms) >= place.settings.stat().st_mtime):
        return
    try:
        setup.write_templates(place)
    except PermissionError:
        say("有一张模板正被打开,这次没有更新模板。关闭后下次运行会更新。")


def check(root: Path, files: Sequence[str]) -> tuple[int, list[Path]]:
    """Check the dropped sheets; marked copies go to 检查/ beside the launcher. Returns the exit code and what to open."""
    if not files:
        say("请把要检查的表(可以好几个)拖到 check_sheets 这个图标上,松开鼠标。")
        return WRONG_USE, []
    folder = Path(tempfile.mkdtemp(prefix="检查")) if obstacle(root) else root / "检查"
    settings = next((place for place in (root, root / _OFFICE) if (place / "设置.xlsx").exists()), None)
    code = run(["check", *files, "--marked", str(folder), *(("--office", str(settings)) if settings else ())])
    copies = [folder / f"{Path(file).stem}_检查.xlsx" for file in files]
    found = [copy for copy in copies if copy.exists()]
    return code, found if len(found) <= _OPENED_AT_MOST else [folder]


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("what", type=click.Choice(["weekly", "daily", "check", "command"]))
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
@click.option("--root", required=True, type=click.Path(path_type=Path))
@click.option("--clicked", is_flag=True)
@click.option("--no-pause", is_flag=True)
def launch(what: str, rest: tuple[str, ...], root: Path, *, clicked: bool, no_pause: bool) -> None:
    """Do what a launcher was clicked for; hold the window open only for a person who double-clicked."""
    how = started()
    person = (clicked or how.clicked) and not no_pause and "SALESSHEETS_NO_PAUSE" not in os.environ
    root = root.resolve()
    results: list[Path] = []
    if what == "command":
        code = run(rest or ["--help"])
    elif what == "check":
        whole = how.dropped and all(Path(file).is_file() for file in how.dropped)
        code, results = check(root, how.dropped if whole else rest)
    else:
        code, results = report(what, *office_of(root, rest))
    if person:
        for path in results:
            click.launch(str(path))
        if os.name == "nt":
            _hold()
    sys.exit(code)


def _hold() -> None:
    say()
    try:
        input("按回车键关闭这个窗口。")
    except EOFError:
        return


if __name__ == "__main__":
    launch(prog_name="salessheets.launch")
