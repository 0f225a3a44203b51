"""The shape of one rule in a policy pack, and the value types rules are made of."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConstrainedDecimal,
    ConstrainedInt,
    ConstrainedStr,
    Extra,
    root_validator,
    validator,
)
from pydantic.generics import GenericModel

from hardship.products import Product

T = TypeVar("T")


class Confidence(str, Enum):
    """How sure we are: P primary text read, S secondary source read, G general knowledge, to be checked."""

    PRIMARY = "P"
    SECONDARY = "S"
    GENERAL = "G"


class Text(ConstrainedStr):
    """A text that says something."""

    strip_whitespace = True
    min_length = 1


class RuleId(ConstrainedStr):
    """A clause id, e.g. CN-PLAN-TERM."""

    regex = r"^[A-Z]{2}(-[A-Z0-9]+)+$"


class Count(ConstrainedInt):
    """A whole number, not negative."""

    strict = True
    ge = 0


class Positive(ConstrainedInt):
    """A whole number above zero."""

    strict = True
    gt = 0


class Share(ConstrainedDecimal):
    """A fraction above 0 and up to 1."""

    gt = Decimal(0)
    le = Decimal(1)


class FeeShare(ConstrainedDecimal):
    """A fraction from 0, which is nothing, up to 1."""

    ge = Decimal(0)
    le = Decimal(1)


class Currency(Text):
    """An ISO 4217 code."""

    regex = r"^[A-Z]{3}$"


class Region(Text):
    """An ISO 3166-1 code of two letters."""

    regex = r"^[A-Z]{2}$"


class Zone(Text):
    """A time zone of the IANA database."""

    @classmethod
    def validate(cls, value: str) -> str:
        """The text, when such a zone is known."""
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("is not a time zone of the IANA database") from None
        return value


class AllocationPart(str, Enum):
    """What a payment is put towards."""

    FEES = "fees"
    INTEREST = "interest"
    PRINCIPAL = "principal"


class Section(BaseModel):
    """A part of a pack: frozen, and nothing in it that is not known."""

    class Config:
        frozen = True
        extra = Extra.forbid


class ByProduct(Section):
    """A whole number for each product."""

    consumer: Count
    business: Count

    def of(self, product: Product) -> int:
        """The number that holds for `product`."""
        return int(getattr(self, product.value))


class Bounds(Section):
    """A lowest and a highest amount, minor units."""

    low: Count
    high: Positive

    @root_validator(skip_on_failure=True)
    def _in_order(cls, values: dict[str, int]) -> dict[str, int]:
        if values["low"] > values["high"]:
            raise ValueError("low is above high")
        return values


class Window(Section):
    """A part of the day; it may pass midnight."""

    start: time
    end: time

    @validator("start", "end", pre=True)
    def _clock_text(cls, value: object) -> object:
        if not isinstance(value, str):
            raise ValueError('write a time of day in quotes, like "22:00"')
        return value


class WorkingHours(Window):
    """Opening hours on ISO weekdays (1 = Monday), and the days on which nobody works all the same."""

    weekdays: tuple[Positive, ...]
    closed_days: tuple[date, ...] = ()

    @validator("closed_days", pre=True, each_item=True)
    def _day(cls, value: object) -> object:
        if not isinstance(value, date):
            raise ValueError("write a day without quotes, like 2027-01-01")
        return value

    def open_on(self, day: date) -> bool:
        """Whether anybody works on `day`, a day of the lender's calendar."""
        return day.isoweekday() in self.weekdays and day not in self.closed_days


class Range(Section):
    """A lowest and a highest factor."""

    low: Decimal
    high: Decimal

    @root_validator(skip_on_failure=True)
    def _in_order(cls, values: dict[str, Decimal]) -> dict[str, Decimal]:
        if values["low"] > values["high"]:
            raise ValueError("low is above high")
        return values


class Names(Section):
    """A name in Chinese and in English."""

    zh: Text
    en: Text


class Rule(GenericModel, Generic[T]):
    """One rule: what it is called, what it says, where that comes from, when that was checked."""

    id: RuleId
    value: T
    source: Text
    checked: date
    confidence: Confidence

    class Config:
        frozen = True
        extra = Extra.forbid
