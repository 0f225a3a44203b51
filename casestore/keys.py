"""The store's secrets: encryption keys for personal columns and the key of look-up hashes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.fernet import Fernet, MultiFernet

from casestore.errors import KeysMissing

# A look-up key shorter than a SHA-256 block's half adds no safety over guessing phone numbers.
MIN_HASH_KEY_BYTES = 32

HOW_TO_MAKE_KEYS = (
    "Set RESPITE_KEYS to Fernet keys (comma separated, the first encrypts) and RESPITE_HASH_KEY to "
    "at least 32 random characters, or RESPITE_DEMO=1 to try with invented borrowers."
)


@dataclass(frozen=True)
class Keys:
    """Encryption keys (the first encrypts, all decrypt) and the key for look-up hashes.

    Raises `KeysMissing` when there is no encryption key, one is malformed, or the look-up key is too short.
    """

    encryption: tuple[str, ...] = field(repr=False)
    hash_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not self.encryption or len(self.hash_key) < MIN_HASH_KEY_BYTES:
            raise KeysMissing(HOW_TO_MAKE_KEYS)
        try:
            MultiFernet([Fernet(key) for key in self.encryption])
        except ValueError:
            raise KeysMissing("RESPITE_KEYS holds something that is no Fernet key.") from None

    @cached_property
    def cipher(self) -> MultiFernet:
        """Encrypts with the first key and decrypts with any."""
        return MultiFernet([Fernet(key) for key in self.encryption])

    def digest(self, purpose: str, value: str) -> bytes:
        """Keyed HMAC-SHA256 of `value`; hashes of one purpose can't be compared with another's."""
        return hmac.new(self.hash_key, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()

    def hash(self, purpose: str, value: str) -> str:
        """The keyed hash of `value` as hexadecimal, for look-up columns."""
        return self.digest(purpose, value).hex()


def demo_keys() -> Keys:
    """Publicly known keys for invented data. Never for real borrowers."""
    seed = hashlib.sha256(b"respite demo: invented borrowers only").digest()
    return Keys((base64.urlsafe_b64encode(seed).decode(),), hashlib.sha256(seed).digest())


def keys_from_environment(environment: Mapping[str, str] | None = None) -> Keys:
    """The keys that RESPITE_KEYS and RESPITE_HASH_KEY name; demo keys only when RESPITE_DEMO is 1.

    Raises `KeysMissing` when neither is there.
    """
    env = os.environ if environment is None else environment
    listed = tuple(key.strip() for key in env.get("RESPITE_KEYS", "").split(",") if key.strip())
    hash_key = env.get("RESPITE_HASH_KEY", "")
    if listed or hash_key:
        return Keys(listed, hash_key.encode())
    if env.get("RESPITE_DEMO") == "1":
        return demo_keys()
    raise KeysMissing(HOW_TO_MAKE_KEYS)
