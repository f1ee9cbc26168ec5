"""What the manual wants followed up: hand-overs, feedback, referrals, plans, reminders (R1–R8, R14, R17)."""

from .assign import with_facts
from .facts import FROM_RECORD, Facts, dated_edits, gather
from .lists import FollowUp, Prepared, follow_up, nothing, prepare

__all__ = [
    "FROM_RECORD",
    "Facts",
    "FollowUp",
    "Prepared",
    "dated_edits",
    "follow_up",
    "gather",
    "nothing",
    "prepare",
    "with_facts",
]
