"""What a conversation in English is about, and a follow-up with its pronouns put into words. Pure; no shop is known.

The topic is a noun phrase: what the last question that brought up something new was about. A pronoun is replaced by it
("Is it treatable?" after "What is throat cancer?" is "Is throat cancer treatable?"), a possessive by its genitive; a
question that names only a property ("What are the symptoms?") gets "of throat cancer". Where in doubt, nothing is
changed.
"""

import re
from collections.abc import Sequence

_BE = r"(?:is|are|was|were|'s|’s)"
_PROPERTY = (
    r"(?:causes?|reasons?|types?|kinds?|varieties|forms?|symptoms?|signs?|side[ -]effects?|effects?|impacts?"
    r"|advantages?|"
    r"disadvantages?|benefits?|drawbacks?|risks?|dangers?|pros and cons|pros|cons|characteristics|features|properties|"
    r"functions?|purposes?|roles?|uses?|applications|examples?|themes?|characters?|members|findings|results|objectives|"
    r"goals|origins?|history|roots|implications|consequences|treatments?|remedies|challenges|criticisms?|arguments?|"
    r"components?|parts|ingredients?|layers?|stages?|steps?|rules|costs?|significance|importance|meaning|definition|"
    r"differences?|similarities|options|models|evidence|competitors|alternatives|sources|projects|variations|influence|"
    r"relationship|population|climate|currency|language|limitations|requirements|qualifications)"
)
_ADJECTIVES = (
    r"(?:(?:main|key|major|common|important|different|possible|potential|long[ -]term|short[ -]term|biggest|best|"
    r"most \w+|typical|famous|popular|first|modern|social|economic|health|environmental|other|some|of|the|any|current|"
    r"early|known|primary|negative|positive|natural|notable|basic|various)\s+)*"
)
_CHANGE = re.compile(
    rf"^(?:(?:so|and|ok|okay|then|now)[, ]+)?(?:"
    rf"(?:tell me (?:more )?about|describe|explain|talk about|discuss)\s+(?:how |when |why )?"
    rf"|(?:what|who) {_BE}\s+|what'?s\s+|who'?s\s+|what causes\s+|what happen(?:ed|s) (?:in|to|at|during)\s+)"
    rf"(?P<what>.+)$",
    re.I,
)
_OF = re.compile(
    rf"^(?:the |some of the |some )?{_ADJECTIVES}(?:\w+ )?{_PROPERTY}\s+(?:of|for|in|behind|to|with)\s+(?P<what>.+)$",
    re.I,
)
_SUBJECT = re.compile(
    rf"^(?:why|how|when|where|what)?\s*(?:{_BE}|do|does|did|can|could|has|have|should|will|would)\s+(?P<what>.+)$", re.I
)
_NAME = re.compile(
    r"(?:[A-Z][\w'’.&-]*|\d[\w/]*)(?:\s+(?:(?:of|the|and|de|la|for)\s+(?=[A-Z]))*(?:[A-Z][\w'’.&-]*|\d+))*"
)
_END = re.compile(
    r"\s*(?:,|;|\?|!|\.$|\b(?:and (?:what|how|why|where|when|who|is|are|was|were)|considered|called|known|famous"
    r"|used|made|important|bad|good|"
    r"so|different|better|worse|that|which|who|when|where|because|compared|related|work|works|begin|begun|started|"
    r"invented|created|difficult|formed|founded)\b).*$",
    re.I,
)
_TAIL = re.compile(r"\s+(?:in|on|at|during|from|by|for|with|to|than|as|about|over|after|before|between)\s.*$", re.I)
_OWN = re.compile(r"\b(?:and|but|because|while)\b|^if\b|(?<=\w )(?:if|when)\b|,", re.I)
_PRONOUN = re.compile(
    r"\b(?P<it>it|they|them|he|she|him)\b(?!['’]s\b)|\b(?P<its>its|their|his|it['’]s(?=\s+(?:\w+\s+)?(?:growth"
    r"|effect|use)))\b|\bher\b(?P<her>)",
    re.I,
)
_IDLE = re.compile(
    r"\bit (?:take|takes|took|mean|means|rain|rains)\b|\b(?:is|was) it (?:\w+ )?(?:to|that|for|if|when|possible)\b"
    r"|\bmakes? it\b",
    re.I,
)
_BARE = re.compile(
    rf"^(?P<head>(?:what|who|how|which) (?:{_BE}|about)(?: (?:some of|there))?(?: (?:the|any|some|a|an))? "
    rf"?{_ADJECTIVES}{_PROPERTY}"
    rf"|are there (?:any |some |other )*{_ADJECTIVES}{_PROPERTY}|(?:tell me|talk) (?:more )?about (?:the "
    rf")?{_ADJECTIVES}{_PROPERTY}"
    rf"|describe (?:the |some )?{_ADJECTIVES}{_PROPERTY})(?P<rest>(?:\s+(?:on|for|in|to)\s+(?!it\b"
    rf"|them\b).+?)?)(?P<mark>\s*[?.!]*)$",
    re.I,
)
_GENERIC = frozenset(("a", "an", "the", "some", "any", "other", "what", "which", "who", "how"))
_PART = re.compile(
    rf"^(?:the (?!.*[A-Z\d])|some\b|other\b|any\b|good\b|natural\b|common\b|important\b|popular\b"
    rf"|{_ADJECTIVES}{_PROPERTY}\b)"
)
"""What belongs to the topic rather than being a new one."""
_OTHER = re.compile(r"^(?:what|how) about (?P<what>.+)$", re.I)
_LEADS = (
    r"(?:the|an?|my|your|of|for|with|about|after|from|on|in|to|using|buy|get|have|make|learn|start|find|know|eat|use|sell|"
    r"offer|accept|take)"
)
_LAST = re.compile(rf"\b{_LEADS}\s+(?P<what>(?:(?!{_LEADS}\b)[\w'’-]+\s*)+)$", re.I)
_END_CLAUSE = re.compile(r"(?:,|\b(?:if|when|because|while|that|which|and (?:how|what|why|where|when))\b).*$", re.I)
_NOBODY = re.compile(r"^(?:you|i|we|they|it|he|she|people|someone|there|this|that)\b", re.I)
_MAX_WORDS = 7
_LONG = 4


def rewritten(query: str, history: Sequence[str]) -> str:
    """`query` as it would stand without `history` (oldest first); the very same where it stands alone."""
    topics: list[str] = []
    for earlier in history:
        clean = earlier.strip().rstrip(" ?.!")
        if topics and (_pronouns(clean) or _BARE.match(earlier.strip())):
            continue
        if topic := _named(clean, known=bool(topics)):
            topics.append(topic)
    return _resolved(query, topics)


def _named(query: str, *, known: bool) -> str:
    """The noun phrase that a question is about; empty when it cannot be told, or is a part of what is `known`."""
    if found := _CHANGE.match(query):
        phrase = _phrase(found["what"], known=known)
        return "" if known and _PART.match(phrase) else phrase
    other = _OTHER.match(query)
    names = [m.group() for m in _NAME.finditer(query) if m.start() > 0 and m.group() != "I"]
    if other:
        return _phrase(other["what"], known=known) if names else ""
    if names:
        return _with_article(names[0], query)
    subject = None if known else _SUBJECT.match(query)
    phrase = _phrase(subject["what"], known=known) if subject and not _NOBODY.match(subject["what"]) else ""
    return phrase or ("" if known else _object(query))


def _object(query: str) -> str:
    """What a question without a subject of its own ends with, as `jet lag` of "How do you sleep after jet lag"."""
    found = list(_LAST.finditer(_END_CLAUSE.sub("", query)))
    phrase = found[-1]["what"].strip() if found else ""
    return phrase if 0 < len(phrase.split()) <= _LONG else ""


def _phrase(text: str, *, known: bool) -> str:
    text = text.strip().rstrip(" ?.!")
    while of := _OF.match(text):
        text = of["what"]
    cut = _END.sub("", text).strip()
    if len(cut.split()) > _LONG or known:
        cut = _TAIL.sub("", cut) or cut
    words = cut.split()
    if not words or len(words) > _MAX_WORDS or all(word.lower() in _GENERIC for word in words):
        return ""
    return cut


def _with_article(name: str, query: str) -> str:
    return f"the {name}" if re.search(rf"\bthe {re.escape(name)}", query) else name


def _pronouns(text: str) -> list[re.Match[str]]:
    """The pronouns that point out of the text: not those that say nothing, nor those with an antecedent before them."""
    found = [
        m for m in _PRONOUN.finditer(text) if not any(i.start() <= m.start() < i.end() for i in _IDLE.finditer(text))
    ]
    return found if found and not _OWN.search(text[: found[0].start()]) else []


def _resolved(query: str, topics: Sequence[str]) -> str:
    if not topics:
        return query
    if found := _pronouns(query):
        return _put(query, found[0], topics)
    if bare := _BARE.match(query.strip()):
        return f"{bare['head']} of {topics[-1]}{bare['rest']}{bare['mark']}"
    return _repeated(query, topics[-1])


def _put(query: str, match: re.Match[str], topics: Sequence[str]) -> str:
    """The first pronoun replaced; a second one then has it to point at."""
    topic = _fitting(match.group().lower(), topics)
    owns = match["its"] is not None or (match["her"] is not None and re.match(r"\s+\w", query[match.end() :]))
    return query[: match.start()] + (_genitive(topic) if owns else topic) + query[match.end() :]


def _fitting(pronoun: str, topics: Sequence[str]) -> str:
    """The last topic that agrees with the pronoun in number, else the last one."""
    if pronoun in ("they", "them", "their"):
        kind = re.sub(r"^an? (.*)$", r"\1s", topics[-1])
        return kind if kind != topics[-1] else next(filter(_is_plural, reversed(topics)), topics[-1])
    if pronoun in ("he", "she", "him", "his", "her"):
        return next((topic for topic in reversed(topics) if topic[:1].isupper()), topics[-1])
    return next((topic for topic in reversed(topics) if not _is_plural(topic)), topics[-1])


def _is_plural(topic: str) -> bool:
    return bool(re.search(r"(?<![sui'’])s$|\bpeople$|\band\b", topic))


def _genitive(topic: str) -> str:
    return f"{topic}'" if topic.endswith("s") else f"{topic}'s"


def _repeated(query: str, topic: str) -> str:
    """`the experiment` for the Stanford Experiment: the topic's last word with an article is the topic."""
    words = topic.split()
    if len(words) < 2:
        return query
    found = re.search(rf"\b(?i:the {re.escape(words[-1])})\b(?!\s+[A-Z])", query)
    if not found or words[0].lower() not in ("the", words[0]):
        return query
    full = topic if topic.lower().startswith("the ") else f"the {topic}"
    return query[: found.start()] + full + query[found.end() :]
