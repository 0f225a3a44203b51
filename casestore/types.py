"""Column types that keep wrong values out: encrypted text, whole minor units, aware times, exact rates."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import BigInteger, DateTime, LargeBinary, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from casestore.errors import KeysMissing, NaiveTime, NotWholeUnits
from casestore.keys import Keys

# What reading a value raises that was not written by a store with these keys.
UNREADABLE = (InvalidToken, InvalidOperation, ValueError, TypeError)

# What a value that no key opens reads as in an `EncryptedBody`: empty as if it was erased, but this very one.
UNOPENED: dict[str, Any] = {}


def give_keys(dialect: Dialect, keys: Keys) -> None:
    """Let the encrypted columns of the engine that owns `dialect` use `keys`.

    The dialect is the one thing of an engine that a column type is shown, so two stores with different keys
    can live in one process.
    """
    dialect.respite_keys = keys


def _keys_of(dialect: Dialect) -> Keys:
    keys = getattr(dialect, "respite_keys", None)
    if not isinstance(keys, Keys):
        raise KeysMissing("This database connection was opened without keys.")
    return keys


class Encrypted(TypeDecorator):
    """What all encrypted columns are: by it key rotation finds them."""

    impl = LargeBinary
    cache_ok = True


class EncryptedText(Encrypted):
    """Text that lies encrypted in the database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt on the way in."""
        return None if value is None else _keys_of(dialect).cipher.encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt on the way out."""
        return None if value is None else _keys_of(dialect).cipher.decrypt(value.encode()).decode()


class EncryptedBytes(Encrypted):
    """A file that lies encrypted in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Encrypt on the way in."""
        return None if value is None else _keys_of(dialect).cipher.encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Decrypt on the way out."""
        return None if value is None else _keys_of(dialect).cipher.decrypt(bytes(value))


class EncryptedJson(EncryptedText):
    """A JSON value that lies encrypted in the database."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write as JSON, then encrypt."""
        text = None if value is None else json.dumps(value, ensure_ascii=False)
        return super().process_bind_param(text, dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Decrypt, then read the JSON."""
        text = super().process_result_value(value, dialect)
        return None if text is None else json.loads(text)


class EncryptedBody(EncryptedJson):
    """What people look through row by row: one that no key opens reads as `UNOPENED`, and hides no other."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Decrypt and read the JSON, if that can be done."""
        try:
            return super().process_result_value(value, dialect)
        except UNREADABLE:
            return UNOPENED


class MinorUnits(TypeDecorator):
    """Money as a whole number of minor units (fen)."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """Refuse anything but an integer: a rounded amount is a wrong amount."""
        if value is not None and type(value) is not int:
            raise NotWholeUnits(f"An amount must be an int of minor units, not {type(value).__name__}.")
        return value


class ExactDecimal(TypeDecorator):
    """A decimal figure such as a rate, kept as text: SQLite would store a number as a binary float."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Write the exact digits."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Read the exact digits."""
        return None if value is None else Decimal(value)


class UtcDateTime(TypeDecorator):
    """A moment, stored and returned in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC. Raises `NaiveTime` when the zone is unknown."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveTime("A time without a zone can't be stored.")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone; what was stored is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)
