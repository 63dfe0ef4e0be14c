"""Complaints that something one has is of the wrong size: a matter of exchanging it, no wish for another. Pure."""

import re

MISFIT = re.compile(
    r"\b(?:is|are|was|were|it's|they're|feels?|turned out|came)\b (?:\w+ )?"
    r"too (?:small|big|large|tight|loose|long|short|narrow|wide)\b(?! for)"
    r"|\b(?:doesn't|don't|didn't|does not|do not|did not) fit(?! in)\b"
    r"|(?:买|穿着?|鞋|裤|衣服|夹克|外套|手套).{0,6}(?:太|偏|有点)?[小大紧松]了",
    re.IGNORECASE,
)
