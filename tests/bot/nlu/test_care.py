"""Danger is noticed in the words people use for it, and figures of speech are not danger."""

# ruff: noqa: E501 (lists of phrases)
from __future__ import annotations

import pytest

from bot.nlu.care import CareLevel, detect

SELF_HARM = """不想活了|我真的想死|想 死|活着没意思|活不下去了|再催我就去跳楼|我真想从楼上跳下去|想自杀|想轻生|割腕算了|遗书都写好了|生不如死
|我不想活了你们满意了吧|死了算了|一死了之|想结束自己的生命|喝农药死了得了|想死的心都有了|活够了|气死我了，不想活了|安眠药都买好了|我想从这个世界消失|不如死了算了
|I want to end it all|kill myself|I want to kill my self|I'd rather die than keep paying|I don't want to live anymore|better off dead|thinking about suicide
|I want to die|wish I was dead|there's no reason to live|I can't go on living|nothing left to live for|jump off the bridge|my family would be better off without me
|I'm going to hang myself|I might take all my pills|not worth living|想自殺|不想活瞭|I wanna die|i just dont want to be here anymore"""
ABUSE = """我老公打我|被家暴|他拿刀逼我借的|我是被逼贷款的|男朋友威胁我去网贷|催收的人上门打我|不敢回家，他会打我|被人胁迫签字
|my husband hits me|I was forced to take this loan|he threatened to kill me|he made me sign the loan|my partner beats me|domestic violence|they said they'd break my legs"""
DISTRESS = "压力好大|睡不着|快崩溃了|撑不下去了|I'm so stressed|I can't sleep|I feel hopeless|I can't cope|快被你们逼疯了"
CALM = """this interest is killing me|累死了|急死了|笑死我了|利息高得要死|愁死了|烦死了|我爸去世了|老公去世了|my battery is dead|the fees are killing me|打死都不接
|我打算下个月还|结束这笔贷款|I want to end this loan|what does it cost|我想打折|deadline is Friday|my dad died|I'm dying to know the result|我想办法|忙死了|穷死了|我要还款
|两千五|ok|can I pay half|你好|I lost my job|我失业了，还不上贷款|店里生意不好|I was hit with a late fee|打电话打个没完|跳槽了|饿死了|the shop is dead this month"""


def phrases(block: str) -> list[str]:
    return [phrase.strip() for phrase in block.split("|") if phrase.strip()]


@pytest.mark.parametrize("text", phrases(SELF_HARM))
def test_a_danger_to_oneself_is_noticed(text: str) -> None:
    assert detect(text) is CareLevel.SELF_HARM


@pytest.mark.parametrize("text", phrases(ABUSE))
def test_violence_and_force_are_noticed(text: str) -> None:
    assert detect(text) is CareLevel.ABUSE


@pytest.mark.parametrize("text", phrases(DISTRESS))
def test_distress_short_of_danger_is_noticed(text: str) -> None:
    assert detect(text) is CareLevel.DISTRESS


@pytest.mark.parametrize("text", phrases(CALM))
def test_figures_of_speech_and_ordinary_messages_raise_no_alarm(text: str) -> None:
    assert detect(text) is None
