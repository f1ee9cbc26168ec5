"""The commands that read what was handed in: weekly, daily, trace, explain."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from .shell import (
    AS_JSON,
    DAY,
    DONE,
    FOLDER,
    SET_ASIDE,
    ask_passwords,
    finish_forgetting,
    guarded,
    hold,
    main,
    office_at,
    parse_week,
    progress,
    say,
)


@main.command(help="运行周报。\n\n例:salessheets weekly 办公室 --week 2026-W47")
@FOLDER
@click.option("--week", "week_text", metavar="周", help="只做到这一周,例如 2026-W47。")
@click.option("--as-of", type=DAY, metavar="日期", help="当作这一天运行,例如 2026-11-20。")
@click.option("--replay", "replay_text", metavar="周", help="把过去一周的周报重新写到「复原」文件夹。")
@click.option("--dry-run", is_flag=True, help="只算不写,任何文件都不改。")
@click.option("--password", "asked", metavar="品牌", multiple=True, help="运行前输入这个品牌周报的密码,可写几次。")
@AS_JSON
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
    place = ask_passwords(office_at(folder), asked)
    week, again = parse_week(week_text, "--week"), parse_week(replay_text, "--replay")

    def work() -> int:
        from salessheets import summary
        from salessheets import week as process
        from salessheets.forget import job_waits

        if job_waits(place) and not dry_run:
            with hold(place, "删除", dry_run=False):
                finish_forgetting(place)
        day = process.clock(place, as_of.date() if as_of else None)
        if again is not None:
            with hold(place, "周报", dry_run=False):
                for path in process.replay(place, again):
                    say(f"已写 {path}")
            return DONE
        with hold(place, "周报", dry_run=dry_run), progress() as shown:
            outcome = process.weekly(place, day=day, week=week, dry=dry_run, progress=shown)
        if as_json:
            click.echo(json.dumps(summary.as_json(place, outcome), ensure_ascii=False, indent=2))
        for line in summary.lines(place, outcome, dry=dry_run):
            say(line)
        return SET_ASIDE if summary.needs_correction(place, outcome) else DONE

    guarded(place, work)


@main.command(help="写今天的日报:要处理的客户,谁还没有反馈。\n\n例:salessheets daily 办公室 --date 2026-11-24")
@FOLDER
@click.option("--date", "day_text", type=DAY, metavar="日期", help="当作这一天运行,例如 2026-11-24。")
@click.option("--password", "asked", metavar="品牌", multiple=True, help="运行前输入这个品牌周报的密码,可写几次。")
@AS_JSON
def daily(folder: Path, *, asked: tuple[str, ...], day_text: datetime | None, as_json: bool) -> None:
    """The daily hand-over."""
    place = ask_passwords(office_at(folder), asked)

    def work() -> int:
        from salessheets import day as process
        from salessheets import summary, week
        from salessheets.forget import job_waits

        if job_waits(place):
            with hold(place, "删除", dry_run=False):
                finish_forgetting(place)
        day = week.clock(place, day_text.date() if day_text else None)
        with hold(place, "日报", dry_run=False), progress() as shown:
            outcome = process.daily(place, day=day, progress=shown)
        if as_json:
            click.echo(json.dumps(summary.daily_json(place, outcome), ensure_ascii=False, indent=2))
        for line in summary.daily_lines(place, outcome):
            say(line)
        return SET_ASIDE if len(outcome.consolidated.report.returns) else DONE

    guarded(place, work)


@main.command(help="查每一行交来的数据去了哪里。\n\n例:salessheets trace 办公室 --out 去向.csv")
@FOLDER
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到哪个CSV文件。")
def trace(folder: Path, *, out: Path) -> None:
    """Write the fate of every row handed in."""
    place = office_at(folder)

    def work() -> int:
        from salessheets import summary
        from salessheets import week as process

        done = process.trace(place)
        summary.write_trace(done, out)
        say(f"共 {len(done.trace)} 行,已写到 {out}")
        return DONE

    guarded(place, work)


@main.command(help="一个客户的全部情况:记录、合并依据、得分、历史。\n\n例:salessheets explain 00012-1-15 办公室")
@click.argument("number", metavar="客户编号")
@FOLDER
def explain(number: str, folder: Path) -> None:
    """Everything about one lead, as of the newest run."""
    place = office_at(folder)

    def work() -> int:
        from salessheets import explain as explaining
        from salessheets import week as process

        for line in explaining.lines(process.trace(place), number):
            click.echo(line)
        return DONE

    guarded(place, work)
