"""An encoder that fails now and then, or at one text for good."""

from collections.abc import Sequence

import numpy as np
import pytest

from knowledge.encode import Vectors
from knowledge.hashed import HashedEncoder
from knowledge.patient import PAUSES_S, Patient


class Flaky(HashedEncoder):
    """Fails so many times, and always at texts with `poison` in them."""

    def __init__(self, failures: int = 0) -> None:
        super().__init__()
        self.failures = failures

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As said."""
        if self.failures > 0:
            self.failures -= 1
            raise RuntimeError("out of memory")
        if any("poison" in text for text in texts):
            raise ValueError("cannot read this")
        return super().encode(texts)


@pytest.mark.parametrize("failures", [0, 1, 3])
def test_a_passing_failure_is_waited_out(failures: int) -> None:
    """Each pause is longer than the last, and in the end nothing is missing."""
    waited: list[float] = []
    patient = Patient(Flaky(failures), waited.append)
    assert np.array_equal(patient.encode(["a", "b"]), HashedEncoder().encode(["a", "b"]))
    assert waited == list(PAUSES_S[:failures])
    assert patient.failed == {}


def test_one_bad_text_does_not_take_its_batch_with_it() -> None:
    """The others are embedded; the bad one is noted with the reason and has a row of zeros."""
    patient = Patient(Flaky(), lambda _s: None)
    rows = patient.encode(["a", "poison", "b"])
    assert patient.failed == {"poison": "ValueError: cannot read this"}
    assert np.array_equal(rows[[0, 2]], HashedEncoder().encode(["a", "b"]))
    assert not rows[1].any()


def test_nothing_is_embedded_twice() -> None:
    """A build that begins again asks for the same texts, and gets them at once."""
    flaky = Flaky()
    patient = Patient(flaky, lambda _s: None)
    first = patient.encode(["a", "b", "a"])
    assert np.array_equal(patient.encode(["b", "a"]), first[[1, 0]])
    assert flaky.embedded == 2
    assert patient.encode([]).shape == (0, flaky.dim)
