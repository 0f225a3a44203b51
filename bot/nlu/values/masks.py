"""Hides what looks like a number but is an identifier, a code, a hotline, a clock time or an age."""
# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re

from bot.nlu.values.model import blank

_NAMED_NUMBER = (
    r"(?:验证码|校验码|取件码|提货码|动态码|激活码|口令|密码|工号|编号|单号|订单号?|案件号?|卡号|账号|帐号|账户|合同号?|合同编号|流水号|工单号?|受理号|身份证号?码?|证件号?"
    r"|尾号|后四位|末四位|后4位|末4位|最后四位|qq|微信号?|车牌|门牌|房号|邮编|学号|热线|客服电话|电话|拨打?|(?<!给你)(?<!给您)(?<!给你们)打(?:了|过|去|给|通|完)?(?=\s?(?:1(?:10|19|20|22)|12\d{3}|9[56]\d{3}|100(?:86|10|11))(?!\d))"
    r"|\b(?:code|otp|pin|password|passcode|id|id number|id card|card number|account number|account|reference|ref|case|ticket|order|contract"
    r"|number ending|ending|ends|ending in|ends in|last (?:four|4)(?: digits)?(?: of (?:my|the) \w+(?: \w+)?)?"
    r"|hotline|helpline|phone|call|called|dial|dialled|ring|rang|text|(?<!\ba )room|(?<!\ba )flat|apartment|apt|building|unit|floor|bus|form|flight|zip|(?:loan|agreement|file|application|customer|policy) (?:no\.?|number|id)|postcode)\b)"
)
_IDENTIFIERS = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w[\w.]*"
    r"|\bln\s?-?\d{4,}|(?<![a-z\d])(?!rmb|cny)[a-z]{1,4}-?\d{4,}(?!\d*\s*(?:元|块|yuan))(?:-\d+)*"
    r"|\b(?:iphone|ipad|huawei|mate|redmi|xiaomi|galaxy|note|covid|windows|android|ios|g)[ -]?\d{1,2}\b(?![,.]\d| ?(?:k|w|yuan|rmb|hundred|thousand|grand)\b)|(?:苹果|华为|小米|红米|荣耀|骁龙)\d{1,3}(?![\d.百千万元块kw])"
    r"|\b(?:(?<!the )(?<!your )(?<!their )(?<!an )(?:agent|operator|collector)|badge|employee|staff)(?: (?:no\.?|number|id))? #?\d{3,}(?! ?(?:yuan|rmb|元|块))"
    r"|\b\d{1,4} (?:[a-z]+ ){1,2}(?:road|street|avenue|lane|rd|ave)\b|(?<=[路街巷弄道村])\d{1,4}弄?(?=号)号(?:楼|院)?|[\d一二三四五六七八九十]+(?:号楼|栋|幢|单元|楼|层)(?:\d{2,4}(?![\d.百千万元块]))?|\d{2,4}(?:寝|号?宿舍|号?病房|教室|包间|号?房间)|\b\d{1,3} building\b|(?<!\d)(?:12|95|96)\d{3}(?=\s?(?:投诉|举报|热线|客服|电话|打来|打过来|complaint|hotline|helpline|是你们|是不是|的?号码|打不通|没人接|占线|法律|法援|维权|市长|劳动|都打|也打|说|让我|告诉|发来|这个号))"
    r"|\b(?:kids?|child(?:ren)?|boys?|girls?|lad|daughters?|sons?|babies|both|all|them|ones|two|three|four|five|\d)(?:'s| is| are|,)?(?: all| both| each| still)? (?:aged? )?(?:under|below|over) \d{1,2}s?\b(?! ?(?:yuan|rmb|k\b|w\b|%|thousand|hundred|quid|pounds|days|weeks|months|a |per |each))|\b(?:minus|negative) \d{1,2}(?= (?:outside|out|degrees|in here|at night|tonight|last night)\b)|\b(?:the|catch|took|take|on) \d{1,3} (?=(?:bus|train|tram|route)\b)|\b(?:lost|dropped|gained|put on) \d{1,3} (?:pounds|kilos)(?= (?:of weight|in weight|from|since|because|in \d|through)\b)|\bbetween (?:[5-9]|1\d|2[0-4]) and [1-9]\b(?![\d.,]*\d)(?! ?(?:hundred|thousand|k\b|w\b|grand|yuan|rmb))|\byear \d{1,2}\b(?! ?(?:yuan|rmb|k\b))|\bcatch[- ]22\b|\bthe (?:19|20)\d\d (?:act|law|rules?|regulations?|code)\b|\b\d{1,3} (?=(?:out )?of (?:the |my )?\d{1,3} (?:monthly )?(?:instal|payments|months))|\b(?:[2-9]|[1-9]\d{1,2}) (?:[a-z]+ )?(?!days|weeks|months|years|bucks|dollars|pounds|euros|rupees|hours|thousands|hundreds|wages|tips|payments|instal)[a-z]{3,}s in (?:a|one|the last|two|three|\d) (?:day|week|month)s?\b|\b(?:been|worked|working|served) (?:at|with|for) (?:the|this|that|my|a|an) [a-z ]{2,20}? (?:for )?(?:\d{1,2}|[a-z]+) years\b|\b(?:been|worked|working) (?:at|with|for) (?:them|him|her|there|one place) (?:for )?(?:\d{1,2}|[a-z]+) years\b|\b(?:served|did) (?:\d{1,2}|[a-z]+) years\b|\b(?:agent|operator|advis[eo]r|collector) (?:no\.? |number )?\d{1,2}\b(?![\d.,]*\d| ?(?:k\b|yuan|rmb|quid|%|hundred|thousand|grand))|\b(?:won|lost|beat|drew|scored?)\b[^,.;\d]{0,20}\d-\d\b|\bunder the age of \d{1,2}\b|\bunder[- ]\d{1,2}s\b|\b(?:finish|start|open|clos|end|begin|knock off|clock off|clock in|wake|get up|get in|get home|come home|leave work|go to bed)\w*(?: work| school| up| off)? at (?:\d{1,2}|[a-z]+)(?=\W*$|[,.;!?]| (?:at night|in the|and|so|but|then|every|on|most|tonight|tomorrow)\b)(?!:)|\b(?:at|after|before|by|past|until|till|from) \d{1,2}(?= (?:at night|in the (?:morning|evening|afternoon)|tonight))|\b\d{1,2} at night"
    rf"|{_NAMED_NUMBER}(?: (?:you|they|i) (?:gave|sent|got|was given|were given)(?: me| us)?)?(?:\s|是|为|:|#|no\.?|number|in|is|are|was|号|码|了|[,，])*(?:0\d{{2,4}}[ -]\d{{3,8}}(?:[ -]\d{{3,4}})?|\d{{6,}} \d{{3,}}|\d[\dx-]{{2,}})(?![\d.]|\s?(?:元|块|yuan|rmb)| (?:overdrawn|short)\b)"
    r"|(?<![\d.,])0\d{2,4}[ -]\d{3,8}(?:[ -]\d{3,4})?(?!\d|[.,]\d)|(?<![\d.])\d{17}[\dx](?![\d])|(?<![\d.,])\d{15}(?!\d)|(?<![\d.,/-])(?<!\d )0\d+(?![\d.,/-])"
    r"|(?<![\d.,¥])(?:\d{9,}|(?!20[23]\d[01]\d[0-3]\d)\d{8})(?![\d.,]|\s?(?:元|块|yuan|rmb))"
    r"|(?:电量|电池|手机电?|湿度|充电|充到|电还剩|电只剩)[^,.;\d]{0,6}(?:\d{1,3}%|百分之[零一二三四五六七八九十]+)|\b(?:phone|battery|laptop|mobile|ipad|charged?)\b[^,.;\d]{0,18}\d{1,3} ?(?:%|percent\b|per cent\b)|\b\d{1,3} ?(?:%|percent|per cent) (?=(?:sure|certain|confident|positive|honest|serious|charged?|battery|of the time|chance|likely|right|true|my fault|your fault|not)\b)|(?:\d{1,3}%|百分之[零一二三四五六七八九十百]+)(?=的?(?:把握|可能|概率|几率|肯定|确定|准|电量))|(?<![\d-])(?:[48]00[- ]\d{3,4}[- ]?\d{3,4}|\d{3,4}-\d{3,4}-\d{3,4})(?![\d-])"
    r"|\b(?:before|after|past|until|till) \d{1,2}(?=\W*$|[,.;!?]| (?:or|and|on|please|in)\b)|\b(?:call|ring|phone|contact|text|message|reach)\w*\b[^,.;\d]{0,30}\b(?:between|from) \d{1,2} (?:and|to) \d{1,2}\b"
    r"|\b(?:updated?|upgraded?|version|ios)(?: to| is)? \d+\.\d+|(?:更新|升级)到\d+\.\d+|\b(?:flat|room|unit|apartment|apt|floor|level|stage|grade|page|gate|block|version|bus|route|ward|house) ?\d{1,2}[a-z]?\b(?![,.]\d| ?(?:k|w|yuan|rmb|hundred|thousand|grand)\b)"
    r"|\b(?:house|door|plot) (?:number|no\.?) ?\d+|(?:门牌|房号)号?码?\d+号?|(?:癌|瘤|病|衰竭|硅肺|尘肺)[^,.;\d]{0,4}?[一二三四1-4]期|[a-z]\d期|(?:985|211)(?=毕业|大学|院校|硕士|本科|高校|研究生)|(?<!\d)1(?:10|19|20|22)(?=报警|急救|救护|都?来|拉|送|出警|说|备案|不管|民警|警察|接警|[带抓管处让])|\d{3,4}(?=的?(?:邻居|住户|业主|室友|租客|房客))|(?<!\d)(?:0\d|1\d|2[0-6])年(?=来的?(?![^,.]{0,4}还)|进的?厂|入的?职|毕业|的(?:面包车|货车|轿车|老车|二手车|车(?!贷)))|(?:粉丝|播放量?|观众|在线)(?:掉|涨|少|多|有|才|只有|从|剩|到)*了?[一二两三四五六七八九十百千万\d]+(?![元块\d])|(?:报|叫|喊|拨|打给?|呼)(?:了|过|个)?1(?:10|19|20|22)(?!\s?[元块\d])|\b\d{3}-0\d{3}\b|\d{2,5}(?=开头|打头)|(?<!\d)12306(?!\s?[元块])|(?<!\d)20\d\d(?=[民刑执行][初终字特])|(?<=民初|刑初|执字|执恢)\d{1,6}(?=号)|(?:怀孕|怀了|宝宝|娃|孩子)(?:才|都|已经|刚|有|了)*[\d一二两三四五六七八九十]{1,2}个多?月(?=了|大|$|[^\w])|(?:(?<=calls)|(?<=letters)|(?<=texts)|(?<=times)|(?<=messages)|(?<=visits)) in (?:one|a|two|\d) (?:day|week|month)s?\b|\bext\.? \d{1,5}\b|\(20\d\d\)[^\s,]{0,14}号|(?<!\d)(?:[5-9][05]|0[05])后(?!还|付|再|给|能|才|就)|(?:\b(?:after|before|at|until|till|past|by) |^\W*)half (?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?! (?:hundred|thousand|grand))|(?<!\d)20[012]\d(?=款|届)|\bform \d{1,3}[a-jl-z]\b|(?<!\d)1\d\d(?=的个[子头]|的身高)|步数\d{1,2}(?:\.\d)?万|(?:尾号|后\d位)(?:是|为|数)?\d{1,8}(?=限行|[,.。]|$)|(?:生日|出生日期)(?:是|为|在|:)?(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]|(?:birthday|date of birth|dob|born)(?: is| was| on|:)* (?:\d{1,2}(?:st|nd|rd|th)? (?:of )?[a-z]{3,9}|[a-z]{3,9} \d{1,2}(?:st|nd|rd|th)?)(?:,? (?:19|20)\d\d)?\b|\b401 ?\(?k\)?\b|\bsize \d{1,2}\b|(?<![\d-])(?:1[- ])?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-.]\d{4}(?![\d-])|\b(?:my|our|his|her|old) (?:19[89]\d|20[0-3]\d) (?=[a-z]{3,}\b)(?!yuan|rmb|monthly)|\b(?:\d{1,2}[ -]?)?hours?\b[^,.;\d]{0,25}\b(?:from \d{1,2} )?to \d{1,2}\b(?![,.]?\d| ?(?:k|w|yuan|rmb|hundred|thousand|%|percent)\b)|\bborn (?:in |on )?'?\d{2,4}\b(?! [a-z]+ 20)|(?<![\d.])[6-9]\d年(?!\d)"
    r"|\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?|\b(?:1[0-2]|0?[1-9])\s?[ap]\.?m\b\.?|\b\d{1,2} o'?clock"
    r"|(?<![\d零一二两三四五六七八九十])(?<!分之)[\d零一二两三四五六七八九十]+(?:点半|点钟|点[\d一二三四五十]+分?(?![\d零一二三四五六七八九]|[百千万亿kw成折倍]|个百?分?点|%)|点整|点(?![\d零一二三四五六七八九]))"
    r"|\b\d{1,2}/7\b|(?<![\w,.])(?:996|007)(?=的?(?:工作|班|公司|制|干|做)|上班|加班|$|[^\w,.])(?!\s?(?:元|块|yuan|rmb))|(?<=[天们司班厂我k])(?: ?)(?:996|007)(?=[,.]\D|[,.]?$)|(?:天天|每天|常年|长期|一直|全年|整天|拼命|熬)(?:都|在|是|地)*(?:996|007)(?![\d元块.])"
    r"|(?<=instalments, not )\d{1,2}\b(?! ?[a-z%])|(?<=installments, not )\d{1,2}\b(?! ?[a-z%])|(?<=payments, not )\d{1,2}\b(?! ?[a-z%])|(?<=months, not )\d{1,2}\b(?! ?[a-z%])|(?<=months rather than )\d{1,2}\b(?! ?[a-z%])|(?<=months instead of )\d{1,2}\b(?! ?[a-z%])|(?<=months, )\d{1,2}\b(?=\W*$)|(?<=months not )\d{1,2}\b(?! ?[a-z%])|\b\d{1,2} out of \d{1,3}\b|(?<![\d.,¥])886?(?=\s*(?:下次|拜拜|再见))"
    r"|(?<!pay )\bday \d{1,3}\b(?! ?(?:yuan|rmb|k\b))|(?:爸爸?|妈妈?|父亲|母亲|老人|公公|婆婆|爷爷|奶奶|儿子|女儿|老公|老婆|老伴|我)(?:都|今年|已经|快|也)*\d{2}[了啦](?!块|元)|(?<=岁,)(?:爸爸?|妈妈?|儿子|女儿|老公|老婆|老伴)\d{1,2}(?=,)"
    r"|\b(?:dad|mum|mom|mother|father|parents?|son|daughter|wife|husband|gran|nan|lad|lass|sister|brother|grandma|grandpa|boy|girl|kid|baby)(?:'s| is| are| was| just turned| turned) \d{1,2}\b(?! ?(?:yuan|rmb|k\b|w\b|%|thousand|hundred|percent))"
    r"|\b(?:i'?m|i am|aged?|turn(?:ed|ing|s)?|he's|she's) \d{2}(?! ?(?:yuan|rmb|k\b|w\b|%|thousand|hundred|days|months|short|behind|kuai))(?=\s|$|[.,])"
)
_SET_PHRASES = re.compile(
    r"(?<![一二两三四五六七八九十几\d.百])(?:千万(?:别|不|要|得|记得|注意|帮|请|给)|万一|万万|万分(?!之)|万般|万事|万能|万岁|十分(?!之|钟|期))|千辛万苦|千方百计|千言万语|成百上千(?!的?[元块])|成千上万(?!的?[元块])"
    r"|一期一期|一月一月|一个月一个月(?=来|还|慢)|一百个|百分百|百般|百思|十万火急|一万个|一五一十|七七八八|乱七八糟|三番[两五]次|一而再|再三|三天两头|五花八门|四面八方"
    r"|一分钱|一毛钱|一毛不拔|一毛(?=都|也|没|不)|一块儿?(?=[商还谈聊想做住去来办过吃])|(?<=加)(?<!再加)一块儿?(?![钱的]|[五六七八九]毛)|(?:(?<=[住挤])|(?<=[住挤]在))一块儿?(?![\d一二两三四五六七八九钱])|半斤八两|第[一二三四五六七八九十\d]+(?=[次天年期月位遍章条季步回笔])"
    r"|一下子?|一点儿?(?![一二两三四五六七八九零])|一些|一样|一直|一定|一般|一起|一切|一旦|一时|一方面|二维码|三方|万元户|[七八九]成(?=是|会|要|没|又|不|得)|[你他她这那真]个?二百五(?![元块])|三年五载|说一千道一万|一年一(?=签|次|换|结|交)|百万医疗|一刀切|双十一|双11|双十二|618(?=活动|大促)"
    r"|(?:是|叫|骂我|当我是?|以为我|那|这)(?:个|一个|帮|群|些|一群|一帮)?二百五(?![元块一多]|个?月)|(?:[你他她]们?|[这那][帮群伙些]人?|客服|老板|催收|催收员|平台|这人)(?:的?人)?(?:就|都|真|简直|全)+是?(?:个|一个|帮|群|些)*二百五(?![元块一多])|[个帮群些]二百五(?![元块])|(?<![\d万千给还交付发挣扣收])二百五(?=公司|老板|客服|平台|银行|一样|似的|嘛|们)"
    r"|(?<=times )today\b|(?<=calls )today\b|今天(?=[^,.;\d一二两三四五六七八九十]{0,6}打[^,.;\d一二两三四五六七八九十]{0,4}[\d一二两三四五六七八九十]+[个次遍通])"
    r"|(?:干|开|做|工作|上班|当|结婚|认识|住|读|念|教|熬|守|奋斗|当兵|服役|教书|打工|务工|跑船|跑车|种地|摆摊|出租|货车)了(?:快|有)?[\d一二两三四五六七八九十]{1,3}(?=年)|(?:当兵|服役|教书|打工|务工|跑船|跑车|种地|摆摊|驾龄)(?:有|都|快)?[\d一二两三四五六七八九十]{1,3}(?=年)|[这近][两三五]年(?=都|来|也|生意|行情|一直|没|不|日子|收入|大环境|,|就|我|里|$| )|\b(?:married|worked|working|driven|drove)\b[^,.;\d]{0,30}\bfor (?:\d{1,2}|[a-z]+) years\b"
    r"|\b(?:worked|working|employed|work) (?:[a-z]+ ){0,2}(?:for )?(?:\d{1,2}|[a-z]+) years\b|\bbeen an? (?:[a-z]+ ){1,3}for (?:\d{1,2}|[a-z]+) years\b"
    r"|\ba (?:hundred|thousand|million) (?:thanks|apologies|sorrys?|problems|things|reasons|times|questions|worries|other)\b"
    r"|\b(?:50|fifty)[/-](?:50|fifty) (?:chance|odds|whether|if|at best)\b|\bone in a (?:hundred|thousand|million)\b|\bat the eleventh hour\b|十天半个?月(?=也|都|才|不)|\b(?:100|a hundred) ?(?:%|per ?cent) (?:sure|certain|honest|serious|broke|right|agree)|\b(?:100 percent|24 hours|twenty[- ]four seven|one of|one day|at one|no one|one in a million|thank you a million|a million and one|(?:one|a) in a million|one of these days|second to none|a million thanks|thanks a million|one hundred percent(?! of))\b"
)


def hide_identifiers(text: str) -> str:
    """Return the folded `text`, same length, without identifiers and set phrases."""
    for pattern in (_IDENTIFIERS, _SET_PHRASES):
        for match in pattern.finditer(text):
            text = blank(text, match.start(), match.end())
    return text
