"""How persons, loans and payments are found although what names them lies encrypted: by keyed hashes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from casestore.keys import Keys
from casestore.models import BorrowerRow, LoanRow, PaymentRow


@dataclass(frozen=True)
class Lookup:
    """A column that holds the hash of another, encrypted one. `purpose` keeps the hashes of each apart."""

    purpose: str
    column: Any
    source: Any
    written: Callable[[str], str] = str

    def hash(self, keys: Keys, value: str) -> str:
        """What is stored for `value`, however it was typed."""
        return keys.lookup_hashes(self.purpose, self.written(value))[0]

    def hashes(self, keys: Keys, value: str) -> tuple[str, ...]:
        """What may be stored for `value`: the newest key's hash first, then those of keys still in use."""
        return keys.lookup_hashes(self.purpose, self.written(value))

    def finds(self, keys: Keys, values: Iterable[str]) -> Any:
        """The condition of being stored for one of these values."""
        return self.column.in_({each for value in values for each in self.hashes(keys, value)})

    def by_value(self, keys: Keys, values: Iterable[str], rows: Iterable[Any]) -> dict[str, Any]:
        """The rows found for these values, each under its value."""
        found = {getattr(row, self.column.key): row for row in rows}
        pairs = ((value, each) for value in values for each in self.hashes(keys, value))
        return {value: found[each] for value, each in pairs if each in found}


PHONE = Lookup("phone", BorrowerRow.phone_hash, BorrowerRow.phone)
ID_NUMBER = Lookup("id_number", BorrowerRow.id_number_hash, BorrowerRow.id_number)
LOAN_NUMBER = Lookup("loan_number", LoanRow.number_hash, LoanRow.number, str.upper)
PAYMENT_REFERENCE = Lookup("payment_reference", PaymentRow.reference_hash, PaymentRow.reference)

LOOKUPS = (PHONE, ID_NUMBER, LOAN_NUMBER, PAYMENT_REFERENCE)
