"""The words around a list of products, English and Chinese: leads and choices. Facts are filled in, never here."""

from collections.abc import Mapping
from typing import Final

from bot.phrasebook import Phrasebook, in_language
from bot.shopping import lexicon
from bot.shopping.wishes import Wishes

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "one": {"en": "This one fits:", "zh": "这一款符合："},
    "all": {"en": "These {count} fit:", "zh": "有 {count} 款符合："},
    "some": {"en": "{count} products fit; the best matches first:", "zh": "共有 {count} 款符合，先看最合适的："},
    "ordered": {"en": "{count} products fit, {order} first:", "zh": "共有 {count} 款符合，{order}："},
    "first_cheap": {"en": "the cheapest", "zh": "最便宜的在前"},
    "first_dear": {"en": "the most expensive", "zh": "最贵的在前"},
    "first_light": {"en": "the lightest", "zh": "最轻的在前"},
    "first_heavy": {"en": "the heaviest", "zh": "最重的在前"},
    "first_rated": {"en": "the best reviewed", "zh": "评价最好的在前"},
    "first_large": {"en": "the largest", "zh": "最大的在前"},
    "first_small": {"en": "the smallest", "zh": "最小的在前"},
    "first_warm": {"en": "the warmest", "zh": "最保暖的在前"},
    "first_bright": {"en": "the brightest", "zh": "最亮的在前"},
    "no_cheap": {"en": "I found nothing cheaper that fits. The cheapest are:", "zh": "没有更便宜的了，最便宜的是："},
    "no_dear": {"en": "I found nothing above that price. The closest:", "zh": "没有更高价位的了，最接近的是："},
    "no_light": {"en": "I found nothing lighter that fits. What there is:", "zh": "没有更轻的了，现有的是："},
    "no_warm": {"en": "I found nothing warmer that fits. What there is:", "zh": "没有更保暖的了，现有的是："},
    "no_large": {"en": "I found nothing bigger that fits. What there is:", "zh": "没有更大的了，现有的是："},
    "no_small": {"en": "I found nothing smaller that fits. What there is:", "zh": "没有更小的了，现有的是："},
    "more": {"en": "Here are more:", "zh": "还有这些："},
    "no_more": {
        "en": "That was all that fits. Shall I look for something else?",
        "zh": "符合的就是这些了。要换个条件再找找吗？",
    },
    "relaxed": {
        "en": "Nothing fits all of that. The closest, leaving aside {field}:",
        "zh": "没有完全符合的。放宽{field}后，最接近的是：",
    },
    "relaxed_price": {
        "en": "I found nothing {price}. The closest in price:",
        "zh": "没有找到{price}的商品。价格最接近的是：",
    },
    "none": {
        "en": "I'm sorry, I found nothing like that in our catalogue. Shall I look for something else?",
        "zh": "抱歉，目录里没有找到符合的商品。要换个条件再找找吗？",
    },
    "not_sold": {
        "en": "I'm sorry, I found no such thing in our catalogue: {thing}. Shall I look for something else?",
        "zh": "抱歉，目录里没有找到这类商品：{thing}。要找找别的吗？",
    },
    "foreign": {
        "en": "Our prices are in {currency} and I cannot convert, so I left your price limit aside.",
        "zh": "本店以 {currency} 标价，我无法换算，所以没有按您说的价格筛选。",
    },
    "wide": {"en": "Gladly! What are you looking for?", "zh": "好的！您想找哪一类商品？"},
    "more_choice": {"en": "More", "zh": "更多"},
    "under": {"en": "under {high}", "zh": "{high} 以下"},
    "over": {"en": "over {low}", "zh": "{low} 以上"},
    "between": {"en": "between {low} and {high}", "zh": "{low} 到 {high} 之间"},
    "looking": {"en": "Because you are looking at {name}:", "zh": "根据您正在看的{name}推荐："},
    "viewed": {"en": "Because you looked at {name}:", "zh": "根据您看过的{name}推荐："},
    "cart": {"en": "To go with {name} in your cart:", "zh": "和您购物车里的{name}搭配："},
    "bought": {"en": "To go with {name} that you bought:", "zh": "和您买过的{name}搭配："},
    "popular": {"en": "Other buyers rated these best:", "zh": "其他买家评价最好的是："},
    "only_women": {"en": "Only women's", "zh": "只看女款"},
    "only_men": {"en": "Only men's", "zh": "只看男款"},
    "only_kids": {"en": "Only kids'", "zh": "只看儿童款"},
    "on_sale": {"en": "On sale", "zh": "只看特价"},
    "in_stock": {"en": "In stock only", "zh": "只看有货"},
    "cheapest": {"en": "Cheapest first", "zh": "最便宜的"},
    "lightest": {"en": "Lightest first", "zh": "最轻的"},
}
_FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "kinds": {"en": "the kind of product", "zh": "商品种类"},
    "sizes": {"en": "the size", "zh": "尺码"},
    "colours": {"en": "the colour", "zh": "颜色"},
    "materials": {"en": "the material", "zh": "材质"},
    "brands": {"en": "the brand", "zh": "品牌"},
    "gender": {"en": "whom it is cut for", "zh": "男女款"},
    "recipient": {"en": "whom it is for", "zh": "送给谁"},
    "tags": {"en": "the special feature", "zh": "特殊要求"},
    "in_stock": {"en": "the stock", "zh": "库存"},
    "on_sale": {"en": "the sale", "zh": "特价"},
    "bounds": {"en": "the figures", "zh": "规格数字"},
    "without": {"en": "what you ruled out", "zh": "您排除的条件"},
    "price": {"en": "the price limit", "zh": "价格范围"},
}

say = Phrasebook(WORDS)


def field(name: str, lang: str) -> str:
    """What a field of wishes is called."""
    return in_language(_FIELDS[name], lang)


def fields(names: tuple[str, ...], lang: str) -> str:
    """Several fields in a row."""
    return ("和" if lang == "zh" else " and ").join(field(name, lang) for name in names)


def thing(wishes: Wishes, lang: str) -> str:
    """What was looked for, by the kind's name."""
    shown = []
    for kind in wishes.kinds:
        words = lexicon.NOUNS.get(kind, (kind,))
        shown.append(next((word for word in words if word >= "\u3400"), kind) if lang == "zh" else kind)
    return ("、" if lang == "zh" else ", ").join(shown)
