"""What the built-in generator learns from: samples, and what an invented shop is asked. Values only.

An invented shop's trades write `Asked`: a question with the passages that answer it, those that nearly do, and the
same passages without the fact. `samples.py` lays them out as `Sample`: a prompt as the server would make it, and what
is to be said. A sample carries what a right answer must contain, so that the same rows serve to train and to judge.
"""

from dataclasses import asdict, dataclass
from typing import Any

from bot.generate.protocol import Numbered, Prompt, Said


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage of an invented shop. `kind` is as in `knowledge.passages.Kind`: `faq`, `policy`, `product`, `review`.

    Attributes:
        key: Tells pieces of one shop apart, as `policy:returns#2`.
    """

    key: str
    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that an invented shop is asked, with all that is known about its answer.

    Attributes:
        kind: What is to be learnt, as `field`, `yes_no`, `condition`, `table`, `compare`, `two_passages`, `small_talk`.
        question: A wording that stands alone.
        answer: A right answer in the friendly tone, its prices, names and numbers spelt as in the pieces.
        formal: The same in the formal tone; the friendly one where it is empty.
        rests_on: What answers it, all that is needed and nothing more; empty where no passage ever would.
        near: What is about nearly that, hardest first: the same product's other pieces, the same fact of others.
        twin: `rests_on` without the fact; with these and `near` the only right answer is `decline`.
        decline: What is said then: what exactly is not known, and the offer of a person.
        after: An earlier question and answer of the same shop after which `follow_up` would be asked; empty for none.
        follow_up: The question as it would be put then, as "and in blue?"; empty for none.
        must: A right answer contains of each inner tuple at least one text (compared without case).
        never: Texts that only a wrong answer contains.
    """

    kind: str
    question: str
    answer: str
    formal: str = ""
    rests_on: tuple[Piece, ...] = ()
    near: tuple[Piece, ...] = ()
    twin: tuple[Piece, ...] = ()
    decline: str = ""
    after: tuple[str, str] | None = None
    follow_up: str = ""
    must: tuple[tuple[str, ...], ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """A prompt and what is to be said.

    Attributes:
        answer: Without citations: they follow from where its words were copied.
        rests_on: Numbers of the prompt's passages that it rests on; empty where it declines or talks small.
        kind: As in `Asked`; `decline` where the passages do not answer.
        source: The data set, as `shops`, `sgd`, `dstc9`.
        group: What is held out as a whole: the invented shop, the dialogue.
        must: As in `Asked`; empty where nothing but a reference is known.
        never: As in `Asked`.
    """

    prompt: Prompt
    answer: str
    rests_on: tuple[int, ...]
    kind: str
    source: str
    group: str
    must: tuple[tuple[str, ...], ...] = ()
    never: tuple[str, ...] = ()

    def row(self) -> dict[str, Any]:
        """As plain JSON values."""
        prompt = self.prompt
        return {
            "question": prompt.question,
            "shop": prompt.shop,
            "tone": prompt.tone,
            "passages": [asdict(passage) for passage in prompt.passages],
            "history": [[said.author, said.text] for said in prompt.history],
            **{
                name: getattr(self, name) for name in ("answer", "rests_on", "kind", "source", "group", "must", "never")
            },
        }

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Sample":
        """The sample that `row` was made of."""
        prompt = Prompt(
            question=row["question"],
            lang="en",
            shop=row["shop"],
            passages=tuple(Numbered(**passage) for passage in row["passages"]),
            history=tuple(Said(author, text) for author, text in row["history"]),
            tone=row["tone"],
        )
        must = tuple(tuple(texts) for texts in row["must"])
        plain = {name: row[name] for name in ("answer", "kind", "source", "group")}
        return cls(prompt, rests_on=tuple(row["rests_on"]), must=must, never=tuple(row["never"]), **plain)
