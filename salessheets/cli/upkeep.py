"""The commands that keep an office in order: init, templates, schedule, forget, retrain, doctor."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from .shell import (
    AS_JSON,
    DONE,
    FAILED,
    FOLDER,
    SET_ASIDE,
    finish_forgetting,
    guarded,
    hold,
    main,
    office_at,
    parse_time,
    progress,
    say,
)


@main.command(help="建一个新的办公文件夹:设置、模板、收件箱。\n\n例:salessheets init 办公室")
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make an office folder; nothing that exists is overwritten."""
    from salessheets import setup
    from salessheets.office import Office

    place = Office(folder.resolve())

    def work() -> int:
        made = setup.make_office(place)
        say(f"办公文件夹已建好:{folder}" if made else f"办公文件夹已经有了:{folder}(没有改动设置)")
        say("下一步:打开 设置.xlsx 填品牌和人员,再运行 salessheets templates 更新模板。")
        return DONE

    guarded(place, work)


@main.command(help="写空白模板(带本单位的品牌和人员)。\n\n例:salessheets templates 办公室")
@FOLDER
def templates(folder: Path) -> None:
    """Write the blank forms into 模板/."""
    place = office_at(folder)

    def work() -> int:
        from salessheets import setup

        with hold(place, "模板", dry_run=False):
            names = setup.write_templates(place)
        say(f"已写 {len(names)} 张模板到「模板」文件夹:{'、'.join(names)}")
        return DONE

    guarded(place, work)


@main.command(help="给出定时运行的设置:每周的周报和每个工作日的日报。\n\n例:salessheets schedule 办公室 --at 08:30")
@FOLDER
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
    from salessheets import schedule as timing

    place = office_at(folder)
    if weekday not in timing.WEEKDAYS:
        raise click.BadParameter(f"「{weekday}」不是星期几,请写成 周一", param_hint="--on")
    weekly_time, daily_time = parse_time(weekly_at, "--at"), parse_time(daily_at, "--daily-at")
    said, lines = timing.advice(place.root, weekday, weekly_time, daily_time, windows=system == "windows")
    if not any(place.root.glob("run_weekly.*")):
        say("这个办公文件夹里还没有启动文件,请先运行 salessheets init(设置和表都不会改动)。")
    say(said)
    for line in lines:
        click.echo(line)


@main.command(
    help="把一个人从存档、收件箱和周报里删掉,以后也不再收。不能恢复。\n\n"
    "例:salessheets forget 办公室 --phone 13800138000"
)
@FOLDER
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
    place = office_at(folder)
    if not (numbers := (*phones, *wechats, *qqs)) and not lead:
        raise click.UsageError("请写明是谁:--phone 电话、--wechat 微信号、--qq QQ号 或 --lead 客户编号")

    def work() -> int:
        from salessheets import forget as forgetting
        from salessheets import seek

        with hold(place, "删除", dry_run=False):
            finish_forgetting(place)
            job = seek.find(place, numbers=numbers, lead=lead.strip())
            for line in seek.told(job):
                say(line)
            if dry_run:
                return DONE
            if not yes and sys.stdin.isatty() and not click.confirm("删掉后不能恢复。现在删吗?", err=True):
                return FAILED
            forgetting.start(place, job)
            return finish_forgetting(place)

    guarded(place, work)


@main.command(help="从存档学哪些证据可靠,先列出会变的客户;加 --apply 才改。\n\n例:salessheets retrain 办公室")
@FOLDER
@click.option("--apply", "applying", is_flag=True, help="存成新的一版,从下一次运行起使用。过去的周报不变。")
@click.option("--shipped", is_flag=True, help="不学,改回程序自带的分数。")
@click.option("--who", metavar="姓名", default="", help="谁决定的,写进存档(不写就是电脑的用户名)。")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="文件", help="会变的客户全部写到这个CSV文件。"
)
def retrain(folder: Path, *, applying: bool, shipped: bool, who: str, out: Path | None) -> None:
    """Learn weights from the archive; what would change is shown before anything does."""
    import getpass

    place = office_at(folder)

    def work() -> int:
        from salessheets import retrain as training
        from salessheets import week

        day, person = week.clock(place), who.strip() or getpass.getuser()
        with hold(place, "学习", dry_run=not applying):
            with progress() as shown:
                shown("比较")
                found = training.propose(place, day, person, shipped=shipped)
            for line in training.lines(found, applying=applying):
                say(line)
            if out and found.moved is not None:
                training.write(found, out)
                say(f"已写 {out}")
            if applying and found.moved is not None:
                say(f"已存为 {training.apply(place, found, day, person).words},从下一次运行起使用。过去的周报不变。")
        return DONE

    guarded(place, work)


@main.command(help="检查整个办公文件夹,能修的修好。\n\n例:salessheets doctor 办公室")
@FOLDER
@AS_JSON
def doctor(folder: Path, *, as_json: bool) -> None:
    """Check everything; mend what can be mended safely."""
    place = office_at(folder)

    def work() -> int:
        from salessheets import doctor as checking
        from salessheets import summary

        with hold(place, "检查", dry_run=False):
            finish_forgetting(place)
            found = checking.examine(place)
        if as_json:
            click.echo(json.dumps(summary.diagnosis_json(found.mended, found.problems), ensure_ascii=False, indent=2))
        for line in summary.diagnosis_lines(found.checked, found.mended, found.problems):
            say(line)
        return DONE if found.well else SET_ASIDE

    guarded(place, work)
