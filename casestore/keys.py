"""The store's secrets: encryption keys for personal columns, and the keys of hashes."""

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
    "Set RESPITE_KEYS to Fernet keys (comma separated, the first encrypts) and RESPITE_HASH_KEY to at least "
    "32 random characters, each of RESPITE_LOOKUP_KEYS too if there are any, or RESPITE_DEMO=1 to try with "
    "invented borrowers."
)


@dataclass(frozen=True)
class Keys:
    """Encryption keys (the first encrypts, all decrypt), the key of all hashes that stay, and look-up keys.

    Of the look-up keys the first makes the hashes and all find; without any it is the key of the others.
    Raises `KeysMissing` when there is no encryption key, one is malformed, or a hash's key is too short.
    """

    encryption: tuple[str, ...] = field(repr=False)
    hash_key: bytes = field(repr=False)
    lookup: tuple[bytes, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if not self.encryption or min(map(len, (self.hash_key, *self.lookup))) < MIN_HASH_KEY_BYTES:
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
        return _digest(self.hash_key, purpose, value)

    def hash(self, purpose: str, value: str) -> str:
        """The keyed hash of `value` as hexadecimal."""
        return self.digest(purpose, value).hex()

    def lookup_hashes(self, purpose: str, value: str) -> tuple[str, ...]:
        """The hashes of `value` under each look-up key, as hexadecimal; the first is the one to store."""
        return tuple(_digest(key, purpose, value).hex() for key in self.lookup or (self.hash_key,))


def _digest(key: bytes, purpose: str, value: str) -> bytes:
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()


def demo_keys() -> Keys:
    """Publicly known keys for invented data. Never for real borrowers."""
    seed = hashlib.sha256(b"respite demo: invented borrowers only").digest()
    return Keys((base64.urlsafe_b64encode(seed).decode(),), hashlib.sha256(seed).digest())


def keys_from_environment(environment: Mapping[str, str] | None = None) -> Keys:
    """The keys of RESPITE_KEYS, RESPITE_HASH_KEY and RESPITE_LOOKUP_KEYS; demo keys only with RESPITE_DEMO=1.

    Raises `KeysMissing` when there are none.
    """
    env = os.environ if environment is None else environment
    listed, hash_key = _listed(env, "RESPITE_KEYS"), env.get("RESPITE_HASH_KEY", "")
    if listed or hash_key:
        lookup = tuple(key.encode() for key in _listed(env, "RESPITE_LOOKUP_KEYS"))
        return Keys(listed, hash_key.encode(), lookup)
    if env.get("RESPITE_DEMO") == "1":
        return demo_keys()
    raise KeysMissing(HOW_TO_MAKE_KEYS)


def _listed(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in env.get(name, "").split(",") if key.strip())
