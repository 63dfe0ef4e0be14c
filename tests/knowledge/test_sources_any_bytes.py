"""Whatever bytes a file holds, reading lists problems and never fails."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.sources import Content, read
from knowledge.sources.listing import FORMATS
from knowledge.split import LIMIT, approximate

# One small sound file a format: mutations of these reach further than bytes out of nowhere.
SOUND = {
    ("shopify_csv", "a.csv"): (
        "Handle,Title,Body (HTML),Tags,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,"
        "Variant Inventory Qty,Variant Price,Image Src,Status,Fit (product.metafields.custom.fit)\n"
        'tent,Tent,"<p>Light<br>\n<table><tr><th>a</th></tr></table>","x, y",Colour,Green,S1,10,shopify,3,9.00,/a.jpg,,'
        '"[""a""]"\ntent,,,,,Sand,S2,,,,9.50,,,\n'
    ),
    ("shopify_translations", "a.csv"): (
        "Type,Identification,Field,Locale,Default content,Translated content\nPRODUCT,tent,title,zh-CN,Tent,帐篷\n"
    ),
    ("merchant", "a.tsv"): (
        "id\ttitle\tprice\tavailability\titem_group_id\tcolor\tshipping_weight\tsale_price_effective_date\n"
        "A\tMug - Red\t9.00 USD\tin stock\tg\tRed\t1 kg\t2026-01-01/2026-02-01\n"
    ),
    ("merchant", "a.xml"): (
        '<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel><item><g:id>A</g:id>'
        "<title>Mug</title><g:price>9.00 USD</g:price><g:availability>preorder</g:availability></item></channel></rss>"
    ),
    ("table", "a.csv"): "handle,name,price,stock\nmug,Mug,9.00,1\n",
    ("table", "a.jsonl"): '{"handle": "mug", "name": "Mug", "price": 9.5, "tags": ["a"]}\n',
    ("faq", "a.jsonl"): '{"id": "x", "questions": ["X?"], "answer": "Yes <b>so</b> &amp; so.", "url": "/faq#x"}\n',
    ("faq", "a.csv"): 'id,question,answer\nx,"X?\nY?",Yes\n',
    ("faq", "a.md"): "---\nlang: en\n---\n# FAQ\n## X? {#x}\n- Y?\n\nYes.\n",
    ("pages", "a.md"): "---\ntitle: T\n---\nA *b* [c](d).\n\n## H {#h}\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n> q\n",
    (
        "pages",
        "a.html",
    ): "<html lang=en><title>T</title><h1>T</h1><table><tr><th>a<td>b</table><h2 id=x>H</h2><p>x<script>1",
    ("promotions", "a.jsonl"): (
        '{"code": "A", "title": {"en": "t"}, "text": {"en": "x"}, "kind": "percent", "value": 5, "starts": "2026-01-01"'
        ', "ends": "2026-02-01", "min_order": 5}\n'
    ),
    ("terms", "a.tsv"): "en\tzh\ntent|tarp\t帐篷\nhow\t-\n",
    ("terms", "a.jsonl"): '{"en": ["tent", "tarp"], "zh": "帐篷"}\n',
    ("reviews", "a.csv"): "product,stars,text\nmug,5,Good\n",
    ("reviews", "a.jsonl"): '{"product": "mug", "stars": 5, "text": "Good"}\n',
}
TOKENS = [
    *(
        b'"',
        b'""',
        b",",
        b"\t",
        b";",
        b"\n",
        b"\r",
        b"\x00",
        b"\xff",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"<",
        b">",
    ),
    *(
        b"<![CDATA[",
        b"<!--",
        b"<!",
        b"<?xml",
        b"</",
        b"<table>",
        b"<h1>",
        b"<tr>",
        b"<pre>",
        b"&#0;",
        b"&#1;",
        b"&amp",
        b"&x;",
    ),
    *(
        b"---\n",
        b"{#",
        b"}",
        b"[",
        b"{",
        b": ",
        b"&a ",
        b"*a",
        b"1e999",
        b"-1",
        b"null",
        b"\\ud800",
        b"\x01" + b"0\x01",
        b"# ",
    ),
    *(
        "帐篷".encode(),
        "：".encode(),
        b" " * 50,
        b"a" * 300,
        b"> " * 40,
        b"- " * 40,
        b"[" * 2000,
        b"<div>" * 500,
        b"9" * 400,
    ),
]


def mutated(data: bytes, seed: int) -> bytes:
    """The data with a few parts replaced, put in, taken out or doubled."""
    dice = random.Random(seed)
    for _ in range(dice.randint(1, 6)):
        at, end = sorted((dice.randint(0, len(data)), dice.randint(0, len(data))))
        token = dice.choice(TOKENS)
        data = dice.choice([data[:at] + token + data[at:], data[:at] + token + data[end:], data[:end] + data[at:]])
        data = data[:20_000]
    return data


def read_one(folder: Path, format_: str, name: str, data: bytes) -> Content:
    """The content of a folder whose listing names this one file."""
    (folder / "sources.toml").write_text(f'[[source]]\npath = "{name}"\nformat = "{format_}"\n')
    (folder / name).write_bytes(data)
    return read(folder)


def check(content: Content) -> None:
    """What holds for all content, however bad its sources are."""
    for problem in content.problems:
        assert problem.file
        assert problem.found
        assert problem.wanted
        str(problem).encode()
    for passage in content.passages:
        assert passage.text.strip()
        assert passage.title
        assert approximate(passage.text) <= LIMIT
        (passage.id + passage.title + passage.text + "".join(passage.questions)).encode()
    assert len({passage.id for passage in content.passages}) == len(content.passages)
    assert all(product.variants for product in content.products)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all examples write into."""
    return tmp_path_factory.mktemp("bytes")


def test_every_format_has_a_sound_file(folder: Path) -> None:
    """The samples cover all formats that are read, and none of them has a problem of form."""
    assert {format_ for format_, _ in SOUND} == set(FORMATS) - {"orders"}
    for (format_, name), text in SOUND.items():
        content = read_one(folder, format_, name, text.encode())
        assert [p for p in content.problems if "unknown product" not in p.found] == []
        check(content)


@given(sample=st.sampled_from(sorted(SOUND)), seed=st.integers(0, 2**32))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_never_stop_the_reading(folder: Path, sample: tuple[str, str], seed: int) -> None:
    """A sound file with parts lost, doubled or replaced gives content and problems, never an error."""
    check(read_one(folder, *sample, mutated(SOUND[sample].encode(), seed)))


@given(sample=st.sampled_from(sorted(SOUND)), data=st.binary(max_size=300))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_out_of_nowhere_never_stop_the_reading(folder: Path, sample: tuple[str, str], data: bytes) -> None:
    """Any bytes under any format give problems or nothing, never an error."""
    check(read_one(folder, *sample, data))


@given(name=st.sampled_from(sorted({name for _, name in SOUND})), seed=st.integers(0, 2**32), data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_guessing_never_stops_the_reading(folder: Path, name: str, seed: int, data: st.DataObject) -> None:
    """Without a listing too, damaged files of any name are told and not raised."""
    place = folder / "guessed"
    place.mkdir(exist_ok=True)
    for old in place.iterdir():
        old.unlink()
    text = data.draw(st.sampled_from(sorted(SOUND.values())))
    (place / name).write_bytes(mutated(text.encode(), seed))
    check(read(place))
