"""What people type comes back: three directors at the keyboard for three weeks, against an oracle that named the conflicts.

This is the short form. The whole, twelve weeks: ``python tests/roundtrip_office.py --weeks 12 --seed 1``.
"""

from __future__ import annotations

import office_keyboard
import pytest
from roundtrip_kinds import KINDS
from roundtrip_office import simulate

WHY_NOT = office_keyboard.why_not()
pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "it can be driven")


@pytest.fixture(scope="module")
def simulation(tmp_path_factory):
    return simulate(tmp_path_factory.mktemp("typing"), weeks=3, seed=2, per_session=12, first=6)


def test_everything_typed_is_there_the_next_week_or_listed_as_the_oracle_said(simulation):
    assert simulation.wrong == []


def test_people_did_a_great_deal(simulation):
    """The test above is worth something."""
    assert len(simulation.done) >= 30 <= len(KINDS)
    assert simulation.oracle.edits > 80
    assert simulation.oracle.conflicting > 0
    assert simulation.checked > 1000
