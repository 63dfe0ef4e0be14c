"""How shoppers put questions and how the shop speaks, in the *terms* family: greetings, yes and no, not knowing."""

import re
from random import Random

from bot.lab.train.invent.terms_grammar import sentence, vary

_HELLO = (
    "hi",
    "hello",
    "hey",
    "hi there",
    "good morning",
    "good afternoon",
    "hello there",
    "hey there",
    "good evening",
)
_BEFORE = (
    "quick question: ",
    "just wondering, ",
    "one question: ",
    "sorry to bother you, but ",
    "I have a question: ",
    "before I order: ",
    "I'd like to know: ",
    "a short question, ",
    "I couldn't find this on your site: ",
    "I'm thinking of ordering {a_thing}. ",
    "It's my first order with you. ",
    "I'm new here. ",
    "My wife asked me to check: ",
    "so, ",
    "um, ",
    "please tell me, ",
    "help please, ",
)
_AFTER = (" Thanks!", " Thank you.", " Thanks in advance", " Many thanks", " Cheers", " Please let me know.", " thx")

_YES = ("Yes, ", "Yes, ", "Yes, ", "Yes, ", "Yes: ", "Yes – ", "Yes. ", "Yes, of course: ", "Yes, certainly: ")
_NO = ("No, ", "No, ", "No, ", "Unfortunately not: ", "I'm afraid not: ", "Sorry, no: ", "No: ", "No. ", "No – ")
_PLAIN_NO = ("No, ", "No, ", "No: ", "No. ")
_DEPENDS = ("", "", "It depends: ", "That depends: ", "Partly: ")

_SORRY = (
    "[I'm sorry, but|I'm sorry,|Sorry,|I'm afraid|Unfortunately,|]",
    "[That's a good question, but|Hm,|I looked, but|I've checked, but|]",
)
_UNKNOWN = (
    "I [don't know|can't say|can't tell you|couldn't find out] {unknown}.",
    "I [have no information on|don't have any details on] {unknown}.",
    "[our information doesn't|our texts don't|our pages don't|the information I have doesn't] say {unknown}.",
    "I have nothing here that says {unknown}.",
    "nothing I have tells me {unknown}.",
    "it isn't stated in our information {unknown}.",
    "I couldn't find out {unknown} from our information.",
)
_OFFER = (
    "[Would you like me to|Shall I|Should I] [ask a colleague|pass this on to a colleague|pass your question on to our team|connect you with someone from our team|hand you over to a colleague]?",
    "[A colleague|Someone from our team|Our team|A member of our team] can [tell you|help with that|answer that|find out for you] – [shall I|should I|would you like me to] [pass it on|ask them|connect you|hand this over]?",
    "[I can|I could|I'd be happy to|I'll gladly] [ask a colleague for you|pass your question on to a colleague|put you through to a person|forward this to our team] if you like.",
    "If you like, [a colleague can|someone from our team can|a person can] [get back to you on this|answer that|look into it].",
    "[Shall I|Do you want me to|May I] [get a colleague to help|ask our team about it|forward this to our team]?",
)
_FORMAL = {
    "I'm": "I am",
    "I'll": "I will",
    "I'd": "I would",
    "I've": "I have",
    "can't": "cannot",
    "won't": "will not",
    "it's": "it is",
    "that's": "that is",
    "there's": "there is",
    "we'll": "we will",
    "we're": "we are",
    "we've": "we have",
    "we'd": "we would",
    "you'll": "you will",
    "you've": "you have",
    "you're": "you are",
    "they're": "they are",
    "isn't": "is not",
    "aren't": "are not",
    "don't": "do not",
    "doesn't": "does not",
    "couldn't": "could not",
    "needn't": "need not",
    "haven't": "have not",
    "hasn't": "has not",
    "wasn't": "was not",
    "here's": "here is",
    "what's": "what is",
}
_WHOLE = re.compile(r"(how|what|when|where|which|who|until|by|do|does|can|could|is|are|will|may|would|am|I) ")
_SHORT = re.compile("|".join(rf"\b{word}\b" for word in _FORMAL), re.IGNORECASE)


_STARTS = {
    "can I ": (
        "could I ",
        "may I ",
        "am I able to ",
        "would I be able to ",
        "is it possible to ",
        "would it be possible to ",
        "I'd like to know if I can ",
        "I wonder whether I can ",
        "do you know if I can ",
        "is there a way to ",
        "so I can ",
        "can we ",
        "am I allowed to ",
    ),
    "can you ": (
        "could you ",
        "would you be able to ",
        "are you able to ",
        "will you ",
        "I'd like to know if you can ",
        "could you possibly ",
        "is your shop able to ",
        "any chance you can ",
    ),
    "do you ": (
        "do you guys ",
        "does your shop ",
        "does your company ",
        "I'd like to know whether you ",
        "could you tell me if you ",
        "do you also ",
        "I was wondering if you ",
        "do you by any chance ",
        "do you actually ",
    ),
    "do I ": ("do we ", "do customers ", "does one ", "does a customer ", "do I really "),
    "how long ": ("roughly how long ", "how long exactly ", "please tell me: how long ", "for planning: how long "),
    "how much ": ("about how much ", "exactly how much ", "may I ask how much "),
    "is it possible to ": ("can I ", "would it be possible to ", "is there any way to ", "is there an option to "),
    "what is ": ("what's ", "please tell me, what is ", "may I ask what is "),
    "where ": ("where exactly ", "please tell me where "),
}
_INDIRECT = (
    "can you tell me ",
    "could you tell me ",
    "I'd like to know ",
    "please let me know ",
    "do you know ",
    "I would like to find out ",
    "could you please explain ",
    "I can't find ",
    "I need to know ",
    "any idea ",
    "I was wondering ",
    "would you mind telling me ",
    "kindly advise ",
)


def loosened(rng: Random, question: str) -> str:
    """The question begun otherwise where it begins as many do."""
    for start, others in _STARTS.items():
        if question.startswith(start) and ("?" not in question and ", " not in question):
            begun = rng.choice(others)
            rest = question[len(start) :]
            if begun in ("may I ask what is ",):
                return f"may I ask what {rest} is" if re.fullmatch(r"(the|your) \w+( \w+)?", rest) else question
            if begun.startswith(("please tell me where", "may I ask how much")) and rest.split()[0] in (
                "is",
                "are",
                "do",
                "does",
                "can",
            ):
                return question
            if (
                start == "do I "
                and begun in ("does one ", "does a customer ", "do customers ", "do we ")
                and re.search(r"\b(my|me|I|myself)\b", rest)
            ):
                return question
            return begun + rest
    return question


def indirect(rng: Random, unknown: str) -> str:
    """What is asked for, as `how long the warranty lasts`, as an indirect question."""
    start = rng.choice(_INDIRECT)
    if start.startswith(("could you please explain", "kindly advise")) and unknown.startswith("whether"):
        start = "please tell me "
    mark = "." if start.startswith(("I", "please", "kindly")) else "?"
    return f"{start}{unknown}{mark}"


def formal(text: str) -> str:
    """The text without contractions and exclamations."""

    def whole(match: re.Match[str]) -> str:
        said = _FORMAL.get(match[0]) or _FORMAL[match[0][0].lower() + match[0][1:]]
        return sentence(said) if match[0][0].isupper() else said

    return _SHORT.sub(whole, text).replace("!", ".").replace("Hm, ", "").replace("Sorry, ", "I am sorry, ")


def agreed(rng: Random, variant: str, inverse: bool, clause: str) -> str:
    """The clause with a yes or a no before it; a condition (`c`) with neither."""
    if variant not in "yn":
        return joined(rng.choice(_DEPENDS), clause)
    if ": " in clause or " – " in clause:
        return ("Yes, " if (variant == "y") != inverse else "No, ") + clause
    if inverse:
        return joined(rng.choice((*_YES[:4], "Yes: ") if variant == "n" else _PLAIN_NO), clause)
    return joined(rng.choice(_YES if variant == "y" else _NO), clause)


def joined(opening: str, clause: str) -> str:
    """An opening and a clause as one sentence, or two where the opening is a sentence."""
    return opening + sentence(clause) if not opening or opening.endswith(". ") else opening + clause


def declined(rng: Random, unknown: str, also: str = "") -> str:
    """What is said when `unknown`, as `whether you can pause`, cannot be answered; a person is offered."""
    start = vary(rng, rng.choice(_SORRY), {})
    wordings = _UNKNOWN if unknown.startswith(("wh", "how")) else (_UNKNOWN[0], *_UNKNOWN[2:])
    middle = vary(rng, rng.choice(wordings), {"unknown": unknown})
    if also:
        start = rng.choice(("but", "However,", "only"))
        middle = middle.replace("our information", "our texts", 1)
    offer = vary(rng, rng.choice(_OFFER), {})
    return f"{sentence(f'{start} {middle}'.strip())} {offer}"


def put(rng: Random, question: str, slots: dict[str, str]) -> str:
    """A question as a shopper may type it: greeted, thanked, bare, or in small letters."""
    mark = "" if question[-1] in ".?!" else "?"
    draw = rng.random()
    if draw < 0.1:
        text = f"{rng.choice(_HELLO)}, {question}{mark}"
    elif draw < 0.2 and _WHOLE.match(question):
        before = vary(rng, rng.choice(_BEFORE), slots) + " "
        text = before + (sentence(question) if before[-2] == "." else question) + mark
    elif draw < 0.26:
        text = f"{question}{mark}{rng.choice(_AFTER)}"
    elif draw < 0.32:
        return question.lower() if rng.random() < 0.5 else question
    elif draw < 0.38:
        return question + mark
    else:
        text = question + mark
    return sentence(text)
