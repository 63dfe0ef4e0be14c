"""The words by which buyers, the undecided and those who have bought give themselves away. English and Chinese.

Patterns only; which of them counts when is decided in `stage.py`. What was bought already must never look like a wish
to buy ("I ordered", "where is my parcel"), so `AFTER_SALES` is read first.
"""

import re
from collections.abc import Mapping
from typing import Final

_DAY = (
    r"(?:(?:this |next )?(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?|today|tonight|tomorrow|the weekend|"
    r"(?:this|next) (?:week|month)|the (?:bank )?holidays?|my birthday|christmas|xmas|easter|new year'?s?"
    r"|the \d{1,2}(?:st|nd|rd|th)?|\d{1,2}(?:st|nd"
    r"|rd|th)|"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)\b)"
)
_MINE = r"(?:it|one|this(?: one)?|that(?: one)?|these|those|them|both|two|three|four|five|\d+|a pair|the \w+)"
_METHOD = (
    r"(?:paypal|apple ?pay|google ?pay|klarna|afterpay|visa|master ?card|amex|american express|credit cards?|"
    r"debit cards?|gift cards?|bank transfer|wire transfer|invoice|instal?lments?|alipay|wechat(?: pay)?"
    r"|cash on delivery)"
)

AFTER_SALES: Final = re.compile(
    r"\b(?:my|our|the|an|this|last) (?:\w+ )?(?:parcel|package|shipment|refund|complaint|claim)\b"
    r"|\b(?:my|our) (?:\w+ )?(?:order(?! (?:today|now))|return|delivery|purchase)\b|\b(?:an|the) order i\b"
    r"|\btrack(?:ing)?\b(?=.{0,20}\b(?:order|number|parcel|link|package)\b)|\bwhere(?:'s| is| are) my\b"
    r"|\b(?:i|we)(?:'ve| have)?(?: just| already)? (?:ordered|bought|purchased|paid|received|got sent)\b"
    r"|\b(?:returns?|refunds?|refunded|returning|exchange|swap|cancel|cancell?ed|cancell?ation)\b"
    r"|\bsen[dt] (?:\w+ ){1,4}back\b|\bsend (?:me|us) (?:a|the) wrong\b|\bsent me\b"
    r"|\b(?:broke|broken|ripped|torn|tore|faulty|defective|damaged|leaks|leaked|came off|fell apart|"
    r"warranty|guarantee)\b|\b(?:missing|wrong) (?:item|items|part|parts|size arrived)\b|\bare missing\b"
    r"|\bhalf missing\b"
    r"|\b(?:never|not|hasn't|has not|didn't|did not) (?:arrived?|come|shown up)\b|\barrived (?:with|broken|damaged"
    r"|late)\b"
    r"|\bsays delivered\b|\b[A-Z]{2,4}-\d{4,}\b"
    r"|下单后(?:还|能|可以|多久|怎么)|(?:改|修改|变更)(?:收货)?(?:地址|订单|尺码)|还没发货|退货|退款|退钱|退到账"
    r"|退回|换货|换个?[尺大小颜]|能换|快递|物流|包裹|单号|我的订单|订单(?:号|在|到|呢|还"
    r"|一直)|取消|保修|质保|"
    r"(?:坏|破|断|裂|掉|漏)了|开胶|少发|漏发|发错|签收|(?:刚|已经?|昨天|前天|上周|之前)(?:下|买|拍|付)(?:的|了|过|单)",
    re.I,
)

BUYING: Final[Mapping[str, re.Pattern[str]]] = {
    "buys": re.compile(
        rf"\bi(?:'ll| will| would|'d)(?: like to| love to)?(?: just)? (?:take|grab|buy|purchase|order) {_MINE}\b"
        rf"|\bi(?:'ll| will) (?:have|get|go with|go for) {_MINE}\b|\blet'?s (?:go with|take|get|do) {_MINE}\b"
        r"|\blet me (?:get|order|buy|take) (?:it|one|this|that|these|those|them|both|two)\b"
        r"|\b(?:want|like|ready|going|wish|wanna|gonna)(?: to)? (?:buy|order|purchase|checkout|check out) "
        rf"{_MINE}\b|\b(?:add|put|stick|pop|throw|chuck|drop)\b.{{1,40}}\b(?:to|in|into) (?:my|the) (?:cart|basket"
        rf"|bag|trolley)\b"
        r"|\bordering (?:it|one|two|three|a pair|this|these|them)\b|\bi(?: want|.d like| would like) (?:the|this"
        r"|that|it|one|two|\d)\b.{0,40}\bplease\b|\btake my money\b|\b(?:quickest|fastest|easiest"
        r"|best) way to (?:buy|order|pay)\b|\b(?:hold|reserve|keep"
        r"|put aside|set aside) (?:\w+ ){1,3}for me\b"
        r"|\bi'?ll (?:then )?order\b|\bi'?ll (?:get|take|have) (?:\w+ )?(?:pairs?|sets?)\b|\b(?:if|when) i (?:buy"
        r"|order|take|get) (?:two|three|four|five|six|\d+|both|several|more)\b"
        r"|\bbuy (?:it |this |one )?now\b|\border(?:ing)? (?:it |one |two |them )?(?:right )?now\b|\bdoing it now\b"
        r"|\bhow (?:do|can|would) (?:i|we) (?:go about )?(?:order|ordering|buy|buying|purchase|check ?out|pay)\b"
        r"|\bwhere (?:do|can) i (?:order|buy|check ?out|pay|enter|put in)\b|\bplace (?:an|the|my) order\b"
        r"|\b(?:check ?out|buy button)\b|\b(?:need|order|buy|take) (?:two|three|four|five|\d+) of (?:those|them"
        r"|these)\b"
        r"|\bneed an account to (?:order|buy)\b|\bbuy as (?:a )?guest\b|\b(?:ok(?:ay)?|fine|right|great)\W+sold\b"
        r"|(?:怎么|如何|哪里|在哪|直接|现在|马上|立即|立刻|想|要|我就|那就)(?:去|里|儿)?(?:下单|购买|结账|结算"
        r"|付款)"
        r"|怎么买|给我留|帮我留|留一[件个双条]|(?:拍下|一起买|凑个?单|买[两三四五\d]+[个件双条套])"
        r"|[加放]\S{0,4}?购物车|(?:我|那我?|就|那就)(?:现在)?就?(?:要|买|拍|订)(?:下|这|它|那[个款件]"
        r"|[一二两三四五\d]+[个件双对套条顶只]|了(?!解)|[A-Z])"
        r"|给我(?:来|拿)|来[一二两三四五\d]+[个件双对套条顶只]|(?:我|那|就)(?:下单|拍|买)(?:了|一|两|$)"
        r"|的话我(?:现在)?就?(?:下单|拍|买)"
        r"|(?:我|那我?)要[一二两三四五\d]+[个件双对套条顶只]|就要(?:这|它|[A-Za-z])|那(?:就)?(?:买|要|拍)(?:这|它"
        r"|[一二两三四五\d A-Z])",
        re.I,
    ),
    "pays": re.compile(
        r"\b(?:can|could|may|how (?:can|do|would|could)|which way (?:can|may)) (?:i|we) "
        rf"(?:pay\b(?! (?:it|this|these|them|that|the) )|use (?=.{{0,12}}{_METHOD}))"
        rf"|\bwhat payments? (?:do|can|methods?)\b|\bdo (?:you|u|ya)(?: guys)? (?:take|accept"
        rf"|support)\b.{{0,20}}{_METHOD}"
        rf"|\bpay(?:ing)? (?:with|by|via|through|using|in (?:cash|full|\w+s))\b|\b(?:which|what) (?:\w+ )?(?:cards?"
        rf"|payment\w*)\b.{{0,20}}\b(?:accept|take|have)"
        r"|\bpayment (?:method|option)s?\b|\bneed an invoice\b|\bto pay\b(?=.*\b(?:error|invoice|card|now)\b)"
        r"|\bto pay, "
        r"|(?:支持|能不能|可不可以|可以|能|可|接受|有)(?:用|使用)?(?:支付宝|微信|花呗|信用卡|刷卡|银联|货到付款"
        r"|分期|paypal|apple ?pay|visa)"
        r"|(?:支付宝|微信|花呗|信用卡|银联|分期|刷卡|paypal)\S{0,4}?(?:付款|支付|付|吗|行|可以)|(?:怎么"
        r"|如何)(?:付款|支付|付钱|付)"
        r"|付款(?:方式|页面)|支付方式",
        re.I,
    ),
    "code": re.compile(
        r"\b(?:promo|promotion|promotional|discount|voucher|coupon)s?(?: \w+)? ?codes?\b|\b(?:coupons?"
        r"|(?<!gift )vouchers?)\b"
        r"|\bcodes? (?-i:[A-Z]{3,}\d*)\b|\b(?:use|enter|apply|combine|stack)\b.{0,20}\bcodes?\b"
        r"|\b(?-i:[A-Z]{4,}\d{1,2})\b(?=.{0,30}\b(?:work|apply|valid|code|cart|use|doesn'?t)\b)"
        r"|(?:有|能|可以)(?:没有|不能)?(?:优惠|折扣|打折)(?:吗|么|不|$)|再减|优惠[码券卷]|折扣[码券]|满减|代金券"
        r"|(?:两个|这个|那个)码",
        re.I,
    ),
}
"""Signs of buying whatever was said before, by name."""

STOCK: Final = re.compile(
    r"\b(?:in|out of) stock\b|\bany (?:\w+ )?left\b|\bstill (?:have|got|available)\b|\b(?:have|got|do) (?:that|this"
    r"|my|the) (?:size|colou?r)\b(?=.{0,20}(?:\?|$|now|moment|stock))|\bsold out\b"
    r"|\bavailable (?:in|now|right now)\b|\b(?:have|got) (?:it|this|that|one|them|these|an?|any|grey|gray|black"
    r"|\w+) in\b"
    r"(?=.{0,25}(?:\?|$|size|right now|stock|\d|\b(?:xx?s|xs|s|m|l|xx?l)\b))"
    r"|有现?货|有没有[货码]|还有(?:没有?|货|码)|[码号色款](?:\S{0,4})?(?:还有|有没有|有吗|现在有)|缺货|断货|补货"
    r"|什么时候(?:到货|有货)|库存",
    re.I,
)

DELIVERY: Final = re.compile(
    rf"\b(?:arrive|arrives|deliver|deliverable|delivered|ship|shipped|get (?:it|them|one|this|here)|have it|be here"
    rf"|reach me|"
    rf"post(?: it)?|send (?:it|one|them))\b.{{0,30}}\b(?:by|before|until|in time for|on|for) {_DAY}"
    r"|\bif (?:i|we) order(?:ed)? (?:it |one |them )?(?:today|tonight|now|right now|tomorrow|by)\b|\b(?:ship"
    r"|deliver|post|send) (?:it |one |this )?to me\b"
    r"|\bhow (?:fast|soon|quickly|long)\b.{0,25}\b(?:deliver|ship|send|post|get here|arrive|delivery|shipping)\b"
    r"|\bhow much (?:is|would|does|for)\b.{0,20}\b(?:shipping|postage|delivery)\b|\b(?:shipping|postage"
    r"|delivery) (?:cost|come|to)\b"
    r"|(?:今天|明天|后天|[周星]期?[一二三四五六日天末]|\d+[号日]|月底|节前|圣诞|过年|春节)(?:之?前)?\S{0,6}?(?:送到"
    r"|寄到|收到|能到|到吗|发货|到货|到得了)"
    r"|(?:今天|现在)(?:下单|拍|买)\S{0,8}?(?:到|发)|几天(?:能)?(?:到|送到|收到)|(?:寄|送|发)到?\S{1,8}?(?:多少钱"
    r"|运费|几天|多久|要加)"
    r"|运费(?:多少|怎么算|是多少)|今天能发",
    re.I,
)

REFUSES: Final = re.compile(
    r"\b(?:not|isn'?t|won'?t be|no longer) (?:buying|ordering|getting|interested)\b|\bforget (?:it|about it)\b"
    r"|\b(?:never ?mind|nvm)\b|\b(?:i'?ll|i will|gonna) pass\b|\b(?:don'?t|do not) want (?:it|them|this|that|one|any)\b"
    r"|\bremove (?:it|them|this|that) from\b|\bchanged my mind\b"
    r"|(?:先|还是|就|都)?不(?:想)?[买要]了|不想要|不感兴趣",
    re.I,
)

HESITATES: Final = re.compile(
    r"\bthink (?:about it|it over)\b|\bsleep on it\b|\b(?:maybe|perhaps) (?:later|another|next|not)\b|\bnot (?:sure"
    r"|today|yet|right now)\b"
    r"|\bjust (?:looking|browsing|curious|asking)\b|\bleave it (?:for|then|at)\b|\bcome back (?:later|another"
    r"|tomorrow)\b"
    r"|\banother (?:time|day)\b|\bhave to (?:ask|check with)\b|\bwait for (?:a|the) sale\b"
    r"|考虑|再看看|再想想|再说吧|先不[买要]|下次|改天|(?:随便|先|就)(?:看看|问问|逛逛)|没有?(?:确定|想好)|等(?:打折"
    r"|活动|降价)",
    re.I,
)

COMPARES: Final = re.compile(
    r"\bcompar(?:e|ed|ing|ison)\b|\b(?:vs|versus)\b|\bdifferen(?:ce|t)\b|\bwhich (?:one |of |do |is |would |\w+s )"
    r"|\b(?:better|lighter|warmer|heavier|smaller|bigger|cheaper|quieter|stronger|tougher|quicker|faster)\b"
    r"|\bor the\b|\brecommend\b"
    r"|比较|对比|相比|哪[个款件双种]|区别|差别|不同|差在哪|更[轻重暖大小好稳]|[跟和与]\S{1,12}比|便宜[一点些]",
    re.I,
)

ASKS_ABOUT: Final = re.compile(
    r"\b(?:it|its|it's|this|that one|this one|these|those|they|the (?:first|second|third|last|other) one"
    r"|the \d+)\b(?=.*\?|.{3,})"
    r"|\b(?:size|sizes|sizing|colou?rs?|weight|weigh|heavy|warm|material|made of|price|cost|reviews?|battery|fit|fits|"
    r"waterproof|breathable|vegan|leather|narrow|wide|wash)\b"
    r"|这[个款件双顶条种]|那[个款件双顶条种]|它|多重|多大|多长|多少钱|什么(?:材质|料|颜色)|防水|尺码|穿[什多]"
    r"|[几多]少?斤|评价|亮度|续航"
    r"|颜色|[红橙黄绿青蓝紫黑白灰粉棕]色|保暖|透气|机洗|缩水|[大小]一?[号码]|蓬",
    re.I,
)
