"""Numbers that people read aloud, and identifiers that nobody can guess."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import date

# Without 0 O, 1 I L, 2 Z, 5 S, 8 B, U V: what is easily misread on paper or misheard on the telephone.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 6


def new_reference(prefix: str, day: date) -> str:
    """A reference such as RA-20261124-7F3K4M; the last part comes from a cryptographic source."""
    tail = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{prefix}-{day:%Y%m%d}-{tail}"


def new_id() -> str:
    """An opaque identifier of 32 hexadecimal digits."""
    return uuid.UUID(bytes=secrets.token_bytes(16), version=4).hex


def derived_id(*parts: str) -> str:
    """The identifier, of 32 hexadecimal digits, that the same parts always give."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
