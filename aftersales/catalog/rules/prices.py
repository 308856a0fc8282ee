"""What labour costs, and how its standard time is written."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from aftersales.core.money import Money

_MINUTES_PER_HOUR = 60


def labour_price(*, minutes: int, rate: Money) -> Money:
    """What an operation of so many standard minutes costs at a rate per hour, rounded half up to a fen."""
    return Money((2 * rate.fen * minutes + _MINUTES_PER_HOUR) // (2 * _MINUTES_PER_HOUR))


def hours_of(minutes: int) -> Decimal:
    """Standard minutes as hours with at most two decimals: 90 minutes are 1.5 hours."""
    hours = (Decimal(minutes) / _MINUTES_PER_HOUR).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return hours.quantize(Decimal(1)) if hours == hours.to_integral_value() else hours.normalize()


def minutes_of(hours: Decimal) -> int:
    """Standard hours as whole minutes, the nearest."""
    return int((hours * _MINUTES_PER_HOUR).quantize(Decimal(1), rounding=ROUND_HALF_UP))
