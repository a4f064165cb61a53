"""A small tokenizer with the pipeline of Janus's: byte-level BPE behind splits at line ends, words, signs and digits."""

from __future__ import annotations

import json
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

from .special_tokens import SPECIAL

VOCABULARY = 384
OTHERS = ("<image_placeholder>", "<end_of_image>", "<|User|>", "<|Assistant|>")
CORPUS = (
    "a red balloon and a blue gift", "a red balloon and a green gift", "two cats and three dogs on the table",
    "the photo of a small house to the left of a large tree", "a close-up portrait of an old man, studio light",
    "a painting of the city at night in the rain", "an apple under the chair, 2 cups behind it",
    "a sign that says \"OPEN\" on the door", "watercolor of the sea, soft light, high detail",
    "ein roter Ball neben dem Haus", "un chat noir sur la table", "красный шар и синий подарок",
    "一只红色的气球和一个蓝色的礼物", "赤い風船と青い贈り物", "빨간 풍선과 파란 선물",
)  # fmt: skip


def tiny_tokenizer() -> Tokenizer:
    """Bytes, a hundred-odd merges, then the special tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[\r\n]"), "isolated"),
            pre_tokenizers.Split(Regex(r"\s?\p{L}+"), "isolated"),
            pre_tokenizers.Split(Regex(r"\s?[!-/:-~！-／：-～‘-‟　-。]+"), "isolated"),
            pre_tokenizers.Split(Regex(r"\s+$"), "isolated"),
            pre_tokenizers.Split(Regex(r"[一-龥ࠀ-一가-퟿]+"), "isolated"),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
        max_token_length=12,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_special_tokens([AddedToken(t, normalized=False) for t in (*SPECIAL.values(), *OTHERS)])
    bos = SPECIAL["bos"]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A", special_tokens=[(bos, tokenizer.token_to_id(bos))]
    )
    return tokenizer


def write_tokenizer(folder: Path) -> Tokenizer:
    """`tokenizer.json` and `tokenizer_config.json`."""
    tokenizer = tiny_tokenizer()
    text = json.loads(tokenizer.to_str())
    (folder / "tokenizer.json").write_text(json.dumps(text, ensure_ascii=False, separators=(",", ":")) + "\n")
    config = {
        "add_bos_token": True,
        "add_eos_token": False,
        "bos_token": SPECIAL["bos"],
        "eos_token": SPECIAL["eos"],
        "pad_token": SPECIAL["pad"],
        "model_max_length": 16384,
        "tokenizer_class": "LlamaTokenizerFast",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, ensure_ascii=False, indent=1) + "\n")
    return tokenizer
