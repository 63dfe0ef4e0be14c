"""The only product of its kind: who asks whether the shop sells such a thing asks for that product. Pure."""

import re
from dataclasses import replace

from bot.scene import Scene
from bot.shopping.reading import read
from bot.shopping.vocabulary import vocabulary
from bot.shopping.wishes import Wishes
from knowledge.words import fold

_SOLD = re.compile(
    r"^(?:(?:hi|hello|hey|please|so|and)[ ,]+)*(?:do you (?:sell|have|carry|stock|offer)|can (?:i|you|one) (?:buy|get)"
    r"|could i (?:buy|get)|are there|is there|have you got|where can i (?:buy|get))\b"
    r"|^(?:请问|你们|您们|店里|这里|这儿|在这|我|想问)*(?:[能可]以?不?[能可]?以?|有没有|有)?"
    r"(?:买|卖|出售|有).{1,10}[吗么嘛][?？。]*$|^(?:请问|你们)?有没有.{1,10}卖[?？。]*$",
    re.I,
)


def only_one(scene: Scene) -> str:
    """The handle of the one product of the kind that the message, and nothing more, asks to buy; empty for none."""
    text = scene.meaning.text
    if not _SOLD.search(text) or _is_example(text, scene):
        return ""
    words = vocabulary(scene.live.products)
    reading = read(text, words, _currency(scene))
    kinds = reading.wishes.kinds
    if len(kinds) != 1 or reading.rest or replace(reading.wishes, kinds=()) != Wishes():
        return ""
    handles = words.handles(kinds[0])
    return next(iter(handles)) if len(handles) == 1 else ""


def _is_example(text: str, scene: Scene) -> bool:
    """Whether it is an example question of an entry: the shop has written an answer."""
    said = _plain(text)
    return any(said == _plain(question) for hit in scene.hits for question in hit.passage.questions)


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _currency(scene: Scene) -> str:
    return next((v.currency for product in scene.live.products.values() for v in product.variants), "")
