"""What a message wants to know of a product: its price, what is in stock, the choices, or a fact that the shop states.

A fact is asked for by the shop's own label for it ("what is the R-value?") or by the words that people use for such a
thing ("how heavy", 多重). What belongs to the shop's policies (shipping, returns, orders, codes) is not asked of a
product, even where the message names one. Pure; which product it is about is not known here.
"""

import re
from dataclasses import dataclass

from bot.shopping.item import Item
from knowledge.words import HAN, fold

PRICE, STOCK, COUNT, SIZES, COLOURS, SALE = "price", "stock", "count", "sizes", "colours", "sale"

_POLICY = re.compile(
    r"\b(?:ship(?!s? with)\w*|deliver\w*|arriv\w*|dispatch\w*|courier|customs|dut(?:y|ies)|tax\w*|vat|return\w*|"
    r"exchang\w*|refund\w*|swap\w*|send (?:it |them )?back|money back|track(?:ing)?|my order|order number|"
    r"cancel\w*|coupon\w*|"
    r"voucher\w*|promo\w*|codes?|price[ -]?match\w*|price adjust\w*|price protect\w*|student\w*|military|"
    r"loyalty|points|gift[ -]?wrap\w*|"
    r"repair\w*|fix(?:ed)?|defect\w*|damag\w*|broke\w*|torn|faulty|claim\w*|instal+ments?|klarna|afterpay|"
    r"pay(?:ing|ment)?|invoice\w*|"
    r"restock\w*|back in (?:stock|store)|notif\w*|pre-?orders?|backorder\w*|wholesale|bulk|resell\w*|"
    r"recycling|trade[ -]?in|"
    r"cheaper (?:elsewhere|somewhere)|other (?:shops?|stores?|sites?)|in[ -]store|(?:your|a|the) (?:stores?|"
    r"shops?|showroom)|"
    r"drop(?:ped)? (?:in price|after)|changed|went down|review\w*|discount\w*|wrong|missing|lost|stolen|"
    r"fak(?:e|ed)|sign up|subscri\w*)\b"
    r"|运费|配送|快递|发货|送货|送到|寄|几天到|多久(?:能|会|才)?到|什么时候(?:能|会)?到|到货|关税|清关|退|换货|换码"
    r"|换个|换成|调换|取消|"
    r"我的订单|订单号|优惠码|折扣码|优惠券|促销码|学生|积分|会员|包装|维修|修理|能修|修吗|[能可]以?换[吗么?？]|损坏"
    r"|坏了|破了|开胶|质量问题|分期|付款|支付|"
    r"发票|补货|再有货|来货|预订|预售|批发|团购|保价|降价了|价保|门店|实体店|别家|别的店|评价|评论|投诉|回收|以旧换新"
    r"|丢了|少发|错发",
    re.I,
)
_PAY_FOR = re.compile(r"\b(?:what|how much)\b.{0,20}\bpay(?:ing)? for\b", re.I)
"""A price, not a way to pay."""
_PRICE = re.compile(
    r"how much(?! (?:do(?:es)?|is|are|will) [^?.,]{0,60}(?:weigh|hold|carry|fit)| (?:does it )?weigh| stock|"
    r" water| fuel| space| room| time| light| heat| longer| lighter| heavier)"
    r"|\bpric(?:e|es|ed|ing)\b|\bcosts?\b|\bgoing for\b|\bsell(?:s|ing)? for\b|\bhow expensive\b|"
    r"\bin dollars\b|\bhow many (?:dollars|bucks)\b|"
    r"\b(?:do|would|will) (?:you|they) (?:charge|ask|want) for\b|\bset (?:me|us|one) back\b|"
    r"\b(?:have to|do i|would i|will i|am i|i'd) pay(?:ing)? for\b|\bcheaper in\b|\b(?:does|do) [^?.]{1,40} go for\b|"
    r"\bthe damage for\b|\bwhat (?:do|does|would|will) [^?.]{1,40} run(?: me| you)?(?= ?[?.!]|$)|"
    r"\b(?:less|more) than [$€£¥]?\d+(?: (?:dollars|bucks))?\s*\??$"
    r"|多少钱|价格|价钱|售价|卖价|几块|多少美[元金刀]|什么价|怎么卖|几钱|什么价位|多钱|价多少|贵不贵|贵吗|便宜些|现价|报个?价"
    r"|(?:花|要价|卖|一[个罐件双顶条瓶包盒只把支副套])(?:得|要)?多少(?!个|件|双|顶|条|只)",
    re.I,
)
_SALE = re.compile(r"\b(?:on sale|on offer|reduced|marked down)\b|打折|特价|优惠价|有优惠|有没有优惠|有折扣|降价", re.I)
_COUNT = re.compile(
    r"\bhow many\b[^?.]{0,80}\b(?:left|in stock|available|remain\w*|do you (?:still )?have|have you(?: got)?|"
    r"are there)\b"
    r"|\bhow much stock\b|\bstock (?:level|count|quantity)\b"
    r"|(?:还剩|剩下?|有|库存)(?:还有)?(?:多少|几)(?!钱|[种个]?(?:颜色|尺码|颜?色|码|升|克|人|流明|度))|库存(?:数量"
    r"|量)?(?:是|有)?多少|多少(?:件|个|双|顶|条|只)?库存",
    re.I,
)
_STOCK = re.compile(
    r"\b(?:in stock|available|availability|sold out|out of stock|still have|any (?:\w+ )?left|left|on hand|"
    r"still (?:sell|there|get|order|buy)|(?:has|have|is|are)\b.{0,60}\br[au]n out|out of|"
    r"back (?:in|yet)(?! (?:store|the))|around(?= ?[?.!]|$)|"
    r"gone(?! (?:up|down|into|wrong|missing|through|off)))\b"
    r"|有货|现货|库存|缺货|断货|售罄|[卖售][完光掉]|还有吗|还有没有|[还能](?:以)?(?:买|下单|订)(?!单)|没货|还卖|还剩",
    re.I,
)
_HAVE = re.compile(
    r"\b(?:(?:do|have) you (?:have|got|sell|carry|stock)|you (?:have|got|stock)|"
    r"can i (?:still )?(?:get|buy|order|have)|are there any|got (?:it|any|one|this|them))\b"
    r"|有没有|能买到|买得到|买到|有卖|有的卖",
    re.I,
)
"""May ask for stock, but also for much else: only where little else is said."""
_SIZES = re.compile(
    r"\b(?:what|which|how many|all|any|the|available|your|other|different) (?:\w+ ){0,3}?sizes?\b|"
    r"\bsizes? (?:do|does|are|is|you|come|available|range|options?|left)\b|\bsiz(?:e|es|ing)\s*\??$|"
    r"\bsize run\b|\bhalf[ -]sizes?\b|\b(?:biggest|largest|smallest) "
    r"(?:one|size|it comes|they come|you (?:sell|have|make)|(?:the )?[ ,]*comes? in)\b"
    r"|哪些尺码|什么尺码|几个尺码|哪几个码|什么码|哪些码|有哪些尺寸|尺码(?:有哪些|有什么|都有|有几|齐|范围|呢|选择)"
    r"|几种尺码|多少个?尺码|码数|都有什么码|哪几个尺码|哪几种尺码|有几个码|什么号|哪些号"
    r"|\b(?:what|which) (?:\w+ )?(?:lengths|widths|capacities|volumes)\b"
    r"|(?:哪些|[哪有]几种|什么)(?:背长|长度|宽度|容量|规格)"
    r"|半码|几码|最[大小](?:是|到|有|的|为)?(?:几|什么|哪个|多少)?(?:尺?码|号)",
    re.I,
)
_COLOURS = re.compile(
    r"\b(?:what|which|how many|all|any|the|available|your|other|different) (?:\w+ ){0,3}?colou?rs?\b|"
    r"\bcolou?rs?(?:ways?)? (?:do|does|are|is|you|come|available|range|options?|choices?)\b|\bcolou?r(?:s|way|"
    r"ways)?\s*\??$"
    r"|颜色|什么色|哪些色|几种色|几个色|色号",
    re.I,
)
_COMES = re.compile(
    r"\b(?:come|comes|sold|made|offered|get it|have it|have them|have this|buy it|one|option|version|"
    r"available|variants?) in\b|\bis (?:it|this|there) (?:in|a|an)\b"
    r"|有[^，。？?]{0,12}(?:码|色|号|款|的)?吗|有没有[^，。？?]{1,12}|出[^，。？?]{0,6}色",
    re.I,
)
_DIMENSIONS = r"^dimension|^size$|measurement|^尺寸|规格"
_CONCEPTS: tuple[tuple[str, str], ...] = (
    (
        r"\bweigh\w*|\bheavy\b(?! (?:rain|snow|wind|load|use|duty|storm)\w*)|\bhow light\b|多重|重量|多少克|几克|几斤"
        r"|多少公斤|重不重|重吗",
        r"weight|重量",
    ),
    (
        r"\bmade (?:of|from|out of)\b|\bmaterials?\b|\bfabrics?\b|\bmade with\b|\bcomposition\b|"
        r"\bingredients?\b|\bwhat'?s in\b"
        r"|材质|材料|面料|什么做的|什么料|成分|配料|用料",
        r"material|fabric|composition|ingredient|材料|材质|面料|成分",
    ),
    (r"\bwarrant\w*|\bguarantee\w*|保修|质保|保多久|保几年", r"warrant|guarantee|保修|质保"),
    (
        r"\bwash\w*|\bclean\w*|\bcare (?:for|of|instructions?)\b|\bcaring\b|\btumble\b|\bdry(?:er|-clean)\b|"
        r"\blook after\b|\biron(?:ed|ing)?\b|\bhow (?:do|should) i (?:prepare|cook|store)\b"
        r"|保养|清洗|怎么洗|能洗|机洗|水洗|洗涤|护理|打理|怎么存放",
        r"^care|washing|保养|洗涤|护理",
    ),
    (
        r"\bwater[ -]?(?:proof\w*|resist\w*|tight)\b|\brain[ -]?proof\b|\bhydrostatic\b|\bip(?:x\d|\d\d|"
        r" rating)\b|\bin (?:the )?rain\b|\bkeep (?:me|you|us|water) (?:dry|out)\b"
        r"|防水|防雨|静水压|防泼水",
        r"waterproof|water resist|防水",
    ),
    (
        r"\bcapacity\b|\bhow many (?:people|persons|lit(?:re|er)s|liters)\b|\bhow much (?:\w+ ){0,4}?(?:hold|"
        r"fit|carry)s?\b|\bvolume\b|\bsleeps? how many\b|\b(?:sleep|hold|fit|carry)s? (?:\w+ ){0,3}?(?:people|"
        r"persons|lit(?:re|er)s)\b"
        r"|容量|几升|多少升|几个?人|多少人|能装多少|能睡",
        r"capacity|volume|容量",
    ),
    (
        r"\bdimensions?\b|\bmeasure(?:ments?)?\b|\bhow (?:big|wide|tall|large|high|thick|deep)\b|"
        r"\bpeak height\b|\bfloor (?:area|size)\b"
        r"|(?<!收纳)尺寸|多大(?!码)|多宽|多高|多厚|展开",
        _DIMENSIONS,
    ),
    (
        r"\bpack(?:s|ed)? (?:down|size|small|up)\b|\bpacked\b|\bstuff(?:s|ed)? (?:down|size|into)\b|"
        r"\bfolded size\b|\bhow small\b|收纳|打包(?:后|尺寸|体积)|压缩后|收起来",
        r"packed|folded|收纳",
    ),
    (
        r"\btemperature\b|\bcomfort (?:rating|limit)\b|\bhow (?:warm|cold)\b|\bcold (?:can|does|will)\b|"
        r"\bdegrees\b|\btemp rating\b|\blower limit\b|\bwarm enough\b"
        r"|温标|多少度|几度|耐寒|舒适温度|极限温度|保暖到",
        r"temperature|comfort|温标|温度",
    ),
    (
        r"\bwhat season|\bseasons?\b|\bfor winter\b|\bin winter\b|\byear[ -]round\b"
        r"|季节|几季|冬天能|适合冬天|四季|三季",
        r"season|季",
    ),
    (
        r"\bwhat(?:'s| is) the fit\b|\bhow does (?:it|this) fit\b|\bslim or\b|\b(?:regular|slim|loose|"
        r"relaxed) (?:fit|cut)\b|\bcut\b|版型|修身|宽松",
        r"^fit|版型",
    ),
    (
        r"\binsulat\w*|\bfill(?:ing|ed)?(?: power)?\b|\bwhat down\b|\bdown fill|填充|蓬松度|充绒",
        r"insulation|fill|填充|充绒",
    ),
    (r"\br[ -]?values?\b|R ?值", r"r-value|R ?值"),
    (
        r"\bhow long is\b(?!.*\b(?:warrant|battery|run|guarantee))|\bhow long are\b|\blength\b|多长(?!时间)|长度",
        r"length|长度",
    ),
    (r"\bbright\w*|\blumens?\b|亮度|流明|多亮", r"bright|lumen|亮度|流明"),
    (
        r"\brun[ -]?time\b|\bbattery (?:life|last)\b|\bhow long (?:does|will|do|can) (?:\w+ ){0,8}?(?:last|"
        r"run|burn)\b|\bhow many hours\b|续航|能用多久|用多久|亮多久|多少小时|几个?小时",
        r"run ?time|battery|续航|电池",
    ),
    (
        r"\bheat output\b|\bboil(?:s|ing)?\b|烧开|煮[沸开]|烧水"
        r"|\bhow (?:powerful|hot)\b|\b(?:btu|kw|watts?)\b|火力|功率",
        r"heat|power|火力|功率",
    ),
    (r"\bflow\b|\bhow fast (?:does|is)\b|\blit(?:re|er)s? (?:per|a) min|流速|出水(?:多快|速度)", r"flow|流速"),
    (
        r"\b(?:filter|cartridge) (?:life|last)|\bhow (?:many lit(?:re|er)s|long) (?:\w+ ){0,6}?(?:filter|"
        r"cartridge)\b|滤芯(?:寿命|能用)",
        r"filter life|滤芯",
    ),
    (r"\bsun protection\b|\b(?:spf|upf|uv)\b|防晒", r"sun|upf|防晒"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted.

    Attributes:
        fields: Of `PRICE`, `STOCK`, …, in order of place.
        facts: Labels of facts, in the product's own words.
        comes: It asks whether the product comes in something ("does it come in black?").
        have: It asks whether the shop has it, which is about stock where little else is said.
        unstated: It asks for a fact that this product does not state.
    """

    fields: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    comes: bool = False
    have: bool = False
    unstated: bool = False

    def __bool__(self) -> bool:
        return bool(self.fields or self.facts or self.comes or self.have)


def policy(text: str) -> bool:
    """Whether it asks about the shop's terms rather than a product."""
    return bool(_POLICY.search(_PAY_FOR.sub(" ", text)))


def asked(text: str, item: Item) -> Asked:
    """What `text`, without product names, wants to know of the item."""
    text = " ".join(text.split())
    wanted = {name: found.start() for name, pattern in _FIELDS.items() if (found := pattern.search(text))}
    if COUNT in wanted:
        wanted.pop(STOCK, None)
    if SALE in wanted:
        wanted.pop(PRICE, None)
    labels, unstated = _labels(text, item)
    if not labels and (place := _of_option(text, item)) >= 0:
        wanted.setdefault(SIZES, place)
    fields = tuple(sorted(wanted, key=wanted.__getitem__))
    return Asked(fields, labels, bool(_COMES.search(text)), bool(_HAVE.search(text)), unstated)


_FIELDS = {PRICE: _PRICE, SALE: _SALE, COUNT: _COUNT, STOCK: _STOCK, SIZES: _SIZES, COLOURS: _COLOURS}


def beside(text: str) -> str:
    """What a text says beside its questions for a field or a fact."""
    for pattern in (*_FIELDS.values(), *(re.compile(question, re.I) for question, _ in _CONCEPTS)):
        text = pattern.sub(" , ", text)
    return text


def _labels(text: str, item: Item) -> tuple[tuple[str, ...], bool]:
    """Labels of the facts that are asked for, in order of the text; whether one was asked for that there is not."""
    found: dict[str, int] = {}
    unstated = False
    own = item.words.facts
    for question, label in _CONCEPTS:
        if said := re.search(question, text, re.I):
            fitting = [name for name in own if re.search(label, name, re.I)]
            found.update({name: said.start() for name in fitting if name not in found})
            chosen = not fitting and label != _DIMENSIONS and any(re.search(label, name, re.I) for name in item.options)
            unstated |= not fitting and not chosen and not (label.startswith("weight") and item.product.weight_g)
            if not fitting and label.startswith("weight") and item.product.weight_g:
                found[""] = said.start()
    plain = fold(text)
    for name in own:
        if name not in found and (place := _stands(fold(name), plain)) >= 0:
            found[name] = place
    return tuple(sorted(found, key=found.__getitem__)), unstated


def _of_option(text: str, item: Item) -> int:
    """Where the text asks for what the product has a choice of, as lengths or capacities; -1 where it does not.

    "How big" may be after advice, so sizes are asked for by their own words only.
    """
    others = [option for option in item.options if option.casefold() not in ("size", "sizes")]
    for question, label in _CONCEPTS:
        if any(re.search(label, option, re.I) for option in others) and (said := re.search(question, text, re.I)):
            return said.start()
    return -1


def _stands(label: str, plain: str) -> int:
    """Where a label of the shop's stands in a text; -1 if nowhere. One common word such as `care` is too little."""
    if HAN.search(label):
        return plain.find(label)
    if len(label.split()) < 2 and len(label) <= 6:
        return -1
    found = re.search(rf"(?<![^\W_]){re.escape(label)}s?(?![^\W_])", plain)
    return found.start() if found else -1
