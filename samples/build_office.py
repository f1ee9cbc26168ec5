"""Make samples/office and samples/expected again: ``python samples/build_office.py [--settings-only]``.

Seeded and without a clock, so the same files come out every time. LibreOffice is needed for the few workbooks it
saved; without it those that are already there stay. Everybody and every shop in it is invented.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from making import expected, filing, journeys, oracle, special_odd, special_rows, special_same, working, writers  # noqa: E402
from making.customers import People  # noqa: E402
from making.grid import grid  # noqa: E402
from making.model import Entry, File, number_files, place_entries  # noqa: E402
from making.people import settings_bytes  # noqa: E402

SEED = 20261120


def fill_in() -> tuple[list[File], People]:
    """All files as they are filled in, and everybody who occurs in them."""
    rng = random.Random(SEED)
    people = People(rng)
    people.taken |= {"张伟", "李娜", "王建国", "李秀英", "曹德胜", "孔洁", "孙国良", "赵海英"}
    desk = journeys.Desk(people, rng)
    journeys.web(desk)
    journeys.visits(desk)
    journeys.lists(desk)
    journeys.referrals(desk)
    special_same.one_customer(desk)
    special_same.two_customers(desk)
    special_same.urgent(desk)
    special_same.brands(desk)
    special_rows.returned(desk)
    special_rows.invalid(desk)
    special_odd.odd_phones(desk)
    special_odd.odd_values(desk)
    special_rows.handed_on(desk)
    again = special_rows.registers(desk)
    special_rows.pasted_twice(desk)
    journeys.feedback(desk)
    working.analyses(desk)
    files = [
        *filing.consult_files(desk),
        *filing.handover_files(desk, again),
        *filing.directory_files(desk),
        *filing.visit_files(desk, again),
        *filing.other_files(desk, working.talks(desk), working.materials()),
    ]
    return files, people


def write(files: list[File], numbers: dict[str, str]) -> None:
    """The inbox; the office holds nothing else but 设置.xlsx."""
    inbox = HERE / "office" / "收件箱"
    made: dict[str, bytes] = {}
    for file in files:
        target = inbox / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.outcome == "skipped":
            made[file.path] = b"\x06" + "何敏".encode().ljust(54, b" ") + "何敏".encode("utf-16-le").ljust(110, b" ")
        elif file.outcome == "failed":
            made[file.path] = next(made[p] for p in made if p.endswith("第1周咨询记录.xlsx"))[
                :3000
            ]  # cut off in transit
        elif file.copy_of:
            made[file.path] = made[file.copy_of]
        else:
            made[file.path] = writers.make(file, [(s, grid(s, numbers)) for s in file.sheets], target)
    for old in inbox.rglob("*"):
        if old.is_file() and old.relative_to(inbox).as_posix() not in made:
            old.unlink()
    for path, data in made.items():
        (inbox / path).write_bytes(data)


def main() -> None:
    """Build everything and say what came out."""
    if "--settings-only" not in sys.argv[1:]:
        files, people = fill_in()
        number_files(files)
        entries: list[Entry] = place_entries(files)
        numbers = oracle.decide(entries)
        oracle.check(files, entries, people.all)
        write(files, numbers)
        target = HERE / "expected"
        target.mkdir(exist_ok=True)
        (target / "rows.csv").write_bytes(expected.rows_csv(entries))
        (target / "files.csv").write_bytes(expected.files_csv(files, entries))
        (target / "leads.csv").write_bytes(expected.leads_csv(entries, people.all, numbers))
        for name, counts in expected.summary(entries).items():
            print(name, counts)
        print("rows", len(entries), "customers", len(numbers), "files", sum(f.number > 0 for f in files))
    (HERE / "office" / "设置.xlsx").write_bytes(settings_bytes())


if __name__ == "__main__":
    main()
