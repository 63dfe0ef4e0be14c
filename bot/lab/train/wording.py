"""Small changes of wording: two questions made one, a formal tone, what an answer takes from the question alone."""

import random
import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_STARTER = re.compile(
    r"(?:what|how|is|are|do|does|did|can|could|will|would|which|when|where|who|why|may|should|has|have|there|any)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^(?:(?:hi|hello|hey|good (?:morning|evening|afternoon|day)|excuse me|(?:a )?(?:short|quick) question|one thing|"
    r"one question|just wondering|before i order|sorry to bother you(?:, but)?|so|um|please tell me|help please|"
    r"i'd like to know|i have a question|another question|"
    r"can you help me|dear team|i couldn't find this on your site)(?: there)?[,!:.]\s+)+(?=.)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s*(?:thanks|thank you|many thanks|cheers|thx|please let me know)(?: in advance)?[.!]*$", re.IGNORECASE
)
_CLOSED = re.compile(
    r"(?<=[.!?])\s+(?:anything else|hope (?:that|this) helps|(?:please )?let (?:me|us) know if|just ask if|"
    r"is there anything)"
    r"[^.!?]*[.!?]$",
    re.IGNORECASE,
)
_OPENED = re.compile(
    r"^(?:good question|sure|happy to help|certainly|of course|thank you for your question|"
    r"thanks for asking|let me see|gladly|hello|hi)[^\w\s]\s+"
    r"(?=[A-Z0-9])",
    re.IGNORECASE,
)
_FULL = {
    "don't": "do not",
    "doesn't": "does not",
    "didn't": "did not",
    "can't": "cannot",
    "couldn't": "could not",
    "isn't": "is not",
    "aren't": "are not",
    "wasn't": "was not",
    "won't": "will not",
    "wouldn't": "would not",
    "haven't": "have not",
    "hasn't": "has not",
    "i'm": "I am",
    "i've": "I have",
    "i'd": "I would",
    "i'll": "I will",
    "we're": "we are",
    "we've": "we have",
    "we'd": "we would",
    "we'll": "we will",
    "you're": "you are",
    "you've": "you have",
    "you'd": "you would",
    "you'll": "you will",
    "they're": "they are",
    "it's": "it is",
    "that's": "that is",
    "there's": "there is",
    "here's": "here is",
}
_SHORT = re.compile(r"\b(?:" + "|".join(_FULL) + r")\b", re.IGNORECASE)


def formal(text: str) -> str:
    """Without short forms and exclamation marks."""
    return _SHORT.sub(_spelt_out, text.replace("’", "'")).replace("!", ".")


def _spelt_out(match: re.Match[str]) -> str:
    full = _FULL[match[0].lower()]
    return full[0].upper() + full[1:] if match[0][0].isupper() else full


def both(rng: random.Random, first: str, second: str) -> str:
    """Two questions in one message; greeted and thanked at most once."""
    first, second = _AFTER.sub("", first), _BEFORE.sub("", second)
    after = _continued(second)
    return rng.choice(
        (
            f"{first} And {after}",
            f"{first} Also, {after}",
            f"{first.rstrip('?. ')} and {after}",
            f"{first.rstrip('?. ')}, and {after}",
            f"{first} {second[0].upper()}{second[1:]}",
            f"Two questions: {_continued(_BEFORE.sub('', first)).rstrip('?. ')}, and {after}",
        )
    )


def told(first: str, second: str) -> str:
    """Two answers in one message, without what only ends or only begins a message between them."""
    return f"{_CLOSED.sub('', first)} {_OPENED.sub('', second)}"


def greets(question: str) -> bool:
    """Whether a question begins with a greeting or the like."""
    return bool(_BEFORE.match(question))


def _continued(question: str) -> str:
    """A question as it goes on within a sentence."""
    return question[0].lower() + question[1:] if _STARTER.match(question) else question


@lru_cache(maxsize=20_000)
def words(text: str) -> frozenset[str]:
    """The words of a text, without case."""
    return frozenset(word.casefold() for word in _WORD.findall(text))


def only_in(answer: str, known: Iterable[str]) -> frozenset[str]:
    """Words of the answer that no text of `known` has: what it can only take from the question."""
    return words(answer).difference(*map(words, known))


_REFUSALS = (
    "Sorry, I couldn't find that in our information. Shall I ask a colleague for you?",
    "I don't have that here, I'm afraid. Would you like me to bring in a person?",
    "I'm sorry, our pages don't say. I can pass your question on to someone from the team.",
    "That isn't something I can see here. Would you like to talk to a person?",
    "I'm afraid I don't know that. Shall I hand you over to a colleague who can check?",
    "Our texts don't tell me that, sorry. A colleague can help you further, if you like.",
    "I couldn't find an answer to that. Should I get a person to look into it?",
    "Sorry, I don't know. Someone from our team could find out for you: shall I ask them?",
)
_SLOPPY = re.compile(
    r"[(){}\[\]<>|_?]|[.!,]{2}|\b([A-Za-z]+) \1\b|[.!] (?!p\.m|a\.m)[a-z]|\ban? (?:a|an|the)\b|\ba [aeio][a-mo-z]"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def refusal(rng: random.Random) -> str:
    """That the passages do not say it, where a data set has no words for that; with the offer of a person."""
    return rng.choice(_REFUSALS)


def tidy(reply: str) -> str:
    """A person's reply without its questions back, a capital first and a stop last; empty if no good text is left."""
    sentences = [text.strip() for text in _SENTENCE.split(" ".join(reply.split())) if not text.endswith("?")]
    text = re.sub(r"\s+([.,;!])", r"\1", " ".join(sentences)).rstrip(" ,;")
    text = re.sub(r"\bi\b(?!\.)", "I", text)
    if len(text.split()) < 2 or _SLOPPY.search(text):
        return ""
    return capital(text) + ("" if text.endswith((".", "!")) else ".")


def capital(text: str) -> str:
    """With a capital first."""
    return text[:1].upper() + text[1:]
