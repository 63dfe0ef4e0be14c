"""Which files are read, and as what."""

from pathlib import Path

import pytest

from knowledge.errors import SourceError
from knowledge.sources import read, read_strict

FAQ = '{"id": "x", "questions": ["X?"], "answer": "Yes."}\n'


def listed(folder: Path, listing: str) -> list[str]:
    """The problems of a folder with this listing, as text."""
    (folder / "sources.toml").write_text(listing)
    return list(map(str, read(folder).problems))


def test_a_missing_folder_cannot_be_read(tmp_path: Path) -> None:
    """Without a folder there is nothing to list, so reading fails at once."""
    with pytest.raises(SourceError, match="no such folder"):
        read(tmp_path / "none")


@pytest.mark.parametrize("listing", ["[[source", "source = 1", "source = [1]", "", "\udcff"])
def test_a_listing_that_cannot_be_read_fails(tmp_path: Path, listing: str) -> None:
    """A listing that is no TOML, has no tables or is no UTF-8 leaves nothing to go by."""
    (tmp_path / "sources.toml").write_bytes(listing.encode("utf-8", "surrogateescape"))
    with pytest.raises(SourceError, match=r"sources\.toml"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("entry", "column", "found"),
    [
        ('path = "f.jsonl"\nformat = "csv"', "format", "'csv'"),
        ('path = "f.jsonl"', "format", "None"),
        ('format = "faq"', "path", "None"),
        ('path = "none.jsonl"\nformat = "faq"', "path", "no file 'none.jsonl'"),
        ('path = "../f.jsonl"\nformat = "faq"', "path", "'../f.jsonl'"),
        ('path = "/etc/passwd"\nformat = "faq"', "path", "'/etc/passwd'"),
        ('path = "f.jsonl"\nformat = "faq"\nlang = "xx"', "lang", "unknown language 'xx'"),
        ('path = "f.jsonl"\nformat = "faq"\ncurrency = "dollar"', "currency", "'dollar'"),
        ('path = "f.jsonl"\nformat = "faq"\ncolour = "x"', "colour", "unknown key 'colour'"),
        ('path = 1\nformat = "faq"', "path", "1"),
        ('path = "f.jsonl"\nformat = "faq"\ncolumns = {id = 1}', "columns", "{'id': 1}"),
    ],
)
def test_a_bad_entry_is_told_with_its_line(tmp_path: Path, entry: str, column: str, found: str) -> None:
    """An entry of the listing that cannot be used is left out, and the next is read."""
    (tmp_path / "f.jsonl").write_text(FAQ)
    (tmp_path / "g.jsonl").write_text(FAQ)
    good = '[[source]]\npath = "g.jsonl"\nformat = "faq"\n'
    (tmp_path / "sources.toml").write_text(f"lang = 'en'\n[[source]]\n{entry}\n{good}")
    content = read(tmp_path)
    assert [passage.origin.file for passage in content.passages] == ["g.jsonl"]
    [problem] = content.problems
    assert (problem.file, problem.line, problem.column, problem.found) == ("sources.toml", 2, column, found)


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    """A link to a file elsewhere is no file of the shop's."""
    (tmp_path / "secret.jsonl").write_text(FAQ)
    inside = tmp_path / "content"
    inside.mkdir()
    (inside / "faq.jsonl").symlink_to(tmp_path / "secret.jsonl")
    assert listed(inside, '[[source]]\npath = "faq.jsonl"\nformat = "faq"\n') == [
        "sources.toml:1, column path: found no file 'faq.jsonl', wanted a file, a folder with files, or a pattern"
    ]


def test_patterns_and_folders_name_many_files(tmp_path: Path) -> None:
    """A pattern takes what fits it, a folder all that is in it, and no file is read twice."""
    for lang in ("en", "zh"):
        (tmp_path / "policies" / lang).mkdir(parents=True)
        (tmp_path / "policies" / lang / "returns.md").write_text("## Returns {#r}\n\n60 days.\n")
        (tmp_path / f"faq.{lang}.jsonl").write_text(FAQ)
    listing = '[[source]]\npath = "faq.*.jsonl"\nformat = "faq"\n[[source]]\npath = "policies"\nformat = "pages"\n'
    (tmp_path / "sources.toml").write_text(listing)
    assert [passage.id for passage in read_strict(tmp_path).passages] == [
        *("faq:x:en", "faq:x:zh", "policy:returns#r:en", "policy:returns#r:zh")
    ]
    assert listed(tmp_path, listing + '[[source]]\npath = "faq.en.jsonl"\nformat = "faq"\n') == [
        "sources.toml:7, column path: found 'faq.en.jsonl' again, wanted every file once"
    ]


def test_the_nearest_word_on_the_language_holds(tmp_path: Path) -> None:
    """The entry's `lang` comes before the file's name, the name before the listing's top."""
    for name in ("faq.zh.jsonl", "faq.jsonl", "faq.fr.jsonl"):
        (tmp_path / name).write_text(FAQ.replace('"x"', f'"{len(name)}{name[4]}"'))
    (tmp_path / "sources.toml").write_text(
        'lang = "de"\n[[source]]\npath = "faq.fr.jsonl"\nformat = "faq"\nlang = "it"\n'
        '[[source]]\npath = "faq.zh.jsonl"\nformat = "faq"\n[[source]]\npath = "faq.jsonl"\nformat = "faq"\n'
    )
    assert [passage.lang for passage in read_strict(tmp_path).passages] == ["it", "zh", "de"]


def test_orders_are_listed_and_not_read(tmp_path: Path) -> None:
    """Orders are no knowledge; naming them in the listing is no problem."""
    (tmp_path / "orders.jsonl").write_text("not even JSON\n")
    assert listed(tmp_path, '[[source]]\npath = "orders.jsonl"\nformat = "orders"\n') == []
    assert "orders.jsonl" not in read(tmp_path).files


def test_the_listing_itself_is_hashed(tmp_path: Path) -> None:
    """A changed listing changes what is read, so its hash counts."""
    (tmp_path / "sources.toml").write_text("source = []\n")
    assert list(read(tmp_path).files) == ["sources.toml"]


def test_without_a_listing_files_are_told_by_their_looks(tmp_path: Path) -> None:
    """Header, keys and names tell the formats; hidden files and a README are passed over."""
    files = {
        "a.csv": "Handle,Title,Variant Price\nmug,Mug,9.00\n",
        "b.zh.csv": "Type,Identification,Field,Locale,Translated content\nPRODUCT,mug,title,zh-CN,杯子\n",
        "c.txt": "id\ttitle\tprice\tavailability\nC1\tCup\t9.00 EUR\tin_stock\n",
        "d.jsonl": FAQ,
        "e.jsonl": '{"product": "mug", "stars": 5, "text": "Good"}\n',
        "f.jsonl": '{"number": "FW-1", "items": [], "state": "paid"}\n',
        "g.csv": "handle,name,price\npot,Pot,9.00\n",
        "policies/zh/returns.md": "60 天。\n",
        "README.md": "Not for shoppers.\n",
        ".hidden": "x",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    content = read_strict(tmp_path)
    assert {passage.id for passage in content.passages} == {
        *("faq:x:en", "policy:returns:zh", "product:mug:en", "product:mug:zh", "product:C1:en", "product:pot:en")
    }
    assert len(content.reviews) == 1


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.csv", "x,y\n1,2\n", "columns 'x, y'"),
        ("a.xlsx", "x", "a file '.xlsx'"),
        ("a.json", "[]", "a file '.json'"),
        ("Makefile", "x", "a file 'makefile'"),
        ("faq.xx.jsonl", FAQ, "unknown language 'xx' in its name"),
        ("empty.csv", "", "columns ''"),
    ],
)
def test_a_file_that_fits_nothing_is_told(tmp_path: Path, name: str, text: str, found: str) -> None:
    """Without a listing, a file of no known looks is a problem and not passed over."""
    (tmp_path / name).write_text(text)
    [problem] = read(tmp_path).problems
    assert (problem.file, problem.found) == (name, found)
    assert problem.wanted


def test_strict_reading_refuses_with_all_problems(tmp_path: Path) -> None:
    """`read_strict` raises one error that lists every bad place."""
    (tmp_path / "faq.jsonl").write_text('{"questions": ["X?"], "answer": ""}\n[]\n' + FAQ)
    with pytest.raises(SourceError) as caught:
        read_strict(tmp_path)
    assert sorted({problem.line for problem in caught.value.problems}) == [1, 2]
    assert "faq.jsonl:2" in str(caught.value)
