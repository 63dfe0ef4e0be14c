"""An encoder that tries again. A text that cannot be embedded even alone is noted, and stops nothing.

Batches that fail are tried again after a pause, each longer than the last; then their texts one by one. Rows are
remembered, so a build that begins again without the failed texts embeds nothing twice.
"""

import logging
from collections.abc import Callable, Sequence

import numpy as np

from knowledge.encode import Encoder, Vectors

PAUSES_S = (0.2, 1.0, 3.0)

logger = logging.getLogger(__name__)


class Patient:
    """An `Encoder` around another.

    Args:
        encoder: Any exception of it counts as a failure.
        pause: Waits so many seconds.

    Attributes:
        failed: Texts that could not be embedded, and why; their rows are all zeros.
    """

    def __init__(self, encoder: Encoder, pause: Callable[[float], None]) -> None:
        self._encoder, self._pause = encoder, pause
        self._rows: dict[str, Vectors] = {}
        self.failed: dict[str, str] = {}
        self.name, self.dim = encoder.name, encoder.dim

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As in `Encoder`; never fails."""
        new = [text for text in dict.fromkeys(texts) if text not in self._rows]
        try:
            self._take(new)
        except Exception as error:
            logger.warning("embedding %d texts failed, now one by one: %s", len(new), error)
            for text in new:
                self._one(text)
        return np.stack([self._rows[text] for text in texts]) if texts else np.zeros((0, self.dim), np.float32)

    def _take(self, texts: Sequence[str]) -> None:
        """Embed, with pauses between tries.

        Raises:
            Exception: Of the last try.
        """
        if not texts:
            return None
        for pause_s in PAUSES_S:
            try:
                return self._keep(texts)
            except Exception as error:
                logger.info("embedding %d texts failed, again in %g s: %s", len(texts), pause_s, error)
                self._pause(pause_s)
        return self._keep(texts)

    def _keep(self, texts: Sequence[str]) -> None:
        self._rows.update(zip(texts, self._encoder.encode(texts), strict=True))

    def _one(self, text: str) -> None:
        """Embed one text; note it if that fails."""
        try:
            self._keep([text])
        except Exception as error:
            self.failed[text] = f"{type(error).__name__}: {error}"[:300]
            self._rows[text] = np.zeros(self.dim, np.float32)
