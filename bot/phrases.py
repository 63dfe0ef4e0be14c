"""The bot's own words, in every language that it speaks. Facts of the shop never stand here.

`{…}` are filled by `say`; a phrase that is missing in a language is a fault that a test finds.
"""

from typing import Final

PHRASES: Final[dict[str, dict[str, str]]] = {
    "greeting": {
        "en": "Hello! I'm the assistant of {shop}. Ask me about products, delivery, returns or anything in our shop.",
        "zh": "您好！我是{shop}的智能助手。商品、配送、退换货，店里的事都可以问我。",
    },
    "hello": {
        "en": "Hello! What can I help you find or find out today?",
        "zh": "您好！请问想找什么商品，或者想了解什么？",
    },
    "thanks": {
        "en": "You're welcome! Is there anything else I can look up for you?",
        "zh": "不客气！还有什么需要我帮您查的吗？",
    },
    "bye": {
        "en": "Thank you for stopping by. Have a good day!",
        "zh": "感谢您的光临，祝您愉快！",
    },
    "who": {
        "en": "I'm the automatic assistant of {shop}. I answer from the shop's own pages and show you where it says "
        "so. A person from our team can take over whenever you like.",
        "zh": "我是{shop}的自动助手，只根据本店自己的资料回答，并标明出处。您也可以随时转接人工客服。",
    },
    "ask": {
        "en": "I could not find that in our shop's information. Could you put it another way, or name the product or "
        "country you have in mind?",
        "zh": "我在本店资料中没有找到相关内容。能换个说法，或者告诉我具体的商品或国家吗？",
    },
    "decline": {
        "en": "I'm sorry, our shop's information does not answer that, and I would rather not guess. "
        "Would you like to talk to a person?",
        "zh": "很抱歉，本店资料里没有这个问题的答案，我不想随意猜测。需要为您转接人工客服吗？",
    },
    "offer_staff": {
        "en": "Of course. Shall I ask a person from our team to join this chat?",
        "zh": "好的。需要我请一位人工客服加入对话吗？",
    },
    "waiting": {
        "en": "I have asked our team to join. You can go on writing; I'll help meanwhile where I can.",
        "zh": "已为您通知客服同事。您可以继续留言，等待期间我会尽量帮忙。",
    },
    "withdrawn": {
        "en": "All right, no one needs to join. What else can I do for you?",
        "zh": "好的，已取消转接。还有什么可以帮您？",
    },
    "reopened": {
        "en": "Welcome back.",
        "zh": "欢迎回来。",
    },
    "trouble": {
        "en": "I'm sorry, I cannot look that up right now. Would you like to talk to a person?",
        "zh": "很抱歉，我现在无法查询。需要为您转接人工客服吗？",
    },
    "choice_staff": {"en": "Talk to a person", "zh": "转人工客服"},
    "choice_shipping": {"en": "How long does shipping take?", "zh": "配送需要多长时间？"},
    "choice_returns": {"en": "How do returns work?", "zh": "怎么退货？"},
    "choice_promotions": {"en": "What promotions are there?", "zh": "现在有什么优惠活动？"},
}


def say(name: str, lang: str, **values: str) -> str:
    """The phrase `name` in `lang` (English where the language is not spoken), with its places filled."""
    words = PHRASES[name]
    return words.get(lang, words["en"]).format(**values)
