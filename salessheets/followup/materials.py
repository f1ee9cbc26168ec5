"""Materials that have expired or will within 30 days (manual chapter 5; R17)."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from .facts import Facts

SOON_DAYS = 30
MATERIAL_COLUMNS = ["material_id", "material", "category", "version", "valid_until", "days", "state", "keeper", "place",
                    "for_brands"]  # fmt: skip


def expiring(facts: Facts) -> pd.DataFrame:
    """MATERIAL_COLUMNS of what has expired or will soon, the oldest first. days: left; negative once expired.

    Of several lines with one 资料编号 the newest 更新日期 counts, of those the newest file.
    """
    newest = {}
    for row in sorted(facts.of("materials"), key=lambda r: (r.updated_date, r.number, r.sheet, r.row)):
        newest[row.material_id or row.material] = row
    last = facts.as_of + timedelta(days=SOON_DAYS)
    lines = []
    for row in newest.values():
        if row.valid_until and row.valid_until <= last.isoformat():
            days = (date.fromisoformat(row.valid_until) - facts.as_of).days
            lines.append((row.material_id, row.material, row.category, row.version, row.valid_until, days,
                          "已过期" if days < 0 else "快到期", row.keeper, row.place, row.for_brands))  # fmt: skip
    made = pd.DataFrame(lines, columns=MATERIAL_COLUMNS)
    return made.sort_values(["valid_until", "material_id"], kind="stable").reset_index(drop=True)
