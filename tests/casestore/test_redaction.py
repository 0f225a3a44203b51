"""What is kept to learn from points to nobody: contacts, names, places and figures are gone."""

from __future__ import annotations

import pytest

from casestore.redaction import MAX_EXAMPLE, anonymous

ZH_NAMES = [
    ("我叫张伟失业了", "张伟"),
    ("我的名字是王小明，还不上", "王小明"),
    ("我姓陈，想问问", "陈"),
    ("你好我是李建国，欠了多少", "李建国"),
    ("我老公王强失业了", "王强"),
    ("催收员赵磊骂我", "赵磊"),
    ("你们的周经理打给我", "周"),
    ("孫先生在吗", "孫"),
    ("小李，帮我看看", "李"),
]
EN_NAMES = [
    ("my name is john smith and I lost my job", "john smith"),
    ("I'm Peter, can you help", "Peter"),
    ("this is mary speaking", "mary"),
    ("John Brown here, what do I owe", "Brown"),
    ("Mr Brown rang me at work", "Brown"),
    ("call me johnny", "johnny"),
    ("my husband Tom left", "Tom"),
    ("zhang wei here", "zhang"),
]


@pytest.mark.parametrize(("said", "name"), [*ZH_NAMES, *EN_NAMES])
def test_a_name_is_not_kept(said: str, name: str) -> None:
    assert name not in anonymous(said) and "[…]" in anonymous(said)


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("打13800138000找我", "138"),
        ("我的手机一三八零零一三八零零零", "一三八"),
        ("身份证是33010619850312000X呀", "1985"),
        ("证件后四位是003X没错", "003"),
        ("尾号一二三四那张卡", "一二三四"),
        ("write to li.na@example.com please", "example"),
        ("加我微信abc_1234聊", "abc"),
        ("my wechat is: lina_99 thanks", "lina"),
        ("贷款LN20260001不对吧", "LN2026"),
        ("工号A3368骂我了", "3368"),
        ("我住在朝阳路12号3栋502室呢", "朝阳"),
        ("I live at 12 Green Park Road now", "Green"),
        ("post it to SW1A 1AA please", "SW1A"),
        ("上海明湖科技有限公司催我", "明湖"),
        ("1990年5月3日生的", "1990"),
    ],
)
def test_a_number_an_account_or_a_place_is_not_kept(said: str, secret: str) -> None:
    assert secret not in anonymous(said)


def test_figures_become_one_figure_so_that_equal_wordings_are_equal() -> None:
    assert anonymous("我只能还800") == anonymous("我只能还1,250.50") == "我只能还000"


@pytest.mark.parametrize(
    "said",
    [
        "我叫你们别打了",
        "千万别打我妈电话",
        "万一还不上怎么办",
        "我就是钱不够",
        "本人失业了",
        "每月六千五，20号发工资",
        "call me back tomorrow",
        "I will miss the next payment",
        "I'd rather speak English on Monday",
        "LOST MY JOB",
    ],
)
def test_what_points_to_nobody_stays(said: str) -> None:
    assert anonymous(said) == said


def test_a_story_is_cut_and_lines_become_one() -> None:
    kept = anonymous("我想说\n说来话长，" * 40)
    assert len(kept) <= MAX_EXAMPLE and "\n" not in kept


@pytest.mark.parametrize("said", ["", "13800138000", "a@example.com", "？？", "好"])
def test_where_nothing_is_left_to_learn_from_nothing_is_kept(said: str) -> None:
    assert anonymous(said) == ""
