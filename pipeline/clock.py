"""What day it is. SOURCE_DATE_EPOCH stands in for the clock, so that a release is the same on every day."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta

from pipeline.settings import Settings


def today() -> date:
    """The day, in UTC. An epoch that is no time is none."""
    try:
        return datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC).date()
    except (KeyError, ValueError, OverflowError, OSError):
        return datetime.now(UTC).date()


def shown_since(settings: Settings) -> date | None:
    """Translations of texts that have changed on this day or later are still shown; None if none are."""
    days = settings.translating.grace_days
    return today() - timedelta(days=days) if days else None
