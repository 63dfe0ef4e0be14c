"""What a message is read with: the state, what was asked before, the catalogue's words. Values only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.catalogue import Catalogue
from bot.conversation import State
from knowledge.passages import Product


def _unknown(_handle: str) -> Product | None:
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """What a message is read with.

    Attributes:
        state: The live state before it.
        spoken: Languages that the shop answers in, the default first.
        questions: What the shopper asked before, each standing alone as far as it was made to, oldest first.
        catalogue: The words of the catalogue.
        product: A product with its price of now; None for a handle that is not known.
        choices: The answers to tap under the bot's last message.
    """

    state: State
    spoken: Sequence[str]
    questions: Sequence[str] = ()
    catalogue: Catalogue = field(default_factory=Catalogue)
    product: Callable[[str], Product | None] = _unknown
    choices: Sequence[str] = ()

    @property
    def last(self) -> str:
        """The last question; empty when there is none."""
        return self.questions[-1] if self.questions else ""

    @property
    def focus(self) -> str:
        """Handle of the product talked about, else of the one whose page is open or that alone was shown; or empty."""
        only = self.state.shown[0] if len(self.state.shown) == 1 else ""
        return self.state.focus or self.state.visit.product or only

    def name(self, handle: str, lang: str) -> str:
        """A product's name; empty for none."""
        product = self.product(handle) if handle else None
        return product.words(lang).name if product else ""

    def shown(self) -> list[Product]:
        """The products last shown, in their order."""
        return [product for handle in self.state.shown if (product := self.product(handle))]
