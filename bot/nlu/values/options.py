"""Which offer the borrower means: 第二个, 方案二, option 2, "the first one", or one digit alone."""

# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re

from bot.nlu.values.model import Value, sure, unclear
from bot.nlu.values.numerals import ONE_TO_NINE, read_chinese

_N = r"(?P<n>[1-9]|[一二两三四五六七八九])"
_EN_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
}
_ORDINAL = "(?P<n>" + "|".join(_EN_ORDINALS) + ")"
# "The first one after Christmas" is a payment, not a plan.
_WHEN = "after|before|from|due|falls?|payment|by"
_PLACED = r"(?:in|on|at) (?:the )?(?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|next|new|end|start|beginning|middle)"
_CIRCLED = {char: number for number, char in enumerate("①②③④⑤⑥⑦⑧⑨", 1)}

_ALONE = re.compile(rf"^\W*(?:{_N}|(?P<en>{'|'.join(ONE_TO_NINE)}))\W*$")
_RULES = (
    re.compile(rf"第{_N}(?:个|种|项|套|款|份)?(?:方案|选项|计划|选择|办法|办法|种)"),
    re.compile(
        rf"(?<![你您他她]是)(?<!们是)第{_N}(?:个|种|项|套|款)(?=$|[\s,.!?;。，！？~]|[吧好行可我就的比更能是那也还不没跟和与或总每多有利差区]|要[还付花交多]|听|看|太|贵|便宜|怎|啊|呢|呀|嘛|一共|哪)"
    ),
    re.compile(rf"^\W*(?:我?(?:就)?(?:要|选|用|定)?(?:了)?)第{_N}\W*$"),
    re.compile(rf"^\W*(?:那|好的?|行|嗯|ok)*\W*(?:我)?(?:就)?(?:还是)?(?:要|选|用|定)?{_N}(?:吧|好了)\W*$"),
    re.compile(rf"(?:方案|方按|放案|选项|计划|选择)\s?(?:是)?第?{_N}(?![\d万千百个十年月.])"),
    re.compile(rf"(?<![\d一二三四五六七八九十]){_N}号?(?:方案|选项)"),
    re.compile(rf"(?<![挑])选(?:择)?(?:第)?{_N}(?:号)?(?![\d万千百个十年月天.家下起笔条])"),
    re.compile(
        r"\b(?:option|opton|opion|optoin|plan|offer|choice|no\.?|nr\.?|#)\s?(?:no\.?\s?|number\s?)?#?(?P<n>[1-9])(?![\d.,]\d|\d|%|k\b)"
    ),
    re.compile(r"\bnumber (?P<n>[1-9])\b(?![\d.,]\d)"),
    re.compile(
        rf"\b(?:option|plan|offer|choice|number) (?P<n>{'|'.join(ONE_TO_NINE)})\b(?! (?:hundred|thousand|grand|million|point|and a half))"
    ),
    re.compile(
        rf"\b(?:the |your |that )?{_ORDINAL} (?:one|option|plan|offer|choice|proposal)\b(?! (?:who|that (?:has|have|ever)|to (?:ask|listen|talk|help|tell)|{_WHEN})\b)(?!(?<=first one) {_PLACED})"
    ),
    re.compile(
        r"(?:^|\b(?:ok|okay|then|say|meant|mean) )\W*the (?P<n>first|second|third)(?: (?:then|please|pls|it is|will do|works|is fine|looks|sounds)\b.*)\W*$"
    ),
    # A lone digit after a word of choosing, however that is spelt.
    re.compile(
        rf"\b(?:ta?ka?e|pick|go with|go for|meant|mean|prefer) (?P<n>[1-9]|(?<=meant )(?:{'|'.join(ONE_TO_NINE)}))(?:,? (?:please|pls|then|thanks|instead))?\W*$"
    ),
    re.compile(
        rf"\b(?:take|choose|pick|prefer|want|go with|go for|like|accept|(?:better|worse|cheaper|longer|shorter|lower|higher|than|over|rather)(?: than)?) the {_ORDINAL}\b(?! (?:of|time|month|week|instal|payment|day)\w*\b)"
    ),
)
# Two that are compared: "which is cheaper, 2 or 3".
_PAIR = re.compile(
    r"(?:^|[,，;:?？] ?|\b(?:compare|options|plans|which|overall|cheaper|better) |比较?)(?P<one>[1-9]) ?(?:or|and|vs\.?|versus|还是|和|跟|或) ?(?P<other>[1-9])(?=\W*$|哪|谁|有什么|有啥|区别|差别| (?:which|what))"
)
_LAST = re.compile(
    r"(?:最后|倒数)(?:一|第一)?(?:个|种)(?:方案|选项)?|\bthe last (?:one|option|plan|offer)\b|\b(?:option|plan) [a-f]\b|方案[a-f](?![a-z])"
)


def alone(text: str) -> list[Value]:
    """Return the option when the whole folded message is one digit 1 to 9, in any writing."""
    match = _ALONE.match(text)
    if match:
        return [
            sure("option_number", match.span("n" if match["n"] else "en"), _number(match["n"] or match["en"]))
        ]
    bare = text.strip()
    if bare in _CIRCLED:
        return [sure("option_number", (text.index(bare), text.index(bare) + 1), _CIRCLED[bare])]
    return []


def find(text: str) -> list[Value]:
    """Return the options named in a sentence; "the last one" is unclear here, for the offers are not known."""
    found: list[Value] = []
    for pattern in _RULES:
        for match in pattern.finditer(text):
            if not any(match.start() < old.end and old.start < match.end() for old in found):
                found.append(sure("option_number", match.span(), _number(match["n"])))
    for pair in _PAIR.finditer(text):
        spans = [pair.span(name) for name in ("one", "other")]
        free = [span for span in spans if not any(span[0] < old.end and old.start < span[1] for old in found)]
        found += [sure("option_number", span, int(text[span[0]])) for span in free]
    return found + [unclear("option_number", match.span()) for match in _LAST.finditer(text)]


def _number(name: str) -> int:
    known = ONE_TO_NINE.get(name) or _EN_ORDINALS.get(name)
    return known or int(read_chinese(name) or 0)
