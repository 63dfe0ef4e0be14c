"""What the families of invented questions do alike: the same for a seed, and right by their own passages."""

from dataclasses import dataclass

import pytest

from bot.lab.train.invent import faq, terms
from bot.lab.train.sample import Asked
from tests.support.invented import Family, asked, figures, fresh


@dataclass(frozen=True)
class Case:
    """A family, the seeds that it is tried with, and the kind of its pieces."""

    ask: Family
    seeds: range
    kind: str

    def everything(self) -> list[Asked]:
        """What all shops of the test are asked."""
        return [one for seed in self.seeds for one in asked(self.ask, seed)]


@pytest.fixture(params=[Case(terms.ask, range(25), "policy"), Case(faq.ask, range(40), "faq")], ids=["terms", "faq"])
def case(request: pytest.FixtureRequest) -> Case:
    """One of them."""
    found: Case = request.param
    return found


def test_a_seed_gives_the_same_questions(case: Case) -> None:
    """The same seed asks the same of the same shop, another seed something else."""
    assert fresh(case.ask, 3) == asked(case.ask, 3)
    assert asked(case.ask, 3) != asked(case.ask, 4)


def test_answers_hold_what_they_must(case: Case) -> None:
    """Both tones of an answer contain what is required of a right answer."""
    for one in case.everything():
        for said in (one.answer, one.formal or one.answer):
            for texts in one.must:
                assert any(text.lower() in said.lower() for text in texts), (texts, said)


def test_answers_hold_nothing_that_is_wrong(case: Case) -> None:
    """What only a wrong answer contains is in none of the answers."""
    for one in case.everything():
        for said in (one.answer, one.formal or one.answer):
            assert not [text for text in one.never if text.lower() in said.lower()], (one.never, said)


def test_figures_come_from_the_passages(case: Case) -> None:
    """Every figure of an answer stands in the passages that it rests on, or in the question."""
    for one in case.everything():
        known = " ".join(f"{piece.title} {piece.text}" for piece in one.rests_on) + one.question
        assert figures(one.answer) <= figures(known), (one.answer, known)


def test_pieces_of_a_key_are_one_piece(case: Case) -> None:
    """Within a shop, a key stands for one text, and begins with the family's kind."""
    for seed in case.seeds:
        texts: dict[str, str] = {}
        for one in asked(case.ask, seed):
            for piece in (*one.rests_on, *one.near):
                assert texts.setdefault(piece.key, piece.text) == piece.text
                assert piece.kind == case.kind
                assert piece.key.startswith(f"{case.kind}:")
