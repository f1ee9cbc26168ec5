"""The command line: parse, call, print. Messages for people go to stderr, --json alone to stdout."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import __version__

if TYPE_CHECKING:
    from .office import Office
    from .problems import Problem
    from .settings import Settings

DONE, FAILED, WRONG_USE, SET_ASIDE = 0, 1, 2, 3

_FOLDER = click.argument("folder", metavar="[办公文件夹]", default=".", type=click.Path(path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="结果以JSON写到标准输出。")
_DAY = click.DateTime(["%Y-%m-%d"])


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


def _guarded(place: Office | None, work: Callable[[], int]) -> None:
    """Run a command's work. Known refusals are one sentence; a program error goes to 日志/ (or the screen with --debug)."""
    from .files import disk_problem
    from .office import NotPossibleError, OfficeBusyError
    from .problems import Problem

    try:
        code = work()
    except OfficeBusyError as busy:
        code = _refuse(Problem("office-busy", value=str(busy)))
    except NotPossibleError as reason:
        say(f"没有运行:{reason}")
        code = FAILED
    except OSError as error:
        if click.get_current_context().obj:
            raise
        code = _refuse(disk_problem(error, place.root if place else None))
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


def _refuse(problem: Problem) -> int:
    say(f"{problem.message}。{problem.todo}。")
    return FAILED


def _office(folder: Path) -> Office:
    from .office import Office
    from .passwords import Passwords

    place = Office(folder.resolve(), Passwords.from_environment())
    if not place.settings.exists() and not place.inbox.exists():
        raise click.UsageError(f"「{folder}」不是办公文件夹(没有 设置.xlsx 和 收件箱)。可用 salessheets init 建一个。")
    return place


@main.command(help="建一个新的办公文件夹:设置、模板、收件箱。\n\n例:salessheets init 办公室")
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make an office folder; nothing that exists is overwritten."""
    from . import setup
    from .office import Office

    place = Office(folder.resolve())

    def work() -> int:
        made = setup.make_office(place)
        say(f"办公文件夹已建好:{folder}" if made else f"办公文件夹已经有了:{folder}(没有改动设置)")
        say("下一步:打开 设置.xlsx 填品牌和人员,再运行 salessheets templates 更新模板。")
        return DONE

    _guarded(place, work)


@main.command(help="运行周报。\n\n例:salessheets weekly 办公室 --week 2026-W47")
@_FOLDER
@click.option("--week", "week_text", metavar="周", help="只做到这一周,例如 2026-W47。")
@click.option("--as-of", type=_DAY, metavar="日期", help="当作这一天运行,例如 2026-11-20。")
@click.option("--replay", "replay_text", metavar="周", help="把过去一周的周报重新写到「复原」文件夹。")
@click.option("--dry-run", is_flag=True, help="只算不写,任何文件都不改。")
@click.option("--password", "asked", metavar="品牌", multiple=True, help="运行前输入这个品牌周报的密码,可写几次。")
@_JSON
def weekly(
    folder: Path,
    *,
    asked: tuple[str, ...],
    week_text: str | None,
    as_of: datetime | None,
    replay_text: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """The weekly run."""
    place = _ask_passwords(_office(folder), asked)
    week, again = _week(week_text, "--week"), _week(replay_text, "--replay")

    def work() -> int:
        from . import summary
        from . import week as process
        from .forget import job_waits

        if job_waits(place) and not dry_run:
            with _hold(place, "删除", dry_run=False):
                _finish_forgetting(place)
        day = process.clock(place, as_of.date() if as_of else None)
        if again is not None:
            with _hold(place, "周报", dry_run=False):
                for path in process.replay(place, again):
                    say(f"已写 {path}")
            return DONE
        with _hold(place, "周报", dry_run=dry_run), _progress() as progress:
            outcome = process.weekly(place, day=day, week=week, dry=dry_run, progress=progress)
        if as_json:
            click.echo(json.dumps(summary.as_json(place, outcome), ensure_ascii=False, indent=2))
        for line in summary.lines(place, outcome, dry=dry_run):
            say(line)
        return SET_ASIDE if summary.needs_correction(place, outcome) else DONE

    _guarded(place, work)


@main.command(help="写今天的日报:要处理的客户,谁还没有反馈。\n\n例:salessheets daily 办公室 --date 2026-11-24")
@_FOLDER
@click.option("--date", "day_text", type=_DAY, metavar="日期", help="当作这一天运行,例如 2026-11-24。")
@click.option("--password", "asked", metavar="品牌", multiple=True, help="运行前输入这个品牌周报的密码,可写几次。")
@_JSON
def daily(folder: Path, *, asked: tuple[str, ...], day_text: datetime | None, as_json: bool) -> None:
    """The daily hand-over."""
    place = _ask_passwords(_office(folder), asked)

    def work() -> int:
        from . import day as process
        from . import summary, week
        from .forget import job_waits

        if job_waits(place):
            with _hold(place, "删除", dry_run=False):
                _finish_forgetting(place)
        day = week.clock(place, day_text.date() if day_text else None)
        with _hold(place, "日报", dry_run=False), _progress() as progress:
            outcome = process.daily(place, day=day, progress=progress)
        if as_json:
            click.echo(json.dumps(summary.daily_json(place, outcome), ensure_ascii=False, indent=2))
        for line in summary.daily_lines(place, outcome):
            say(line)
        return SET_ASIDE if len(outcome.consolidated.report.returns) else DONE

    _guarded(place, work)


@main.command(help="查每一行交来的数据去了哪里。\n\n例:salessheets trace 办公室 --out 去向.csv")
@_FOLDER
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到哪个CSV文件。")
def trace(folder: Path, *, out: Path) -> None:
    """Write the fate of every row handed in."""
    place = _office(folder)

    def work() -> int:
        from . import summary
        from . import week as process

        done = process.trace(place)
        summary.write_trace(done, out)
        say(f"共 {len(done.trace)} 行,已写到 {out}")
        return DONE

    _guarded(place, work)


@main.command(help="一个客户的全部情况:记录、合并依据、得分、历史。\n\n例:salessheets explain 00012-1-15 办公室")
@click.argument("number", metavar="客户编号")
@_FOLDER
def explain(number: str, folder: Path) -> None:
    """Everything about one lead, as of the newest run."""
    place = _office(folder)

    def work() -> int:
        from . import explain as explaining
        from . import week as process

        for line in explaining.lines(process.trace(place), number):
            click.echo(line)
        return DONE

    _guarded(place, work)


@main.command(help="交表之前先检查。\n\n例:salessheets check 咨询记录.xlsx 移交表.xlsx")
@click.argument(
    "files", metavar="文件...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path, dir_okay=False)
)
@click.option(
    "--marked",
    metavar="文件夹",
    type=click.Path(path_type=Path, file_okay=False),
    help="把标了颜色的副本写到这个文件夹。",
)
@click.option(
    "--office",
    "office_folder",
    metavar="办公文件夹",
    type=click.Path(path_type=Path, file_okay=False),
    help="表不在办公文件夹里时,按这个办公文件夹的设置检查。",
)
@_JSON
def check(files: tuple[Path, ...], *, marked: Path | None, office_folder: Path | None, as_json: bool) -> None:
    """Check sheets and say by cell what is wrong."""

    def work() -> int:
        from . import check as checking
        from . import office, summary

        settings = _settings_above(files, office_folder)
        results = checking.check(list(files), settings, settings.rules.base_date or office.today())
        if as_json:
            click.echo(json.dumps(summary.checked_json(results), ensure_ascii=False, indent=2))
        for line in summary.checked_lines(results):
            say(line)
        for path in summary.write_marked_copies(results, marked) if marked else ():
            say(f"已写 {path}")
        return SET_ASIDE if summary.anything_to_correct(results) else DONE

    _guarded(None, work)


@main.command(
    help="找出名单里的重复客户(买来的名录、展会名单…)。原来的文件不改。\n\n例:salessheets dedupe 名录.xlsx 展会.csv --out 结果.xlsx"
)
@click.argument(
    "files", metavar="文件...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path, dir_okay=False)
)
@click.option(
    "--out",
    metavar="结果",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="写到哪个文件(.xlsx 或 .csv)。",
)
@click.option("--merge-line", type=float, metavar="分", help="证据分达到它算同一客户(不写就用设置里的)。")
@click.option("--ask-line", type=float, metavar="分", help="证据分达到它请人确认(不写就用设置里的)。")
@_JSON
def dedupe(
    files: tuple[Path, ...],
    *,
    out: Path,
    merge_line: float | None,
    ask_line: float | None,
    as_json: bool,
) -> None:
    """Compare lists with themselves and each other."""
    from .write.deduped import SUFFIXES

    if out.suffix.lower() not in SUFFIXES:
        raise click.BadParameter(f"结果文件要以 {' 或 '.join(SUFFIXES)} 结尾", param_hint="--out")
    if out.resolve() in {path.resolve() for path in files}:
        raise click.BadParameter("结果不能写进原来的文件", param_hint="--out")

    def work() -> int:
        from . import dedupe as lists
        from . import office, summary

        settings = lists.with_lines(_settings_above(files), merge_line, ask_line)
        day = settings.rules.base_date or office.today()
        with _progress() as progress:
            found = lists.run(files, settings, day, progress)
        lists.write(found, out, settings, day)
        if as_json:
            click.echo(json.dumps(summary.deduped_json(found, out), ensure_ascii=False, indent=2))
        for line in summary.deduped_lines(found, out):
            say(line)
        return SET_ASIDE if found.lists.unread else DONE

    _guarded(None, work)


@main.command(help="写空白模板(带本单位的品牌和人员)。\n\n例:salessheets templates 办公室")
@_FOLDER
def templates(folder: Path) -> None:
    """Write the blank forms into 模板/."""
    place = _office(folder)

    def work() -> int:
        from . import setup

        with _hold(place, "模板", dry_run=False):
            names = setup.write_templates(place)
        say(f"已写 {len(names)} 张模板到「模板」文件夹:{'、'.join(names)}")
        return DONE

    _guarded(place, work)


@main.command(help="给出定时运行的设置:每周的周报和每个工作日的日报。\n\n例:salessheets schedule 办公室 --at 08:30")
@_FOLDER
@click.option("--on", "weekday", metavar="星期", default="周一", show_default=True, help="周报在星期几运行。")
@click.option("--at", "weekly_at", metavar="时间", default="08:30", show_default=True, help="周报几点运行。")
@click.option("--daily-at", metavar="时间", default="17:30", show_default=True, help="日报几点运行。")
@click.option(
    "--system",
    type=click.Choice(["windows", "cron"]),
    default="windows" if sys.platform == "win32" else "cron",
    help="为哪种系统写(默认:这台电脑)。",
)
def schedule(folder: Path, *, weekday: str, weekly_at: str, daily_at: str, system: str) -> None:
    """Print the Task Scheduler or cron lines; the lines alone go to stdout."""
    from . import schedule as timing

    place = _office(folder)
    if weekday not in timing.WEEKDAYS:
        raise click.BadParameter(f"「{weekday}」不是星期几,请写成 周一", param_hint="--on")
    weekly_time, daily_time = _time(weekly_at, "--at"), _time(daily_at, "--daily-at")
    said, lines = timing.advice(place.root, weekday, weekly_time, daily_time, windows=system == "windows")
    if not any(place.root.glob("run_weekly.*")):
        say("这个办公文件夹里还没有启动文件,请先运行 salessheets init(设置和表都不会改动)。")
    say(said)
    for line in lines:
        click.echo(line)


def _time(text: str, option: str) -> Any:
    from .schedule import Time

    try:
        return Time.parse(text)
    except ValueError:
        raise click.BadParameter(f"「{text}」不是时间,请写成 08:30", param_hint=option) from None


def _settings_above(files: tuple[Path, ...], otherwise: Path | None = None) -> Settings:
    """The settings of the office that the files lie in, else of ``otherwise``, else the defaults."""
    from . import settings as office_settings

    places = [parent for file in files for parent in file.resolve().parents]
    places += [otherwise] if otherwise else []
    found = next((place / "设置.xlsx" for place in places if (place / "设置.xlsx").exists()), None)
    return office_settings.load(found.read_bytes()) if found else office_settings.default()


@main.command(
    help="把一个人从存档、收件箱和周报里删掉,以后也不再收。不能恢复。\n\n"
    "例:salessheets forget 办公室 --phone 13800138000"
)
@_FOLDER
@click.option("--phone", "phones", metavar="电话", multiple=True, help="他的电话,可写几次。")
@click.option("--wechat", "wechats", metavar="微信号", multiple=True, help="他的微信号。")
@click.option("--qq", "qqs", metavar="QQ号", multiple=True, help="他的QQ号。")
@click.option("--lead", metavar="客户编号", default="", help="客户编号,例如 00012-1-5。")
@click.option("--dry-run", is_flag=True, help="只说会删掉多少,不删。")
@click.option("--yes", is_flag=True, help="不再问一遍。")
def forget(
    folder: Path,
    *,
    phones: tuple[str, ...],
    wechats: tuple[str, ...],
    qqs: tuple[str, ...],
    lead: str,
    dry_run: bool,
    yes: bool,
) -> None:
    """Erase a person. What is printed never says who."""
    place = _office(folder)
    if not (numbers := (*phones, *wechats, *qqs)) and not lead:
        raise click.UsageError("请写明是谁:--phone 电话、--wechat 微信号、--qq QQ号 或 --lead 客户编号")

    def work() -> int:
        from . import forget as forgetting
        from . import seek

        with _hold(place, "删除", dry_run=False):
            _finish_forgetting(place)
            job = seek.find(place, numbers=numbers, lead=lead.strip())
            for line in seek.told(job):
                say(line)
            if dry_run:
                return DONE
            if not yes and sys.stdin.isatty() and not click.confirm("删掉后不能恢复。现在删吗?", err=True):
                return FAILED
            forgetting.start(place, job)
            return _finish_forgetting(place)

    _guarded(place, work)


@main.command(help="检查整个办公文件夹,能修的修好。\n\n例:salessheets doctor 办公室")
@_FOLDER
@_JSON
def doctor(folder: Path, *, as_json: bool) -> None:
    """Check everything; mend what can be mended safely."""
    place = _office(folder)

    def work() -> int:
        from . import doctor as checking
        from . import summary

        with _hold(place, "检查", dry_run=False):
            _finish_forgetting(place)
            found = checking.examine(place)
        if as_json:
            click.echo(json.dumps(summary.diagnosis_json(found.mended, found.problems), ensure_ascii=False, indent=2))
        for line in summary.diagnosis_lines(found.checked, found.mended, found.problems):
            say(line)
        return DONE if found.well else SET_ASIDE

    _guarded(place, work)


def _finish_forgetting(place: Office) -> int:
    """Do what ``forget`` has written down, also what a killed one left."""
    from . import forget as forgetting

    erased = forgetting.resume(place)
    if erased is None:
        return DONE
    for line in erased.said:
        say(line)
    return SET_ASIDE if erased.problems else DONE


def _ask_passwords(place: Office, brands: tuple[str, ...]) -> Office:
    """Typed at the keyboard, kept for this run only."""
    from dataclasses import replace

    for brand in brands:
        typed = click.prompt(f"「{brand}」周报的密码", hide_input=True, confirmation_prompt="再输一次", err=True)
        place = replace(place, passwords=place.passwords.also(brand, typed))
    return place


def _week(text: str | None, option: str) -> Any:
    from .office import Week

    if text is None:
        return None
    try:
        return Week.parse(text)
    except ValueError:
        raise click.BadParameter(f"「{text}」不是周次,请写成 2026-W47", param_hint=option) from None


def _hold(place: Office, what: str, *, dry_run: bool) -> Any:
    """The office's lock, naming who runs; a dry run needs none."""
    import getpass
    from contextlib import nullcontext

    if dry_run:
        return nullcontext()
    who = f"{getpass.getuser()} 的{what}({date.today().isoformat()})"  # noqa: DTZ011
    return place.lock(who)


def _progress() -> Any:
    """A context giving a progress callback: one changing line on a terminal, nothing in a pipe."""
    from contextlib import contextmanager

    @contextmanager
    def shown() -> Any:
        from rich.console import Console

        console = Console(stderr=True)
        if not console.is_terminal:
            yield lambda _: None
            return
        with console.status("开始…") as status:
            yield status.update

    logging.captureWarnings(capture=True)
    return shown()
