"""What transformers' users expect of a model: `generate`, `save_pretrained`, `from_pretrained`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor

from bot.copying.field import MOST, Rules
from bot.copying.packaged import open_reader
from bot.copying.rows import Rows
from bot.copying.source import PAD, SEP, Source
from bot.copying.steps import Speaking, Talk, drafted

if TYPE_CHECKING:
    from bot.copying.model import CopyModel


class Pretrained:
    """Mixed into `CopyModel`."""

    def speaking(self, rules: Rules | None = None) -> Speaking:
        """Drafts by this model, none begun yet."""
        from bot.copying.stepping import TorchNet

        return Speaking(Rows(TorchNet(cast("CopyModel", self), open_reader()[1])), rules)

    def drafts(self, sources: Sequence[Source], rules: Rules | None = None, at_once: int = 16) -> list[Talk]:
        """Drafts of the sources, `at_once` together, with what is known of each piece."""
        return drafted(self.speaking(rules), sources, at_once)

    def generate(self, sources: Sequence[Source], max_new_tokens: int = MOST, streamer: Any = None) -> Tensor:
        """Pieces of the drafts, `(sources, pieces)`, [SEP] at the end and [PAD] behind it.

        Args:
            sources: What `Reader.read` makes of prompts.
            max_new_tokens: Pieces of a draft at most, [SEP] aside.
            streamer: As transformers': `put` has each piece, `end` closes; for one source only.

        Raises:
            ValueError: A streamer and not one source.
        """
        if streamer is not None and len(sources) != 1:
            raise ValueError(f"got {len(sources)} sources and a streamer, wanted one")
        speaking = self.speaking(Rules(most=max_new_tokens))
        talks = [speaking.join(source) for source in sources]
        while speaking.talks:
            speaking.advance()
            if streamer is not None and not talks[0].ended:
                streamer.put(torch.tensor([talks[0].last]))
        if streamer is not None:
            streamer.end()
        rows = [torch.tensor([*(one.piece for one in talk.decoder.said), SEP]) for talk in talks]
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)

    def save_pretrained(self, save_directory: str | Path, **_: Any) -> None:
        """Write the network's own weights in half precision, and its configuration; the package's are left out."""
        from bot.copying.weights import save

        save(cast("CopyModel", self), Path(save_directory))

    @classmethod
    def from_pretrained(cls, folder: str | Path, **_: Any) -> "CopyModel":
        """The model of a folder, with the package's weights.

        Raises:
            BadSettings: There is none, or its weights do not fit.
        """
        from bot.copying.weights import opened

        return opened(Path(folder))
