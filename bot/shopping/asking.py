"""Whether a message asks for products, and how: a new search, a refinement, more of the same, a free recommendation.

A question of policy or how-to stays with the knowledge ("do you ship tents to Canada", "how do I wash down"), one about
a single product with `about.py`.
"""

import re
from enum import StrEnum

from bot.misfit import MISFIT
from bot.shopping.reading import Reading
from bot.shopping.wishes import Wishes


class Ask(StrEnum):
    """What is asked for."""

    NEW = "new"
    REFINE = "refine"
    SAME_FOR = "same_for"
    MORE = "more"
    RECOMMEND = "recommend"
    WIDE = "wide"


_CUE = re.compile(
    r"\b(?:show me|looking for|look for|look at|searching for|search|find me|find|recommend\w*|suggest\w*|any"
    r"|do you (?:have|sell|carry|stock|offer|"
    r"do|make)|do u have|have you(?: got)?|you (?:got|have|sell|carry|stock)|got|i(?:'d"
    r"| would)? (?:really )?(?:need|want|like|love)|i'm after|"
    r"im after|in need of|need|want|give me|get me|shopping for|options? for|something|anything|which"
    r"|(?:would|might) be (?:better|nicer?|great|good|perfect)|prefer"
    r"|what (?:kinds?|sorts?|types?|are|is the|"
    r"\w+(?: \w+)? (?:do|are|would|is|has|have))|is there an?|are there|present|gift|buy|list|browse|see)\b"
    r"|有没有|有吗|有[^。？?]{0,12}吗|有什么|有哪些|有啥|推荐|想要|想买|想找|要买|买|求|找|来[一个件条双]"
    r"|要[一个件条双顶]|需要|给我|给.{1,5}买|看看|看一下|"
    r"哪些|哪款|哪种|哪个|哪几|什么|卖.{0,10}吗|卖不卖|送.{0,8}礼|礼物|有.{0,12}的?[么嘛]|[有卖].{1,14}",
    re.I,
)
_POLICY_EN = (
    r"\b(?:ship|ships|shipping|shipped|deliver\w*|postage|courier|parcel|packages?\b(?! of)|track\w*"
    r"|return(?:s|ed|ing|able)?|refund\w*|"
    r"exchange\w*|swap|send back|warrant\w*|guarantee\w*|repair\w*|fix(?:ed|ing)?|broken?|broke|damaged|faulty"
    r"|defect\w*|torn|"
    r"wash\w*|clean\w*|dry(?: |-)?clean|store my|storing|care for|maintain|re-?proof\w*|code|codes|coupons?"
    r"|voucher|promo\w*|discounts?|"
    r"price match|loyalty|points|account|password|login|order(?:s|ed|ing)?\b(?! of)|invoice|receipt|pay|paying"
    r"|paid|payment|klarna|"
    r"instal+ments?|customs|duty|duties|vat|tax|privacy|cookies?|newsletter|e-?mail|phone|contact|hours?"
    r"|open(?:ing)?|"
    r"stores? (?:in|near)|located|location|rent\w*|hire|used gear|second[ -]?hand|trade[ -]in|workshops?|jobs?"
    r"|hiring|career\w*|"
    r"wholesale|bulk|size (?:chart|guide)|measure|convert|difference|differences|vs|versus|compare\w*"
    r"|comparison|better than|"
    r"fly(?:ing)?|plane|airline|luggage rules|hand luggage|checked baggage|cancel\w*|lost|stolen|missing|wrong"
    r"|late|arrive[sd]?|arriving|"
    r"stuck|charged|declined|gift[ -]?wrap\w*|gift[ -]cards?|gift vouchers?|e-gift|pfas|sustainab\w*|eco"
    r"|carbon neutral|blister advice|break(?:ing)? in|"
    r"lifespan|expire\w*|subscri\w*|back in stock|restock\w*|notify|pre-?order\w*|pick ?up|review(?:s|ed|ing)?"
    r"|rating mean|"
    r"my (?:order|parcel|jacket|tent|boots?|pack|bag|zip\w*|mat|stove|shoes?|headlamp|coat|fleece|sleeping bag"
    r"|backpack)|"
    r"covered|scout group|freight|bot|human|chew\w*|shrank|shrunk|sizes|sizing|size (?:up|down|should|do|for"
    r"|is|to)|run (?:small|large|big)|runs|true to size|"
    r"can (?:a )?(?:man|woman|men|women|guys?|girls?)|which is (?:better|warmer|best)|is .{1,20} (?:ok|okay"
    r"|good|better|enough) (?:in|for|to|than)|dirty|messages?|"
    r"mold|mould|mildew|smell\w*|stain\w*|leak\w*|dryer|iron(?:ing)?|legal|illegal|lawyer|doctor|sales? (?:on"
    r"|november|start\w*|end\w*)|somewhere else|"
    r"another (?:store|shop|site)|your own site|corporate|work for you|meaning|mean|means|send|fit$|size$)\b"
)
"""Words of policy and service, of what one has, and of advice."""
_OPENERS = (
    r"|^(?:how (?!about|bout)|why|when|where (?!can i (?:find|get|buy))|who |can i |could i |may i "
    r"|can you |could you |will you |would you |is it "
    r"|is the |is my |is a |are your |are the |"
    r"does |do i |do the |do your |should i|what is |what does |what do (?!you|u)|what if |what's the (?!cheap"
    r"|light|warm|best|small|big|bright)|"
    r"whats the (?!cheap|light|warm|best)|what size|what warranty|what happens|will )"
)
"""How questions begin that are not after things to buy."""
_POLICY_ZH = (
    r"|运费|邮费|配送|快递|物流|发货|寄|送到|送货|到货|几天|多久|退|换货|换码|换个?颜色|保修|质保|维修|修[吗理]|坏|破"
    r"|洗|清洁|清洗|保养|存放|收纳(?!袋)|怎么|如何|"
    r"为什么|为何|是什么|什么意思|什么样的?算|区别|对比|比较好|哪个好|哪种.{0,4}好|还是|优惠码|优惠券|折扣码|代码|券"
    r"|积分|会员|账户|账号|密码|订单|下单|发票|付款|支付|"
    r"分期|关税|税|隐私|邮件|电话|联系|营业|开门|几点|门店|实体店|地址|租|二手|回收|以旧换新|课程|招聘|应聘|招人|批发"
    r"|团购|尺码表|换算|多大|选多|怎么选|"
    r"飞机|托运|登机(?!箱)|取消|丢|漏发|少发|延误|扣款|拒|包装|礼品卡|购物卡|评价(?!最)|pfas|环保|可持续|磨合|过期"
    r"|订阅|补货|预售|自提|材质是|能不能退|"
    r"学生|军人|教师|活动|黑五|价格匹配|比价|差价|降价了|够[三两四五六]?个?人?吗|能睡|几个人|几人|安全吗|机洗|烘干"
    r"|偏大|偏小|胖瘦|"
    r"双十一|多少(?!流明|毫安|升以)|够用|处理|差别|选哪个|选什么|该选|尺码$|什么尺码|哪个尺码|大小|[打折减的]码(?!数)"
    r"|折扣吗|优惠吗?$|优惠码|(?:大|小)一?点好|行吗|行不行|"
    r"填充更|谁做|有个洞|涂层|含氟|要买四季|需要买|好不好|合适吗|什么时候|结块|缩水|发霉|渗水|磨脚"
)
_CAN_ZH = r"|^(?:(?!有).)*[能可]以?(?:(?!有).){0,8}吗[?]?$"
_BLOCK = re.compile(_POLICY_EN + _OPENERS + _POLICY_ZH + _CAN_ZH, re.I)
_POLICY = re.compile(_POLICY_EN + _POLICY_ZH, re.I)
_AFTER_ALL = re.compile(
    r"\b(?:what(?:'s| is) the (?:cheap|light|warm|best|small|big|bright|large)\w*|can i (?:see|get|have|find"
    r"|buy)|could i (?:see|get|have)|"
    r"how about|what about|what (?:do|would|can) you (?:have|sell|recommend|suggest)|can you (?:show"
    r"|recommend|suggest|find)"
    r"|could you (?:show|recommend|suggest|find)|"
    r"is there an?|are there|do you (?:have|sell|carry|stock)|free[ -]standing)\b|(?:能"
    r"|可以).{0,6}(?:推荐|介绍|看看|找|买(?:得?到)?(?!单|家|卖|来|过))",
    re.I,
)
_MORE = re.compile(
    r"^(?:(?:and |ok,? |so )?(?:can you |please |do you have |have you got |are there "
    r"|got )?(?:show (?:me )?)?(?:some |any )?(?:more|others?|next|more (?:of (?:them|these)"
    r"|options?|please|choices?|results?)|"
    r"other (?:options?|ones?|choices?)|(?:what|anything|something) else(?: do you have)?|the (?:rest|others)"
    r"|(?:see|load) more|keep going|"
    r"different ones?)(?: like (?:this|that|these))?)[\s.!?]*(?:please)?[\s.!?]*$"
    r"|^(?:还有(?:别的|其他的?|更多的?|吗|没有|呢|哪些)?|更多|再?看看?(?:别的|其他的?|更多)|其他的?(?:呢)?"
    r"|别的(?:呢)?|换一批|下一页|继续|再来几个|再多看几款"
    r"|剩下的)(?:吗|呢|么)?[\s。！!？?]*$",
    re.I,
)
_RECOMMEND = re.compile(
    r"^(?:so |hi[,!]? |hello[,!]? |please )?(?:what|anything|which products?|which)?\s?(?:would|do|can|could"
    r"|should)? ?(?:you|i)? ?(?:please )?"
    r"(?:recommend(?: me)?(?: (?:something|anything|some products?))?|suggest(?: something| anything"
    r"| some products?)?|(?:else )?(?:should i|do i) (?:buy|get|look at|need))"
    r"(?: to me| for me| me| today| here| else)?[\s?.!]*$"
    r"|\banything else (?:that )?i (?:need|might need|should (?:get|buy|have))\b|\bsurprise me\b"
    r"|\bany (?:recommendations?|suggestions?)\b[\s?.!]*$"
    r"|\bwhat(?:'s| is| are)? (?:your )?(?:popular|bestsellers?|best sellers?|best[ -]selling|trending"
    r"|hot)(?: products?| items?| right now| now| here)?[\s?.!]*$"
    r"|\bwhat (?:else )?(?:goes (?:well )?with (?:it|this|that)|should i add)"
    r"|\b(?:my )?recommendations? for me\b|\bwhat else do i need\b"
    r"|^(?:你们?|您)?(?:有什么|有啥|有没有什么?|给我|能|可以|帮我)?(?:好的?|好东西|好物)?(?:可以|值得)?推荐(?:一下"
    r"|一些|点什么|点东西|几款|几个|个|点)?(?:的|吗"
    r"|什么|商品|产品|东西)?[\s？?。！!吗呢]*$"
    r"|还(?:需要|缺|该买|要买|应该买)(?:点|些|配|搭|买)*什么|购物车.{0,10}[搭配]|猜我喜欢|随便(?:看看|推荐)|(?:什么"
    r"|哪些|哪个)(?:商品|产品"
    r"|东西)?(?:最受欢迎|卖得最?好|最火|热门|热销)"
    r"|有什么(?:热门|热销|爆款|好东西|值得买)",
    re.I,
)
_SAME_FOR = re.compile(
    r"^(?:and |same (?:for|with|in) |(?:what|how) about |also |now )|^(?:那|换成|同样的?).{1,12}(?:呢|吗|也)?", re.I
)
_REFINES = re.compile(
    r"\b(?:ones?|instead|only|just|cheaper|lighter|warmer|bigger|larger|smaller|less expensive"
    r"|too (?:expensive|heavy|big|small|much)|but|"
    r"more expensive|another colou?r|rather|them|these|those|prefer\w*|sort(?:ed)?|first|forget|ignore|drop"
    r"|never ?mind|doesn't matter|don't care)\b"
    r"|^(?:in|under|over|below|with|without|not|no|size|for|and|from|between|up to|less|max)\b"
    r"|便宜[点一些]|更便宜|太贵|更轻|轻[一]?点|更大|更小|大一?点|小一?点|更暖|只要|只看|换成|要[^。]{1,8}的|不要"
    r"|别的颜色|改成|的呢|里面|这些|其中|不限|无所谓|都行|都可以",
    re.I,
)
_WIDE = re.compile(
    r"^(?:i(?:'m| am)? ?(?:want|need|would like|looking|'d like|shopping)(?: to)?(?: buy| get| find"
    r"| order)?(?: for)?(?: something| a product| some gear| gear| stuff)?"
    r"|(?:can you )?help me (?:choose|find|buy|pick)(?: something)?(?: please)?|(?:i need |can you "
    r"|please )*(?:some )?help(?: me)?(?: please)?|show me (?:something"
    r"|your (?:products|stuff|catalogue|shop)|what you (?:have|sell|got)))[\s.!?]*$"
    r"|^(?:我?(?:想|要)买(?:点|些)?(?:东西|装备|什么)?|帮我(?:选|挑|找)(?:点|一下|一个)?(?:东西|装备)?"
    r"|我想看看(?:商品|东西|你们的商品)?)[吧吗。！!？? ]*$",
    re.I,
)
_SPOKEN = (
    "kinds",
    "price",
    "sizes",
    "colours",
    "materials",
    "brands",
    "gender",
    "recipient",
    "tags",
    "bounds",
    "without",
    "order",
)
_DEICTIC = re.compile(
    r"\b(?:this|it|its|that one|this one|them|these|those)\b|[这那](?:个|款|件|双|顶|条|把|些)|它", re.I
)
_GIFT = re.compile(
    r"\b(?:present|gift)s?\b(?! ?-?(?:card|wrap|receipt|voucher|box))|礼物|送[给我]?.{1,6}(?:什么|礼)", re.I
)
_GIFT_UNREAD = 6
"""Who looks for a present tells of the person."""
_MUCH_UNREAD = 2


def ask(reading: Reading, *, searching: bool, named: bool) -> Ask | None:
    """What is asked for; None when the message is not for the search.

    Args:
        reading: The message.
        searching: The last reply was a list of products found by wishes.
        named: The message names one product of the shop.
    """
    text = reading.text
    if searching and _MORE.match(text):
        return Ask.MORE
    if named:
        return None
    if not reading.wishes.kinds and _RECOMMEND.search(text):
        return Ask.RECOMMEND
    if MISFIT.search(text) and not searching:
        return None
    if _BLOCK.search(text) and not _AFTER_ALL.search(_without_policy(text)):
        return None
    if searching and _refines(reading):
        return Ask.SAME_FOR if reading.wishes.kinds else Ask.REFINE
    if _WIDE.match(text):
        return Ask.WIDE
    return Ask.NEW if _is_new(reading) else None


def _without_policy(text: str) -> str:
    """Empty when a word of policy stands in the text: then no way of asking makes it a search."""
    return "" if _POLICY.search(text) else text


def _refines(reading: Reading) -> bool:
    """Whether a message only makes sense, or makes more sense, on top of the wishes before it."""
    wishes, text = reading.wishes, reading.text
    said = wishes != Wishes() or bool(reading.relative) or bool(reading.dropped)
    if not said or len(reading.rest) > _MUCH_UNREAD:
        return False
    if wishes.kinds:
        return bool(_SAME_FOR.search(text))
    return bool(_REFINES.search(text)) or len(reading.rest) <= 1


def _is_new(reading: Reading) -> bool:
    """A kind of thing, or something said of a thing, asked for; or said so barely that nothing else can be meant."""
    wishes = reading.wishes
    if _GIFT.search(reading.text) and (wishes.price or wishes.recipient) and not _POLICY.search(reading.text):
        return len(reading.rest) <= _GIFT_UNREAD
    spoken = [name for name in _SPOKEN if getattr(wishes, name)]
    spoken += ["sale"] * wishes.on_sale
    asked = bool(_CUE.search(reading.text))
    unread = len(reading.rest)
    if wishes.kinds:
        return unread <= (3 if asked else 1) if len(spoken) > 1 or asked or wishes.features else unread == 0
    if (spoken or wishes.features) and not _DEICTIC.search(reading.text):
        return (
            unread <= 1
            if asked
            else unread == 0 and (len(spoken) + len(wishes.features) > 1 or wishes.on_sale or bool(wishes.without))
        )
    return False
