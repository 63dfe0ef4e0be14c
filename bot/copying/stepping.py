"""The network's two halves as serving uses them: a source is read once, then each step takes a piece for every chat.

`Reading` and `Going` are what is exported; `TorchNet` runs them as they are, for evaluation in training and as the
measure of the export. Chats of a batch stand at different places of their drafts, so places and masks are arguments.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from bot.copying.lexicon import Floats, Lexicon
from bot.copying.model import Attention, CopyModel
from bot.copying.rows import Laid, Shape
from bot.copying.source import Source


class Lower(nn.Module):
    """The layers that read a text by itself."""

    def __init__(self, model: CopyModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, embedded: Tensor) -> Tensor:
        """States, `(1, text, hidden)`, of the pieces and places of one text added up, its mark first."""
        model = self.model
        everything = torch.zeros_like(embedded[:, None, None, :, 0])
        return model._layers(model.norm(embedded), everything, 0, model.config.frozen_layers)


class Reading(nn.Module):
    """Sources in, everything that the steps need of them out."""

    def __init__(self, model: CopyModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, states: Tensor, words: Tensor, roles: Tensor, copyable: Tensor) -> tuple[Tensor, ...]:
        """States, pointer keys, bias, answers, then keys and values of the source for each decoder layer.

        Args:
            states: `(batch, source, hidden)`; of the texts one after another, from `Lower`. There is no padding.
            words: The same; the pieces' embeddings alone.
            roles: `(batch, source)`.
            copyable: `(batch, source)`; true or false.
        """
        seen = self.model.encode((states, words), roles, copyable, torch.ones_like(copyable))
        crossed = [part for cache in self.model.memories(seen) for part in cache]
        return (seen.states, seen.keys, seen.bias, seen.answers, *crossed)


class Going(nn.Module):
    """One piece of each draft in, what comes next out; as `rows.Laid` has it."""

    def __init__(self, model: CopyModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        own: tuple[Tensor, Tensor],
        masks: tuple[Tensor, Tensor],
        source: list[Tensor],
        cache: list[Tensor],
    ) -> tuple[Tensor, ...]:
        """Copy, carry, word, vocabulary, surface; then keys and values of the piece for each layer.

        Args:
            own: Piece and place added up, `(batch, hidden)`, and tone, `(batch,)`.
            masks: Of what was said and of the source.
            source: States, pointer keys, bias; then keys and values for each layer.
            cache: Keys and values of earlier pieces for each layer.
        """
        model: Any = self.model
        past, mask = masks
        states, keys, bias, *crossed = source
        embedded, tone = own
        x = model.norm(embedded) + model.tones(tone)
        seen = torch.cat([past, torch.zeros_like(past[:, :1])], 1)
        fresh: list[Tensor] = []
        for n, layer in enumerate(model.decoder):
            new = [_split(layer.own, part(x)[:, None]) for part in (layer.own.key, layer.own.value)]
            memory = [torch.cat([cache[2 * n + i], new[i]], 2) for i in (0, 1)]
            x = _attended(layer.own, x, memory, seen)
            x = layer.words(_attended(layer.cross, x, crossed[2 * n : 2 * n + 2], mask))
            fresh.extend(new)
        logits = (model.pointer(x)[:, None] @ keys.transpose(1, 2))[:, 0] / model.config.hidden**0.5
        copy = (logits + bias + mask).softmax(-1)
        both = torch.cat([x, model.read((copy[:, None] @ states)[:, 0])], -1)
        carry, word = (torch.sigmoid(gate(both))[:, 0] for gate in (model.carry, model.word))
        return (copy, carry, word, model.output(model.transform(x)), model.surface(both), *fresh)


def _split(attention: Attention, x: Tensor) -> Tensor:
    """`(batch, n, hidden)` to `(batch, heads, n, width)`."""
    return x.reshape(x.shape[0], x.shape[1], attention.heads, -1).transpose(1, 2)


def _attended(attention: Any, x: Tensor, memory: Sequence[Tensor], bias: Tensor) -> Tensor:
    """One place, `(batch, hidden)`, after looking at keys and values."""
    query = _split(attention, attention.query(x)[:, None])
    weights = (query @ memory[0].transpose(2, 3)) / query.shape[-1] ** 0.5 + bias[:, None, None]
    seen = (weights.softmax(-1) @ memory[1]).transpose(1, 2).reshape(x.shape)
    out: Tensor = attention.norm(x + attention.out(seen))
    return out


class TorchNet:
    """A `Net` of torch, on the model's device."""

    def __init__(self, model: CopyModel, pieces: Sequence[str]) -> None:
        self._model = model
        self._reading, self._going = Reading(model).eval(), Going(model).eval()
        self._device = model.pieces.weight.device
        self.shape = Shape(len(model.decoder), model.config.heads, model.config.hidden)
        outputs: Any = model.vocabulary
        self.lexicon = Lexicon.of(pieces, outputs.tolist())

    def zeros(self, shape: tuple[int, ...]) -> Tensor:
        """As in `Net`."""
        return torch.zeros(shape, device=self._device)

    def host(self, array: Tensor) -> Floats:
        """As in `Net`."""
        return np.asarray(array.float().cpu().numpy(), np.float32)

    def read(self, source: Source) -> Sequence[Tensor]:
        """As in `Net`."""
        ids, roles, copyable = (self._here([row]) for row in (source.ids, source.roles, source.copyable))
        with torch.inference_mode():
            embedded = self._model.norm(self._embedded(ids, self._here([source.places])))
            states = self._model.lower(embedded, copyable, torch.ones_like(copyable))
            return tuple(self._reading(states, self._model.pieces(ids), roles, copyable))

    def go(self, laid: Laid) -> Sequence[Tensor]:
        """As in `Net`."""
        piece, place, tone, past, mask = map(self._here, (laid.piece, laid.place, laid.tone, laid.past, laid.mask))
        with torch.inference_mode():
            own = self._embedded(piece, place), tone
            return tuple(self._going(own, (past, mask), list(laid.source), list(laid.cache)))

    def _embedded(self, pieces: Tensor, places: Tensor) -> Tensor:
        found: Tensor = self._model.pieces(pieces) + self._model.positions(places)
        return found

    def _here(self, array: Any) -> Tensor:
        return torch.from_numpy(np.asarray(array)).to(self._device)
