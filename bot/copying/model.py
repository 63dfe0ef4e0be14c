"""The network: MiniLM's encoder over conversation and passages, a decoder that words, and a pointer that copies.

An encoder–decoder warm-started from encoder layers (Rothe, Narayan & Severyn 2020) with a copy head (See, Liu & Manning
2017). Two additions: a gate may *continue the span*, which is the copy distribution of the step before, restricted to
the piece just produced and moved on by one place; each passage is first judged whether it answers (`answers`), which
both the decoder (by an embedding) and the pointer (by a bias) see.

The lower encoder layers and all word embeddings are the retrieval encoder's own: they come with its package and are not
saved. They read each text by itself, so what they make of a passage holds for every question. Only torch is needed; how
a draft is made of steps is not known here (`decode.py`).
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import PretrainedConfig, PreTrainedModel

from bot.copying.packaged import WEIGHTS
from bot.copying.pretrained import Pretrained
from bot.copying.source import PASSAGE, QUESTION, ROLES
from bot.copying.target import SURFACES
from knowledge.encode import packaged

FAR = -1e4
"""A logit of what is impossible; still finite in half precision."""


MATCHES, SAME = 3, 0.99
"""What is known of a piece's like on the other side; from this cosine on it is the same piece."""


class CopyConfig(PretrainedConfig):  # type: ignore[no-untyped-call]
    """Shape of the network. `decoder_from` are the encoder layers that the decoder's start as."""

    model_type = "aisle-copy"

    def __init__(self, **settings: Any) -> None:
        self.hidden = settings.pop("hidden", 384)
        self.heads = settings.pop("heads", 12)
        self.inner = settings.pop("inner", 1536)
        self.pieces = settings.pop("pieces", 30522)
        self.positions = settings.pop("positions", 512)
        self.encoder_layers = settings.pop("encoder_layers", 6)
        self.frozen_layers = settings.pop("frozen_layers", 3)
        self.decoder_from = settings.pop("decoder_from", [1, 3, 5])
        self.outputs = settings.pop("outputs", 5000)
        super().__init__(**settings)


class Cache(NamedTuple):
    """What a decoder layer has seen: keys and values of its own pieces, `(batch, heads, steps, width)` each."""

    keys: Tensor
    values: Tensor


class Step(NamedTuple):
    """What a decoder says of the next piece, for every piece that it was given.

    Attributes:
        copy: `(batch, steps, source)`; where a copy would start, sums to 1.
        carry: `(batch, steps)`; probability that the span goes on instead, if there is one.
        word: `(batch, steps)`; probability of a generated piece rather than a copied one.
        vocabulary: `(batch, steps, outputs)`; logits of the pieces that may be generated.
        surface: `(batch, steps, SURFACES)`; logits of how it is written.
    """

    copy: Tensor
    carry: Tensor
    word: Tensor
    vocabulary: Tensor
    surface: Tensor


class Seen(NamedTuple):
    """An encoded source.

    Attributes:
        states: `(batch, source, hidden)`.
        keys: Of the pointer, `(batch, source, hidden)`.
        bias: `(batch, source)`; added to the pointer's logits, `FAR` where nothing may be copied.
        mask: `(batch, source)`; true for pieces, false for padding.
        answers: `(batch, source)`; logit at each passage's mark that it answers.
    """

    states: Tensor
    keys: Tensor
    bias: Tensor
    mask: Tensor
    answers: Tensor


class Attention(nn.Module):
    """Multi-head attention, and its residual norm."""

    def __init__(self, config: CopyConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.query, self.key, self.value, self.out = (nn.Linear(config.hidden, config.hidden) for _ in range(4))
        self.norm = nn.LayerNorm(config.hidden, eps=1e-12)

    def split(self, x: Tensor) -> Tensor:
        """`(batch, n, hidden)` to `(batch, heads, n, width)`."""
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)

    def memory(self, x: Tensor) -> Cache:
        """Keys and values of `x`."""
        return Cache(self.split(self.key(x)), self.split(self.value(x)))

    def forward(self, x: Tensor, memory: Cache, bias: Tensor) -> Tensor:
        """`x` after looking at `memory`; `bias`, `(batch, 1, n or 1, memory)`, is added to the logits.

        Written out: torch's own attention takes five times as long on a CPU in bf16 with heads this narrow.
        """
        batch, steps, hidden = x.shape
        queries = self.split(self.query(x)) * (hidden / self.heads) ** -0.5
        rows = bias.to(queries.dtype).expand(batch, self.heads, bias.shape[2], bias.shape[3]).flatten(0, 1)
        logits = torch.baddbmm(rows, queries.flatten(0, 1), memory.keys.flatten(0, 1).transpose(1, 2))
        seen = torch.bmm(logits.softmax(-1), memory.values.flatten(0, 1)).view(batch, self.heads, steps, -1)
        return self.norm(x + self.out(seen.transpose(1, 2).flatten(2)))  # type: ignore[no-any-return]


class Layer(nn.Module):
    """A layer of BERT; with `crossed`, one that looks at the source too."""

    def __init__(self, config: CopyConfig, crossed: bool) -> None:
        super().__init__()
        self.own = Attention(config)
        self.cross = Attention(config) if crossed else None
        self.up, self.down = nn.Linear(config.hidden, config.inner), nn.Linear(config.inner, config.hidden)
        self.norm = nn.LayerNorm(config.hidden, eps=1e-12)

    def words(self, x: Tensor) -> Tensor:
        """The feed-forward half."""
        return self.norm(x + self.down(F.gelu(self.up(x))))  # type: ignore[no-any-return]


class CopyModel(Pretrained, PreTrainedModel):  # type: ignore[misc, no-untyped-call]
    """The whole network. `encode` once a source, `step` once a piece; `forward` gives both for a batch in training."""

    config_class = CopyConfig
    base_model_prefix = "copying"

    def __init__(self, config: CopyConfig) -> None:
        super().__init__(config)
        d = config.hidden
        self.pieces = nn.Embedding(config.pieces, d)
        self.positions = nn.Embedding(config.positions, d)
        self.norm = nn.LayerNorm(d, eps=1e-12)
        self.encoder = nn.ModuleList(Layer(config, crossed=False) for _ in range(config.encoder_layers))
        self.roles = nn.Embedding(ROLES, d)
        self.tones = nn.Embedding(2, d)
        self.match = nn.Linear(MATCHES, d, bias=False)
        self.answer = nn.Sequential(nn.Linear(d, d), nn.GELU(), nn.Linear(d, 1))
        self.answering = nn.Parameter(torch.zeros(d))
        self.decoder = nn.ModuleList(Layer(config, crossed=True) for _ in config.decoder_from)
        self.transform = nn.Sequential(nn.Linear(d, d), nn.GELU(), nn.LayerNorm(d))
        self.output = nn.Linear(d, config.outputs)
        self.pointer, self.pointed = nn.Linear(d, d), nn.Linear(d, d)
        self.read = nn.LayerNorm(d)
        self.word, self.carry = nn.Linear(2 * d, 1), nn.Linear(2 * d, 1)
        self.surface = nn.Linear(2 * d, SURFACES)
        self.register_buffer("vocabulary", torch.zeros(config.outputs, dtype=torch.int64))
        self.post_init()  # type: ignore[no-untyped-call]

    # Encoding

    def lower(self, embedded: Tensor, copyable: Tensor, mask: Tensor) -> Tensor:
        """The frozen layers, which read each text by itself: `(batch, source, hidden)`, of pieces with their places."""
        texts = (~copyable & mask).long().cumsum(1)
        same = (texts[:, None] == texts[:, :, None]) & mask[:, None]
        return self._layers(embedded, torch.where(same, 0.0, FAR)[:, None], 0, self.config.frozen_layers)

    def upper(self, states: Tensor, matches: Tensor, roles: Tensor, mask: Tensor) -> Tensor:
        """The trained layers, where the texts meet, each known by who says it and by what they have in common."""
        states = states + self.roles(roles) + self.match(matches)
        return self._layers(states, hidden_from(mask), self.config.frozen_layers, len(self.encoder))

    def matches(self, words: Tensor, roles: Tensor, copyable: Tensor) -> Tensor:
        """`(batch, source, MATCHES)`: how near the nearest piece is on the other side.

        For a passage's piece: in the question, there exactly, and in earlier messages; for another: in the passages.
        After the aligned embeddings and exact matches of DrQA (Chen, Fisch, Weston & Bordes 2017).

        Args:
            words: `(batch, source, hidden)`; the pieces' embeddings alone.
            roles: `(batch, source)`.
            copyable: `(batch, source)`.
        """
        unit = F.normalize(words, dim=-1)
        near = unit @ unit.transpose(1, 2)
        passage = roles >= PASSAGE
        asked, told = (roles == QUESTION) & copyable, passage & copyable
        earlier = copyable & ~passage & ~asked
        columns = [torch.where(side[:, None], near, 0.0).amax(-1) for side in (asked, earlier, told)]
        question, history, passages = columns
        beside = torch.where(passage, question, passages)
        found = torch.stack([beside, (beside > SAME).to(beside.dtype), torch.where(passage, history, 0.0)], -1)
        return found * copyable[..., None]

    def embedded(self, ids: Tensor, places: Tensor) -> Tensor:
        """Pieces with their places."""
        found: Tensor = self.norm(self.pieces(ids) + self.positions(places))
        return found

    def _layers(self, x: Tensor, bias: Tensor, first: int, last: int) -> Tensor:
        for layer in self.encoder[first:last]:
            x = layer.words(layer.own(x, layer.own.memory(x), bias))  # type: ignore[operator, union-attr]
        return x

    def seen(self, states: Tensor, roles: Tensor, copyable: Tensor, mask: Tensor) -> Seen:
        """What the decoder looks at, made of the encoder's states."""
        heads = self.answer(states).squeeze(-1).float()
        passages = torch.arange(4, ROLES, device=roles.device)
        # A passage's mark carries its role and is not copyable; its logit counts for all of its pieces.
        marks = (roles[:, None] == passages[:, None]) & ~copyable[:, None]
        logits = (heads[:, None] * marks).sum(-1) / marks.sum(-1).clamp(min=1)
        own = (roles[:, :, None] == passages).to(logits.dtype)
        each = torch.einsum("bnp,bp->bn", own, logits)
        inside = own.sum(-1)
        states = states + (torch.sigmoid(each) * inside)[..., None].to(states.dtype) * self.answering
        bias = torch.where(copyable, F.logsigmoid(each) * inside, FAR)
        return Seen(states, self.pointed(states), bias, mask, each * marks.any(1))

    def encode(self, read: tuple[Tensor, Tensor], roles: Tensor, copyable: Tensor, mask: Tensor) -> Seen:
        """Read sources; `roles` `(batch, source)`, `copyable` and `mask` true or false.

        Args:
            read: What `lower` made of them, and the pieces' embeddings alone.
            roles: Who says what.
            copyable: False for marks and padding.
            mask: False for padding.
        """
        states, words = read
        matches = self.matches(words, roles, copyable).to(states.dtype)
        return self.seen(self.upper(states, matches, roles, mask), roles, copyable, mask)

    # Decoding

    def memories(self, seen: Seen) -> list[Cache]:
        """The source's keys and values for each decoder layer."""
        return [layer.cross.memory(seen.states) for layer in self.decoder]  # type: ignore[union-attr, operator]

    def hear(
        self,
        said: Tensor,
        tone: Tensor,
        seen: Seen,
        past: list[Cache] | None = None,
        memories: list[Cache] | None = None,
    ) -> tuple[Step, list[Cache]]:
        """What comes next after the pieces `said`, `(batch, steps)`; with `past`, they go on from there."""
        start = past[0].keys.shape[2] if past else 0
        places = torch.arange(start, start + said.shape[1], device=said.device)
        x = self.embedded(said, places) + self.tones(tone)[:, None]
        source, ahead = hidden_from(seen.mask), _ahead(said.shape[1], start, x)
        caches = []
        for place, layer in enumerate(self.decoder):
            own = layer.own.memory(x)  # type: ignore[union-attr, operator]
            if past:
                own = Cache(*(torch.cat([a, b], 2) for a, b in zip(past[place], own, strict=True)))
            caches.append(own)
            x = layer.own(x, own, ahead)  # type: ignore[operator]
            memory = memories[place] if memories else layer.cross.memory(seen.states)  # type: ignore[union-attr, operator]
            x = layer.words(layer.cross(x, memory, source))  # type: ignore[operator]
        return self._said(x, seen), caches

    def _said(self, x: Tensor, seen: Seen) -> Step:
        logits = (self.pointer(x) @ seen.keys.transpose(1, 2)).float() / self.config.hidden**0.5
        copy = (logits + seen.bias[:, None]).softmax(-1)
        both = torch.cat([x, self.read(copy.to(x.dtype) @ seen.states)], -1)
        return Step(
            copy,
            torch.sigmoid(self.carry(both).float()).squeeze(-1),
            torch.sigmoid(self.word(both).float()).squeeze(-1),
            self.output(self.transform(x)),
            self.surface(both),
        )


def hidden_from(mask: Tensor) -> Tensor:
    """What is added to attention's logits so that nothing looks at padding: `(batch, 1, 1, n)`."""
    return torch.where(mask, 0.0, FAR)[:, None, None]


def _ahead(steps: int, start: int, x: Tensor) -> Tensor:
    """The same for pieces that are not said yet: `(1, 1, steps, start + steps)`."""
    places = torch.arange(start + steps, device=x.device)
    return torch.where(places <= places[start:, None], 0.0, FAR)[None, None].to(x.dtype)


def warmed(config: CopyConfig, vocabulary: list[int]) -> CopyModel:
    """A model to be trained: encoder layers where there are any to start from, the rest at random."""
    model = CopyModel(config)
    packaged = _packaged()
    _take(model, packaged, range(config.encoder_layers))
    with torch.no_grad():
        for layer, start in zip(model.decoder, config.decoder_from, strict=True):
            layer.load_state_dict(model.encoder[start].state_dict(), strict=False)
            layer.cross.load_state_dict(model.encoder[start].own.state_dict())  # type: ignore[union-attr]
        model.vocabulary.copy_(torch.tensor(vocabulary))  # type: ignore[operator]
        model.output.weight.copy_(model.pieces.weight[vocabulary] * 2)
        model.output.bias.zero_()
        for embedding in (model.roles, model.tones):
            embedding.weight.mul_(0.5)
    return model


def own(model: CopyModel) -> dict[str, Tensor]:
    """The weights that are not the package's."""
    frozen = ("pieces.", "positions.", "norm.", *(f"encoder.{n}." for n in range(model.config.frozen_layers)))
    return {name: value for name, value in model.state_dict().items() if not name.startswith(frozen)}


def _packaged() -> dict[str, Tensor]:
    from safetensors.torch import load_file

    return load_file(packaged() / WEIGHTS)


def _take(model: CopyModel, packaged: dict[str, Tensor], layers: range) -> None:
    """Put the package's weights where they belong."""
    words = "embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight"
    first = packaged["embeddings.token_type_embeddings.weight"][0]
    with torch.no_grad():
        model.pieces.weight.copy_(packaged[words[0]])
        model.positions.weight.copy_(packaged[words[1]] + first)  # every piece is of the first type
        model.norm.weight.copy_(packaged["embeddings.LayerNorm.weight"])
        model.norm.bias.copy_(packaged["embeddings.LayerNorm.bias"])
    for n in layers:
        model.encoder[n].load_state_dict(_layer(packaged, f"encoder.layer.{n}."))


def _layer(packaged: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """A layer of BERT under this module's names."""
    names = {
        "own.query": "attention.self.query",
        "own.key": "attention.self.key",
        "own.value": "attention.self.value",
        "own.out": "attention.output.dense",
        "own.norm": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm": "output.LayerNorm",
    }
    return {
        f"{ours}.{part}": packaged[f"{prefix}{theirs}.{part}"]
        for ours, theirs in names.items()
        for part in ("weight", "bias")
    }
