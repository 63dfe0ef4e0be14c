"""Helps a generator with passages in another language: the question's words in that one, and labels in the shopper's.

Pure. Which passages are found is not known here, nor how they are quoted (`generate/quote.py`).
"""

import re
from dataclasses import replace

from bot.generate.protocol import Prompt
from knowledge.glossary import Glossary

_LABEL = re.compile(r"^([^:：\n|]{1,40})[:：]\s*\S", re.MULTILINE)


def glossed(prompt: Prompt, glossary: Glossary) -> Prompt:
    """The prompt with its gloss and labels; as it is when every passage is in the language to answer in."""
    foreign = [passage for passage in prompt.passages if passage.lang != prompt.lang]
    if not foreign:
        return prompt
    found = {
        label.strip() for passage in foreign if passage.kind == "product" for label in _LABEL.findall(passage.text)
    }
    labels = {label: known for label in sorted(found) if (known := glossary.translated(label, prompt.lang))}
    return replace(prompt, gloss=glossary.gloss(prompt.question, prompt.lang), labels=labels)
