"""The XML that WeChat sends and takes. What comes in may declare nothing: no DOCTYPE, no entities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

# A megabyte of text encrypted, so that whoever sends as much is told that it is too long. WeChat's own
# are below 4 KiB.
MOST_BYTES = 2 * 1024 * 1024
# A message id has 64 bits, a time fewer.
NUMBER = re.compile(r"[0-9]{1,20}")
# What XML 1.0 can't hold.
FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

SUBSCRIBED, CLICKED = "subscribe", "CLICK"


class Malformed(Exception):
    """A body that is not what WeChat sends."""


class TooLong(Exception):
    """A body that is not even looked at."""


@dataclass(frozen=True)
class Message:
    """What a borrower sent, or that they began to follow the account (`greets`).

    `id` is the same when WeChat sends it again. `text` is empty for what holds no words. `menu_id` names
    the item of a menu that they clicked. `account` is the lender's name for itself, which answers carry.
    """

    openid: str
    account: str
    id: str
    text: str = ""
    menu_id: str = ""
    greets: bool = False


def read(body: bytes) -> dict[str, str]:
    """The fields of a body. Raises `Malformed` or `TooLong`."""
    if len(body) > MOST_BYTES:
        raise TooLong
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Malformed("The body is no XML that is taken.") from None
    return {field.tag: field.text or "" for field in root}


def message_of(told: Mapping[str, str]) -> Message | None:
    """The message in these fields, None for an event that needs no answer. Raises `Malformed`."""
    event = told.get("Event", "")
    if told.get("MsgType") == "event" and event not in (SUBSCRIBED, CLICKED):
        return None
    number = told.get("CreateTime" if event else "MsgId", "")
    openid, account = told.get("FromUserName", ""), told.get("ToUserName", "")
    if not (openid and account and told.get("MsgType") and NUMBER.fullmatch(number)):
        raise Malformed("A field is missing.")
    if told["MsgType"] == "event":
        # WeChat gives events no id and advises sender and time. The key of a menu item is taken as if typed.
        said = told.get("EventKey", "") if event == CLICKED else ""
        return Message(openid, account, f"{event}-{number}", said, greets=event == SUBSCRIBED)
    # Words of a voice message come along where the lender has switched on WeChat's speech recognition.
    said = told.get("Recognition", "") if told["MsgType"] == "voice" else told.get("Content", "")
    return Message(openid, account, number, said, told.get("bizmsgmenuid", ""))


def text_reply(message: Message, text: str, at: int) -> str:
    """A passive reply to `message`; `at` in seconds since 1970."""
    return (
        f"<xml><ToUserName>{_cdata(message.openid)}</ToUserName>"
        f"<FromUserName>{_cdata(message.account)}</FromUserName><CreateTime>{at}</CreateTime>"
        f"<MsgType>{_cdata('text')}</MsgType><Content>{_cdata(text)}</Content></xml>"
    )


def envelope(encrypted: str, signature: str, timestamp: str, nonce: str) -> str:
    """An encrypted reply with its signature."""
    return (
        f"<xml><Encrypt>{_cdata(encrypted)}</Encrypt><MsgSignature>{_cdata(signature)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce></xml>"
    )


def _cdata(text: str) -> str:
    """The text in a CDATA section, the only form of text that WeChat's documentation shows."""
    allowed = FORBIDDEN.sub("", text)
    return "<![CDATA[" + allowed.replace("]]>", "]]]]><![CDATA[>") + "]]>"
