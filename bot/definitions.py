"""What each figure means, in words that the page shows beside it: English and Chinese. Pure, and nothing but words.

Whoever changes how something is counted changes it here as well.
"""

from typing import Final

from bot.outcomes import REST

_REST_MIN = round(REST.total_seconds() / 60)

DEFINITIONS: Final[dict[str, dict[str, str]]] = {
    "range": {
        "en": "From the start of the first day up to the start of the day after the last one, on the clock of the time "
        "zone shown. A conversation counts once, when the shopper first wrote in it; messages, questions and ratings "
        "count when the message was written. Conversations in which the shopper wrote nothing count nowhere. With a "
        "language chosen, only conversations in that language count; a conversation's language is that of its last "
        "reply.",
        "zh": "从首日零点到末日次日零点，按所示时区计算。一次对话只在顾客首次发言时计一次；消息、"
        "问题和评价按消息写下的时间计。顾客没有发言的对话不计入任何数字。"
        "选择语言后，只统计该语言的对话；对话的语言以最后一次回复为准。",
    },
    "conversations": {
        "en": "Conversations that the shopper began in the range.",
        "zh": "顾客在所选时间内开始的对话数。",
    },
    "messages": {
        "en": "What shoppers, the bot and staff wrote in the range; notes of the system are not counted.",
        "zh": "所选时间内顾客、机器人和客服写下的消息数，不含系统提示。",
    },
    "questions": {
        "en": "Shoppers' messages for which the bot looked into the shop's knowledge: answered, unanswered and failed "
        "together. Greetings, thanks and wishes for a person are none.",
        "zh": "机器人查阅知识后回复的顾客消息：已回答、未回答和出错之和。问候、致谢和要求人工不算问题。",
    },
    "answered": {
        "en": "Questions that the bot answered from the shop's knowledge, with a citation.",
        "zh": "机器人依据店铺知识并注明出处作答的问题。",
    },
    "failed": {
        "en": "Questions that the bot could not look up because something was broken.",
        "zh": "因系统故障而无法查询的问题。",
    },
    "handed_over": {
        "en": "Conversations that staff had, or that were left in their queue, whatever the outcome.",
        "zh": "由客服接手过或留在客服队列中的对话，不论结果如何。",
    },
    "outcomes": {
        "en": "Each conversation has exactly one outcome, the first of these that fits: reopened, escalated, resolved, "
        "still going on, assumed resolved, abandoned. Together they are all conversations.",
        "zh": "每次对话只有一个结果，按以下顺序取第一个符合的：重新打开、转人工、已解决、进行中、视为已解决、放弃。"
        "各项之和等于对话总数。",
    },
    "resolved": {
        "en": "The shopper's last question was settled, and the shopper said so: thanks, “that solved it”, or a "
        "thumbs-up on that reply. Settled is what was answered, and an order that was told, changed or, for good, "
        "not changed; while the bot waits for a number, a code or a yes, nothing is.",
        "zh": "顾客最后一个问题得到解决，并且顾客明确表示有帮助：致谢、“解决了”或给该回复点赞。"
        "得到解决指问题已回答，或订单已告知、已更改或已明确不能更改；还在等订单号、验证码或确认时不算。",
    },
    "assumed_resolved": {
        "en": "The last question was settled, as above, and nothing speaks against it: no thumbs-down, no annoyance in "
        f"the last message, and nothing more for {_REST_MIN} minutes, or it was closed. The shopper did not say so.",
        "zh": "最后一个问题得到解决（含义同上），且没有相反迹象：没有点踩、最后一条消息没有不满，"
        f"之后 {_REST_MIN} 分钟没有新消息，或对话已关闭。顾客没有明确表示。",
    },
    "abandoned": {
        "en": "The shopper left without an answer: the last thing that they got was a question back (for an order's "
        "number or a code, too), “I don't know”, the offer of a person that they did not take, an answer that they "
        "stopped or rated down, or nothing; or they asked nothing at all.",
        "zh": "顾客没有得到答案就离开：最后得到的是反问（包括询问订单号或验证码）、“不知道”、未接受的人工邀请、"
        "被中止或点踩的回答，或没有回复；也包括什么都没问的对话。",
    },
    "escalated": {
        "en": "Handed to staff: they had it, wrote in it, or it was put into their queue and not withdrawn.",
        "zh": "转交人工：客服接手过、回复过，或进入客服队列且没有撤回。",
    },
    "reopened": {
        "en": "The shopper asked again after the conversation was closed, or came back to the same question after "
        f"{_REST_MIN} minutes or more. It counts here whatever came before or after.",
        "zh": f"对话关闭后顾客再次提问，或间隔 {_REST_MIN} 分钟以上又回到同一个问题。无论前后结果如何，都计入此项。",
    },
    "ongoing": {
        "en": f"Not over yet: something was said within the last {_REST_MIN} minutes, and none of the others is sure.",
        "zh": f"尚未结束：最近 {_REST_MIN} 分钟内仍有消息，且还不能确定其他结果。",
    },
    "stages": {
        "en": "Each conversation counts once, at the furthest stage that it reached. Looking around: questions about "
        "the shop, or about an order that was made. Interested: a certain product was asked about or compared. Ready "
        "to buy: there was a cart, or the shopper asked to order, to pay, about a code, or about stock or delivery of "
        "a product. Went on: of the conversations that reached the stage, those that reached the next one. Read from "
        "words and from what the shop's page tells; whether something was bought is not known here.",
        "zh": "每次对话按到达的最远阶段计一次。随便看看：询问店铺情况或已下的订单；有兴趣：询问或比较具体商品；"
        "准备购买：购物车有商品，或询问下单、付款、优惠码、某件商品的库存或送达。"
        "“继续”指到达该阶段的对话中又到达下一阶段的比例。依据用词和商店页面传来的信息判断；是否真正购买，此处不得而知。",
    },
    "moods": {
        "en": "Each conversation counts once, at its worst mood: angry (insults, threats), annoyed (complaints about "
        "waiting or repeating, sarcasm, shouting), else calm. Found by words, so some are missed.",
        "zh": "每次对话按最差的情绪计一次：生气（辱骂、威胁）、不满（抱怨等待或重复、讽刺、大喊），否则为平静。"
        "依据用词识别，会有遗漏。",
    },
    "hours": {
        "en": "Shoppers' messages, and conversations begun, by weekday and hour.",
        "zh": "按星期和小时统计的顾客消息数与新开始的对话数。",
    },
    "languages": {
        "en": "Conversations and messages by the conversation's language.",
        "zh": "按对话语言统计的对话数和消息数。",
    },
    "ratings": {
        "en": "Thumbs on replies of the bot and of staff that were written in the range.",
        "zh": "对所选时间内机器人和客服回复的点赞与点踩。",
    },
    "times": {
        "en": "For answers from the shop's knowledge: milliseconds from the start of the turn to the first checked "
        "word, "
        "and to the end. Half of them took at most p50; 95 in 100 at most p95.",
        "zh": "依据店铺知识的回答：从开始处理到第一个经核对的字、到回答结束的毫秒数。半数不超过 p50，95% 不超过 p95。",
    },
    "unanswered": {
        "en": "Questions for which the bot asked back or said that it does not know, grouped by meaning; each group "
        "bears its most typical question. Where something was broken is not counted.",
        "zh": "机器人反问或表示不知道的问题，按含义归组，以最典型的一句为名。系统故障不计在内。",
    },
    "passages": {
        "en": "How many replies cite each passage of the snapshot that serves; never used: those that none cites.",
        "zh": "当前快照的每个段落被多少条回复引用；从未使用：没有被任何回复引用的段落。",
    },
    "products": {
        "en": "Questions whose reply cites the product, or that name it where the reply cites none; a question counts "
        "once for each product.",
        "zh": "回复引用了该商品的问题数；回复没有引用商品时，以问题点名的商品为准。同一问题对每个商品只计一次。",
    },
    "out_of_stock": {
        "en": "Questions whose cited product, or the colour, size or SKU that they name, had no stock at that moment.",
        "zh": "所引用的商品，或问题中点名的颜色、尺码、SKU，在当时没有库存的问题。",
    },
    "price_objections": {
        "en": "Messages that say that a price is too high, over budget or lower elsewhere, or ask for a lower one; by "
        "the product that was last talked about. Found by words, so some are missed.",
        "zh": "表示价格太高、超出预算、别处更便宜或要求降价的消息，按最近谈到的商品归类。依据用词识别，会有遗漏。",
    },
}
