"""Hand-over tokens as a lender's site makes them, and as others would like to."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import jwt

HANDOVER_SECRET = "another secret of the tests, for hand-overs only"


def claims(now: datetime, subject: str, **changes: object) -> dict[str, Any]:
    """The claims of a good token; `changes` replaces some, None takes one out."""
    good: dict[str, object] = {
        "iss": "lender",
        "aud": "respite-handover",
        "sub": subject,
        "jti": uuid.uuid4().hex,
        "exp": int((now + timedelta(minutes=5)).timestamp()),
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def handover_token(now: datetime, subject: str, secret: str = HANDOVER_SECRET, **changes: object) -> str:
    """A signed token."""
    return jwt.encode(claims(now, subject, **changes), secret, algorithm="HS256")
