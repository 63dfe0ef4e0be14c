"""The bot's own words, in every language that it speaks. Facts of the shop never stand here.

`{…}` are filled by `say`; a phrase that is missing in a language is a fault that a test finds.
"""

from collections.abc import Sequence
from typing import Final

from bot.phrasebook import Phrasebook

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
    "offer_anger": {
        "en": "I'm sorry that this has been so frustrating. Shall I ask a person from our team to join this chat?",
        "zh": "非常抱歉给您带来这么不好的体验。需要我请一位人工客服加入对话吗？",
    },
    "offer_legal": {
        "en": "I understand that this is serious, and it is not for an automatic assistant to answer. "
        "Shall I ask a person from our team to join this chat?",
        "zh": "我理解这件事很重要，不应由自动助手来答复。需要我请一位人工客服加入对话吗？",
    },
    "decline_again": {
        "en": "I'm sorry, our shop's information does not answer that either, and I would rather not guess. "
        "If you would like a person again, just say so.",
        "zh": "很抱歉，这个问题本店资料里也没有答案，我不想随意猜测。如果还需要人工客服，直接告诉我就好。",
    },
    "decline_waiting": {
        "en": "I'm sorry, our shop's information does not answer that, and I would rather not guess. "
        "Our team has been asked to join and can read your question here.",
        "zh": "很抱歉，本店资料里没有这个问题的答案，我不想随意猜测。已通知客服同事，他们能看到您的问题。",
    },
    "trouble_waiting": {
        "en": "I'm sorry, I cannot look that up right now. Our team has been asked to join and can read it here.",
        "zh": "很抱歉，我现在无法查询。已通知客服同事，他们能看到您的问题。",
    },
    "trouble_again": {
        "en": "I'm sorry, I cannot look that up right now. If you would like a person again, just say so.",
        "zh": "很抱歉，我现在还是无法查询。如果还需要人工客服，直接告诉我就好。",
    },
    "reply_minutes": {
        "en": "In opening hours it usually takes about {minutes} minutes until somebody is here.",
        "zh": "营业时间内通常约 {minutes} 分钟有人接待。",
    },
    "away": {
        "en": "Nobody of our team is here right now.",
        "zh": "现在客服同事不在线。",
    },
    "away_until": {
        "en": "Nobody of our team is here right now; we are here again {when}.",
        "zh": "现在客服同事不在线，{when}恢复服务。",
    },
    "leave_message": {
        "en": "You can leave a message in this chat, and our team will find it here.",
        "zh": "您可以在对话里留言，同事上线后会看到。",
    },
    "leave_mail": {
        "en": "If you like, add an e-mail address to it.",
        "zh": "如果愿意，也可以留下您的邮箱地址。",
    },
    "leave_mail_reply": {
        "en": "If you add an e-mail address, our team can answer you from {address}.",
        "zh": "如果您留下邮箱地址，同事可以用 {address} 回复您。",
    },
    "contact": {
        "en": "You can also reach us here: {contact}",
        "zh": "您也可以通过这里联系我们：{contact}",
    },
    "noted": {
        "en": "Thank you. I have noted {address} for our team.",
        "zh": "谢谢，已为同事记下您的邮箱 {address}。",
    },
    "noted_reply": {
        "en": "They write from {address}.",
        "zh": "他们会用 {address} 这个邮箱写信。",
    },
    "deflect": {
        "en": "I'm here for the shop, and that is all I do. Ask me about products, delivery, returns or an order: "
        "what can I look up for you?",
        "zh": "我只负责本店的事。商品、配送、退换货或订单都可以问我，想了解什么？",
    },
    "nod": {
        "en": "All right. What else would you like to know?",
        "zh": "好的。还想了解什么？",
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
    "ask_which": {
        "en": "Which of these do you mean?",
        "zh": "请问您指的是哪一个？",
    },
    "abuse": {
        "en": "I'd like to help, and that is easier with kind words. What can I find for you in our shop?",
        "zh": "我很想帮上忙，也希望我们好好说话。请问店里有什么我可以帮您查的？",
    },
    "talk_how_are_you": {
        "en": "I'm fine, thank you, and ready to help. What are you looking for?",
        "zh": "我很好，谢谢关心！请问想找什么商品，或者想了解什么？",
    },
    "talk_joke": {
        "en": "My best jokes are still out for delivery, I'm afraid. What can I help you find meanwhile?",
        "zh": "我的笑话还在配送途中呢。先看看店里有什么能帮您找的？",
    },
    "talk_laugh": {
        "en": "Glad that made you smile! What can I look up for you in our shop?",
        "zh": "您开心就好！店里有什么需要我帮您查的吗？",
    },
    "talk_praise": {
        "en": "That's kind of you, thank you! What else can I look up for you?",
        "zh": "谢谢夸奖，很高兴能帮上忙！还有什么需要我查的吗？",
    },
    "talk_cool": {
        "en": "All right. I'm here when you need something: just ask.",
        "zh": "好的，有需要随时问我。",
    },
    "talk_name": {
        "en": "I have no name of my own: I'm the automatic assistant of {shop}. What would you like to know?",
        "zh": "我没有名字，是{shop}的自动助手。请问想了解什么？",
    },
    "talk_sorry": {
        "en": "No harm done! What would you like to know?",
        "zh": "没关系！请问想了解什么？",
    },
    "talk_test": {
        "en": "It works, I can read you. What would you like to know about our shop?",
        "zh": "收到，一切正常。请问想了解店里的什么？",
    },
    "talk_unclear": {
        "en": "I'm not sure what you mean. Could you tell me in a few words what you are looking for?",
        "zh": "我没太明白您的意思。能用几个字告诉我您在找什么吗？",
    },
    "talk_languages": {
        "en": "I'm sorry, I can only answer in {languages}. Could you ask me in one of these, please?",
        "zh": "很抱歉，我只能用{languages}回答。可以换一种语言再问我吗？",
    },
    "off_crisis": {
        "en": "I'm so sorry that you feel this way. I'm only a shop's assistant and not the right help for "
        "this: please talk "
        "to somebody you trust, or call your local emergency number or a crisis line now.",
        "zh": "听到您这么难受，我很难过。我只是商店的助手，帮不了这件事：请马上和您信任的人聊聊，"
        "或拨打当地的急救电话或心理援助热线。",
    },
    "off_coding": {
        "en": "I can't help with code: I only know our shop. Is there something here that I can look up for you?",
        "zh": "编程的事我帮不上忙，我只了解本店。店里有什么需要我帮您查的吗？",
    },
    "off_homework": {
        "en": "I leave sums and homework to you: I only know our shop. Is there something here that I can look "
        "up for you?",
        "zh": "作业和计算题我就不代劳了，我只了解本店。店里有什么需要我帮您查的吗？",
    },
    "off_writing": {
        "en": "Writing and translating is not for me: I only know our shop. Is there something here that I can "
        "look up for you?",
        "zh": "写作和翻译我帮不上忙，我只了解本店。店里有什么需要我帮您查的吗？",
    },
    "off_medical": {
        "en": "I can't give medical advice: please ask a doctor or a pharmacist. With questions about our shop "
        "I'm glad to help.",
        "zh": "我不能提供医疗建议，请咨询医生或药师。店里的问题我很乐意帮忙。",
    },
    "off_legal": {
        "en": "I can't give legal advice: please ask a lawyer or an advice centre. With questions about our "
        "shop I'm glad to help.",
        "zh": "我不能提供法律建议，请咨询律师或法律援助机构。店里的问题我很乐意帮忙。",
    },
    "off_politics": {
        "en": "I keep out of politics and religion. With questions about our shop I'm glad to help: what are "
        "you looking for?",
        "zh": "政治和宗教的话题我不参与。店里的问题我很乐意帮忙，请问想找什么？",
    },
    "off_weather": {
        "en": "I can't see the weather from here. But I can help you find something for it: what are you planning?",
        "zh": "我看不到天气情况，不过可以帮您找适合的装备或商品。您打算做什么呢？",
    },
    "off_knowledge": {
        "en": "That is beyond me: I only know our shop. Is there something here that I can look up for you?",
        "zh": "这个超出了我的范围，我只了解本店。店里有什么需要我帮您查的吗？",
    },
    "off_personal": {
        "en": "That's a matter for people, and I'm only an automatic assistant. But I'm good at our shop: what "
        "can I find for you?",
        "zh": "这样的事还是人和人聊更好，我只是自动助手。不过店里的事我很在行，请问想找什么？",
    },
    "off_other_shop": {
        "en": "I can only speak for our own shop, not for others. What would you like to know about ours?",
        "zh": "我只能介绍本店的情况，不便评论其他商店。请问想了解本店的什么？",
    },
    "choice_staff": {"en": "Talk to a person", "zh": "转人工客服"},
    "choice_shipping": {"en": "How long does shipping take?", "zh": "配送需要多长时间？"},
    "choice_returns": {"en": "How do returns work?", "zh": "怎么退货？"},
    "choice_promotions": {"en": "What promotions are there?", "zh": "现在有什么优惠活动？"},
}

say = Phrasebook(PHRASES)

LANGUAGES: Final[dict[str, dict[str, str]]] = {
    "en": {"en": "English", "zh": "英文"},
    "zh": {"en": "Chinese", "zh": "中文"},
}


def languages(spoken: Sequence[str], lang: str) -> str:
    """The languages spoken, as `English or Chinese`, in `lang`."""
    names = [LANGUAGES.get(code, {}).get(lang, code) for code in spoken]
    return ("或" if lang == "zh" else " or ").join(names)
