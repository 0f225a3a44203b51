"""Reading a lender's file of accounts: encodings, columns and each row's figures, apart from the store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import phonenumbers
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from casestore.text_files import BadRow, is_formula, read_texts
from hardship.calendar import DEFAULT_DAY_COUNT, DayCount
from hardship.loans import Loan, LoanError, Method, Product
from hardship.money import AmountError, parse_amount

LANGUAGES = ("zh", "en")
HOME_COUNTRY = "CN"
LOAN_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{3,39}")
ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
# The digits that a stored figure has room for; nothing else that Python also takes for a number.
DECIMAL = re.compile(r"[0-9]{1,3}(\.[0-9]{1,10})?")
COUNT = re.compile(r"[0-9]{1,6}")
MAX_NAME = 120

Value = TypeVar("Value")


@dataclass(frozen=True)
class AccountRow:
    """One borrower with one loan. Amounts in minor units, rates as fractions."""

    name: str
    phone: str
    id_number: str
    language: str
    loan_number: str
    product: str
    method: str
    original_principal: int
    annual_rate: Decimal
    penalty_multiplier: Decimal
    as_of: date
    principal: int
    overdue_principal: int
    interest: int
    penalty_interest: int
    fees: int
    overdue_since: date | None
    next_due: date
    due_day: int
    instalment: int
    remaining_instalments: int
    handler: str | None
    day_count: str | None


# The fields of a row are the columns of a file, in this order.
COLUMNS = tuple(each.name for each in fields(AccountRow))
OPTIONAL_COLUMNS = ("day_count",)
PERSON_COLUMNS = ("name", "phone", "id_number", "language")
LOAN_COLUMNS = tuple(name for name in COLUMNS if name not in (*PERSON_COLUMNS, "loan_number"))


def read_rows(path: Path, shift_to: date | None = None) -> Iterator[tuple[int, AccountRow | str]]:
    """Each row with its line number: the account, or the reason why it can't be loaded.

    `shift_to` moves every date so that the snapshot is of that day (demo data stays fresh).
    Raises `ImportFailed` for a file that is unreadable or lacks a column.
    """
    needed = [column for column in COLUMNS if column not in OPTIONAL_COLUMNS]
    for line, texts in read_texts(path, needed):
        yield line, texts if isinstance(texts, str) else _account_or_reason(texts, shift_to)


def _account_or_reason(texts: Mapping[str, str], shift_to: date | None) -> AccountRow | str:
    try:
        return _shifted(_account(texts), shift_to)
    except BadRow as problem:
        return str(problem)


def _account(texts: Mapping[str, str]) -> AccountRow:
    def field(column: str, convert: Callable[[str], Value]) -> Value:
        try:
            return convert(texts[column])
        except (ValueError, AmountError, ValidationError, phonenumbers.NumberParseException):
            raise BadRow(f"{column} is missing or not valid") from None

    row = AccountRow(
        name=field("name", _name),
        phone=field("phone", _phone),
        id_number=field("id_number", _id_number),
        language=field("language", _language),
        loan_number=field("loan_number", _loan_number),
        product=field("product", lambda text: Product(text).value),
        method=field("method", lambda text: Method(text).value),
        original_principal=field("original_principal", _amount),
        annual_rate=field("annual_rate", _percent),
        penalty_multiplier=field("penalty_multiplier", _multiplier),
        as_of=field("as_of", date.fromisoformat),
        principal=field("principal", _amount),
        overdue_principal=field("overdue_principal", _amount),
        interest=field("interest", _amount),
        penalty_interest=field("penalty_interest", _amount),
        fees=field("fees", _amount),
        overdue_since=field("overdue_since", _optional_date),
        next_due=field("next_due", date.fromisoformat),
        due_day=field("due_day", _due_day),
        instalment=field("instalment", _amount),
        remaining_instalments=field("remaining_instalments", _count),
        handler=field("handler", lambda text: _name(text) if text else None),
        day_count=field("day_count", _day_count) if "day_count" in texts else None,
    )
    _check_together(row)
    return row


def _check_together(row: AccountRow) -> None:
    """Figures that contradict each other would become a wrong agreement."""
    overdue = row.overdue_principal + row.interest + row.penalty_interest > 0
    for wrong, reason in (
        (row.principal > row.original_principal, "principal is more than original_principal"),
        (row.overdue_principal > row.principal, "overdue_principal is more than principal"),
        (row.overdue_since is not None and row.overdue_since > row.as_of, "overdue_since is after as_of"),
        (overdue and row.overdue_since is None, "overdue_since is missing though something is overdue"),
        (row.next_due <= row.as_of, "next_due is not after as_of"),
    ):
        if wrong:
            raise BadRow(reason)
    try:
        loan_of(row)
    except LoanError as problem:
        raise BadRow(str(problem)) from None


def loan_of(row: AccountRow) -> Loan:
    """The row's loan in the domain. Raises `LoanError` when its figures can't be true together."""
    values = {field.name: getattr(row, field.name) for field in fields(Loan) if field.name != "loan_id"}
    typed = {
        **values,
        "product": Product(row.product),
        "method": Method(row.method),
        "day_count": DayCount(row.day_count or DEFAULT_DAY_COUNT),
    }
    return Loan(loan_id="", **typed)


def _shifted(row: AccountRow, shift_to: date | None) -> AccountRow:
    if shift_to is None or shift_to == row.as_of:
        return row
    by: timedelta = shift_to - row.as_of
    next_due = row.next_due + by
    overdue_since = row.overdue_since + by if row.overdue_since else None
    return replace(row, as_of=shift_to, next_due=next_due, due_day=next_due.day, overdue_since=overdue_since)


def _name(text: str) -> str:
    # A formula would run in the spreadsheet of whoever opens an export.
    if not text or len(text) > MAX_NAME or is_formula(text) or not text.isprintable():
        raise ValueError
    return text


def _phone(text: str) -> str:
    number = phonenumbers.parse(text, HOME_COUNTRY)
    if not phonenumbers.is_valid_number(number):
        raise ValueError
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _id_number(text: str) -> str:
    """Form, date of birth and check digit; not the place, whose table lacks places of older people."""
    number = str(ric.compact(text))
    if not ID_NUMBER.fullmatch(number) or number[-1] != ric.calc_check_digit(number):
        raise ValueError
    ric.get_birth_date(number)
    return number


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise ValueError
    return text


def _loan_number(text: str) -> str:
    number = text.upper()
    if not LOAN_NUMBER.fullmatch(number):
        raise ValueError
    return number


def _amount(text: str) -> int:
    amount = parse_amount(text)
    if amount < 0:
        raise ValueError
    return amount


def _percent(text: str) -> Decimal:
    percent = _decimal(text)
    if percent > 100:
        raise ValueError
    return percent / 100


def _multiplier(text: str) -> Decimal:
    multiplier = _decimal(text)
    if not 1 <= multiplier <= 10:
        raise ValueError
    return multiplier


def _decimal(text: str) -> Decimal:
    if not DECIMAL.fullmatch(text):
        raise ValueError
    return Decimal(text)


def _optional_date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _day_count(text: str) -> str | None:
    return DayCount(text).value if text else None


def _due_day(text: str) -> int:
    day = _count(text)
    if not 1 <= day <= 31:
        raise ValueError
    return day


def _count(text: str) -> int:
    if not COUNT.fullmatch(text):
        raise ValueError
    return int(text)
