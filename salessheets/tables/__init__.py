"""The manual's twelve tables. The only place where a column is declared."""

from __future__ import annotations

from .aftersales import AFTERSALES
from .analysis import ANALYSIS
from .columns import By, Column, Condition, Kind, Source, Table
from .consult_log import CONSULT_LOG
from .directory import DIRECTORY
from .handover import HANDOVER
from .materials import MATERIALS
from .negotiation import NEGOTIATION
from .referral import REFERRAL
from .referral_thanks import REFERRAL_THANKS
from .strategy import STRATEGY
from .valid_leads import VALID_LEADS
from .visit_log import VISIT_LOG

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
WITH_CUSTOMERS: tuple[str, ...] = tuple(t.key for t in TABLES.values() if t.customers)

__all__ = ["INTAKE", "TABLES", "WITH_CUSTOMERS", "By", "Column", "Condition", "Kind", "Source", "Table"]
