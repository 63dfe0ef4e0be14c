"""What is no question for a shop, told by its wording: homework, medicine, law, politics, other shops, insults. Pure.

A shop question that is turned away is worse than an off-topic one that is searched for, so a pattern must say the whole
of what is wanted ("write me a poem"), never a word of it ("poem"), and most give way when the message speaks of buying
or of something that the shop sells. What is answered is not known here (`phrases.py`).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

_TRADE = re.compile(
    r"\b(?:orders?|ordered|ship(?:s|ped|ping)?|deliver(?:y|ed|s)?|parcel|package|returns?|refund(?:s|ed)?"
    r"|exchange|prices?|"
    r"cheap(?:er|est)?|discounts?|promo\w*|coupons?|voucher|codes?(?= (?:work|valid|expire))|gift|warrant(?:y"
    r"|ies)|guarantee|"
    r"sizes?|stock|sold out|checkout|pay(?:ment|ing|pal)?|card|invoice|receipt|customs|duty|repairs?|review|catalogue|"
    r"product|buy|bought|purchase|wear|wash|waterproof|kit|gear|jacket|shoes?|bags?|engrav\w*|subscri\w+|newsletter|"
    r"you (?:sell|stock|have|carry|offer|accept))\b"
    r"|订单|下单|发货|快递|物流|配送|运费|退货|退款|换货|包裹|客服|价格|便宜|多少钱|优惠|折扣|礼品|贺卡|保修|质保|尺码"
    r"|尺寸|库存|有货|付款|支付|发票|购买|"
    r"买|卖|商品|产品|款|防水|洗|穿|包装|刻字|评价",
    re.I,
)
_SHOPS = (
    r"(?:amazon|ebay|walmart|costco|ikea|aliexpress|alibaba|temu|shein|etsy|best ?buy|decathlon|zalando|wayfair|rei|"
    r"taobao|tmall|jd\.com|亚马逊|淘宝|天猫|京东|拼多多|唯品会|苏宁)"
)
_POSS = r"(?:'s| ?的)?"
_ASK = (
    r"(?:please |pls |hey,? |hi,? |now )*(?:(?:can|could|would|will) (?:you|u) (?:please )?|i (?:need|want) "
    r"you to )?(?:please )?"
)
_PIECE = (
    r"(?:poem|haiku|sonnet|essay|song|lyrics|rap|novel|short story|story|cover letter|resume|cv|speech|thesis|"
    r"book report|blog post|article|tweet|screenplay|limerick|love letter|resignation letter)"
)
_CODE = (
    r"(?:python|java(?:script)?|typescript|c\+\+|c#|golang|rust|php|html|css|sql|bash|excel|regex|code|programming|"
    r"algorithm)"
)


@dataclass(frozen=True, slots=True)
class _Topic:
    """Patterns of one kind; `firm` ones do not give way to words of trade."""

    about: str
    pattern: re.Pattern[str]
    firm: bool = False


def _topic(about: str, *patterns: str, firm: bool = False) -> _Topic:
    return _Topic(about, re.compile("|".join(patterns), re.I), firm)


_TOPICS = (
    _topic(
        "crisis",
        r"\b(?:kill(?:ing)?|hurt(?:ing)?|harm(?:ing)?) myself\b|\b(?:want|going) to die\b|\bsuicid(?:e|al)\b"
        r"|\bend my (?:own )?life\b|(?:我|真的)?(?:想|要)(?:自杀|去死|死了算了)|不想活了?|活不下去",
        firm=True,
    ),
    _topic(
        "coding",
        rf"\b(?:write|fix|debug|explain|generate|give me|refactor|review)\b.{{0,30}}\b{_CODE} "
        r"(?:code|function|script|program|query|loop|class|formula|exercise)s?\b",
        r"\b(?:write|fix|debug|refactor)\b.{0,20}\b(?:function|script|program|my code|some code|a regex|sql)\b",
        rf"\bhow (?:do|can|would) (?:i|you) .{{1,40}}\bin (?:{_CODE})\b",
        r"(?:写|改|调试|帮我看).{0,8}(?:代码|程序|脚本|函数|SQL)|(?:Python|Java|C\+\+|前端).{0,10}(?:怎么写|代码"
        r"|报错|编程)",
        firm=True,
    ),
    _topic(
        "homework",
        r"\b(?:do|solve|finish|help (?:me )?(?:with|on)|check) (?:all )?(?:my|this|some|the)?\s?(?:\w+ )?"
        r"(?:homework|assignment|equation|math problem|exam|coursework)\b",
        r"\b(?:solve|calculate|compute|integrate|differentiate|factori[sz]e) (?:for )?(?:x\b|the (?:integral|equation|"
        r"derivative)|\d)",
        r"^(?:hey,? )?(?:what(?:'s| is|s)|how much is)? ?\(?-?\d+(?:\.\d+)?\)? ?(?:\+|\*|/|÷|\^|plus|times|x"
        r"|divided by|-) ?"
        r"-?\d+(?:\.\d+)?(?: ?[-+*/] ?\d+)*\s?[=?]*$",
        r"\bsquare root of\b|\bpythagor\w+\b|\bderivative of\b|\bwhat(?:'s| is) the (?:integral|derivative)\b",
        r"(?:帮我|替我|教我)?(?:做|写|解|算).{0,6}(?:作业|数学题|方程|习题|考题|应用题)|\d+ ?(?:加|减|乘以?"
        r"|除以) ?\d+|平方根|求导|微积分",
    ),
    _topic(
        "writing",
        r"^(?!.*\b(?:gift|card|order|review|engrav\w*|parcel)s?\b)"
        rf"{_ASK}(?:write|compose|draft|generate|create|make up) (?:me |us )?(?:a |an |my |some |another )?"
        rf"(?:\w+ ){{0,3}}{_PIECE}\b",
        rf"^{_ASK}(?:translate|summari[sz]e|proofread|paraphrase) (?!.*\b(?:product|page|reviews?|returns?"
        rf"|shipping|sizes?|policy|order)\b)",
        r"^(?:请|帮我|给我|麻烦)*(?:写|作|编|来)(?:一?[首篇个段封])?.{0,10}(?:诗|作文|论文|小说|故事|歌词|演讲稿"
        r"|情书|辞职信|简历|文案)",
        r"^(?:请|帮我|麻烦)*(?:翻译|把.{1,30}(?:翻译|译)成)(?!.{0,6}(?:尺码|说明|商品|页面))",
        firm=True,
    ),
    _topic(
        "medical",
        r"\b(?:i|my \w+|he|she) (?:have|has|had|got|am having|is having)(?: got)? (?:a |an |the |bad |severe "
        r"|terrible )*"
        r"(?:fever|rash|headache|migraine|chest pain|stomach ?ache|sore throat|cough|flu|covid|infection|diarrh\w+|"
        r"toothache|high blood pressure)\b(?!.{0,60}\b(?:jacket|boot|bag|tent|pack)s?\b)",
        r"\b(?:what|which|how (?:much|many)) (?:medicines?|medication|drugs?|pills?|antibiotics?|painkillers?"
        r"|ibuprofen|"
        r"paracetamol|aspirin)\b(?=.{0,30}\b(?:should|can|do|take|dose|safe|for)\b)",
        r"\b(?:can|should) i take (?:\w+ )?(?:ibuprofen|paracetamol|aspirin|antibiotics|antidepressants|medication)\b",
        r"\b(?:symptoms|treatment|cure|dosage) (?:of|for) (?!.{0,20}\b(?:wet|torn|dirty|leather|tents?|boots?)\b)",
        r"\bshould i (?:see|go to|call) (?:a|the) (?:doctor|hospital|dentist)\b|\bam i (?:pregnant|sick)\b"
        r"|\bdiagnos(?:e|is)\b|\bhow (?:do|can) i (?:lose weight|treat (?:a|my) (?:burn|sprain|wound|infection"
        r"|fever))\b",
        r"(?:我|孩子|老婆|老公|妈妈|爸爸)?(?:发烧|头疼|头痛|感冒|咳嗽|拉肚子|胸口疼|失眠|高血压"
        r"|过敏)了?.{0,6}(?:吃什么药|怎么办|怎么治|要不要看医生)"
        r"|吃什么药|该不该去医院|(?:怎么|如何)(?:减肥|治疗)|的症状|(?:布洛芬|阿司匹林|抗生素).{0,6}(?:吃|剂量)",
    ),
    _topic(
        "legal",
        r"\b(?:can|could|should) i sue (?:my|the|a|an|him|her|them|for) ?(?!shop|store)\w*",
        r"\b(?:my|a|the) (?:landlord|divorce|custody|prenup|ex-?(?:wife|husband)|speeding ticket|parking ticket|"
        r"visa application|work permit|green card|tax return|last will|tenancy)\b",
        r"\b(?:draft|write|review) (?:me )?(?:a|my|this) (?:contract|will|lease|nda)\b|\bis it legal to "
        r"(?:record|fire|evict|drive|smoke|download|marry|own)\b|\bhow (?:do|can) i (?:evict|avoid (?:paying "
        r")?tax\w*)\b",
        r"(?:离婚|房东|租房合同|抚养权|遗产|劳动仲裁|交通罚单|签证申请|工伤).{0,14}(?:怎么|如何|吗|怎样|办|算|赔"
        r"|打官司)|帮我(?:写|看).{0,4}(?:合同|遗嘱|诉状)",
    ),
    _topic(
        "politics",
        r"\b(?:who|whom) (?:should|do|would|did) (?:i|you|we) (?:vote|support)\b|\b(?:what|how) do you (?:think|feel) "
        r"(?:of|about) (?:the )?(?:trump|biden|putin|xi|obama|zelensk\w+|election|government|president|brexit|abortion|"
        r"immigration|gun control|communism|capitalism|islam|christianity|religion|gaza|ukraine|war)\b",
        r"\b(?:who(?:'s| is| will| should)) (?:win |be )?(?:the )?(?:next )?(?:president|prime minister|election)\b",
        r"\bare you (?:a )?(?:democrat|republican|liberal|conservative|communist|christian|muslim|jewish|religious)\b"
        r"|\b(?:is there a|do you believe in) god\b|\bis (?:god|allah) real\b",
        r"(?:你|怎么|如何)(?:看待?|觉得|评价|支持).{0,8}(?:总统|选举|特朗普|拜登|普京|政府|政治|战争|宗教|台独"
        r"|习近平|共产党|国民党)"
        r"|谁(?:会|能)?(?:当选|赢得(?:大选|选举))|你信(?:教|佛|上帝)|有没有(?:上帝|神)",
    ),
    _topic(
        "weather",
        r"\b(?:what(?:'s|s| is| will)|how(?:'s|s| is| will)) the (?:weather|temperature|forecast)\b(?! (?:rating"
        r"|range|limit))"
        r"|\bweather (?:forecast|today|tomorrow|tonight|report)\b"
        r"|^(?:and |so )?(?:will|is) it (?:going to )?(?:rain|snow|be (?:sunny|hot|cold|warm))(?:ing)? "
        r"(?:today|tomorrow|tonight|this|on|in|here|outside)\b",
        r"(?:今天|明天|后天|周末|这周|现在)?.{0,6}天气(?:怎么样|如何|好吗|预报|好不好)|(?:今天|明天|后天"
        r"|周末).{0,6}(?:会不会|会)?(?:下雨|下雪|刮风)吗?[？?]?$"
        r"|(?:今天|明天|现在|外面)(?:多少|几)度",
    ),
    _topic(
        "knowledge",
        r"\bwhat(?:'s|s| is) the (?:capital|population|president|currency|highest mountain|tallest building) of\b"
        r"|\bwho (?:won|invented|discovered|wrote|painted|directed|composed|is the (?:president|king|queen|ceo))\b"
        r"|\bhow (?:far|big|old|hot) is the (?:moon|sun|earth|universe)\b|\bhow many (?:planets|continents"
        r"|countries are)\b"
        r"|\bmeaning of life\b|\btell me (?:about|the history of) (?:world war|the roman|quantum|black holes?"
        r"|dinosaurs)\b"
        r"|\b(?:recipe for|how (?:do|can) (?:i|you) (?:cook|bake) (?:a |an |some )?(?:cake|pasta|rice|chicken"
        r"|bread|steak|"
        r"eggs?|pizza|lasagna|soup))\b"
        r"|\b(?:recommend|suggest) (?:me )?(?:a |an |some |any )?(?:good )?(?:movies?|films?|netflix|tv shows?|songs?|"
        r"restaurants?|anime|video games?|hotels?|flights?)\b|\bbook (?:me )?(?:a|an) (?:flight|hotel|taxi|table"
        r"|train)\b"
        r"|\b(?:stock price of|share price)\b"
        r"|\bwho will win the (?:game|match|world cup|super ?bowl|league)\b|\bwhat(?:'s| is) the latest news\b"
        r"|\bwhat (?:time|day) is it\b|\blottery numbers?\b|\bmy horoscope\b",
        r"的首都(?:是|在)|谁(?:发明|发现|写|画|导演)了|世界杯|人生的意义|宇宙有多大|(?:推荐"
        r"|有什么好看的).{0,7}(?:电影|电视剧|综艺|歌曲?|动漫|餐厅|酒店|小说)"
        r"|订(?:一?张|一?个)?(?:机票|酒店|火车票|外卖)|(?:怎么做|做法).{0,6}(?:红烧肉|蛋糕|米饭|鸡翅|番茄炒蛋"
        r"|菜)?$(?<=[肉糕饭翅蛋菜])"
        r"|(?:红烧肉|蛋糕|番茄炒蛋|可乐鸡翅)怎么做|股票.{0,6}(?:推荐|涨|买哪)|股价|炒股|彩票|现在几点"
        r"|今天(?:星期几|几号|周几)|今日新闻|星座运势",
    ),
    _topic(
        "knowledge",
        r"\bshould i (?:invest|buy (?:bitcoin|crypto|shares|stocks|a house))\b",
        firm=True,
    ),
    _topic(
        "personal",
        r"\bdo you have (?:a |any )?(?:girlfriend|boyfriend|family|kids|children|feelings|soul|parents|pets?"
        r"|emotions)\b",
        firm=True,
    ),
    _topic(
        "personal",
        r"\b(?:will|would) you (?:marry|date|go out with|kiss|sleep with|love) me\b|\bi (?:love|miss|adore) (?:you|u)\b"
        r"|\bare you (?:single|married|in love|happy|sad|alive|conscious|sentient|tired|hungry|bored|hot|sexy"
        r"|male|female|"
        r"a (?:boy|girl|man|woman))\b|\bdo you (?:have (?:a )?(?:girlfriend|boyfriend|family|kids|feelings|soul"
        r"|parents|"
        r"pets?)|sleep|dream|eat|love me|like me|drink)\b|\bhow old are you\b|\bwhen(?:'s| is) your birthday\b"
        r"|\bwhat(?:'s| is|s) your (?:favou?rite|hobby|age|zodiac)\b|^where (?:do you live|were you born)\b",
        r"\b(?:i(?:'m| am) (?:so |very |feeling )?(?:lonely|heartbroken|depressed|bored|sad)|my (?:girlfriend"
        r"|boyfriend|wife|"
        r"husband) (?:left|dumped|cheated)|nobody (?:loves|likes) me)\b",
        r"你(?:多大|几岁|结婚了?吗|有(?:没有)?(?:女朋友|男朋友|对象|感情|家人)|单身|是男是女|是男的|是女的"
        r"|喜欢(?:我|什么)|爱我|会睡觉|累不累|吃什么)"
        r"|(?:做|当)我(?:女朋友|男朋友|老婆|老公)|我(?:爱|想|喜欢)你[吗啊呀！!。]*$|我(?:好|很)?(?:孤独|失恋了?"
        r"|难过|无聊|伤心|寂寞)",
    ),
    _topic(
        "other_shop",
        rf"\b{_SHOPS}{_POSS} (?:return|refund|shipping|delivery|order|account|prime|customer|warranty|policy"
        rf"|stores?|app|"
        r"website|support|parcel|package|sale)\w*\b(?! (?:match|card))",
        rf"\b(?:my|an?|the) {_SHOPS} (?:order|parcel|package|account|refund|return|delivery)\b",
        rf"\b(?:order|parcel|package|refund|return|account|something|delivery|purchase|bought|ordered) (?:\w+ ){{0,2}}"
        rf"(?:from|on|at|with) {_SHOPS}\b(?!.{{0,40}}\b(?:repair|fix|warranty|match|cheaper|here|you)\b)",
        rf"\b(?:is|are|does|do|has|how (?:long|much|fast|good) (?:is|does|do)|what (?:do you think|about)(?: "
        rf"of)?) {_SHOPS} "
        r"(?:any )?(?:better|cheaper|safe|legit|good|reliable|worth|take|ship|deliver|charge|have|sell|offer|open)\b",
        rf"\bwhat do you think (?:of|about) {_SHOPS}\b|\bshould i (?:buy|shop|order).{{0,30}}\b(?:from|on|at) "
        rf"{_SHOPS}\b",
        rf"(?:{_SHOPS})(?:的|上的?|那边的?)?(?:订单|快递|退货|退款|客服|账号|会员|物流|发货|优惠券|售后|运费)"
        rf"|(?:{_SHOPS})(?:靠谱|好用|可靠|便宜|怎么样|怎么退|怎么买|多久)",
        firm=True,
    ),
)
_NO_RIVAL = re.compile(
    r"\b(?:price.?match|match|beat|cheaper (?:on|at|from)|same price|do you (?:sell|also)|are you (?:on|also)|"
    r"available (?:on|at|from)|your (?:\w+ )?(?:shop|store|page)|(?:compared|than) (?:to|you))\b|比价|同价"
    r"|你们(?:在|有没有|也)",
    re.I,
)

_ABUSE = re.compile(
    r"\b(?:you(?:'re| are|r| r)?|u(?:r| are)?|ur|this|what an?) (?:such |really |so |just |all )*(?:an? "
    r")?(?:fucking |damn |bloody |"
    r"absolute |complete |total |stupid |dumb )*(?:stupid|idiots?|moron(?:s|ic)?|dumb(?:ass)?|retard(?:ed)?|imbecile|"
    r"pathetic|loser|worthless|garbage|trash|piece of (?:shit|crap|garbage)|asshole|bitch|bastard|dick(?:head)?"
    r"|cunt|suck|"
    r"brainless)(?! (?:cheap|simple|easy))(?: (?:bot|robot|machine|thing|ai|program))?\s*(?:[.!?,]|$)"
    r"|^(?:you )?(?:stupid|dumb|useless|idiotic|fucking|damn|crappy|shitty) (?:bot|robot|machine|thing|ai"
    r"|chatbot|piece.*)[.!]*$"
    r"|^(?:stupid|idiot|moron|dumb(?:ass)?|loser|asshole|bitch|bastard|cunt|dickhead|wanker|shut up|screw you"
    r"|go to hell|"
    r"piss off|get lost|drop dead|kill yourself|kys|stfu|suck my \w+|eat shit|f+ ?u+|f\*+ ?(?:you|u|off)|"
    r"fuck (?:you|u|off|this)?|bite me)(?:[ ,]+(?:you|bot|idiot|stupid|then|now|up))*[\s.!]*$"
    r"|\bgo (?:fuck|screw|kill) yourself\b|\b(?:send|show me) (?:me )?(?:your )?(?:nudes?|tits|boobs)\b|\btalk dirty\b"
    r"|\bi hate you\b|\bhave sex\b|\bsuck my\b"
    r"|傻[逼比叉Xx]|煞笔|沙雕|[操草日艹]你|你妈[的逼]|尼玛|去死吧?[！!。]*$|(?:你)?滚(?:开|蛋|吧)?[！!。]*$|白痴"
    r"|脑残|智障|弱智|废物|神经病|王八蛋|"
    r"蠢货|蠢死|笨蛋|(?:你|机器人)(?:真|好|太|很|怎么这么)?(?:蠢|笨|傻|没用|垃圾)|闭嘴|贱人|混蛋|变态|裸照|约炮|发骚",
    re.I,
)
_NO_ABUSE = re.compile(r"防(?:变态|滚)|滚(?:筒|轮|边)|滚动|垃圾[袋桶]|trash bag", re.I)


def off_topic(text: str, sold: Collection[str] = ()) -> str:
    """Of what kind a message is that no shop answers, as `medical`; empty when it may well be a shop question.

    Args:
        text: Normalised.
        sold: Lower-case words for what the shop sells ("tent", "帐篷") and its brands: a message that holds one of them
            is left alone, unless the kind is plain whatever it speaks of.
    """
    lower = text.lower().replace("’", "'")
    ours = bool(_TRADE.search(lower)) or _names(lower, sold)
    for topic in _TOPICS:
        if not topic.pattern.search(lower):
            continue
        if topic.about == "other_shop":
            if not _NO_RIVAL.search(lower) and not _rival_is_ours(lower, sold):
                return topic.about
        elif topic.firm or not ours:
            return topic.about
    return ""


def is_abuse(text: str) -> bool:
    """Whether a message insults, or wants what is indecent; one that speaks of buying too is a question."""
    plain = text.replace("’", "'")
    return bool(_ABUSE.search(plain)) and not _NO_ABUSE.search(plain) and not _TRADE.search(plain)


def _names(lower: str, sold: Collection[str]) -> bool:
    words = set(re.findall(r"[a-z]+", lower))
    words |= {word.removesuffix("s") for word in words}
    return any((one in words) if one.isascii() else one in lower for one in sold)


def _rival_is_ours(lower: str, sold: Collection[str]) -> bool:
    """Whether the other shop's name is a brand that this one sells."""
    return any(match.group() in sold for match in re.finditer(_SHOPS, lower))
