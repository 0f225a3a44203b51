"""What all tables share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, String
from sqlalchemy.orm import registry

# Named constraints, so that a migration can change them on either database.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMES)
mapper = registry(metadata=metadata)

Base: Any = mapper.generate_base()

ID = String(32)
HASH = String(64)
CODE = String(40)
SESSION_ID = String(128)
REFERENCE = String(24)
