"""What the bot says about orders, in every language that it speaks. Facts of an order are in `facts.py`.

`{…}` are filled by `say`; a phrase that is missing in a language is a fault that a test finds.
"""

from typing import Final

from bot.phrasebook import Phrasebook

PHRASES: Final[dict[str, dict[str, str]]] = {
    "mail_subject": {"en": "Your code for {shop}", "zh": "您在{shop}的验证码"},
    "mail_text": {
        "en": "Your code is {code}.\n\nType it into the chat with {shop} within {minutes} minutes. If you did not ask "
        "for it, you need not do anything; please give it to nobody.\n\n{shop}\n",
        "zh": "您的验证码是 {code}。\n\n请在 {minutes} 分钟内将它输入与{shop}的对话中。"
        "如果不是您本人操作，无需理会；请勿将它告诉任何人。\n\n{shop}\n",
    },
    "need_both": {
        "en": "I can look that up for you. Please tell me your order number and the e-mail address you used.",
        "zh": "好的，我来帮您查。请告诉我订单号和下单时用的邮箱。",
    },
    "need_both_change": {
        "en": "I can help with that. Please tell me your order number and the e-mail address that you ordered with.",
        "zh": "好的，我来帮您办。请告诉我订单号和下单时用的邮箱。",
    },
    "need_email": {
        "en": "Thank you. Which e-mail address did you order {number} with? I ask so that nobody else sees your order.",
        "zh": "好的。订单 {number} 是用哪个邮箱下的单？这样可以避免别人看到您的订单。",
    },
    "need_number": {
        "en": "Thank you. What is your order number? It is in your order confirmation.",
        "zh": "谢谢。请问您的订单号是多少？订单确认邮件里有。",
    },
    "sent": {
        "en": "If the number and the e-mail belong together, we have sent a {digits}-digit code to that address. "
        "Please type it here within {minutes} minutes.",
        "zh": "如果订单号和邮箱对得上，我们已将 {digits} 位验证码发送到该邮箱。请在 {minutes} 分钟内输入到这里。",
    },
    "too_many": {
        "en": "Too many codes were asked for, so I cannot send another one for now. Please try again later, or let a "
        "person from our team help.",
        "zh": "验证码请求次数过多，暂时不能再发送。请稍后再试，或者由客服同事来帮您。",
    },
    "wrong_code": {
        "en": "That is not the code that belongs to this. Please check it and try again; tries left: {left}.",
        "zh": "验证码不正确，请核对后再输入，还可以试 {left} 次。",
    },
    "no_tries": {
        "en": "That is not the code that belongs to this, and it cannot be tried again. Shall I send a new one?",
        "zh": "验证码不正确，并且不能再试了。需要重新发送一个吗？",
    },
    "over": {
        "en": "There is no code to try any more: it was too old, or used. Shall I send a new one?",
        "zh": "这个验证码已经失效。需要重新发送一个吗？",
    },
    "not_arrived_code": {
        "en": "It can take a minute, and may lie in the spam folder. If nothing comes, please check that number and "
        "e-mail are right; you can just type them again.",
        "zh": "邮件可能需要一两分钟，也可能在垃圾邮件里。"
        "如果一直没有收到，请核对订单号和邮箱是否正确，可以直接重新输入。",
    },
    "where_number": {
        "en": "The order number is in your order confirmation by e-mail and, with an account, under your orders. "
        "A person from our team can also find it for you.",
        "zh": "订单号在订单确认邮件里，有账户的话在“我的订单”中也能看到。客服同事也可以帮您查找。",
    },
    "which": {"en": "Which order do you mean?", "zh": "您说的是哪一个订单？"},
    "which_items": {
        "en": "Which items of order {number} would you like to return?",
        "zh": "订单 {number} 中，您想退哪几件？",
    },
    "which_address": {
        "en": "What is the new address for order {number}? Please write it in one message: name, street and number, "
        "postcode, town and country.",
        "zh": "订单 {number} 要改寄到哪里？请在一条消息里写全：收件人、国家、城市、街道门牌和邮编。",
    },
    "sum_cancel": {
        "en": "I would cancel order {number}, all of it; this cannot be undone. Shall I go ahead?",
        "zh": "我将取消整个订单 {number}，取消后无法恢复。确定要取消吗？",
    },
    "sum_address": {
        "en": "I would have order {number} delivered to this address: {address}\nIs that right, shall I go ahead?",
        "zh": "订单 {number} 将改寄到：{address}\n确定要修改吗？",
    },
    "sum_return": {
        "en": "I would register a return for order {number}. Shall I go ahead?",
        "zh": "我将为订单 {number} 登记退货。确定吗？",
    },
    "done_cancel": {"en": "Done: order {number} is cancelled.", "zh": "已办好：订单 {number} 已取消。"},
    "done_address": {
        "en": "Done: order {number} goes to the new address.",
        "zh": "已办好：订单 {number} 将寄往新地址。",
    },
    "done_return": {
        "en": "Done: the return for order {number} is registered. Ask me how to send it back if you like.",
        "zh": "已办好：订单 {number} 的退货已登记。需要的话，可以问我怎么寄回。",
    },
    "dropped": {
        "en": "All right, nothing was changed. What else can I do for you?",
        "zh": "好的，没有做任何更改。还有什么可以帮您？",
    },
    "no_already_cancelled": {
        "en": "Order {number} is cancelled already, so there is nothing left to change.",
        "zh": "订单 {number} 已经取消，不需要再更改。",
    },
    "no_already_returned": {
        "en": "A return for order {number} is under way already or done.",
        "zh": "订单 {number} 的退货已在处理或已完成。",
    },
    "no_dispatched": {
        "en": "Order {number} has left already, so this is not possible any more. Once it is there, you can return it.",
        "zh": "订单 {number} 已经发出，不能再这样更改了。收到后您可以申请退货。",
    },
    "no_delivered": {
        "en": "Order {number} was delivered already, so this is not possible any more. You can return it instead.",
        "zh": "订单 {number} 已经送达，不能再这样更改了。您可以申请退货。",
    },
    "no_no_parcel": {
        "en": "Order {number} is not sent as a parcel, so it has no delivery address to change.",
        "zh": "订单 {number} 不是快递包裹，没有可更改的收货地址。",
    },
    "no_not_sent": {
        "en": "Order {number} has not left yet, so there is nothing to return. You can cancel it instead.",
        "zh": "订单 {number} 还没有发出，不需要退货，您可以直接取消订单。",
    },
    "no_not_arrived": {
        "en": "Order {number} is still on its way. A return can be registered once it is delivered.",
        "zh": "订单 {number} 还在路上，送达后才能登记退货。",
    },
    "no_too_late": {
        "en": "Order {number} is past the time in which things can be returned.",
        "zh": "订单 {number} 已经超过可以退货的时间。",
    },
    "no_final_sale": {
        "en": "What is in order {number} cannot be returned.",
        "zh": "订单 {number} 中的商品不能退货。",
    },
    "no_unclear": {
        "en": "That I cannot do myself for order {number} as it is now. Shall I ask a person from our team?",
        "zh": "订单 {number} 目前的情况我无法直接处理。需要我请客服同事来帮您吗？",
    },
    "no_lost": {
        "en": "Order {number} seems to be lost, so a person from our team should look at it. Shall I ask one to join?",
        "zh": "订单 {number} 可能已经丢失，需要客服同事来处理。需要我请一位同事加入吗？",
    },
    "not_here": {
        "en": "I cannot change that in an order myself. Shall I ask a person from our team to join this chat?",
        "zh": "这项更改我无法直接办理。需要我请一位客服同事加入对话吗？",
    },
    "not_here_waiting": {
        "en": "I cannot change that in an order myself. Our team has been asked to join and can read it here.",
        "zh": "这项更改我无法直接办理。已通知客服同事，他们能看到您的留言。",
    },
    "down": {
        "en": "I'm sorry, I cannot reach our order system right now. Shall I ask a person from our team to join?",
        "zh": "很抱歉，我现在连不上订单系统。需要我请一位客服同事加入对话吗？",
    },
    "down_waiting": {
        "en": "I'm sorry, I cannot reach our order system right now. Our team has been asked to join.",
        "zh": "很抱歉，我现在连不上订单系统。已通知客服同事。",
    },
    "unsure": {
        "en": "I'm sorry, our order system did not answer, so I cannot say whether that was done. A person from our "
        "team can check it; shall I ask one to join?",
        "zh": "很抱歉，订单系统没有回应，我无法确定是否办理成功。客服同事可以核实，需要我请一位加入吗？",
    },
    "unsure_waiting": {
        "en": "I'm sorry, our order system did not answer, so I cannot say whether that was done. Our team has been "
        "asked to join and can check it.",
        "zh": "很抱歉，订单系统没有回应，我无法确定是否办理成功。已通知客服同事，他们可以核实。",
    },
    "nothing_found": {
        "en": "I see no order for that in your name. If you have an order number, please tell me.",
        "zh": "您名下没有找到这样的订单。如果您有订单号，请告诉我。",
    },
    "resume_both": {
        "en": "To go on with your order, tell me its number and the e-mail address that you used.",
        "zh": "要继续办理订单，请告诉我订单号和下单时用的邮箱。",
    },
    "resume_number": {
        "en": "To go on with your order, tell me its number.",
        "zh": "要继续办理订单，请告诉我订单号。",
    },
    "resume_email": {
        "en": "To go on with order {number}, tell me the e-mail address that you used.",
        "zh": "要继续办理订单 {number}，请告诉我下单时用的邮箱。",
    },
    "resume_code": {
        "en": "To go on with your order, type the code here.",
        "zh": "要继续办理订单，请在这里输入验证码。",
    },
    "resume_address": {
        "en": "To go on with order {number}, send me the new address.",
        "zh": "要继续修改订单 {number}，请把新地址发给我。",
    },
    "resume_items": {
        "en": "To go on with the return of order {number}, tell me which items it is about.",
        "zh": "要继续办理订单 {number} 的退货，请告诉我是哪几件。",
    },
    "resume_confirm": {
        "en": "Order {number} is as it was so far: shall I go on with it?",
        "zh": "订单 {number} 目前没有任何更改，要继续办理吗？",
    },
    "choice_go_on": {"en": "Go on with it", "zh": "继续办理"},
    "now_status": {"en": "Look up my order", "zh": "查询我的订单"},
    "now_cancel": {"en": "Cancel my order", "zh": "取消我的订单"},
    "now_address": {"en": "Change my delivery address", "zh": "修改我的收货地址"},
    "now_return": {"en": "I want to return something", "zh": "我要退货"},
    "choice_again": {"en": "Send a new code", "zh": "重新发送验证码"},
    "choice_drop": {"en": "Never mind", "zh": "算了"},
    "choice_all": {"en": "All of them", "zh": "全部"},
    "yes_cancel": {"en": "Yes, cancel the order", "zh": "确定取消订单"},
    "yes_address": {"en": "Yes, use this address", "zh": "确定修改地址"},
    "yes_return": {"en": "Yes, register the return", "zh": "确定退货"},
    "no_change": {"en": "No, leave it as it is", "zh": "不，保持原样"},
    "choice_cancel": {"en": "Cancel order {number}", "zh": "取消订单 {number}"},
    "choice_return": {"en": "Return order {number}", "zh": "退货 {number}"},
    "choice_status": {"en": "Where is order {number}?", "zh": "订单 {number} 到哪了？"},
}

say = Phrasebook(PHRASES)
