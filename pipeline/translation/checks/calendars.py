"""A day of the Gregorian calendar in the others that people print: exact where a rule is known, near where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

#: A day: year, month, day of the month.
Day = tuple[int, int, int]
# Days before the first of each calendar, counted as date.toordinal() does.
_ISLAMIC_EPOCH = 227_015
_ETHIOPIC_EPOCH = 2_796
#: The years in which the rhythm of leap years changes (Borkowski 1996).
_BREAKS = (-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178)


def solar_hijri(day: date) -> Iterator[Day]:
    """The day in the calendar of Iran and Afghanistan (Birashk's cycles as in Borkowski's algorithm; right for 1800 to 2200).

    >>> next(solar_hijri(date(2021, 9, 10)))
    (1400, 6, 19)
    """
    year = day.year - 621
    first = date(day.year, 3, _nowruz(year))
    if day < first:
        year -= 1
        first = date(day.year - 1, 3, _nowruz(year))
    passed = (day - first).days
    month, of_month = divmod(passed, 31) if passed < 186 else divmod(passed - 186, 30)
    yield year, month + (1 if passed < 186 else 7), of_month + 1


def _nowruz(year: int) -> int:
    """The day of March on which a year begins."""
    leaps, jump, before = -14, 0, _BREAKS[0]
    for each in _BREAKS[1:]:
        jump = each - before
        if year < each:
            break
        leaps += jump // 33 * 8 + jump % 33 // 4
        before = each
    passed = year - before
    leaps += passed // 33 * 8 + (passed % 33 + 3) // 4
    if jump % 33 == 4 and jump - passed == 4:
        leaps += 1
    gregorian = year + 621
    return 20 + leaps - (gregorian // 4 - (gregorian // 100 + 1) * 3 // 4 - 150)


def islamic(day: date) -> Iterator[Day]:
    """The day in the tabular Islamic calendar, and its neighbours within two days: the moon is seen, not reckoned.

    >>> (1443, 2, 3) in islamic(date(2021, 9, 10))
    True
    """
    for shift in (0, 1, -1, 2, -2):
        fixed = day.toordinal() + shift - _ISLAMIC_EPOCH
        year = (30 * fixed + 10_646) // 10_631
        rest = fixed - (year - 1) * 354 - (3 + 11 * year) // 30
        month = min(12, 2 * rest // 59 + 1)
        yield year, month, rest - (59 * (month - 1) + 1) // 2 + 1


def ethiopic(day: date) -> Iterator[Day]:
    """The day in the calendar of Ethiopia: twelve months of 30 days, and a short one.

    >>> next(ethiopic(date(2021, 9, 11)))
    (2014, 1, 1)
    """
    passed = day.toordinal() - _ETHIOPIC_EPOCH
    year = (4 * passed + 1463) // 1461
    rest = passed - (365 * (year - 1) + year // 4)
    yield year, rest // 30 + 1, rest % 30 + 1


def buddhist(day: date) -> Iterator[Day]:
    """The day in the calendar of Thailand and its neighbours: our months, years from the Buddha's death."""
    yield day.year + 543, day.month, day.day


def _from_mid_april(day: date, starts: tuple[int, ...], years: int) -> Iterator[Day]:
    """A solar calendar whose months begin in the middle of ours: April first; within two days."""
    for shift in (0, 1, -1, 2, -2):
        near = date.fromordinal(day.toordinal() + shift)
        month = (near.month + 8) % 12
        first = near.replace(day=starts[month])
        if near < first:
            month = (month - 1) % 12
            first = date(near.year - (near.month == 1), 12 if near.month == 1 else near.month - 1, starts[month])
        yield (
            near.year + years - (near.month < 4 or (near.month == 4 and month == 11)),
            month + 1,
            (near - first).days + 1,
        )


def vikram(day: date) -> Iterator[Day]:
    """The day in Nepal's Bikram Sambat, within two days (its months have lengths from a table that the state prints).

    >>> (2078, 5, 25) in vikram(date(2021, 9, 10))
    True
    """
    return _from_mid_april(day, (14, 15, 15, 16, 17, 17, 17, 17, 16, 15, 13, 14), 57)


def bangla(day: date) -> Iterator[Day]:
    """The day in the Bengali calendar, within two days: Dhaka and Kolkata count differently.

    >>> (1428, 5, 26) in bangla(date(2021, 9, 10))
    True
    """
    return _from_mid_april(day, (14, 15, 15, 16, 16, 16, 17, 16, 16, 15, 14, 15), -593)


CALENDARS: Mapping[str, Callable[[date], Iterator[Day]]] = {
    "solar-hijri": solar_hijri,
    "islamic": islamic,
    "ethiopic": ethiopic,
    "buddhist": buddhist,
    "vikram": vikram,
    "bangla": bangla,
}
#: How much less or more the year is, for a year that stands alone.
YEARS: Mapping[str, tuple[int, ...]] = {
    "solar-hijri": (-621, -622),
    "ethiopic": (-7, -8),
    "buddhist": (543,),
    "vikram": (56, 57),
    "bangla": (-593, -594),
}
