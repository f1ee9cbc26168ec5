"""设置.xlsx: what an office can set."""

from .load import load
from .model import (
    AT_WORK,
    CRITERIA,
    RULES,
    SHEETS,
    Absence,
    Blocked,
    Brand,
    Criterion,
    Rule,
    Rules,
    Settings,
    Staff,
    default,
)
from .values import normal_number

__all__ = [
    "AT_WORK", "CRITERIA", "RULES", "SHEETS", "Absence", "Blocked", "Brand", "Criterion", "Rule", "Rules", "Settings", "Staff", "default",
    "load", "normal_number",
]  # fmt: skip
