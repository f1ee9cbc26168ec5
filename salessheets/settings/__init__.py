"""设置.xlsx: what an office can set."""

from .load import load, normal_number
from .model import (
    CRITERIA,
    RULES,
    SHEETS,
    Blocked,
    Brand,
    Criterion,
    Rule,
    Rules,
    Settings,
    Staff,
    default,
)

__all__ = [
    "CRITERIA", "RULES", "SHEETS", "Blocked", "Brand", "Criterion", "Rule", "Rules", "Settings", "Staff", "default",
    "load", "normal_number",
]  # fmt: skip
