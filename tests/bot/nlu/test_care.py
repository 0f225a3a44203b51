"""Danger is noticed in the words people use for it, and figures of speech are not danger."""

# ruff: noqa: E501 (lists of phrases)
from __future__ import annotations

import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from actions.turn import DANGERS as DANGER_INTENTS
from bot.nlu.care import DANGERS, CareLevel, detect
from bot.nlu.components.care import CareClassifier
from bot.nlu.danger import DANGER, KINDS, DangerModel, Heard
from bot.nlu.danger import EXAMPLES as LOOK_ALIKES
from bot.nlu.intents import IntentModel
from bot.nlu.small_questions import SMALL_QUESTION, Asked, SmallQuestionModel
from tests.nlu.examples import LANGUAGES, training

HERE = Path(__file__).parent
CLASSIFIER = CareClassifier(CareClassifier.get_default_config())
MOST_MISSED, MOST_FALSE_ALARMS = 0.01, 0.01
# What the expressions miss the intent model finds; look-alikes are chosen to be taken for danger.
MOST_MISSED_BY_EXPRESSIONS = 0.08
MOST_ALARMS_AT_LOOK_ALIKES = 0.05
# The last look-alikes were taught to the model of danger alone; the expressions were not bent to them.
MOST_ALARMS_BY_EXPRESSIONS = 0.02
MODEL = HERE.parents[2] / "models" / "respite.tar.gz"

SELF_HARM = """不想活了|我真的想死|想 死|活着没意思|活不下去了|再催我就去跳楼|我真想从楼上跳下去|想自杀|想轻生|割腕算了|遗书都写好了|生不如死
|我不想活了你们满意了吧|死了算了|一死了之|想结束自己的生命|喝农药死了得了|想死的心都有了|活够了|气死我了，不想活了|安眠药都买好了|我想从这个世界消失|不如死了算了
|I want to end it all|kill myself|I want to kill my self|I'd rather die than keep paying|I don't want to live anymore|better off dead|thinking about suicide
|I want to die|wish I was dead|there's no reason to live|I can't go on living|nothing left to live for|jump off the bridge|my family would be better off without me
|im gna kil myslf i cnt do 200 a mnth|mujhe marna hai, sab khatam|bhai ab jeena nahi hai|oga I wan die|hose is on the exhaust, cancel the direct debit
|I'm going to hang myself|I might take all my pills|not worth living|想自殺|不想活瞭|I wanna die|i just dont want to be here anymore"""
ABUSE = """我老公打我|被家暴|他拿刀逼我借的|我是被逼贷款的|男朋友威胁我去网贷|催收的人上门打我|不敢回家，他会打我|被人胁迫签字
|他打我，我就打孩子|my husband hits me and I hit my kids|my husband hits me|I was forced to take this loan|he threatened to kill me|he made me sign the loan|my partner beats me|domestic violence|they said they'd break my legs"""
THREAT = """惹急了我拿刀去你们营业厅|我要弄死那个催收的|再来我家我就打死你们|我怕我会掐死孩子|你再打一次电话我就砍死你|信不信我找人废了他|我要让你们血债血偿
|I'll stab the next collector who comes|I'm going to burn your branch down|I'm coming to your office with a knife|I want to kill my boss|I'm scared I'll hurt my kids
|if your agent calls again I'll come to your office with a knife and kill him|if he calls again I'll slit his throat|tell me where he lives so I can smash his skull in|I will petrol bomb your call centre
|我昨晚打了孩子，控制不住|我打我老婆了|我把女儿打了|我怕我会打孩子|我对孩子动手了|I hit my kids|I keep hitting my son|I slapped my daughter, I'm losing control"""
DISTRESS = "压力好大|睡不着|快崩溃了|撑不下去了|I'm so stressed|I can't sleep|I feel hopeless|I can't cope|快被你们逼疯了"
CALM = """this interest is killing me|累死了|急死了|笑死我了|利息高得要死|愁死了|烦死了|我爸去世了|老公去世了|my battery is dead|the fees are killing me|打死都不接
|我打算下个月还|结束这笔贷款|I want to end this loan|what does it cost|我想打折|deadline is Friday|my dad died|I'm dying to know the result|我想办法|忙死了|穷死了|我要还款
|haven't paid him yet, was going to do it tonight|I haven't sent the form, was about to do it now
|I'll take a stab at the form tonight|You'll be the death of me with these passwords|I've had enough of your letters, sort it out|he hung up on me after calling me a waste of space|the hose on the exhaust needs replacing|jeena my sister will pay
|我打老婆电话|我打孩子的电话打不通|你们还给我打，我孩子都吵醒了|我对孩子动手术的钱发愁|I hit my partner up for a loan
|两千五|ok|can I pay half|你好|I lost my job|我失业了，还不上贷款|店里生意不好|I was hit with a late fee|打电话打个没完|跳槽了|饿死了|the shop is dead this month"""


def phrases(block: str) -> list[str]:
    return [phrase.strip() for phrase in block.split("|") if phrase.strip()]


@pytest.mark.parametrize("text", phrases(SELF_HARM))
def test_a_danger_to_oneself_is_noticed(text: str) -> None:
    assert detect(text) is CareLevel.SELF_HARM


@pytest.mark.parametrize("text", phrases(ABUSE))
def test_violence_and_force_are_noticed(text: str) -> None:
    assert detect(text) is CareLevel.ABUSE


@pytest.mark.parametrize("text", phrases(THREAT))
def test_what_the_writer_threatens_to_do_to_others_is_told_from_what_is_done_to_the_writer(text: str) -> None:
    assert detect(text) is CareLevel.THREAT


@pytest.mark.parametrize(
    "text",
    [
        "前夫拿着刀堵在我家门口",
        "我怕他半夜杀了我",
        "他天天打我，我控制不住想杀了他",
        "he said he would burn the house down with us in it",
        "last night I nearly put a pillow over his face, I can't take the beatings any more",
    ],
)
def test_who_is_in_danger_from_others_is_sheltered_whatever_else_is_said(text: str) -> None:
    assert detect(text) is CareLevel.ABUSE


@pytest.mark.parametrize("text", ["我要弄死那个催收的，然后自杀", "逼急了我跟你们同归于尽"])
def test_whose_own_life_is_in_danger_too_hears_the_words_for_that(text: str) -> None:
    assert detect(text) is CareLevel.SELF_HARM


@pytest.mark.parametrize("text", phrases(DISTRESS))
def test_distress_short_of_danger_is_noticed(text: str) -> None:
    assert detect(text) is CareLevel.DISTRESS


@pytest.mark.parametrize("text", phrases(CALM))
def test_figures_of_speech_and_ordinary_messages_raise_no_alarm(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "我死了债怎么办",
        "what happens to my debt if I die",
        "老婆动手术",
        "打到我单位去了",
        "了结这笔贷款要多少钱",
    ],
)
def test_neighbours_of_danger_raise_no_alarm(text: str) -> None:
    assert not in_danger(text)


@pytest.mark.parametrize(
    "text", ["催收威胁要起诉我", "your collector threatened to tell my boss", "说要上门找我单位，我录音了"]
)
def test_a_collectors_threat_without_violence_is_a_complaint(text: str) -> None:
    assert not in_danger(text)


@pytest.mark.parametrize(
    "text", ["催收威胁要砍我", "your collector said he'd kill me", "收账的拿着棍子在我家门口"]
)
def test_a_collectors_threat_to_life_and_limb_is_violence(text: str) -> None:
    assert detect(text) is CareLevel.ABUSE


@pytest.mark.parametrize("text", ["昨天新闻有人跳江被救", "heroes never die in films", "游戏里自杀送人头"])
def test_news_and_films_raise_no_alarm(text: str) -> None:
    assert not in_danger(text)


def test_news_that_give_somebody_the_idea_are_danger() -> None:
    assert detect("看了新闻，我也想跳楼") is CareLevel.SELF_HARM


@pytest.mark.parametrize(
    "text", ["沙自己", "布想活了", "四了算了", "bu xiang huo le", "unaliving myself", "k*ll myself", "自.殺"]
)
def test_danger_is_noticed_in_disguised_spelling(text: str) -> None:
    assert detect(text) is CareLevel.SELF_HARM


@pytest.mark.parametrize("language", LANGUAGES)
def test_expressions_alone_miss_little_danger(language: str) -> None:
    texts = lines(HERE / f"danger_{language}.txt")
    missed = [text for text in texts if not in_danger(text)]
    assert len(missed) <= MOST_MISSED_BY_EXPRESSIONS * len(texts), missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_expressions_and_model_miss_hardly_any_danger(trained: Models, language: str) -> None:
    texts = lines(HERE / f"danger_{language}.txt")
    missed = [text for text in texts if not alarms_with_model(trained, text)]
    assert len(missed) <= MOST_MISSED * len(texts), missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_expressions_and_model_alarm_at_hardly_any_look_alike(trained: Models, language: str) -> None:
    texts = lines(LOOK_ALIKES / f"look_alikes.{language}.txt")
    alarms = [text for text in texts if alarms_with_model(trained, text)]
    assert len(alarms) <= MOST_ALARMS_AT_LOOK_ALIKES * len(texts), alarms


@pytest.mark.parametrize("language", LANGUAGES)
def test_hardly_anything_else_raises_an_alarm(language: str) -> None:
    texts = [each.text for each in training(language) if each.intent not in DANGER_INTENTS]
    alarms = [text for text in texts if in_danger(text)]
    assert len(alarms) <= MOST_FALSE_ALARMS * len(texts), alarms


@pytest.mark.parametrize("language", LANGUAGES)
def test_hardly_any_look_alike_raises_an_alarm(language: str) -> None:
    texts = lines(LOOK_ALIKES / f"look_alikes.{language}.txt")
    alarms = [text for text in texts if in_danger(text)]
    assert len(alarms) <= MOST_ALARMS_BY_EXPRESSIONS * len(texts), alarms


def test_a_danger_the_model_suspects_counts_as_danger() -> None:
    message = understood("今天过后都清净", {"ask_charges": 0.2, "express_self_harm": 0.16})
    assert message.get(INTENT) == {"name": "express_self_harm", "confidence": 1.0}
    assert message.get("care") == "self_harm"


def test_the_likelier_of_two_suspected_dangers_counts() -> None:
    message = understood("再说吧", {"report_abuse": 0.5, "express_self_harm": 0.2})
    assert message.get("care") == "abuse"


def test_a_threat_is_danger_too() -> None:
    message = understood("我要弄死那个催收的", {"complain_contact": 0.8})
    assert message.get(INTENT)["name"] == "express_self_harm" and message.get("care") == "threat"


def test_whom_the_danger_is_for_the_intent_model_alone_does_not_say() -> None:
    message = understood("再说吧", {"express_self_harm": 0.6})
    assert message.get("care") == "self_harm"


def test_a_faint_suspicion_changes_nothing() -> None:
    message = understood("再说吧", {"ask_charges": 0.7, "report_abuse": 0.14})
    assert message.get(INTENT)["name"] == "ask_charges"
    assert message.get("care") is None


def test_a_suspicion_far_behind_another_meaning_changes_nothing() -> None:
    message = understood("家里生活", {"hardship_family_event": 0.33, "express_self_harm": 0.19})
    assert message.get(INTENT)["name"] == "hardship_family_event"
    assert message.get("care") is None


def test_a_suspicion_that_a_figure_of_speech_explains_changes_nothing() -> None:
    message = understood("困死了，明天再说", {"express_self_harm": 0.6, "pause_conversation": 0.3})
    assert message.get("care") is None


def test_danger_that_the_model_of_danger_hears_is_of_the_kind_the_intent_model_finds_likelier() -> None:
    chances = {"complain_contact": 0.8, "report_abuse": 0.1, "express_self_harm": 0.05}
    assert understood("他说不还就要我好看", chances, heard=Heard(0.4, {})).get("care") == "abuse"
    assert understood("他说不还就要我好看", chances, heard=Heard(0.1, {})).get("care") is None


def test_only_a_certain_model_of_danger_is_believed_against_a_figure_of_speech() -> None:
    chances = {"pause_conversation": 0.9}
    assert understood("困死了，明天再说", chances, heard=Heard(0.5, {})).get("care") is None
    assert understood("困死了，明天再说", chances, heard=Heard(0.9, {})).get("care") == "self_harm"


def test_of_which_kind_a_danger_is_the_model_of_danger_tells_where_no_expression_does() -> None:
    kinds = {CareLevel.SELF_HARM: -1.0, CareLevel.ABUSE: -2.0, CareLevel.THREAT: 1.0}
    text = "你们几点换班我心里有数"
    assert understood(text, {"ask_hours": 0.6}, heard=Heard(0.4, kinds)).get("care") == "threat"
    assert understood(text, {"express_self_harm": 0.9}, heard=Heard(0.1, kinds)).get("care") == "threat"


def test_blows_that_the_writer_far_likelier_dealt_are_no_violence_against_the_writer() -> None:
    own = {CareLevel.SELF_HARM: -2.0, CareLevel.ABUSE: -1.0, CareLevel.THREAT: 1.0}
    unclear = {**own, CareLevel.ABUSE: 0.5}
    text = "my husband hits me"
    assert understood(text, {"report_abuse": 0.9}, heard=Heard(3.0, own)).get("care") == "threat"
    assert understood(text, {"report_abuse": 0.9}, heard=Heard(3.0, unclear)).get("care") == "abuse"


def test_who_far_likelier_means_others_is_not_answered_as_in_danger_from_themself() -> None:
    others = {CareLevel.SELF_HARM: -0.2, CareLevel.ABUSE: -2.8, CareLevel.THREAT: 1.9}
    text = "我烂命一条，拉几个垫背的"
    assert understood(text, {"express_self_harm": 0.9}, heard=Heard(1.5, others)).get("care") == "threat"
    both = {**others, CareLevel.SELF_HARM: 1.5}
    assert understood(text, {"express_self_harm": 0.9}, heard=Heard(1.5, both)).get("care") == "self_harm"


def test_danger_that_a_figure_of_speech_explains_is_not_acted_on() -> None:
    message = understood("累死了", {"express_self_harm": 0.7, "greet": 0.1}, heard=Heard(0.0, {}))
    assert message.get(INTENT)["name"] == "nlu_fallback" and message.get("care") is None


@pytest.mark.parametrize(
    "text",
    [
        "I'm not suicidal, just short this month",
        "I'm not going to kill myself, I only need a plan",
        "我不会伤害自己，想问问能不能分期",
        "my brother beats me at chess",
    ],
)
def test_reassurance_and_games_raise_no_alarm(text: str) -> None:
    assert detect(text) not in DANGERS


@pytest.mark.parametrize(
    "text",
    [
        "I'm not suicidal but I don't want to wake up",
        "I'm not going to kill myself yet",
        "give me one reason not to kill myself",
        "我不会伤害自己，但是我不想活了",
    ],
)
def test_a_denial_that_hides_danger_is_danger(text: str) -> None:
    assert detect(text) in DANGERS


@pytest.mark.parametrize(
    "text",
    [
        "I'm not going to hurt myself, don't worry",
        "not suicidal or anything",
        "我不会做傻事的",
        "没想过自杀，真的",
    ],
)
def test_who_denies_danger_hears_of_the_number_softly(text: str) -> None:
    message = understood(text, {"express_self_harm": 0.8}, heard=Heard(-0.2, {}))
    assert message.get("care") == "distress"
    assert message.get(INTENT)["name"] == "express_distress"


def test_a_question_beside_a_denial_is_answered() -> None:
    message = understood(
        "I'm not suicidal, can I pay in parts", {"ask_installments": 0.9}, heard=Heard(-2, {})
    )
    assert message.get("care") == "distress" and message.get(INTENT)["name"] == "ask_installments"


@pytest.mark.parametrize(
    "text",
    [
        "I never gave him a penny",
        "leave my nan out of this, her heart is weak",
        "he beat me to it",
        "he threatened to report me to the credit bureau",
        "broke my ankle coming off the bike",
        "照片我都拍好了",
        "我没打过他",
        "我在楼顶装空调",
        "你们别吓着我妈",
    ],
)
def test_what_was_not_done_and_everyday_mishaps_are_no_danger(text: str) -> None:
    suspected = {"report_abuse": 0.9, "express_self_harm": 0.05}
    assert understood(text, suspected, heard=Heard(0.2, {})).get("care") is None


@pytest.mark.parametrize(
    "text",
    [
        "I've changed my mind about the arrangement I signed, I want out",
        "get me out of this plan",
        "I want out",
        "my boss is gonna kill me if you call work again",
        "the missus will have my head when she finds out",
        "我妈要是听见你们打电话能把我撕了",
        "领导知道了非弄死我不可",
        "前室友偷我手机刷脸借的，我已经报警",
        "别现在打，我上夜班，等我睡醒，下午四五点吧",
        "call me when I wake up, about four",
        "兜里比脸都干净",
        "好了，我来了",
    ],
)
def test_plans_wives_night_shifts_and_empty_pockets_are_no_danger(text: str) -> None:
    suspected = {"report_abuse": 0.6, "express_self_harm": 0.3}
    assert understood(text, suspected, heard=Heard(0.2, {})).get("care") is None


@pytest.mark.parametrize("text", ["brb the baby's crying", "娃哭了，等一下"])
def test_a_crying_child_is_no_distress_of_who_writes(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("this is the last message anyone will get from me", CareLevel.SELF_HARM),
        ("这条消息发完，以后谁都收不到我的消息了", CareLevel.SELF_HARM),
        ("the life insurance should cover what I owe", CareLevel.SELF_HARM),
        ("I know what time your guy finishes work", CareLevel.THREAT),
        ("I want out. permanently", CareLevel.SELF_HARM),
        ("I want out of this life", CareLevel.SELF_HARM),
        ("我妈知道了非打死我不可，她上次拿刀了", CareLevel.ABUSE),
        ("逼我刷脸借的，不借就打我", CareLevel.ABUSE),
        ("活着没意思，兜里比脸还干净", CareLevel.SELF_HARM),
    ],
)
def test_what_is_veiled_or_stands_beside_such_words_is_danger(text: str, level: CareLevel) -> None:
    assert detect(text) is level


@pytest.mark.parametrize(
    "text",
    [
        "my late husband's life insurance should pay this off",
        "this is the last time I explain it",
        "what time does your guy finish work",
    ],
)
def test_insurance_of_the_dead_and_last_words_before_a_block_raise_no_alarm(text: str) -> None:
    assert detect(text) not in DANGERS


@pytest.mark.parametrize("text", ["不想干活不想活了", "没活干，活不下去了", "没法活了"])
def test_no_work_does_not_hide_that_somebody_does_not_want_to_live(text: str) -> None:
    assert detect(text) in DANGERS


@pytest.mark.parametrize(
    "text", ["he never gave me a penny and he hits me", "他打我，我没动手", "他还没动手呢"]
)
def test_what_is_harmless_does_not_hide_the_danger_beside_it(text: str) -> None:
    assert detect(text) in DANGERS


def test_distress_beside_another_meaning_is_marked_and_the_meaning_stays() -> None:
    message = understood("房租2500，这日子", {"correct_detail": 0.6, "express_distress": 0.25})
    assert message.get("care") == "distress" and message.get(INTENT)["name"] == "correct_detail"


def test_a_worry_that_surely_asks_a_small_question_is_no_distress() -> None:
    feared = {"express_distress": 0.52}
    assert understood("我怕以后改不了", feared, asked=Asked("change_later", 1.6)).get("care") is None
    assert understood("我怕以后改不了", feared, asked=Asked("change_later", 0.4)).get("care") == "distress"
    told = understood("我怕以后改不了，睡不着", feared, asked=Asked("change_later", 1.6))
    assert told.get("care") == "distress"


def test_distress_said_with_a_courtesy_is_what_is_meant() -> None:
    message = understood("hello, I can't sleep any more", {"greet": 0.9})
    assert message.get(INTENT) == {"name": "express_distress", "confidence": 1.0}


def test_the_conversation_knows_as_danger_what_the_detector_makes_of_it() -> None:
    assert set(CareClassifier.get_default_config()["intents"].values()) == DANGER_INTENTS


def test_danger_is_noticed_without_any_model() -> None:
    message = understood("我不想活了", {})
    assert message.get(INTENT)["name"] == "express_self_harm"


def test_danger_that_no_expression_tells_is_marked_so() -> None:
    heard = understood("他说再不还让我在村里抬不起头", {"report_abuse": 0.9})
    assert heard.get("danger_is_unworded") is True
    assert understood("我老公打我", {"report_abuse": 0.9}).get("danger_is_unworded") is None


@pytest.mark.parametrize("score", [0.1, 0.5])
def test_a_figure_of_speech_that_the_intent_model_takes_for_danger_is_not_understood(score: float) -> None:
    message = understood("you'll be the death of me", {"express_self_harm": 0.97}, heard=Heard(score, {}))
    assert message.get("care") is None and message.get(INTENT)["name"] == "nlu_fallback"


def test_a_matter_that_is_surely_told_is_no_danger_for_a_faint_sound_of_it() -> None:
    text = "my cousin ran away and I stood guarantor"
    sure, unsure = {"hardship_overindebted": 0.95}, {"hardship_overindebted": 0.5}
    assert understood(text, sure, Heard(0.6, {CareLevel.ABUSE: 1.0})).get("care") is None
    assert understood(text, unsure, Heard(0.6, {CareLevel.ABUSE: 1.0})).get("care") == "abuse"
    assert understood(text, sure, Heard(1.2, {CareLevel.ABUSE: 1.0})).get("care") == "abuse"


@pytest.mark.parametrize("beside", ["goodbye", "request_human", "pause_conversation", "express_distress"])
def test_what_people_in_danger_say_too_is_no_other_matter(beside: str) -> None:
    heard = Heard(0.6, {CareLevel.SELF_HARM: 1.0})
    assert understood("this is the last you hear of me", {beside: 0.95}, heard).get("care") == "self_harm"


def test_an_expression_that_no_model_hears_anything_in_is_a_figure_of_speech() -> None:
    text, unheard = (
        "不想活了",
        Heard(-1.5, {CareLevel.SELF_HARM: 0.0, CareLevel.THREAT: 0.0}),
    )
    assert understood(text, {"ask_balance": 0.7}, unheard).get("care") is None
    assert (
        understood(text, {"ask_balance": 0.4, "express_self_harm": 0.4}, unheard).get("care") == "self_harm"
    )
    assert understood(text, {"ask_balance": 0.7}, Heard(-0.5, unheard.kinds)).get("care") == "self_harm"


@pytest.mark.parametrize("score", [0.5, 2.0])
def test_a_small_question_is_no_danger_however_unusual_its_words(score: float) -> None:
    asked = Asked("change_later", score)
    message = understood("这一按是不是就定死了呀", {"express_self_harm": 0.9}, asked=asked)
    assert message.get("care") is None and message.get(INTENT)["name"] == "nlu_fallback"


def test_what_an_expression_tells_is_danger_in_a_question_too() -> None:
    message = understood("我不想活了，这钱谁还", {}, asked=Asked("who_must_pay", 3.0))
    assert message.get("care") == "self_harm"


def test_a_question_that_is_hardly_one_says_nothing_about_danger() -> None:
    message = understood("…", {"express_self_harm": 0.9}, asked=Asked("change_later", 0.2))
    assert message.get("care") == "self_harm"


def test_the_words_of_danger_are_not_kept_with_the_level() -> None:
    message = understood("我不想活了", {"greet": 0.9})
    assert message.get("care") == "self_harm"
    assert [item["name"] for item in message.get(INTENT_RANKING_KEY)] == ["express_self_harm", "greet"]


@dataclass(frozen=True)
class Models:
    """The models of the bot as they are trained now."""

    intents: IntentModel
    danger: DangerModel
    small_questions: SmallQuestionModel


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("model")
    with tarfile.open(MODEL) as packed:
        packed.extractall(folder, filter="data")
    kept = next(folder.rglob("intents.json")).parent
    return Models(IntentModel.load(kept), DangerModel.load(kept), SmallQuestionModel.load(kept))


def alarms_with_model(models: Models, text: str) -> bool:
    mended = models.intents.spelling.mend(text)
    heard, asked = models.danger.hear(mended), models.small_questions.hear(mended)
    message = understood(text, dict(models.intents.rank(text)[:10]), heard, asked)
    return message.get("care") in {level.value for level in DANGERS}


def in_danger(text: str) -> bool:
    return detect(text) in DANGERS


def lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def understood(
    text: str, chances: dict[str, float], heard: Heard | None = None, asked: Asked | None = None
) -> Message:
    """The message as it leaves the pipeline when the models found `chances`, `heard` that danger and `asked`."""
    ranking: list[dict[str, Any]] = [{"name": name, "confidence": chance} for name, chance in chances.items()]
    first = {INTENT: ranking[0]} if ranking else {}
    message = Message(data={TEXT: text, INTENT_RANKING_KEY: ranking, **first})
    if heard is not None:
        message.set(DANGER, heard.score)
        message.set(KINDS, heard.kinds)
    if asked is not None:
        message.set(SMALL_QUESTION, asdict(asked))
    return CLASSIFIER.process([message])[0]
