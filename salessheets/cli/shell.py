"""What every command shares: arguments, the office, its lock, progress, and how an error is told."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salessheets import __version__

if TYPE_CHECKING:
    from salessheets.office import Office
    from salessheets.problems import Problem

_EVERY = 10  # seconds
DONE, FAILED, WRONG_USE, SET_ASIDE = 0, 1, 2, 3

FOLDER = click.argument("folder", metavar="[办公文件夹]", default=".", type=click.Path(path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="结果以JSON写到标准输出。")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group(help="把同事交来的Excel表合并成每个品牌的周报。")
@click.version_option(__version__, message="salessheets %(version)s", help="显示版本号。")
@click.option("--debug", is_flag=True, help="出错时显示详细信息(给开发人员)。")
@click.pass_context
def main(context: click.Context, *, debug: bool) -> None:
    """Root of the commands; remembers --debug."""
    context.obj = debug


def say(text: str = "") -> None:
    """One line for the person at the screen."""
    click.echo(text, err=True)


def guarded(place: Office | None, work: Callable[[], int]) -> None:
    """Run a command's work. Known refusals are one sentence; a program error goes to 日志/ (or the screen with --debug)."""
    from salessheets.files import disk_problem
    from salessheets.office import NotPossibleError, OfficeBusyError
    from salessheets.problems import Problem

    try:
        code = work()
    except OfficeBusyError as busy:
        code = refuse(Problem("office-busy", value=str(busy)))
    except NotPossibleError as reason:
        say(f"没有运行:{reason}")
        code = FAILED
    except OSError as error:
        if click.get_current_context().obj:
            raise
        code = refuse(disk_problem(error, place.root if place else None))
    except Exception:
        if click.get_current_context().obj or place is None:
            raise
        log = place.logs / f"出错_{datetime.now().strftime('%Y%m%d_%H%M%S')}.txt"  # noqa: DTZ005
        kind, _, trail = sys.exc_info()
        told = ""
        with suppress(OSError):
            log.parent.mkdir(parents=True, exist_ok=True)
            # The text of a foreign exception may quote a customer's data: the log gets the place, not the text.
            log.write_text("".join([*traceback.format_tb(trail), str(kind)]), encoding="utf-8")
            told = f"请把 {log.name}(在「日志」文件夹里)发给管理员。"
        say(f"程序出错了,没有做完。交来的文件都没有动。{told}")
        code = FAILED
    sys.exit(code)


def refuse(problem: Problem) -> int:
    """Say what is wrong and what to do; the exit code."""
    say(f"{problem.message}。{problem.todo}。")
    return FAILED


def office_at(folder: Path) -> Office:
    """The office in ``folder``; wrong use when there is none."""
    from salessheets.office import Office
    from salessheets.passwords import Passwords

    place = Office(folder.resolve(), Passwords.from_environment())
    if not place.settings.exists() and not place.inbox.exists():
        raise click.UsageError(f"「{folder}」不是办公文件夹(没有 设置.xlsx 和 收件箱)。可用 salessheets init 建一个。")
    return place


def ask_passwords(place: Office, brands: tuple[str, ...]) -> Office:
    """Typed at the keyboard, kept for this run only."""
    from dataclasses import replace

    for brand in brands:
        typed = click.prompt(f"「{brand}」周报的密码", hide_input=True, confirmation_prompt="再输一次", err=True)
        place = replace(place, passwords=place.passwords.also(brand, typed))
    return place


def finish_forgetting(place: Office) -> int:
    """Do what ``forget`` has written down, also what a killed one left."""
    from salessheets import forget as forgetting

    erased = forgetting.resume(place)
    if erased is None:
        return DONE
    for line in erased.said:
        say(line)
    return SET_ASIDE if erased.problems else DONE


def parse_week(text: str | None, option: str) -> Any:
    """A week such as 2026-W47; wrong use when it is none."""
    from salessheets.office import Week

    if text is None:
        return None
    try:
        return Week.parse(text)
    except ValueError:
        raise click.BadParameter(f"「{text}」不是周次,请写成 2026-W47", param_hint=option) from None


def parse_time(text: str, option: str) -> Any:
    """A time such as 08:30; wrong use when it is none."""
    from salessheets.schedule import Time

    try:
        return Time.parse(text)
    except ValueError:
        raise click.BadParameter(f"「{text}」不是时间,请写成 08:30", param_hint=option) from None


def hold(place: Office, what: str, *, dry_run: bool) -> Any:
    """The office's lock, naming who runs; a dry run needs none."""
    import getpass
    from contextlib import nullcontext

    if dry_run:
        return nullcontext()
    who = f"{getpass.getuser()} 的{what}({date.today().isoformat()})"  # noqa: DTZ011
    return place.lock(who)


def progress(*, steps: bool = False) -> Any:
    """A context giving a progress callback: one changing line on a terminal, nothing in a pipe.

    steps: for work of many minutes, a line now and then goes into a pipe too.
    """
    from contextlib import contextmanager

    @contextmanager
    def shown() -> Any:
        from rich.console import Console

        console = Console(stderr=True)
        if not console.is_terminal:
            yield _now_and_then() if steps else lambda _: None
            return
        with console.status("开始…") as status:
            yield status.update

    logging.captureWarnings(capture=True)
    return shown()


def _now_and_then() -> Callable[[str], None]:
    """Say what is going on, not oftener than every few seconds."""
    from time import monotonic

    last = 0.0

    def told(what: str) -> None:
        nonlocal last
        if monotonic() - last >= _EVERY:
            last = monotonic()
            say(what)

    return told
