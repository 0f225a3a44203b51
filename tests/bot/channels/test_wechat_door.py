"""Who is let in from WeChat, and what is read of a message."""

from __future__ import annotations

from contextlib import suppress

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import create_reply, parse_message
from wechatpy.replies import deserialize_reply
from werobot.parser import parse_user_msg

from bot.channels.wechat_door import Door, Forged
from bot.channels.wechat_xml import MOST_BYTES, Malformed, Message, TooLong, message_of, read, text_reply
from tests.bot.channels.harness import Clock
from tests.bot.channels.wechat_server import GH, OPENID, PEERS, TOKEN, account, message_xml, signed

ENTITY = '<!DOCTYPE xml [<!ENTITY a "aaaa">]><xml><Content>&a;</Content></xml>'
OUTSIDE = '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>'
MESSAGE = Message(OPENID, GH, "24901234567890123", "我失业了")


def query(clock: Clock, nonce: str = "n1", minutes: int = 0, **more: str) -> dict[str, str]:
    timestamp = str(int(clock().timestamp()) + minutes * 60)
    return {"signature": signed(timestamp, nonce), "timestamp": timestamp, "nonce": nonce, **more}


def sealed(clock: Clock, xml: str, peer: str = "wechatpy") -> tuple[dict[str, str], bytes]:
    asked = query(clock)
    body = PEERS[peer]().encrypt(xml, asked["timestamp"], asked["nonce"])
    return {**asked, "msg_signature": xmltodict.parse(body)["xml"]["MsgSignature"]}, body.encode()


@pytest.fixture
def door(clock: Clock) -> Door:
    return Door(account(), clock)


@pytest.fixture
def safe_door(clock: Clock) -> Door:
    return Door(account(safe=True), clock)


def test_the_address_is_confirmed_to_wechat_in_both_modes(door: Door, safe_door: Door, clock: Clock) -> None:
    assert door.echo(query(clock, echostr="5812")) == safe_door.echo(query(clock, echostr="5812")) == "5812"


def test_the_address_is_confirmed_to_nobody_else(door: Door, clock: Clock) -> None:
    for wrong in ({"signature": "0" * 40}, {"nonce": "n2"}, {"timestamp": "1"}, {"signature": "ü"}):
        with pytest.raises(Forged):
            door.echo({**query(clock), **wrong})
    with pytest.raises(Forged):
        door.echo({})


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_or_early_request_is_refused(door: Door, clock: Clock, minutes: int) -> None:
    with pytest.raises(Forged, match="old"):
        door.open(query(clock, minutes=minutes), message_xml(Content="x").encode())


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "9" * 400, "１７６４００００００"])
def test_a_time_that_is_none_is_refused(door: Door, timestamp: str) -> None:
    asked = {"signature": signed(timestamp, "n"), "timestamp": timestamp, "nonce": "n"}
    with pytest.raises(Forged):
        door.open(asked, b"<xml/>")


def test_a_signature_opens_for_one_message_and_its_repeats(door: Door, clock: Clock) -> None:
    asked, body = query(clock), message_xml(Content="hello", MsgId=1).encode()
    assert door.open(asked, body) == door.open(asked, body)
    with pytest.raises(Forged, match="another message"):
        door.open(asked, message_xml(Content="I accept", MsgId=2).encode())
    with pytest.raises(Forged, match="another message"):
        door.open(asked, message_xml(Content="hello", MsgId=1, FromUserName="oSomebodyElse").encode())


@pytest.mark.parametrize("peer", PEERS)
def test_in_safe_mode_an_encrypted_message_is_read(safe_door: Door, clock: Clock, peer: str) -> None:
    assert message_of(safe_door.open(*sealed(clock, message_xml(Content="我失业了"), peer))) == MESSAGE


def test_in_safe_mode_nothing_unsigned_is_read(safe_door: Door, clock: Clock) -> None:
    asked, body = sealed(clock, message_xml(Content="x"))
    without = {name: value for name, value in asked.items() if name != "msg_signature"}
    for wrong in (without, {**asked, "msg_signature": asked["signature"]}, {**asked, "nonce": "n2"}):
        with pytest.raises(Forged):
            safe_door.open(wrong, body)
    for other in (b"", b"<xml", ENTITY.encode(), message_xml(Content="plain").encode()):
        with pytest.raises(Forged):
            safe_door.open(asked, other)
    asked = {**asked, "msg_signature": signed(asked["timestamp"], asked["nonce"], "QUJD")}
    with pytest.raises(Forged, match="blocks"):
        safe_door.open(asked, b"<xml><Encrypt>QUJD</Encrypt></xml>")


@pytest.mark.parametrize("xml", [ENTITY, OUTSIDE, "", "<xml>", "\x00"])
def test_a_body_that_declares_something_or_is_no_xml_is_refused(xml: str) -> None:
    with pytest.raises(Malformed):
        read(xml.encode())


def test_a_body_that_is_too_long_is_not_looked_at() -> None:
    with pytest.raises(TooLong):
        read(b"\x00" * (MOST_BYTES + 1))


@given(st.one_of(st.binary(), st.text().map(str.encode)), st.dictionaries(st.text(), st.text()))
def test_any_bytes_and_any_query_are_refused(body: bytes, asked: dict[str, str]) -> None:
    for door in (Door(account(), Clock()), Door(account(safe=True), Clock())):
        with pytest.raises(Forged):
            door.open(asked, body)
    with suppress(Malformed):
        message_of(read(body))


NAMES = st.sampled_from(["MsgType", "MsgId", "CreateTime", "Event", "EventKey", "FromUserName", "Content"])
VALUES = st.one_of(st.sampled_from(["text", "event", "CLICK", "subscribe", "1"]), st.text())


@given(st.dictionaries(NAMES, VALUES))
def test_any_fields_are_a_message_or_refused(told: dict[str, str]) -> None:
    with suppress(Malformed):
        message = message_of({"ToUserName": GH, **told})
        assert message is None or (message.openid and 0 < len(message.id) <= 64)


def test_the_messages_of_these_tests_are_what_the_peers_read() -> None:
    theirs = parse_message(message_xml(Content="我失业了"))
    assert (theirs.type, theirs.content, str(theirs.id)) == ("text", MESSAGE.text, MESSAGE.id)
    also = parse_user_msg(message_xml(Content="我失业了"))
    assert (also.type, also.content, str(also.message_id)) == ("text", MESSAGE.text, MESSAGE.id)
    assert parse_message(message_xml(MsgType="event", Event="subscribe")).event == "subscribe"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"MsgType": "voice", "MediaId": "m", "Format": "amr", "Recognition": "我失业了"}, "我失业了"),
        ({"MsgType": "voice", "MediaId": "m", "Format": "amr"}, ""),
        ({"MsgType": "image", "PicUrl": "http://x.example", "MediaId": "m"}, ""),
        ({"MsgType": "location", "Location_X": "23.1", "Location_Y": "113.3", "Label": "家"}, ""),
    ],
)
def test_what_is_not_typed_is_read_as_its_words(fields: dict[str, str], text: str) -> None:
    message = message_of(read(message_xml(**fields).encode()))
    assert message is not None and message.text == text


def test_a_click_on_the_accounts_menu_is_read_as_its_key() -> None:
    told = read(message_xml(MsgType="event", Event="CLICK", EventKey="找人工").encode())
    assert message_of(told) == Message(OPENID, GH, "CLICK-1764000000", "找人工")


@pytest.mark.parametrize("event", ["unsubscribe", "VIEW", "LOCATION", "SCAN", "TEMPLATESENDJOBFINISH"])
def test_other_events_need_no_answer(event: str) -> None:
    assert message_of(read(message_xml(MsgType="event", Event=event).encode())) is None


@pytest.mark.parametrize("missing", ["FromUserName", "ToUserName", "MsgType", "MsgId"])
def test_a_message_without_a_field_is_refused(missing: str) -> None:
    told = read(message_xml(Content="x").encode())
    with pytest.raises(Malformed):
        message_of({name: value for name, value in told.items() if name != missing})


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"])))
def test_a_peer_reads_our_reply_as_its_own(text: str) -> None:
    ours = deserialize_reply(text_reply(MESSAGE, f"x{text}", 1764000000))
    theirs = create_reply(f"x{text}", parse_message(message_xml(Content="hi")))
    assert (ours.source, ours.target, ours.type) == (theirs.source, theirs.target, theirs.type)
    # XML has no place for two characters outside Unicode's planes' use.
    assert ours.content.strip() == f"x{text}".replace("\ufffe", "").replace("\uffff", "").strip()


@pytest.mark.parametrize("peer", PEERS)
def test_in_safe_mode_a_reply_is_read_by_a_peer(safe_door: Door, peer: str) -> None:
    closed = safe_door.close(text_reply(MESSAGE, "好的 ]]> <b>", 1764000000))
    opened = PEERS[peer]().decrypt(xmltodict.parse(closed)["xml"])
    assert deserialize_reply(opened).content == "好的 ]]> <b>"
    assert TOKEN not in closed
