"""The manual's twelve tables. The only place where a column is declared."""

from __future__ import annotations

from .columns import By, Column, Condition, Kind, Source, Table
from .intake import CONSULT_LOG, DIRECTORY, HANDOVER, REFERRAL, VISIT_LOG
from .working import (
    AFTERSALES,
    ANALYSIS,
    MATERIALS,
    NEGOTIATION,
    REFERRAL_THANKS,
    STRATEGY,
    VALID_LEADS,
)

TABLES: dict[str, Table] = {
    t.key: t
    for t in (
        CONSULT_LOG,
        HANDOVER,
        DIRECTORY,
        REFERRAL,
        VISIT_LOG,
        VALID_LEADS,
        ANALYSIS,
        STRATEGY,
        NEGOTIATION,
        MATERIALS,
        AFTERSALES,
        REFERRAL_THANKS,
    )
}
INTAKE: tuple[str, ...] = tuple(t.key for t in TABLES.values() if t.intake)

__all__ = ["INTAKE", "TABLES", "By", "Column", "Condition", "Kind", "Source", "Table"]
