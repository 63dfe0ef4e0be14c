"""The shop's sources as they come, read into passages, products and reviews.

`read` takes everything that can be used and lists every problem; `read_strict` refuses a folder with any. A module for
each family of formats turns its files into rows' worth of content; what is shared by products is put together in
`catalogue`, and long texts are cut by `knowledge.split`. How passages are indexed is not known here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge import render
from knowledge.errors import Problem, SourceError
from knowledge.glossary import Term
from knowledge.passages import Origin, Passage, Product, Promotion, Review
from knowledge.sources import faq, merchant, pages, promotions, reviews, shopify, table, terms
from knowledge.sources.catalogue import Catalogue, Head, Offer, Skipped, Translation
from knowledge.sources.files import Report, Source, is_text, sha256, shown
from knowledge.sources.listing import LISTING, guessed, sources
from knowledge.split import Count, approximate, cut

__all__ = ["UPLOADS", "Content", "read", "read_strict"]

UPLOADS = "uploads/"
"""What the names of uploaded files begin with, in problems and origins."""

_Item = Passage | Review | Promotion | Term | Head | Offer | Skipped | Translation


@dataclass(frozen=True)
class Content:
    """What a content folder holds.

    Attributes:
        passages: All that is to be indexed, cut to size: texts in the order of the sources, then products.
        products: With at least one variant each.
        reviews: Of these products only.
        promotions: By code, each once.
        terms: The shop's own list of words in two languages.
        problems: Every bad place; its row or file is left out of the rest.
        files: Path relative to the folder → SHA-256 in hex, of each file that was read.
    """

    passages: tuple[Passage, ...]
    products: tuple[Product, ...]
    reviews: tuple[Review, ...]
    problems: tuple[Problem, ...]
    files: Mapping[str, str]
    promotions: tuple[Promotion, ...] = ()
    terms: tuple[Term, ...] = ()


def read(folder: Path, count: Count = approximate, uploads: Path | None = None) -> Content:
    """Everything in a content folder that can be used, and every problem with the rest.

    Args:
        folder: With a `sources.toml`, or without: then files are told by their names and headers.
        count: Tokens of a text, as the encoder counts; passages have at most `split.LIMIT` of them.
        uploads: A folder of further files, read as part of the same shop. One stands for the file of the same name
            in `folder`, and is read as the listing says there; the others are told by their names and headers.

    Raises:
        SourceError: The folder or its listing cannot be read. Nothing else is raised, whatever the files hold.
    """
    problems: list[Problem] = []
    files: dict[str, str] = {}
    gathered = _Gathered(problems)
    for source in _all_sources(folder, uploads, problems):
        if source.format != "orders":
            _read_file(source, gathered, problems, files)
    if (folder / LISTING).is_file():
        files[LISTING] = sha256(folder / LISTING)
    products = gathered.catalogue.products()
    texts = [piece for passage in gathered.passages.values() for piece in cut(passage, count)]
    about = [
        piece for product in products for lang in product.wording for piece in render.passages(product, lang, count)
    ]
    return Content(
        passages=(*texts, *about),
        products=products,
        reviews=tuple(gathered.good_reviews({product.handle for product in products})),
        problems=tuple(problems),
        files=files,
        promotions=tuple(gathered.promotions.values()),
        terms=tuple(gathered.terms),
    )


def _all_sources(folder: Path, uploads: Path | None, problems: list[Problem]) -> Iterator[Source]:
    """The folder's sources, with uploads in the place of files of their name, then the other uploads."""
    replaced = set()
    for source in sources(folder, problems):
        if uploads and (uploads / source.file).is_file():
            replaced.add(source.file)
            yield replace(source, path=uploads / source.file, file=f"{UPLOADS}{source.file}")
        else:
            yield source
    told: list[Problem] = []
    for source in guessed(uploads, told) if uploads else ():
        if source.file not in replaced:
            yield replace(source, file=f"{UPLOADS}{source.file}")
    problems += [replace(problem, file=f"{UPLOADS}{problem.file}") for problem in told if problem.file not in replaced]


def read_strict(folder: Path, count: Count = approximate) -> Content:
    """Like `read`, for a folder that must be without fault.

    Raises:
        SourceError: With every problem there is.
    """
    content = read(folder, count)
    if content.problems:
        raise SourceError(content.problems)
    return content


class _Gathered:
    """Content of all files, before products are put together."""

    def __init__(self, problems: list[Problem]) -> None:
        self.catalogue = Catalogue(problems)
        self.passages: dict[str, Passage] = {}
        self.promotions: dict[str, Promotion] = {}
        self.terms: list[Term] = []
        self._reviews: list[Review] = []
        self._problems = problems

    def add(self, items: Iterable[_Item]) -> None:
        """Take what a reader yields."""
        for item in items:
            match item:
                case Passage():
                    self._add_passage(item)
                case Review():
                    self._reviews.append(item)
                case Term():
                    self.terms.append(item)
                case Promotion():  # a code twice is told by its passages
                    self.promotions.setdefault(item.code, item)
                case _:
                    self.catalogue.add(item)

    def good_reviews(self, handles: set[str]) -> Iterator[Review]:
        """The reviews of known products; those of products that are not sold are passed over in silence."""
        for review in self._reviews:
            if review.product in handles:
                yield review
            elif not self.catalogue.knows(review.product):
                self._wrong(review.origin, "product", f"unknown product {shown(review.product)}", "a product's handle")

    def _add_passage(self, passage: Passage) -> None:
        first = self.passages.setdefault(passage.id, passage).origin
        if first != passage.origin:
            wanted = f"an id of its own; it is first used in {first.file}:{first.line}"
            self._wrong(passage.origin, "id", f"{shown(passage.id)} again", wanted)

    def _wrong(self, origin: Origin, column: str, found: str, wanted: str) -> None:
        self._problems.append(Problem(origin.file, origin.line, column, found, wanted))


def _read_file(source: Source, gathered: _Gathered, problems: list[Problem], files: dict[str, str]) -> None:
    report = Report(source.file, problems)
    try:
        files[source.file] = sha256(source.path)
        if source.file.lower().endswith(".xml") or is_text(source.path, report):
            gathered.add(_items(source, report))
    except (OSError, UnicodeDecodeError) as error:
        report(0, "", str(error), "a file that can be read and does not change meanwhile")


def _items(source: Source, report: Report) -> Iterator[_Item]:
    readers = {
        "shopify_csv": shopify.products,
        "shopify_translations": shopify.translations,
        "merchant": merchant.products,
        "table": table.products,
        "faq": faq.passages,
        "pages": pages.passages,
        "promotions": promotions.promotions,
        "reviews": reviews.reviews,
        "terms": terms.terms,
    }
    yield from readers[source.format](source, report)
