"""Reading bytes, CSV and JSON lines: encodings, physical lines, and going on after a bad record."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import Problem
from knowledge.sources import read
from knowledge.sources.files import Report, Source, is_text, sha256, shown
from knowledge.sources.rows import header, rows

HEADER = "id,name,note\n"


def read_rows(
    folder: Path, data: str | bytes, name: str = "x.csv"
) -> tuple[list[tuple[int, list[object]]], list[Problem]]:
    """The rows of a file as (line, cells), and the problems."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    problems: list[Problem] = []
    found = rows(Source(path, name, "table"), Report(name, problems))
    return [(row.line, list(row.cells.values())) for row in found], problems


def test_rows_know_their_physical_lines(tmp_path: Path) -> None:
    """A column that spans lines moves the lines of the rows behind it, blank lines too."""
    found, problems = read_rows(tmp_path, HEADER + '1,"a\nb\n\nc",x\n\n2,b,y\n')
    assert found == [(2, ["1", "a\nb\n\nc", "x"]), (7, ["2", "b", "y"])]
    assert not problems


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_counts(tmp_path: Path, end: str) -> None:
    """Lines are counted alike with the line ends of Unix, Windows and old Macs."""
    found, problems = read_rows(tmp_path, end.join(["id,name", "1,a", '2,"b', 'c"', "3,d"]) + end)
    assert [line for line, _ in found] == [2, 3, 5]
    assert not problems


def test_a_wrong_number_of_columns_is_left_out(tmp_path: Path) -> None:
    """Rows that are too short or too long are listed, and the others are read."""
    found, problems = read_rows(tmp_path, HEADER + "1,a,x\n2,b\n3,c,z,w\n4,d,v\n")
    assert [line for line, _ in found] == [2, 5]
    assert [str(problem) for problem in problems] == [
        "x.csv:3: found 2 columns, wanted 3 columns, as in the header",
        "x.csv:4: found 4 columns, wanted 3 columns, as in the header",
    ]


def test_an_unclosed_quote_is_told_where_it_opens(tmp_path: Path) -> None:
    """A quote that is never closed costs its own line only, and the lines behind it are read."""
    found, problems = read_rows(tmp_path, HEADER + '1,"a\nb",x\n2,"open,y\n3,c,z\n4,"d\ne",w\n')
    assert [line for line, _ in found] == [2, 5, 6]
    assert [(problem.line, problem.found) for problem in problems] == [(4, "a quote that is not closed")]


def test_an_unclosed_quote_at_the_end_is_told_where_it_opens(tmp_path: Path) -> None:
    """The same when no quote follows at all and the file ends."""
    found, problems = read_rows(tmp_path, HEADER + '1,a,"x\n2,b,y\n')
    assert found == [(3, ["2", "b", "y"])]
    assert [problem.line for problem in problems] == [2]


def test_an_unclosed_quote_far_from_the_end_costs_little_memory(tmp_path: Path) -> None:
    """Reading gives up on a quoted column longer than any real one, and goes on behind the line where it opens."""
    data = HEADER + '1,"a,x\n' + "2,b,y\n" * 40_000
    found, problems = read_rows(tmp_path, data)
    assert len(found) == 40_000
    assert [problem.line for problem in problems] == [2]


def test_text_behind_a_closing_quote_is_a_problem(tmp_path: Path) -> None:
    """An inch mark that nobody doubled is told, not guessed."""
    found, problems = read_rows(tmp_path, HEADER + '1,"a 5" pole",x\n2,b,y\n')
    assert [line for line, _ in found] == [3]
    assert [problem.line for problem in problems] == [2]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_mark_between_columns_is_found(tmp_path: Path, mark: str) -> None:
    """Commas, semicolons and tabs are told apart by the header."""
    found, _ = read_rows(tmp_path, f"id{mark}name\n1{mark}a\n")
    assert found == [(2, ["1", "a"])]


def test_a_column_twice_in_the_header_is_a_problem(tmp_path: Path) -> None:
    """Two columns of one name cannot be told apart, so the file is left out."""
    found, problems = read_rows(tmp_path, "id,name,id\n1,a,2\n")
    assert not found
    assert problems == [Problem("x.csv", 1, "id", "column 'id' twice", "every column once")]


@pytest.mark.parametrize("data", ["", "\n\n", ",,\n"])
def test_a_file_without_a_header_is_a_problem(tmp_path: Path, data: str) -> None:
    """An empty file says that it has no header."""
    found, problems = read_rows(tmp_path, data)
    assert not found
    assert [problem.found for problem in problems] == ["no header"]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_encodings_that_say_what_they_are_read(tmp_path: Path, mark: bytes, encoding: str) -> None:
    """UTF-8 with and without mark, and UTF-16 with one, give the same rows; the mark is no part of the header."""
    path = tmp_path / "x.csv"
    path.write_bytes(mark + "名称,价格\n帐篷,12\n".encode(encoding))
    problems: list[Problem] = []
    source, report = Source(path, "x.csv", "table"), Report("x.csv", problems)
    assert is_text(path, report)
    assert header(source, report) == ("名称", "价格")
    assert [row.cells for row in rows(source, report)] == [{"名称": "帐篷", "价格": "12"}]
    assert not problems


@pytest.mark.parametrize(
    ("data", "line", "position"),
    [
        ("a,b\ncafé,1\n".encode("latin-1"), 2, 7),
        (b"a,b\n1,2\n\xff", 3, 8),
        (b"a\xe5\xb8", 1, 1),
        (b"a,b\n1,\x00\n", 2, 6),
        ("a,b\n1,2\n".encode("utf-16-le"), 1, 1),
        (codecs.BOM_UTF16_LE + b"a\x00\n\x00\x00\xd8", 2, 6),
        (b"x\n" * (1 << 20) + b"\xc3", (1 << 20) + 1, 2 << 20),
        (b"x" * ((1 << 20) - 1) + "é".encode() + b"\xff", 1, (1 << 20) + 1),
    ],
)
def test_other_bytes_are_told_with_their_position(tmp_path: Path, data: bytes, line: int, position: int) -> None:
    """The first byte that is no text is named by line and by position from the file's start."""
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    problems: list[Problem] = []
    assert not is_text(path, Report("x.csv", problems))
    assert [problem.line for problem in problems] == [line]
    assert f"at position {position} " in problems[0].found
    assert problems[0].wanted == "UTF-8, or UTF-16 with a byte order mark"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
def test_all_text_is_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Whatever can be written as UTF-8 is taken."""
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(text.encode())
    problems: list[Problem] = []
    assert is_text(path, Report("any.txt", problems))


def test_json_lines_are_read_one_by_one(tmp_path: Path) -> None:
    """Bad JSON, a list and half a surrogate are listed with line and column; the other lines are read."""
    data = '{"a": 1}\n\n[1]\n{"a": }\n{"a": "\\ud800"}\n{"a": 2}\n'
    found, problems = read_rows(tmp_path, data, "x.jsonl")
    assert found == [(1, [1]), (6, [2])]
    assert [(problem.line, problem.column) for problem in problems] == [(3, ""), (4, "7"), (5, "8")]
    assert {problem.wanted for problem in problems} == {"one JSON object a line"}


def test_found_values_are_short_and_escaped() -> None:
    """What problems quote is cut, and control characters cannot reach a terminal."""
    assert shown("a\x1b[31m") == r"'a\x1b[31m'"
    assert len(shown("x" * 10_000)) < 70


def test_hashes_of_the_files_read_are_told(tmp_path: Path) -> None:
    """Each file that was read is in `files` with its SHA-256."""
    (tmp_path / "faq.en.jsonl").write_text('{"id": "x", "questions": ["X?"], "answer": "Yes."}\n')
    content = read(tmp_path)
    assert content.files == {"faq.en.jsonl": sha256(tmp_path / "faq.en.jsonl")}
    assert len(content.files["faq.en.jsonl"]) == 64
