"""Whether a product may be sent somewhere, where its own facts say that it may not be sent everywhere. Pure."""

import re

from bot.scene import Scene
from bot.shopping.about import About
from bot.shopping.item import item

_SENDING = re.compile(
    r"\b(?:ship(?:s|ped|ping)?|deliver\w*|sen[dt]|mail(?:ed)?|post(?:ed)?|fly|flown)\b(?! back)"
    r"|(?<!退)[寄邮](?!回)|[配运]送|发(?:到|往|给)",
    re.I,
)
_WHETHER = re.compile(
    r"^(?:(?:hi|hello|hey|and|but|so|please)[ ,]+)*(?:can|could|do|does|will|would|is|are|may)\b"
    r"|\b(?:can|could|do|does) (?:you|i|it|they|the|this|these)\b|where .*\bto\b"
    r"|吗|么[?？]?$|能不能|可不可以|可以.{0,3}[寄发邮送]|能[寄发邮送]|哪里|哪些",
    re.I,
)
_MUCH = re.compile(r"\bhow (?:much|long|fast|soon)\b|\bwhen\b|多少|多久|几天|什么时候|几时", re.I)


def restriction(scene: Scene, found: About) -> str:
    """The label under which the one product that is named says where or how it is sent, if that is asked; else empty.

    What it costs and how long it takes are the shop's terms, not the product's.
    """
    text = scene.meaning.text
    if len(found.named) != 1 or not _SENDING.search(found.rest) or not _WHETHER.search(text) or _MUCH.search(text):
        return ""
    thing = item(scene, found.named[0])
    return next((label for label in thing.words.facts if _SENDING.search(label)), "") if thing else ""
