"""What the network is taught by: how likely it finds what was to be said, how it is written, and which passage answers.

The likelihood of a piece is the mixture's: generated, or copied from any place where the piece stands within what the
answer rests on. Continuing the span is taught in parallel: under teacher forcing the place of the step before is known
up to the pointer's own posterior.
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from bot.copying.model import CopyModel, Seen, Step
from bot.lab.train.batches import Batch

LEAST_CARRIED = 0.3
"""From this share of the span's posterior on, there is a span to continue."""
SURFACE_WEIGHT, ANSWER_WEIGHT = 0.3, 1.0
TINY = 1e-9


class Loss(NamedTuple):
    """Sums and counts, so that batches can be added up."""

    words: Tensor
    surfaces: Tensor
    answers: Tensor
    pieces: Tensor
    heads: Tensor

    @property
    def total(self) -> Tensor:
        """What is made small."""
        each = self.words / self.pieces + SURFACE_WEIGHT * self.surfaces / self.pieces
        return each + ANSWER_WEIGHT * self.answers / self.heads.clamp(min=1)


def loss(model: CopyModel, states: Tensor, batch: Batch, inverse: Tensor) -> Loss:
    """The loss on a batch.

    Args:
        model: The network.
        states: What its frozen layers made of the batch.
        batch: Sources and answers.
        inverse: A piece's place in the output vocabulary, -1 for none.
    """
    seen = model.encode((states, model.pieces(batch.ids)), batch.roles, batch.copyable, batch.mask)
    step, _ = model.hear(batch.said[:, :-1], batch.tone, seen)
    wanted = batch.said[:, 1:]
    likelihood, reachable = _likelihood(step, batch, wanted, inverse[wanted])
    told = batch.spoken & reachable
    surfaces = F.cross_entropy(
        step.surface.float().transpose(1, 2), batch.surfaces[:, : wanted.shape[1]], reduction="none"
    )
    return Loss(
        words=-(likelihood * told).sum(),
        surfaces=(surfaces * batch.spoken).sum(),
        answers=_answers(seen, batch),
        pieces=told.sum(),
        heads=batch.heads.sum(),
    )


def _likelihood(step: Step, batch: Batch, wanted: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
    """Logarithm of each wanted piece's probability, and whether it can be said at all."""
    same = (batch.ids[:, None] == wanted[:, :, None]) & batch.gold[:, None]
    copied = (continued(step, same, batch.copyable) * same).sum(-1)
    known = place >= 0
    logits = step.vocabulary.float()
    spoken = logits.gather(-1, place.clamp(min=0)[..., None]).squeeze(-1) - logits.logsumexp(-1)
    generated = torch.where(known, torch.exp(spoken), 0.0)
    mixed = step.word * generated + (1 - step.word) * copied
    return torch.log(mixed + TINY), known | same.any(-1)


def continued(step: Step, same: Tensor, copyable: Tensor) -> Tensor:
    """Where each piece is copied from: the span gone on with, or the pointer anew; `(batch, steps, source)`."""
    posterior = step.copy * same
    posterior = posterior / (posterior.sum(-1, keepdim=True) + TINY)
    moved = torch.zeros_like(posterior)
    moved[:, 1:, 1:] = posterior[:, :-1, :-1]
    moved = moved * copyable[:, None]
    carry = (step.carry * (moved.sum(-1) > LEAST_CARRIED))[..., None]
    return carry * moved + (1 - carry) * step.copy


def _answers(seen: Seen, batch: Batch) -> Tensor:
    each = F.binary_cross_entropy_with_logits(seen.answers.float(), batch.answering.float(), reduction="none")
    return (each * batch.heads).sum()
