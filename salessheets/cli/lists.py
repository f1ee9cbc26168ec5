"""The commands for single files: check, dedupe."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .shell import AS_JSON, DONE, SET_ASIDE, guarded, main, progress, say

if TYPE_CHECKING:
    from datetime import date

    from salessheets.settings import Settings


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
@AS_JSON
def check(files: tuple[Path, ...], *, marked: Path | None, office_folder: Path | None, as_json: bool) -> None:
    """Check sheets and say by cell what is wrong."""

    def work() -> int:
        from salessheets import check as checking
        from salessheets import office, summary

        settings = settings_above(files, office_folder)
        results = checking.check(list(files), settings, settings.rules.base_date or office.today())
        if as_json:
            click.echo(json.dumps(summary.checked_json(results), ensure_ascii=False, indent=2))
        for line in summary.checked_lines(results):
            say(line)
        for path in summary.write_marked_copies(results, marked) if marked else ():
            say(f"已写 {path}")
        return SET_ASIDE if summary.anything_to_correct(results) else DONE

    guarded(None, work)


@main.command(
    help="找出名单里的重复客户(买来的名录、展会名单…)。原来的文件不改。\n\n例:salessheets dedupe 名录.xlsx 展会.csv --out 结果.xlsx"
)
@click.argument(
    "files", metavar="文件...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path, dir_okay=False)
)
@click.option(
    "--out",
    metavar="结果",
    type=click.Path(path_type=Path),
    required=True,
    help="写到哪个文件(.xlsx 或 .csv;很长的名单 .csv 或 .parquet)。",
)
@click.option("--merge-line", type=float, metavar="分", help="证据分达到它算同一客户(不写就用设置里的)。")
@click.option("--ask-line", type=float, metavar="分", help="证据分达到它请人确认(不写就用设置里的)。")
@click.option(
    "--engine",
    type=click.Choice(["memory", "duckdb", "spark"]),
    help="在哪里比较:内存、硬盘(duckdb)或集群(spark)。不写就按行数选:200万行以上用硬盘。",
)
@click.option("--memory", metavar="大小", default="4GB", show_default=True, help="duckdb 最多用多少内存。")
@click.option("--master", metavar="地址", help="Spark 集群的地址,例如 yarn 或 local[2](用 spark-submit 时不用写)。")
@click.option("--learn", "learning", is_flag=True, help="先从名单本身学哪些证据可靠(一万行以上的名单)。")
@AS_JSON
def dedupe(
    files: tuple[Path, ...],
    *,
    out: Path,
    merge_line: float | None,
    ask_line: float | None,
    engine: str | None,
    memory: str,
    master: str | None,
    learning: bool,
    as_json: bool,
) -> None:
    """Compare lists with themselves and each other."""
    from salessheets.longlists.choice import MEMORY, SUFFIXES, chosen

    if out.suffix.lower() not in SUFFIXES:
        raise click.BadParameter(f"结果文件要以 {'、'.join(SUFFIXES)} 结尾", param_hint="--out")
    if out.resolve() in {path.resolve() for path in files}:
        raise click.BadParameter("结果不能写进原来的文件", param_hint="--out")

    def work() -> int:
        from salessheets import dedupe as lists
        from salessheets import office, summary

        settings = lists.with_lines(settings_above(files), merge_line, ask_line)
        day = settings.rules.base_date or office.today()
        where = chosen(files, out, engine, master)
        if where != MEMORY and learning:
            raise office.NotPossibleError(
                "这么长的名单在硬盘或集群上比较,不能用 --learn。请去掉 --learn,或用 --engine memory"
            )
        if where != MEMORY:
            return _compare_long(where, files, out, settings, day, memory, master, as_json=as_json)
        with progress() as shown:
            found = lists.run(files, settings, day, shown, learning=learning)
        lists.write(found, out, settings, day)
        if as_json:
            click.echo(json.dumps(summary.deduped_json(found, out), ensure_ascii=False, indent=2))
        for line in summary.deduped_lines(found, out):
            say(line)
        return SET_ASIDE if found.lists.unread else DONE

    guarded(None, work)


def _compare_long(
    engine: str,
    files: tuple[Path, ...],
    out: Path,
    settings: Settings,
    day: date,
    memory: str,
    master: str | None,
    *,
    as_json: bool,
) -> int:
    """Lists that no memory holds."""
    from salessheets import summary
    from salessheets.longlists.choice import process_of

    run = process_of(engine, memory, master)
    with progress(steps=True) as shown:
        done = run(files, out, settings, day, shown)
    if as_json:
        click.echo(json.dumps(summary.compared_json(done, out), ensure_ascii=False, indent=2))
    for line in summary.compared_lines(done, out):
        say(line)
    return SET_ASIDE if done.read.unread else DONE


def settings_above(files: tuple[Path, ...], otherwise: Path | None = None) -> Settings:
    """The settings of the office that the files lie in, else of ``otherwise``, else the defaults."""
    from salessheets import settings as office_settings

    places = [parent for file in files for parent in file.resolve().parents]
    places += [otherwise] if otherwise else []
    found = next((place / "设置.xlsx" for place in places if (place / "设置.xlsx").exists()), None)
    return office_settings.load(found.read_bytes()) if found else office_settings.default()
