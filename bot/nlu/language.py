"""Tells Chinese from English by the share of Chinese characters, or says that the text does not decide."""

from __future__ import annotations

import re

# Things people write the same way in both languages.
_NEUTRAL = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+\.\S+"
    r"|\b[a-z]{0,4}\d[\w.,-]*"
    r"|\b(?:ok|okay|okey|k|yes|no|bye|app|id|wifi|wechat|alipay|sms|pos|vip|hr|rmb|cny|lpr|apr|yuan)\b",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
# One Chinese character weighs about half an English word; mixed sentences lean to Chinese,
# because a Chinese speaker drops English words in far more often than the other way round.
_CHARACTERS_PER_WORD = 2.0
_CHINESE_SHARE = 0.3


def detect(text: str) -> str | None:
    """Return "zh", "en" or None when the text does not decide (digits, ids, payloads, "ok")."""
    if text.lstrip().startswith("/"):
        return None
    rest = _NEUTRAL.sub(" ", text)
    chinese = len(_HAN.findall(rest)) / _CHARACTERS_PER_WORD
    english = float(sum(1 for word in _WORD.findall(rest) if len(word) > 1 or word in "IiAa"))
    if chinese + english == 0:
        return None
    return "zh" if chinese / (chinese + english) >= _CHINESE_SHARE else "en"
