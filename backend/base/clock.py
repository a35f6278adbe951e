"""The one place that asks for the time; everything else is told it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # one zone, no daylight saving since 1991


def _system() -> datetime:
    return datetime.now(UTC)


source: Callable[[], datetime] = _system


def now() -> datetime:
    """Aware UTC instant, cut to milliseconds because that is what BSON keeps."""
    instant = source()
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def today() -> date:
    """The civil date in China, which is what laws and farming logs count in."""
    return civil_date(now())


def civil_date(instant: datetime) -> date:
    return instant.astimezone(CHINA).date()


def local(instant: datetime) -> datetime:
    return instant.astimezone(CHINA)
