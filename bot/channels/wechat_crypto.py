"""WeChat's signatures, and the encryption of its safe mode (安全模式)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

# WeChat pads to blocks of 32 bytes, twice those of AES, so padding is 1 to 32 bytes.
PADDED_TO = 32
RANDOM_BYTES = 16
LENGTH_BYTES = 4


class NotDecrypted(Exception):
    """Not a message for this account under this key. The message says what is wrong, never what was in it."""


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts, as WeChat signs; the account's token must be one of them."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def is_signature(given: str, *parts: str) -> bool:
    """Whether `given` is the signature of the parts, in constant time."""
    return hmac.compare_digest(signature(*parts).encode(), given.encode())


class SafeMode:
    """Encrypts and decrypts under the account's EncodingAESKey. Raises `ValueError` for what is no key."""

    def __init__(self, encoding_aes_key: str, appid: str) -> None:
        key = base64.b64decode(f"{encoding_aes_key}=".encode(), validate=True)
        if len(key) != 32:
            raise ValueError("An EncodingAESKey has 43 characters.")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._appid = appid.encode()

    def encrypt(self, content: bytes) -> str:
        """The content as WeChat takes it, in base64."""
        length = len(content).to_bytes(LENGTH_BYTES, "big")
        plain = secrets.token_bytes(RANDOM_BYTES) + length + content + self._appid
        padding = PADDED_TO - len(plain) % PADDED_TO
        encryptor = self._cipher.encryptor()
        encrypted = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(encrypted).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """The content of what WeChat has encrypted. Check its signature before. Raises `NotDecrypted`."""
        plain = _unpadded(self._decrypted(encrypted))[RANDOM_BYTES:]
        end = LENGTH_BYTES + int.from_bytes(plain[:LENGTH_BYTES], "big")
        if not hmac.compare_digest(plain[end:], self._appid):
            raise NotDecrypted("It is for another account.")
        return plain[LENGTH_BYTES:end]

    def _decrypted(self, encrypted: str) -> bytes:
        try:
            raw = base64.b64decode(encrypted.encode(), validate=True)
            decryptor = self._cipher.decryptor()
            return decryptor.update(raw) + decryptor.finalize()
        except (binascii.Error, ValueError):
            raise NotDecrypted("It is no whole number of blocks in base64.") from None


def _unpadded(padded: bytes) -> bytes:
    padding = padded[-1] if padded else 0
    if not 0 < padding <= PADDED_TO or not padded.endswith(bytes([padding]) * padding):
        raise NotDecrypted("Its padding is wrong.")
    return padded[:-padding]
