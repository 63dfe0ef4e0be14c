"""How a shopper feels, and whether they speak of the law, by words. Pure; English and Chinese.

A person is offered because of an `alarm`, so a false one is worse than a missed one: words count only as they are said
by somebody who is cross ("this is ridiculous"), not as they name things ("ridiculously light", "anger management
book"). The mood of a message sees more: insults, impatience, a thing said again and again, shouting, plain sarcasm. It
only moves a conversation up a list, so it may err more.
"""

import re
from collections.abc import Sequence
from typing import Final

from bot.conversation import Mood, Reason, Sign

__all__ = ["Mood", "alarm", "holds", "mood", "own_mood", "soothed"]

_VERY = r"(?:(?:so|very|really|absolutely|totally|completely|utterly|just|beyond|getting|extremely|simply|quite)\s+)*"
_SELF = r"\b(?:i'?m|i am|we'?re|we are|i feel|makes? me|making me|am|feeling)\s+" + _VERY
_THAT = r"\b(?:this|that|it|you|which)(?:'s|\s+(?:is|are|was|company is|shop is|service is|bot is))\s+" + _VERY
_BAD = r"(?:terrible|horrible|awful|appalling|disgusting|disgraceful|shameful|pathetic|shocking|atrocious)"
_OURS = r"(?:customer service|customer support|service|support|experience|shop|store|company|bot|chatbot|people)"

_ANGRY = re.compile(
    rf"{_SELF}(?:furious|angry|mad(?! (?:about|for|on))|livid|pissed(?: off)?|outraged|fuming|disgusted)\b"
    rf"|^{_VERY}(?:furious|livid|outrageous|unacceptable|ridiculous|disgraceful|unbelievable)\s*[.!]*$"
    rf"|{_THAT}(?:ridiculous|outrageous|unacceptable|disgraceful|a disgrace|a (?:total |complete |bad )?joke|bullshit|"
    rf"bs|a (?:total |complete )?(?:scam|rip-?off|waste of (?:my )?time)|insane|{_BAD})"
    r"\s*(?:[.!,;?]|$|(?:service|and|that|how)\b)"
    rf"|\b(?:absolutely|totally|completely|just) (?:ridiculous|outrageous|unacceptable|disgraceful|{_BAD})\b"
    rf"|\b{_BAD} {_OURS}\b|\b(?:the )?worst {_OURS}\b|\buseless {_OURS}\b|\bhow dare you\b"
    r"|\b(?:fed up|sick (?:and tired )?of (?:this|you|waiting|being)|had enough of (?:this|you))\b"
    r"|\bi'?ve had (?:it|enough)\b"
    r"|\b(?:you(?: people| guys)?|they) (?:are|r) (?:all )?"
    r"(?:scammers?|thieves|liars|crooks|useless|idiots|incompetent)\b"
    r"|\byou(?:'re| are|'ve| have)? (?:ripp(?:ed|ing)|scamm(?:ed|ing)|cheat(?:ed|ing)) (?:me|us|people)\b"
    r"|\bwhat the (?:hell|fuck|heck)\b|\bwtf\b|\bfuck(?:ing|ed)?\b|\bbullshit\b|\bare you (?:fucking )?kidding me\b"
    r"|\bwast(?:ed|ing) my time\b|\b(?:what|such) a waste of (?:my )?time\b"
    r"|\b(?:will )?never (?:buy|shop|order|use)(?:ing)? (?:\w+ ){0,4}again\b"
    r"|太过分|气死|气炸|忍无可忍|受够了|太离谱|离谱至极|太差劲|太恶劣|太气人|欺人太甚|什么破|搞什么鬼|欺骗消费者"
    r"|坑人|坑我"
    r"|(?:很|非常|特别|真的?|好|十分|太)(?:生气|愤怒|恼火|火大)|我(?:生气|愤怒|怒)了"
    r"|(?:你们|骗子|就是|都是|一群|是个?)(?:骗子|奸商|黑店)|你们(?:这|这就|就|都)?是?(?:在)?骗人|骗子(?:公司|店"
    r"|商家|吧)"
    r"|垃圾(?:客服|店|商家|服务|公司|平台|态度)|(?:服务|态度|客服)(?:真|也|实在|简直|太)?(?:垃圾|差到|太差|极差"
    r"|很差|恶劣|烂透)"
    r"|他妈|妈的|滚蛋|有病吧|你们(?:耍我|耍人|骗我)|再也不(?:会)?(?:买|来|光顾)",
    re.I,
)

_ANNOYED = re.compile(
    rf"{_SELF}(?:annoyed|frustrated|disappointed|upset|unhappy|irritated|not (?:happy|satisfied|impressed))\b"
    rf"|{_THAT}(?:annoying|frustrating|disappointing|unhelpful|no help)\b"
    rf"|{_THAT}not (?:helpful|helping|good enough|acceptable)\b"
    r"|\b(?:so|very|how) (?:annoying|frustrating|disappointing)\b"
    r"|\bnot what i (?:asked|said|meant)\b|\byou(?:'re| are)? not (?:listening|understanding|helping|answering)\b"
    r"|\byou (?:don'?t|do not) (?:understand|listen|help|answer)\b"
    r"|\bi(?:'ve| have)? (?:already )?(?:told|asked) you (?:already|twice|before|again|\w+ times)\b"
    r"|\bi(?:'ve| have)? already (?:told|asked) you\b|\bi(?:'m| am| have been|'ve been) still waiting\b"
    r"|\bstill (?:waiting|no (?:answer|reply|response|refund|parcel|package))\b"
    r"|\bwaiting for (?:weeks|days|ages|hours)\b"
    r"|[?？][!?！？]{2,}|[!！][?？]"
    r"|失望|无语|太烦|烦死|答非所问|听不懂(?:吗|我)|没有?(?:用|帮助)[！!。]?$|不满意|差评"
    r"|(?<!可以)(?<!怎么)(?<!哪里)(?<!如何)(?<!怎样)投诉(?!电话|渠道|流程|入口)"
    r"|怎么(?:还|又)(?:没|不)|等了(?:很|好|这么|那么|半|几|\d)|说了(?:多少|几|好几)[遍次]|问了(?:多少|几|好几)[遍次]",
    re.I,
)

_LAW = re.compile(
    r"\b(?:my|our|a|an|contact(?:ed|ing)?|call(?:ed|ing)?|see(?:ing)?|hire|get(?:ting)?|from) "
    r"(?:lawyers?|attorneys?|solicitors?|legal team)\b(?=[^?]*$|.{0,40}\b(?:you|this|refund)\b)(?! (?:bag|case|brief))"
    r"|\b(?:i'?ll|i will|will|going to|gonna|i'?m|can|could|should|might|to) su(?:e|ing) "
    r"(?:you|y'?all|your|this|the (?:shop|store|company))\b|^sue you\b|\bsu(?:e|ing) you(?: (?:guys|people|all|for))?\b"
    r"|\b(?:take|taking|pursue|pursuing|start|threaten|consider(?:ing)?|seek(?:ing)?) legal (?:action|steps|advice)\b"
    r"|\blegal action\b(?! figure)"
    r"|\b(?:take|taking|bring|drag)(?:ing)? (?:you|this|it|your \w+) to (?:court|small claims)\b"
    r"|\bsee you in court\b|\bsmall claims(?: court)?\b"
    r"|\b(?:report|reporting|complain|complaining|complaint|go|going|turn)\b.{0,30}\b(?:consumer (?:protection|rights|"
    r"affairs|council|agency)|trading standards|better business bureau|bbb|ftc|ombudsman|police|authorities)\b"
    r"|\b(?:file|filing|filed|open|opening|start|do) a (?:chargeback|lawsuit|legal claim|police report)\b|\blawsuit\b"
    r"|律师函|(?:我的|找|请|联系|咨询|委托|让|通知)(?:了|个|一?位)?(?:我的?)?律师|(?:要|去|会|就|准备|将)起诉"
    r"|起诉(?:你|贵|商家)"
    r"|告(?:你们|上法庭|上法院|到法院|死你)|(?:法院|法庭)(?:上)?见|(?:走|通过|采取|诉诸)法律|法律(?:途径|手段|程序"
    r"|武器)"
    r"|消协|消费者协会|消保委|(?<![\dA-Za-z-])12315(?![\dA-Za-z-])|(?:工商|市场监管|市监)(?:局|部门|总局)|(?:要|去"
    r"|会|就|马上)报警|曝光你们",
    re.I,
)

_INSULT = re.compile(
    r"\b(?:(?<!american )(?<!some )idiots?|morons?|imbeciles?|clowns?|jokers|(?<!soap )scum|assholes?|a-holes?"
    r"|bastards?|bitch|cunts?|dickheads?|pricks?|twats?|wankers?)\b|\bstupid (?:bot|robot|machine|thing|shop"
    r"|company|idiot)\b|\b(?:are )?you (?:are )?(?:so |that |really )?(?:stupid|dumb|thick|brain ?dead|incompetent"
    r"|pathetic|useless|a joke)\b|\b(?:shut up|get lost|go to hell|drop dead|screw you|piss off)\b|\b(?:you"
    r"|this) sucks?\b|\bcrap (?:shop|company|service|bot|product)\b|\buseless (?:bot|robot|thing|machine|crap)\b"
    r"|^useless[.! ]*$|\b(?:what the (?:actual|bloody) (?:hell|fuck|heck))\b|\bbeyond (?:angry|furious|a joke)\b"
    r"|\bfurious\b|\bthe worst (?:shop|store|company|service|site|website|experience)\b|闭嘴|^滚[吧开啊！!。. ]*$"
    r"|滚(?:蛋|开|远点)|去死|傻[逼bB叉×子瓜]|[煞沙]笔|智障|脑残|白痴|蠢(?:货|死|猪)|废物|神经病|无耻|不要脸"
    r"|什么玩意|垃圾(?:玩意|东西|货|产品|机器人)|(?:这|你们?这?|一)帮骗子|骗子|黑心|跟死了|死了(?:吗|一样)"
    r"|还开什么店|去你的|脑子(?:有|进)|良心(?:被狗|呢)|(?:真|太)(?:恶心|垃圾)",
    re.I,
)
_REPEATS = re.compile(
    r"\b(?:asked|told|said|typed|tried|sent|explained|written|repeated|messaged|emailed"
    r"|called)\b.{0,30}\b(?:already|twice|(?:two|three|four|five|several|many|\d+|a hundred|a million) times|before"
    r"|again)\b|\b(?:already (?:asked|told|said|sent|explained|answered)|i just (?:told|said|asked"
    r"|explained))\b(?! (?:for|about) a)|\bhow many (?:more )?times (?:do|must|have|should|will|shall) (?:i"
    r"|we) (?:have to|need to|got to|tell|ask|say|repeat|told|asked|said|explain)|\bhave to repeat\b"
    r"|\brepeat(?:ing)? myself\b|\b(?:second|third|fourth|fifth|umpteenth|\d(?:nd|rd|th)) time\b|\bsame (?:thing"
    r"|answer|reply|message|question) (?:again|over)\b|\bi said [A-Z]{3,}\b|\bnot that (?:one|again)\b"
    r"|\bread\W+(?:my|the)\W+(?:message|question)\b|\bnothing to do with what i\b|\bi said (?:\w+ ){1,3}not\b"
    r"|\bno,? i mean\b|第[二三四五六七八九十几\d]+[遍次回]了?|(?:说|问|讲|点|试|发|打"
    r"|重复)了?(?:好)?[两三四五六七八九十几多\d]+(?:多)?[遍次回]|多少[遍次]|(?:已经|都|刚)(?:说|问|讲|发)过(?:了"
    r"|好)?|说的不是|问的(?:不)?是\S{1,12}不是|发过\S{0,6}了",
    re.I,
)
_IMPATIENT = re.compile(
    r"\b(?:still|yet) (?:nothing|waiting|not (?:here|arrived|fixed|working|answered)|no\b|hasn'?t|haven'?t"
    r"|doesn'?t)|\b(?:still|yet again) (?:doesn'?t|not|won'?t)\b|\b(?:taking|takes|took|taken|been"
    r"|it'?s been) (?:forever|ages|so long|way too long)\b|\b(?:nobody|no ?one) (?:answers?|replies|tells|helps"
    r"|cares|responds?|is answering)\b|\bdoes (?:nobody|no ?one)\b|\b(?:is )?any(?:body|one) (?:there|home"
    r"|alive)\W*[?!]{2,}|\b(?:ignor(?:e|ed|ing)) (?:me|my|us)\b|\bheard nothing\b|\bhear(?:d)? nothing back\b"
    r"|\b(?:asked|wrote|messaged) (?:you )?(?:\w+ ){1,3}(?:minutes?|hours?|days?|weeks?) ago\b|\b(?:have|'ve"
    r"|has) been waiting\b|\bwaited (?:\w+ ){0,3}(?:hours?|days?|weeks?|ages)\b|\bit(?:'s"
    r"| has) been (?:\w+ )?(?:\d+|ages|weeks|days|hours)\b|\byou said (?:\w+ ){1,6}(?:and|but|it'?s)\b|\b(?:\d+|two"
    r"|three|four|five|six) (?:days|weeks|months) and (?:still|counting|nothing)\b|\bare you going to (?:answer"
    r"|reply|help)\b|\banswer me\b|\b(?:error|fails?|broken|invalid)\b.{0,20}\bagain\b|\bagain an error\b"
    r"|\bkeeps? (?:getting|saying|failing|crashing|asking|sending|giving)\b|\b(?:button|page|site|link"
    r"|checkout) is broken\b|^(?:well|seriously|hello)\s*[?!]+$|^seriously$"
    r"|都[一二两三四五六七八九十几半\d]+(?:多)?[个]?(?:天|周|星期|小时|分钟|月)(?:了|多)|等了?\S{0,6}(?:天|周|星期"
    r"|小时|半天|月)|半天了|一直(?:没|不|转|报错)|(?:到现在|至今|还是|依然|仍然)(?:都)?(?:还)?(?:没|不行|不能"
    r"|不对)\S{0,6}|(?:没|不见)人(?:理|回|管|处理|应)|没动静|一?点动静|一句都不|人呢|怎么(?:这么|那么)慢|这么慢"
    r"|太慢|(?<!能)快点(?:回|答|处理|解决|给)|点不了|一直报错|说好的?\S{0,10}(?:呢|都)|拖(?:了|着|到)|催了|不理",
    re.I,
)
_WEARY = re.compile(
    r"\b(?:worse than (?:your|the|ever|before|useless)|(?:bounced|passed|sent|pushed|going|running) (?:a?round"
    r"|back and forth|in circles)|(?:second|third|fourth|fifth|sixth) (?:email|e-?mail|message|call|bot|agent|chat"
    r"|ticket|attempt)|zero (?:humans?|help|replies|answers)|day (?:two|three|four|five|six|seven|ten|\d+)\.)"
    r"|\byou (?:just )?keep (?:\w+ing)\b|\bi (?:don'?t|do not) want (?:an?|your|another) \w+, ?i (?:want|need)\b"
    r"|\b(?:is it|just) (?:a )?yes or (?:a )?no\b|\bsimple question\b|\b(?:link|page|button|site|form|code|app"
    r"|checkout)\b.{0,25}\b(?:goes nowhere|leads nowhere|is dead|does nothing|crash(?:es|ed)|logged me out"
    r"|kicked me out|timed? out|froze|freezes)\b|\blogged me out\b|\b(?:sick|tired) of\b|\bhad enough\b"
    r"|\b(?:for (?:god|heaven|christ|pete|goodness)'?s? sake|for the love of|ffs|jesus christ|good grief|hurry up"
    r"|get on with it|any day now)\b|\b(?:what a|total|complete|absolute|such a) (?:mess|nightmare|disaster|farce"
    r"|shambles|waste)\b|\b(?:pointless|hopeless|laughable|a farce|a shambles|rude|lazy|sloppy)\b(?! (?:bag|day))"
    r"|\b(?:no|zero|without) (?:response|reply|replies|answer|update)s?\b|\b(?:hung up on|left (?:me )?hanging"
    r"|cut me off)\b|\bhow hard (?:can|is) (?:it|that)\b|\bwhat(?:'s| is) the point(?: of (?:this|you|asking"
    r"|having)|\W*$)|\b(?:did|do|can) you (?:even|actually) (?:read|listen|understand|work)\b|\bpay attention\b"
    r"|\bcan you (?:not|even) read\b|\b(?:doesn'?t|does not|didn'?t|did not|not) (?:help|answer my question"
    r"|answer the question|what i asked|what i meant)\b(?! me choose)|\bcan(?:'t|not) believe (?:this|it|you)\b"
    r"|\bwast(?:e|ed|ing) (?:of )?(?:my |our )?(?:time|afternoon|morning|evening|day)\b|\b(?:damn|goddamn|freaking"
    r"|frigging)\b|(?:忙音|打不通|没人接|翻来覆去|来来回回|有完没完|没完没了|敷衍|推来推去|踢皮球|扯皮|忽悠"
    r"|浪费(?:我的?)?时间|白等|耽误|不靠谱|服了|醉了|急死|麻烦死|心寒|寒心|开心就好)|到底(?:有没有|能不能|行不行"
    r"|什么时候|要|谁|怎么回事)|有没有人(?:[管理上在回啊吗]|$)|机器人就是|(?:说|讲)好?(?:的)?(?:今天|昨天|明天"
    r"|\S{1,4}天)\S{0,8}(?:现在|结果|都)|没人(?:接|管|理|回)|不管(?:了吗|不问)|差评|行吧\S{0,6}$|随(?:便|你们)吧"
    r"|卧槽|我靠|tmd",
    re.I,
)
_OUTRAGED = re.compile(
    r"\b(?:should be|ought to be) ashamed\b|\bshame on (?:you|u)\b|\b(?:disgrace|disgraceful|despicable"
    r"|daylight robbery)\b|\btak(?:e|ing) (?:people|customer)s?'?s? money\b|\b(?:you|they|you'?re|you have"
    r"|you've) (?:just |all |simply )?(?:took|taking|steal(?:ing)?|stole|stolen|kept|keep) (?:all )?(?:my"
    r"|our) money\b|\bhow is (?:this|it|that) (?:even )?legal\b|\b(?:you|u|they|bunch of|pack of|such|lot of)(?:'re"
    r"| are)? (?:\w+ )?(?:liars?|thieves|crooks|fraudsters|scammers?|con ?artists)\b|\byou (?:lied|lie|cheated"
    r"|scammed|robbed)\b|\b(?:this is|it'?s) (?:a )?(?:fraud|scam|theft)\b|\b(?:trash|garbage|rubbish|crappy"
    r"|shitty?) (?:company|shop|store|service|support|product|bot|quality)\b|\bscrew (?:this|you)\b|\bbullcrap\b"
    r"|\b(?:burn in|rot in) hell\b|\bhate (?:you|this (?:shop|company|bot|store))\b|理直气壮|卖假货|假货还"
    r"|等着(?:收|被)|差评吧|早晚倒闭|倒闭|怒了|怒火|火大|火冒三丈|丧良心|没良心|欺诈|诈骗|偷钱|抢钱|强盗|恶心(?:死"
    r"|人)|[操艹]你|草泥马|尼玛|nmd|cnm|sb客服|混蛋|王八蛋|畜生|狗(?:东西|屎)",
    re.I,
)
_WEARY_MORE = re.compile(
    r"\bwhy is (?:this|it|that|everything) so (?:complicated|difficult|hard|slow|confusing)\b|\b(?:are|do|did"
    r"|have) you even\b"
    r"|\b(?:told me|promised(?: me)?|quoted me)\b.{1,30}\b(?:it'?s|been|now|but|yet)\b"
    r"|^(?:[A-Za-z']{1,12}\.\s*){3,}$|\b(?:one|1|zero)[- ]stars?\b"
    r"|\b(?:bad|negative|terrible|honest) reviews?\b(?=.{0,20}\b(?:leav|writ|post|everywhere))|\bleav(?:e"
    r"|ing) (?:a |bad |negative )*reviews? (?:everywhere|all over)\b"
    r"|\b(?:unreliable|incompetence|unprofessional|inexcusable|infuriating|maddening|exhausting|absurd|nonsense"
    r"|clueless)\b|\bno one (?:knows|cares)\b|\bgive up\b|\bgetting nowhere\b"
    r"|(?:这么|那么)(?:麻烦|难|复杂|费劲|久|拖拉|差)|(?:真|太|好|让人|令人|很|越来越|有点)(?:烦|累人|闹心|糟心|恼人"
    r"|憋屈|扫兴|难沟通)|不是(?:在)?(?:问|说|要)(?:你)?(?:这|那)"
    r"|看(?:清|懂|明白|过|一下|看)?我?(?:写|说|发|问)的(?:是)?(?:什么|啥|没|了)|有没有(?:在|认真)(?:看|听|读)|(?:给"
    r"|说|讲|报|提供|回答)过(?:你|了|好)|跟我说\S{1,12}(?:都|现在|结果)"
    r"|迟迟|没下文|没(?:个)?(?:消息|回音|回应|反应|说法)|石沉大海|慢死|一拖再拖|还要(?:我)?等|等到什么时候"
    r"|牛头不对马嘴|答不对题|听不懂|装(?:傻|死)|白(?:说|问|跑)了?|瞎答|乱答|没(?:有)?解决"
    r"|解决不了|搞什么|逗我|开什么玩笑|离谱|可笑|受不了|崩溃|抓狂|糊弄|应付(?:我|人|了事)|头疼|失望透顶|心态",
    re.I,
)
_OUTRAGED_MORE = re.compile(
    r"\b(?:contacting|calling|going to|speaking to|informing) (?:my bank|the press|the media|the police)\b"
    r"|\b(?:pathetic|vile|appalling|repulsive|revolting)\b(?! weather)|\byou(?:'re| are)? all (?:useless|idiots"
    r"|the same|liars)\b"
    r"|\bi(?:'ve been| was| got| have been) (?:lied to|cheated|scammed|robbed|ripped off|conned)\b|\b(?:want|get me"
    r"|demand|need) (?:a |your |the )?(?:manager|supervisor|boss)\b"
    r"|不负责任?|(?:太|真|够|服务|质量)烂|烂(?:透|死|到家|成)|骗(?:了?我|钱|人|了我们)|(?:叫|让|找"
    r"|把)你?们?(?:的)?(?:经理|领导|老板|主管)|曝光|没用的东西|丢人|可耻|欺负|从[没未]见过这么"
    r"|(?:还|赔)(?:我)?钱|瞎搞|耍(?:我|人|猴)|当我(?:傻|是傻|好骗)|不要脸|举报|什么态度|态度(?:恶劣|太差)|滚出"
    r"|没素质|无耻|坑(?:人|货|爹|我|钱)|店大欺客",
    re.I,
)
_WANTS_PERSON = re.compile(
    r"\b(?:talk|speak|chat|connect|transfer|switch|put|get)\b.{0,20}\b(?:person|human|agent|someone|somebody|staff"
    r"|representative|manager)\b|^(?:an? |the )?(?:human|agent|real person|operator|representative|person"
    r"|staff)(?: please)?[.!?]*$|转?人工|真人|客服人员",
    re.I,
)
_AGREES = re.compile(
    r"^(?:yes|yeah|yep|ok(?:ay)?|sure|please|yes,? please|no|nope|好的?|是的?|要|可以|行|嗯|需要|不用)[\s.!。！]*$",
    re.I,
)
_SARCASTIC = re.compile(
    r"\b(?:great|brilliant|wonderful|fantastic|perfect|lovely|nice)\W+(?:just (?:great|brilliant|perfect"
    r"|what i needed)|another|an? (?:other|more)|useless|still|again)\b|\banother (?:useless|robot|bot|canned"
    r"|copy)\b|\bjust what i needed\b|\bthanks for nothing\b|\byeah,? (?:right|sure)\b|^sure\W+\"|^whatever[.! ]*$"
    r"|\boh come on\b|\bslow clap\b|\bwell done\W+(?:now|you)|\bunbelievable\b|\breally helpful\W+not\b|\"soon\""
    r"|\b(?:wow|so),? (?:helpful|useful)\W*\.\.\.|呵呵|真行|真棒啊|可真(?:行|快|好)|说了等于没说|等于白说|厉害了"
    r"|好一个|能不能(?:听懂|说人话)|人话|你是认真的吗|就这[？?！!]",
    re.I,
)
_COMPLAINS = re.compile(
    r"\b(?:not|wasn'?t|isn'?t|less than) (?:impressed|amused|happy|pleased|good enough)\b|\bexpected (?:better"
    r"|more)\b|\b(?:very |so |really |such a )?disappoint(?:ed|ing|ment)\b|\bfed up\b|\bfrustrat(?:ed|ing)\b"
    r"|\bannoy(?:ed|ing)\b|\buseless\b|\byou(?:'re| are) not (?:listening|helping|reading)\b|^no\W+no\W+no\b"
    r"|\bthat'?s not (?:what|an answer|helpful|it)\b|\bunacceptable\b|\bterrible\b(?! weather)|\bbad (?:service"
    r"|experience)\b|太差|很差|差劲|坑爹|糟糕|不像话|烦(?:人|躁|死)|心累|郁闷|气人|恼火|答非所问",
    re.I,
)
_MARKS = re.compile(r"[!！]{2,}|[?？]{3,}|[?？][!！]|[!！][?？]")
_PLEASED = re.compile(
    r"\b(?:love|loved|great|awesome|amazing|perfect|wow|yay|excellent|thanks?|thank you|cool|fantastic|brilliant"
    r"|cute|nice|beautiful|hooray|congrat\w*|yes|happy|excited|can'?t wait)\b|太好|太棒|真好|喜欢|谢|赞|哈哈|完美"
    r"|好看|好耶|开心|棒|爱了|期待",
    re.I,
)
_SOOTHED = re.compile(
    r"\b(?:thanks?|thank you|thank u|thx|ty|tysm|cheers|much appreciated|appreciate (?:it|that|your))\b"
    r"|\b(?:sorry for being|my bad)\b|^(?:ah|oh|ok(?:ay)?|great|perfect|right)\W+(?:\w+\W+){0,3}(?:works?|worked"
    r"|got it|found it|solved|sorted|does)\b|\b(?:that|it) (?:helps|helped|works now|worked)\b|\bgot it\b"
    r"|\byes,? that one\b|\b(?:all )?(?:sorted|solved)\b|谢|辛苦|感谢|麻烦你了|解决了|(?:可以|好|行"
    r"|搞定)了(?:[，,。！! ]|$)|懂了|明白了|赞|太好了|帮大忙",
    re.I,
)
_NOT_SOOTHED = re.compile(r"\bthanks for nothing\b|\bno thanks to\b|谢(?:天谢地|谢啊.{0,4}没用)|不用谢", re.I)

_SHOUTED = re.compile(r"(?<![\w-])[A-Z']{2,}(?![\w-])")
_LOUD_WORDS = 4
_SAID_AGAIN = 6
"""Letters, at the least, of a message that counts as said again when it comes a second time."""

_SIGNS: Final[tuple[tuple[str, Mood, re.Pattern[str]], ...]] = (
    ("legal", Mood.ANGRY, _LAW),
    ("anger", Mood.ANGRY, _ANGRY),
    ("insult", Mood.ANGRY, _INSULT),
    ("anger", Mood.ANGRY, _OUTRAGED),
    ("anger", Mood.ANGRY, _OUTRAGED_MORE),
    ("repeats", Mood.ANNOYED, _REPEATS),
    ("waits", Mood.ANNOYED, _IMPATIENT),
    ("sarcasm", Mood.ANNOYED, _SARCASTIC),
    ("complains", Mood.ANNOYED, _ANNOYED),
    ("complains", Mood.ANNOYED, _COMPLAINS),
    ("complains", Mood.ANNOYED, _WEARY),
    ("complains", Mood.ANNOYED, _WEARY_MORE),
)


def alarm(text: str) -> Reason | None:
    """Why this message alone calls for a person: a legal threat, or else anger; None when neither."""
    plain = _plain(text)
    if _LAW.search(plain):
        return Reason.LEGAL_THREAT
    return Reason.ANGER if _ANGRY.search(plain) else None


def mood(text: str) -> Mood:
    """The mood of one message. A legal threat counts as anger, shouting in capitals as annoyance."""
    return own_mood(text)[0]


def own_mood(text: str, earlier: Sequence[str] = ()) -> tuple[Mood, Sign | None]:
    """The mood of one message and the words that show it; what the shopper said `earlier` tells what is said again."""
    plain = _plain(text)
    for name, level, pattern in _SIGNS:
        if found := pattern.search(plain):
            return level, Sign("mood", name, found[0].strip())
    if _shouts(text):
        return Mood.ANNOYED, Sign("mood", "shouts")
    if (found := _MARKS.search(plain)) and not _PLEASED.search(plain):
        return Mood.ANNOYED, Sign("mood", "marks", found[0])
    if earlier and _same(plain, _plain(earlier[-1])):
        return Mood.ANNOYED, Sign("mood", "says_again")
    return Mood.CALM, None


def holds(text: str, earlier: Sequence[str] = ()) -> bool:
    """Whether the message, calm in itself, tells nothing of the mood: it asks for a person, or agrees to one."""
    if _WANTS_PERSON.search(text):
        return True
    return bool(_AGREES.search(text) and earlier and _WANTS_PERSON.search(earlier[-1]))


def soothed(text: str) -> bool:
    """Whether the message says thanks, or that it is well now."""
    plain = _plain(text)
    return bool(_SOOTHED.search(plain)) and not _NOT_SOOTHED.search(plain)


def _same(one: str, other: str) -> bool:
    letters = ["".join(c for c in text.casefold() if c.isalnum()) for text in (one, other)]
    return letters[0] == letters[1] and len(letters[0]) >= _SAID_AGAIN


def _shouts(text: str) -> bool:
    """At least so many words, and hardly a small letter among them."""
    small = sum(c.islower() for c in text)
    return len(_SHOUTED.findall(text)) >= _LOUD_WORDS and small <= len(text) // 20


def _plain(text: str) -> str:
    return text.replace("’", "'").replace("`", "'").replace("“", '"').replace("”", '"')
