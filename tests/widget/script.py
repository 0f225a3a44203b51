"""What the fake server says: invented figures, worded as the bot would."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]


def answers_to(said: str, language: str) -> list[Body]:
    """The scripted answer to a text or payload; unknown words are repeated back."""
    script = SCRIPTS[language]
    if said in script:
        return script[said]
    return [{"text": f"{'收到' if language == 'zh' else 'Heard'}: {said}"}]


def _button(title: str, payload: str) -> dict[str, str]:
    return {"title": title, "payload": payload}


def _lines(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs]


def _rows(count: int, payment: str, day: str) -> list[list[str]]:
    return [
        [
            str(n),
            day.format(n),
            payment,
            "¥162.50",
            "¥624.70",
            "¥0.00",
            f"¥{21450 - n * 787:,}.00",
        ]
        for n in range(1, count + 1)
    ]


GREETING_ZH = [
    {
        "text": "您好，我是软件助手，不是真人。我可以帮您查看欠款、了解您的困难，"
        "并一起找到您负担得起的还款方案。",
    },
    {
        "text": "开始前请您知晓：您说的内容只用于处理这笔贷款，您可以随时要求转接人工。\n\n"
        "同意后我们就开始，好吗？",
        "buttons": [
            _button("同意，开始", "/affirm"),
            _button("先看看隐私说明", "/ask_privacy"),
            _button("转人工", "/request_human"),
        ],
    },
]

BREAKDOWN_ZH = {
    "text": "本金 ¥18,600.00，利息 ¥325.40……",
    "card": {
        "type": "breakdown",
        "title": "尾号 0001 的贷款，截至今天",
        "lines": _lines(
            ("剩余本金", "¥18,600.00"),
            ("利息", "¥325.40"),
            ("罚息", "¥86.12"),
            ("费用", "¥0.00"),
            ("全部结清需要", "¥19,011.52"),
        ),
        "note": "已逾期 46 天；下一期 ¥1,412.20，12月20日到期；由本行处理。",
    },
}

HEAD_ZH = ["期", "日期", "应付", "利息", "本金", "罚息和费用", "剩余本金"]

OFFERS_ZH: Body = {
    "text": "根据您的情况，下面这些方案都在您负担得起的范围内：\n\n方案1：……\n\n方案2：……\n\n方案3：……\n\n"
    "想选哪一个？也可以告诉我您每月最多能还多少，我再算。",
    "buttons": [_button(f"方案{n}", f'/choose_option{{"option_number": {n}}}') for n in (1, 2, 3)],
    "card": {
        "type": "offers",
        "title": "可以选择的方案",
        "offers": [
            {
                "option": 1,
                "name": "延长还款期限",
                "badge": "方案1",
                "lines": _lines(
                    ("每月应还", "¥787.20"),
                    ("首次还款", "2026年1月15日"),
                    ("共几期", "24 期，至 2027年12月"),
                    ("总共要还", "¥20,892.80"),
                    ("与现在相比", "多还 ¥1,104.30"),
                ),
                "schedule_title": "还款计划表",
                "schedule": {"head": HEAD_ZH, "rows": _rows(12, "¥787.20", "2026年{}月15日")},
                "button": _button("选择方案 1", '/choose_option{"option_number": 1}'),
            },
            {
                "option": 2,
                "name": "逾期款分期偿还",
                "badge": "方案2",
                "lines": _lines(
                    ("每月应还", "¥962.00"),
                    ("首次还款", "2026年1月15日"),
                    ("共几期", "12 期，至 2026年12月"),
                    ("总共要还", "¥19,788.50"),
                    ("与现在相比", "少还 ¥212.40"),
                ),
                "schedule_title": "还款计划表",
                "schedule": {"head": HEAD_ZH, "rows": _rows(12, "¥962.00", "2026年{}月15日")},
                "button": _button("选择方案 2", '/choose_option{"option_number": 2}'),
            },
            {
                "option": 3,
                "name": "暂缓还款三个月",
                "badge": "方案3",
                "notes": ["暂缓期间利息照常计算，分摊到之后各期。"],
                "lines": _lines(
                    ("每月应还", "¥995.60"),
                    ("首次还款", "2026年4月15日"),
                    ("共几期", "18 期，至 2027年9月"),
                    ("总共要还", "¥20,310.80"),
                    ("与现在相比", "多还 ¥522.30"),
                ),
                "schedule_title": "还款计划表",
                "schedule": {"head": HEAD_ZH, "rows": _rows(12, "¥995.60", "2026年{}月15日")},
                "button": _button("选择方案 3", '/choose_option{"option_number": 3}'),
            },
        ],
        "refusals": {
            "title": "这次不适用的方案",
            "items": [
                {
                    "name": "一次性结清减免",
                    "reason": "需要您能一次付清至少 60% 的欠款；您说目前拿不出这笔钱。",
                }
            ],
        },
    },
}

AFTER_OFFERS_ZH: Body = {
    "text": "以上方案有效期至 2026年3月9日。您可以选一个，也可以告诉我您每月最多能还多少，我再算。",
    "buttons": [_button("我每月只能还 800", "/counter_offer"), _button("都不合适", "/deny")],
}

COUNTERED_ZH = {
    **OFFERS_ZH["card"]["offers"][0],
    "option": 4,
    "badge": "方案4",
    "button": _button("选择方案 4", '/choose_option{"option_number": 4}'),
}

COUNTER_ZH = {
    "text": "完全照您说的做不到：期限最多 24 期（规则 TE-2）\n最接近的是：\n\n方案4：……",
    "card": {
        "type": "offers",
        "title": "",
        "offers": [COUNTERED_ZH],
    },
}

READ_BACK_ZH = {
    "text": "请确认：每月还 ¥962.00，2026年1月15日起，共 12 期，总共还 ¥19,788.50。\n\n确认后即成为协议。",
    "buttons": [_button("确认，同意此协议", "/accept_plan"), _button("再想想", "/deny")],
}

AGREED_ZH = {
    "text": "协议已记录，编号 RS-7K2M-4Q9D。\n"
    "全文在这里：http://127.0.0.1:5005/chat/documents/kq83Zs_1a-x 。请保存。",
    "card": {
        "type": "document",
        "title": "还款协议 RS-7K2M-4Q9D",
        "href": "/chat/documents/kq83Zs_1a-x",
        "label": "查看协议全文",
    },
}


def _asks(text: str, **hint: object) -> Body:
    return {"text": text, "input": hint}


SINCE_ZH = _asks("大概是从什么时候开始的？", type="date", past=True)
INCOME_ZH = _asks("谢谢。现在每个月到手的收入大概是多少？", type="amount")
HOUSING_ZH = _asks("每个月的房租或房贷是多少？", type="amount")
CODE_ZH = _asks("请输入收到的六位验证码。", type="code")

STATEMENT_ZH: Body = {
    "text": "我念一遍，您看对不对：\n· 每月收入 ¥4,500.00\n· 房租或房贷 ¥1,200.00\n每月余下 ¥3,300.00。",
    "buttons": [_button("对的", "/affirm"), _button("有不对的", "/deny")],
    "meanwhile": "options",
}

GREETING_EN = [
    {
        "text": "Hello. I'm a software assistant, not a person. I can show what is owed, "
        "listen to what happened, and look for a repayment plan you can afford.",
    },
    {
        "text": "What you say is used only for this loan, and you can ask for a person at any time.\n\n"
        "Shall we begin?",
        "buttons": [
            _button("Agree and begin", "/affirm"),
            _button("Show the privacy notice", "/ask_privacy"),
            _button("Talk to a person", "/request_human"),
        ],
    },
]

HEAD_EN = ["No.", "Due", "Payment", "Interest", "Principal", "Penalty and fees", "Balance"]


def _offer_en(option: int, name: str, payment: str) -> Body:
    return {
        "option": option,
        "name": name,
        "badge": f"Option {option}",
        "lines": _lines(
            ("Each month", payment),
            ("First payment", "15 January 2026"),
            ("Payments", "24, until December 2027"),
            ("Total to pay", "¥20,892.80"),
            ("Compared with now", "¥1,104.30 more than carrying on as now"),
        ),
        "schedule_title": "Payment schedule",
        "schedule": {"head": HEAD_EN, "rows": _rows(12, payment, "15/{}/2026")},
        "button": _button(f"Choose option {option}", f'/choose_option{{"option_number": {option}}}'),
    }


OFFERS_EN = {
    "text": "These plans are all within what you can afford:\n\n"
    "Option 1 …\n\nOption 2 …\n\nWhich one would you like?",
    "card": {
        "type": "offers",
        "title": "Three plans within the ¥1,000 a month you can afford",
        "offers": [
            _offer_en(1, "Longer term", "¥787.20"),
            _offer_en(2, "Arrears in instalments", "¥962.00"),
            _offer_en(3, "Three-month payment holiday", "¥995.60"),
        ],
        "refusals": {
            "title": "Plans that do not fit this time",
            "items": [{"name": "Settlement discount", "reason": "It needs 60% of what is owed at once."}],
        },
    },
}

SCRIPTS: dict[str, dict[str, list[Body]]] = {
    "zh": {
        "/greet": GREETING_ZH,
        "/language": [{"text": "好的，我们用中文继续。"}],
        "/affirm": [BREAKDOWN_ZH, {"text": "请告诉我发生了什么？比如失业、收入减少、生病。"}],
        "我失业了": [{"text": "谢谢您告诉我，这不容易。我来算一算有哪些方案。"}, OFFERS_ZH, AFTER_OFFERS_ZH],
        '/choose_option{"option_number": 2}': [READ_BACK_ZH],
        "/counter_offer": [COUNTER_ZH],
        "/accept_plan": [AGREED_ZH],
        "开始填写": [SINCE_ZH],
        "2026年1月15日": [INCOME_ZH],
        "¥4500": [HOUSING_ZH],
        "¥1200": [STATEMENT_ZH],
        "发验证码": [CODE_ZH],
        "什么是罚息": [{"text": "罚息是逾期后按天计算的额外利息。"}],
    },
    "en": {
        "/greet": GREETING_EN,
        "/language": [{"text": "Of course, let's go on in English."}],
        "I lost my job": [OFFERS_EN],
        "ask me": [_asks("About how much money comes in each month at the moment?", type="amount")],
        "when": [_asks("Roughly when did this start?", type="date", past=True)],
    },
}
