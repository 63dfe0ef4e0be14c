"""The wire protocol: what is read, what is refused and how, and that its schema is true."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import frames
from bot.errors import BadFrame, TooLarge, WrongVersion

GOOD: list[dict[str, Any]] = [
    {"type": "hello", "v": 1},
    {"type": "hello", "v": 1, "token": "t", "after_seq": 3, "lang": "zh", "page": {"url": "/p", "product": "x"}},
    {"type": "say", "id": "abcdefgh", "text": "你好 👋"},
    {"type": "stop"},
    {"type": "ask_staff", "id": "abcdefgh", "note": "please"},
    {"type": "withdraw", "id": "abcdefgh"},
    {"type": "rate", "seq": 2, "value": -1},
    {"type": "typing", "on": True},
]


@pytest.mark.parametrize("value", GOOD, ids=lambda v: v["type"])
def test_every_client_frame_is_read_as_what_it_is(value: dict[str, Any]) -> None:
    """A frame comes out as the class of its type, with its fields."""
    frame = frames.parse(json.dumps(value))
    assert frame.type == value["type"]
    assert value.items() <= json.loads(frame.model_dump_json(exclude_unset=True)).items()


@pytest.mark.parametrize(
    ("raw", "error", "said"),
    [
        ("", BadFrame, "no JSON"),
        ("{", BadFrame, "no JSON"),
        ("[]", BadFrame, "list, wanted an object"),
        ("3", BadFrame, "int, wanted an object"),
        ('{"type":"shout"}', BadFrame, "does not match any of the expected tags"),
        ('{"type":"say","id":"abcdefgh"}', BadFrame, "say.text: Field required"),
        ('{"type":"say","id":"short","text":"x"}', BadFrame, "say.id"),
        ('{"type":"say","id":"abcdefgh","text":"x","seq":1}', BadFrame, "say.seq: Extra inputs"),
        ('{"type":"say","id":"abcdefgh","text":"a\\u0000b"}', BadFrame, "NUL or a lone surrogate"),
        ('{"type":"say","id":"abcdefgh","text":"\\ud83d"}', BadFrame, "surrogate|no JSON"),
        ('{"type":"say","id":"abcdefgh","text":"\ud83d"}', BadFrame, "lone surrogate"),
        ('{"type":"hello","v":2}', WrongVersion, "version 2, wanted 1"),
        ('{"type":"hello"}', WrongVersion, "version None, wanted 1"),
        ('{"type":"rate","seq":1,"value":5}', BadFrame, "rate.value"),
        ("[" * 10_000 + "]" * 10_000, BadFrame, "nested deeper"),
        (
            '{"type":"say","id":"abcdefgh","text":"' + "x" * 2001 + '"}',
            TooLarge,
            "2001 characters, wanted at most 2000",
        ),
        ("x" * (frames.MAX_FRAME_BYTES + 1), TooLarge, "bytes, wanted at most"),
    ],
)
def test_bad_frames_are_refused_with_what_was_got_and_wanted(raw: str, error: type[BadFrame], said: str) -> None:
    """Each kind of bad frame is a typed error whose message names the fault."""
    with pytest.raises(error, match=said):
        frames.parse(raw)


@given(st.one_of(st.text(), st.binary(), st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(json.dumps)))
def test_whatever_comes_only_bad_frame_is_raised(raw: str | bytes) -> None:
    """No input makes the reader fail in any other way."""
    with pytest.raises(BadFrame):
        frames.parse(raw)


@given(
    st.dictionaries(st.sampled_from(["type", "v", "id", "text", "seq", "value", "on", "page"]), st.text() | st.none())
)
def test_objects_with_the_right_names_and_wrong_values_are_refused_or_read(value: dict[str, Any]) -> None:
    """Nearly right objects are either frames or typed errors."""
    value["type"] = "say"
    try:
        frame = frames.parse(json.dumps(value))
    except BadFrame:
        return
    assert isinstance(frame, frames.Say)


@given(st.text(alphabet='[]{}"\\a', max_size=200))
def test_depth_ignores_brackets_inside_strings(text: str) -> None:
    """A message may talk about brackets as deep as it likes."""
    raw = json.dumps({"type": "say", "id": "abcdefgh", "text": text or "x"})
    assert isinstance(frames.parse(raw), frames.Say)


def test_dump_leaves_out_what_is_none() -> None:
    """Server frames are short: absent means absent."""
    assert json.loads(frames.dump(frames.Error(code="busy", message="m"))) == {
        "type": "error",
        "code": "busy",
        "message": "m",
    }


def test_schema_names_every_frame_of_both_directions() -> None:
    """The generated JSON Schema has each frame's type as a constant, and a description."""
    schema = frames.json_schema()
    for side, names in (
        ("client", {"hello", "say", "stop", "ask_staff", "withdraw", "rate", "typing"}),
        ("server", {"welcome", "ack", "delta", "message", "status", "typing", "rated", "error"}),
    ):
        assert set(schema[side]["discriminator"]["mapping"]) == names
        assert all(d["description"] for d in schema[side]["$defs"].values())


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ('{"type":"say","id":"abcdefgh"}', "abcdefgh"),
        ('{"type":"stop"}', "stop"),
        ('{"type":["x"]}', None),
        ("[1]", None),
        ("{", None),
        ("\ud83d", None),
        ("[" * 30_000, None),
    ],
)
def test_an_error_can_name_the_frame_that_it_is_about(raw: str, wanted: str | None) -> None:
    """The client's id, or else the type, is found without reading the whole frame; junk has neither."""
    assert frames.ref(raw) == wanted
