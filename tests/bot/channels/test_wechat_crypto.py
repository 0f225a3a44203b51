"""WeChat's safe mode: wechatpy and WeRoBot read what we encrypt, we read what they do, and nothing else."""

from __future__ import annotations

import base64

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat_crypto import NotDecrypted, SafeMode, is_signature, signature
from bot.channels.wechat_xml import envelope
from tests.bot.channels.wechat_server import AES_KEY, APPID, PEERS, TOKEN, signed

CONTENTS = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1)
peers = pytest.mark.parametrize("peer", PEERS)


@given(st.binary(max_size=300))
def test_what_is_encrypted_is_decrypted_again(content: bytes) -> None:
    safe = SafeMode(AES_KEY, APPID)
    assert safe.decrypt(safe.encrypt(content)) == content


def test_the_same_content_never_looks_the_same() -> None:
    safe = SafeMode(AES_KEY, APPID)
    assert safe.encrypt(b"x") != safe.encrypt(b"x")


@peers
@given(content=CONTENTS)
def test_a_peer_reads_what_we_encrypt(peer: str, content: str) -> None:
    encrypted = SafeMode(AES_KEY, APPID).encrypt(content.encode())
    sealed = envelope(encrypted, signature(TOKEN, "1764000000", "n", encrypted), "1764000000", "n")
    assert PEERS[peer]().decrypt(xmltodict.parse(sealed)["xml"]) == content


@peers
@given(content=CONTENTS)
def test_we_read_what_a_peer_encrypts(peer: str, content: str) -> None:
    told = xmltodict.parse(PEERS[peer]().encrypt(content, "1764000000", "n"))["xml"]
    assert is_signature(told["MsgSignature"], TOKEN, "1764000000", "n", told["Encrypt"])
    assert SafeMode(AES_KEY, APPID).decrypt(told["Encrypt"]).decode() == content


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"])), max_size=3))
def test_signatures_are_those_of_wechatpy(parts: list[str]) -> None:
    assert is_signature(signed(*parts), TOKEN, *parts)
    assert not is_signature("ü", TOKEN, *parts)


def test_a_message_for_another_account_is_not_read() -> None:
    with pytest.raises(NotDecrypted, match="another account"):
        SafeMode(AES_KEY, "wxother").decrypt(SafeMode(AES_KEY, APPID).encrypt(b"secret"))


@given(st.one_of(st.text(), st.binary().map(lambda raw: base64.b64encode(raw).decode())))
def test_anything_else_is_not_read_and_not_told(text: str) -> None:
    with pytest.raises(NotDecrypted) as refusal:
        SafeMode(AES_KEY, APPID).decrypt(text)
    assert len(text) < 4 or text not in str(refusal.value)


@pytest.mark.parametrize("key", ["", "short", AES_KEY[:-1], AES_KEY + "A", "!" * 43, "字" * 43])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ValueError):
        SafeMode(key, APPID)
