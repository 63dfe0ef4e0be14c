"""Encoders: exported models, the fallback, and what cannot be read."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.encode import (
    BATCH_PIECES,
    Encoder,
    batches,
    cached,
    export_encoder,
    open_counter,
    open_encoder,
    unreadable,
)
from knowledge.errors import EncoderError
from knowledge.hashed import HashedEncoder

TEXTS = ["How long does shipping take?", "delivery time", "The Larch rain shell weighs 310 g. " * 40, "a", ""]


@pytest.fixture(scope="module")
def packaged(built: Path) -> Path:
    """Cache with the packaged model's export, made by `aisle kb build`."""
    return built / "encoders"


def test_the_packaged_model_is_served_without_torch(packaged: Path) -> None:
    """Once exported, opening and encoding import neither torch nor transformers."""
    code = (
        "import sys; from pathlib import Path; from knowledge.encode import open_encoder;"
        "open_encoder('st:', Path(sys.argv[1])).encode(['hello']);"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(packaged)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_rows_are_unit_rows_of_near_meaning(packaged: Path) -> None:
    """Rows have length 1, paraphrases are near, other things are not, one by one or together."""
    encoder = open_encoder("st:", packaged)
    rows = encoder.encode([*TEXTS[:2], "wool socks"])
    assert rows.shape == (3, encoder.dim)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert rows[0] @ rows[1] > 0.6 > 0.3 > rows[0] @ rows[2]
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert encoder.encode(TEXTS) == pytest.approx(alone, abs=1e-5)
    assert encoder.encode([]).shape == (0, encoder.dim)


@pytest.mark.parametrize(
    "text", ["退货政策是什么？", "运到加拿大要多久", "大号有货吗", "Larch Jacket 防水吗？", "この商品は防水ですか"]
)
def test_what_the_packaged_model_cannot_read_is_all_zeros(packaged: Path, text: str) -> None:
    """Chinese questions, mixed ones too, give a row of zeros instead of a vector of guesses."""
    assert not open_encoder("st:", packaged).encode([text]).any()


@pytest.mark.parametrize("text", ["Crème brûlée 🙂🙂🙂", "Gore-Tex® — 3-layer?", "FW-RDG1-GRN", "\ud800 hello", ""])
def test_signs_and_accents_do_not_make_a_text_unreadable(packaged: Path, text: str) -> None:
    """Emoji, marks, codes, lone surrogates and nothing at all still give a row of length 1."""
    assert np.linalg.norm(open_encoder("st:", packaged).encode([text])) == pytest.approx(1, abs=1e-5)


def test_pieces_are_counted_without_marks_and_without_end(packaged: Path) -> None:
    """The counter counts the model's own pieces, beyond what the model itself would cut."""
    count = open_counter("st:", packaged)
    assert [count(text) for text in ("", "hello", "hello world", "hello " * 1000)] == [0, 1, 2, 1000]


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "encoder.json"])
def test_damaged_exports_are_named(packaged: Path, tmp_path: Path, name: str) -> None:
    """A changed file of the export is refused by name, with what to do."""
    source = cached("st:", packaged)
    folder = cached("st:", tmp_path)
    folder.mkdir()
    for path in source.iterdir():
        if path.name == name:
            (folder / name).write_bytes(path.read_bytes()[:-1])
        else:
            (folder / path.name).hardlink_to(path)
    with pytest.raises(EncoderError, match=f"{name}.*delete the folder to export again"):
        open_encoder("st:", tmp_path)


@pytest.mark.parametrize("spec", ["", "all-MiniLM-L6-v2", "hf:x", "st"])
def test_a_dial_of_another_kind_is_refused(spec: str, tmp_path: Path) -> None:
    """What does not begin with `st:` says what was found and wanted."""
    with pytest.raises(EncoderError, match="wanted st:"):
        open_encoder(spec, tmp_path)


def test_a_model_that_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a model is named, and nothing is left in the cache."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (tmp_path / "empty").mkdir()
    with pytest.raises(EncoderError, match="cannot load"):
        open_encoder(f"st:{tmp_path / 'empty'}", tmp_path / "cache")
    assert [path for path in (tmp_path / "cache").iterdir() if not path.name.endswith(".lock")] == []


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes a small random model in a folder, with a given pooling."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "how",
        "long",
        "does",
        "shipping",
        "take",
        "delivery",
        "time",
        "the",
        "?",
    ]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    base = tmp_path_factory.mktemp("tiny")
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]",
        model_max_length=64,
    ).save_pretrained(base / "base")  # fmt: skip
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(base / "base")

    def make(pooling: str) -> Path:
        transformer = Transformer(str(base / "base"), max_seq_length=64)
        model = SentenceTransformer(modules=[transformer, Pooling(32, pooling)], device="cpu")
        model.save(str(base / pooling))
        return base / pooling

    return make


@pytest.mark.parametrize(("pooling", "runtime"), [("cls", "onnx"), ("max", "sentence-transformers")])
def test_other_models_are_exported_or_served_by_torch(
    tiny: Callable[[str], Path], tmp_path: Path, pooling: str, runtime: str
) -> None:
    """A model that can be exported is; another one is served by sentence-transformers, with the same rows."""
    from sentence_transformers import SentenceTransformer

    folder = tiny(pooling)
    texts = ["how long does shipping take ?", "delivery time", "the " * 100]
    wanted = SentenceTransformer(str(folder), device="cpu").encode(texts, normalize_embeddings=True)
    encoder: Encoder = open_encoder(f"st:{folder}", tmp_path)
    record = json.loads((export_encoder(f"st:{folder}", tmp_path) / "encoder.json").read_text())
    assert record["runtime"] == runtime
    assert encoder.name == record["name"]
    assert encoder.name.startswith(f"{pooling}@")
    assert encoder.encode(texts) == pytest.approx(wanted, abs=1e-4)
    assert not encoder.encode(["帐篷 多少 钱"]).any()
    assert encoder.encode([]).shape == (0, 32)


def test_a_changed_model_is_exported_anew(tmp_path: Path) -> None:
    """The cache tells a model's files apart from what they were before."""
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text("{}")
    before = cached(f"st:{model}", tmp_path)
    assert cached(f"st:{model}", tmp_path) == before
    os.utime(model / "config.json", ns=(1, 1))
    assert cached(f"st:{model}", tmp_path) != before


@given(st.lists(st.integers(1, 600), max_size=200))
def test_batches_hold_every_text_once_and_little_padding(lengths: list[int]) -> None:
    """Each index comes once, in order, and no batch of several pads beyond the limit."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    made = list(batches(order, lengths))
    assert [i for batch in made for i in batch] == order
    assert all(len(batch) == 1 or len(batch) * lengths[batch[-1]] <= BATCH_PIECES for batch in made)


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [(["a", "b", "c", "[UNK]"], False), (["a", "b", "[UNK]"], True), (["[UNK]"], True), ([], False)],
)
def test_a_quarter_may_be_unknown(tokens: list[str], expected: bool) -> None:
    """Up to a quarter of the pieces with letters may be unknown; an empty text is no unreadable one."""
    offsets = [(i, i + 1) for i in range(len(tokens))]
    assert unreadable(tokens, offsets, "x" * len(tokens), "[UNK]") is expected


def test_the_twin_keeps_the_same_promises() -> None:
    """The hashed encoder gives unit rows, or zeros for Chinese and for nothing, the same every time."""
    encoder = HashedEncoder()
    rows = encoder.encode(["rain jackets", "jacket for rain", "雨衣", ""])
    assert rows[0] == pytest.approx(rows[1])
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 0, 0])
    assert rows.tobytes() == HashedEncoder().encode(["rain jackets", "jacket for rain", "雨衣", ""]).tobytes()
