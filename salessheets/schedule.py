"""The line that makes a computer run the weekly and the daily job by itself: Task Scheduler or cron."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path, PurePath, PureWindowsPath

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_TASK_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


@dataclass(frozen=True)
class Time:
    """A time of day."""

    hour: int
    minute: int

    @classmethod
    def parse(cls, text: str) -> Time:
        """``8:30`` → Time. Raises ValueError on anything else."""
        found = re.fullmatch(r"([01]?\d|2[0-3])[:\uff1a]([0-5]\d)", text.strip())
        if not found:
            raise ValueError(text)
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.hour:02d}:{self.minute:02d}"


def windows_lines(office: PureWindowsPath, weekday: str, weekly: Time, daily: Time) -> list[str]:
    r"""``schtasks`` lines for a command prompt. The inner quotes are written \" as schtasks asks.

    A % in a folder's name needs no care: at a prompt only a whole %name% is replaced, and no folder is called so.
    """
    task = 'schtasks /Create /F /TN "{title} {office}" /TR "\\"{launcher}\\" --no-pause" {when}'
    return [
        task.format(title="周报", office=office.name, launcher=office / "run_weekly.bat",
                    when=f"/SC WEEKLY /D {_TASK_DAYS[WEEKDAYS.index(weekday)]} /ST {weekly}"),
        task.format(title="日报", office=office.name, launcher=office / "run_daily.bat",
                    when=f"/SC WEEKLY /D MON,TUE,WED,THU,FRI /ST {daily}"),
    ]  # fmt: skip


def cron_lines(office: PurePath, weekday: str, weekly: Time, daily: Time) -> list[str]:
    """Lines for ``crontab -e``. In a crontab % begins the input of a command, so it is escaped."""

    def line(time: Time, days: str, launcher: str) -> str:
        log = shlex.quote(str(office / "日志" / "定时运行.log"))
        command = f"bash {shlex.quote(str(office / launcher))} --no-pause >>{log} 2>&1"
        return f"{time.minute} {time.hour} * * {days} {command}".replace("%", "\\%")

    return [
        line(weekly, str((WEEKDAYS.index(weekday) + 1) % 7), "run_weekly.sh"),
        line(daily, "1-5", "run_daily.sh"),
    ]


def advice(office: Path, weekday: str, weekly: Time, daily: Time, *, windows: bool) -> tuple[str, list[str]]:
    """What to do with the lines, in one sentence, and the lines."""
    if windows:
        said = "把下面两行复制到「命令提示符」里,各按一次回车。每周和每个工作日会自动运行(电脑要开着):"
        return said, windows_lines(PureWindowsPath(office), weekday, weekly, daily)
    said = "运行 crontab -e,把下面两行加到最后。每周和每个工作日会自动运行(电脑要开着):"
    return said, cron_lines(office, weekday, weekly, daily)
