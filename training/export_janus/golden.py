"""Golden numbers of the tiny Janus, recorded from Hugging Face's PyTorch model and from the reference tokenizer."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from pairscope.export.reference import Settings

from .fused_runtime import FusedRuntime
from .reference import JanusReference
from .sample_texts import sample_texts

TEXTS = 2500
MARGIN = 2e-3
"""Nearest two scores of a recorded step, at least: with less, rounding might decide a token."""
LOGIT_STEPS = (0, 1, 2, 31, 63)
PROMPTS = (
    "a red balloon and a blue gift",
    "a red balloon and a green gift",
    "cat",
    "A close-up photo of an old wooden bowl with 12 green apples, on the table to the left of a window; soft light, 4k",
    "一只红色的气球和一个蓝色的礼物",
    "naïve café, чёрный кот 🎈 \"OPEN\"",
)
GUIDANCE = (1.5, 5.0, 7.5)


@dataclass(frozen=True)
class Case:
    """One drawn pair; `forced` maps steps to tokens."""

    a: str
    b: str
    settings: Settings
    cross_lanes: bool = True
    forced_a: tuple[tuple[int, int], ...] = ()
    forced_b: tuple[tuple[int, int], ...] = ()


CASES = (
    Case(PROMPTS[0], PROMPTS[1], Settings(seed=7, guidance_weight=5)),
    Case(PROMPTS[2], PROMPTS[3], Settings(seed=4294967295, coupled=False, guidance_weight=1, temperature=0.7, top_k=50)),
    Case(PROMPTS[4], PROMPTS[5], Settings(seed=0, guidance_weight=3, top_p=0.9)),
    Case(PROMPTS[3], PROMPTS[0], Settings(seed=12, guidance_weight=5, greedy=True)),
    Case(PROMPTS[0], PROMPTS[5], Settings(seed=3, guidance_weight=7.5, plausibility=0.05), cross_lanes=False),
    Case(PROMPTS[1], PROMPTS[2], Settings(seed=97, guidance_weight=5), forced_a=((0, 5), (1, 63), (20, 0)), forced_b=((0, 5), (63, 7))),
)  # fmt: skip


class Unsteady(Exception):
    """A recorded step is too close to call; another prompt or seed must take its place."""


def write_golden(checkpoint: Path, model: Path, out: Path) -> list[Path]:
    """Writes `generate.json`, `draws.json`, `tokenization.json`, `pixels.json` and `understanding.json` for the exported folder `model`."""
    reference = JanusReference(checkpoint)
    language_model = model / "onnx" / "language_model.onnx"
    stamp = {"languageModelSha256": hashlib.sha256(language_model.read_bytes()).hexdigest()}
    out.mkdir(parents=True, exist_ok=True)
    texts = {
        "generate": stamp | generations(reference),
        "draws": stamp | {"cases": [pair(reference, case) for case in CASES]},
        "tokenization": {"texts": tokenization(reference.tokenizer)},
        "pixels": stamp | pixels(reference),
        "understanding": stamp | understanding(reference),
    }
    paths = []
    for name, value in texts.items():
        path = out / f"{name}.json"
        path.write_text(_lines(value))
        paths.append(path)
    return paths


def write_fused_golden(folders: list[Path], out: Path) -> Path:
    """Writes `fused.json`: one pair, drawn with the CPU graph of each folder, which the self-check compares with PyTorch."""
    cases = []
    for folder in folders:
        runtime, case = FusedRuntime(folder, "chunk"), CASES[0]
        stats = runtime.draw(case.a, case.b, case.settings, case.cross_lanes)
        if stats[:, :, 2].min() < MARGIN:
            raise Unsteady(f"{folder.name} is too close to call.")
        tokens = {side: stats[:, i, 0].astype(int).tolist() for i, side in enumerate("ab")}
        cases.append({"weightType": runtime.manifest["weightType"], "prompts": {"a": case.a, "b": case.b}, "tokens": tokens})
    path = out / "fused.json"
    path.write_text(_lines({"cases": cases}))
    return path


def write_builder_golden(checkpoint: Path, graph: Path, out: Path) -> Path:
    """Writes `builder.json`: pairs drawn by PyTorch with the 4-bit weights of a graph that onnxruntime-genai's builder made."""
    reference = JanusReference(checkpoint)
    unknown = reference.model.model.language_model.load_state_dict(dequantized(graph), strict=False).unexpected_keys
    if unknown:
        raise ValueError(f"{graph} has matrices that the checkpoint does not have: {', '.join(unknown)}.")
    stamp = {"languageModelSha256": hashlib.sha256(graph.read_bytes()).hexdigest()}
    path = out / "builder.json"
    path.write_text(_lines(stamp | {"cases": [pair(reference, case) for case in (CASES[0], CASES[2])]}))
    return path


def dequantized(graph: Path) -> dict[str, torch.Tensor]:
    """The matrices of a graph's symmetric 4-bit `MatMulNBits`, [out, in], by their names in PyTorch."""
    model = onnx.load(graph).graph
    tensors = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.initializer}
    state = {}
    for node in (node for node in model.node if node.op_type == "MatMulNBits"):
        packed, scales = (tensors[name] for name in node.input[1:3])
        numbers = np.stack([packed & 15, packed >> 4], -1).reshape(len(packed), packed.shape[1], -1).astype(np.float32) - 8
        weight = (numbers * scales.reshape(len(packed), -1, 1)).reshape(len(packed), -1)
        name = node.name.removeprefix("/model/").removesuffix("/MatMul_Q4").replace("/", ".").replace(".attn.", ".self_attn.")
        state[f"{name}.weight"] = torch.from_numpy(weight)
    return state


def generations(reference: JanusReference) -> dict[str, Any]:
    """Greedy tokens of `generate`, alone and two prompts in one batch, with the logits of some steps."""
    batches = [[p] for p in PROMPTS] + [[PROMPTS[2], PROMPTS[3]], [PROMPTS[0], PROMPTS[4]]]
    cases, alone = [], {}
    for guidance in GUIDANCE:
        for prompts in batches:
            tokens = reference.generate(prompts, guidance)
            logits = reference.logits(prompts, tokens)
            guided = logits[:, 1::2] + guidance * (logits[:, 0::2] - logits[:, 1::2])
            if not np.array_equal(guided.argmax(-1).T, tokens):
                raise Unsteady(f"`generate` and the own loop differ for {prompts} at guidance {guidance}.")
            best = np.sort(guided, -1)
            if (best[..., -1] - best[..., -2]).min() < MARGIN:
                raise Unsteady(f"{prompts} at guidance {guidance} is too close to call.")
            for prompt, line in zip(prompts, tokens, strict=True):
                if not np.array_equal(alone.setdefault((prompt, guidance), line), line):
                    raise Unsteady(f"{prompt!r} draws something else in a batch than alone.")
            case: dict[str, Any] = {"prompts": prompts, "guidanceWeight": guidance, "tokens": tokens.tolist()}
            if guidance == 5:
                case["logits"] = {str(step): _base64(logits[step]) for step in LOGIT_STEPS[: 5 if len(prompts) == 1 else 2]}
            cases.append(case)
    return {"codes": int(logits.shape[-1]), "cases": cases}


def forced_tokens(case: Case, steps: int) -> NDArray[np.int64]:
    """int64 [steps, 2], -1 = sample."""
    forced = np.full((steps, 2), -1)
    for side, entries in enumerate((case.forced_a, case.forced_b)):
        for step, token in entries:
            forced[step, side] = token
    return forced


def pair(reference: JanusReference, case: Case) -> dict[str, Any]:
    """A sampled pair, with the names that the engine uses."""
    s = case.settings
    forced = forced_tokens(case, reference.tokens)
    stats = reference.draw(case.a, case.b, s, case.cross_lanes, forced)
    if stats[:, :, 2].min() < MARGIN:
        raise Unsteady(f"{case.a!r} and {case.b!r} with seed {s.seed} are too close to call.")
    return {
        "prompts": {"a": case.a, "b": case.b},
        "settings": {
            "seed": s.seed,
            "coupling": "coupled" if s.coupled else "independent",
            "guidanceWeight": s.guidance_weight,
            "temperature": s.temperature,
            "topK": s.top_k,
            "topP": s.top_p,
            "plausibility": s.plausibility,
            "greedy": s.greedy,
        },
        "crossLanes": case.cross_lanes,
        "forced": {"a": forced[:, 0].tolist(), "b": forced[:, 1].tolist()} if (forced >= 0).any() else None,
        "tokens": {"a": stats[:, 0, 0].astype(int).tolist(), "b": stats[:, 1, 0].astype(int).tolist()},
        "stats": [[_short(x) for x in line.reshape(-1)] for line in stats],
    }


def tokenization(tokenizer: Tokenizer) -> list[list[Any]]:
    """[text, ids] of the reference tokenizer, bos included."""
    return [[text, tokenizer.encode(text).ids] for text in sample_texts(TEXTS)]


def pixels(reference: JanusReference) -> dict[str, Any]:
    """One decoded picture, float32 [3, h, w] about -1..1, in base64."""
    tokens = reference.generate([PROMPTS[0]], 5.0)
    picture = reference.pixels(tokens)[0]
    return {"tokens": tokens[0].tolist(), "shape": list(picture.shape), "image": _base64(picture)}


SYSTEM = (
    "You are a helpful language and vision assistant. You are able to understand the visual content that the user provides, "
    "and assist the user with a variety of tasks using natural language."
)
QUESTIONS = tuple(f'Does this image match the description "{p}"? Please directly respond with yes or no.' for p in (PROMPTS[0], PROMPTS[2], PROMPTS[5]))
FIRST_WORDS = ("y", "Y", "n", "N")
"""The tiny vocabulary has letters only; these begin what an answer may be, at a line's start or after a space."""


def understanding(reference: JanusReference) -> dict[str, Any]:
    """Probabilities of the first token of an answer about a picture of noise, asked in the official frame."""
    vision = reference.model.config.vision_config
    size = vision.image_size
    picture = np.random.default_rng(5).integers(0, 256, (size, size, 3), dtype=np.uint8)
    pixels = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 255
    shown = "<begin_of_image>" + "<image_placeholder>" * reference.tokens + "<end_of_image>"
    cases = []
    for question in QUESTIONS:
        ids = reference.tokenizer.encode(f"{SYSTEM}\n\n<|User|>: {shown}\n{question}\n\n<|Assistant|>:").ids
        with torch.no_grad():
            out = reference.model(input_ids=torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.int64), pixel_values=(pixels - 0.5) / 0.5)
        first = out.logits[0, -1].double().softmax(-1)
        spelled = {word: [reference.tokenizer.encode(text, add_special_tokens=False).ids for text in (word, f" {word}")] for word in FIRST_WORDS}
        probabilities = {word: float(f"{sum(first[ids[0]] for ids in both if len(ids) == 1):.9g}") for word, both in spelled.items()}
        cases.append({"question": question, "length": len(ids), "probabilities": probabilities})
    return {"size": size, "rgb": base64.b64encode(picture.tobytes()).decode(), "cases": cases}


def _base64(array: NDArray[np.float32]) -> str:
    return base64.b64encode(array.astype("<f4").tobytes()).decode()


def _short(value: np.float32) -> float | int:
    number = float(f"{float(value):.6g}")
    return int(number) if number.is_integer() and abs(number) < 1e6 else number


def _lines(value: dict[str, Any]) -> str:
    """JSON with one entry of each list a line."""
    parts = []
    for key, item in value.items():
        if isinstance(item, list) and item and isinstance(item[0], (list, dict)):
            body = "[\n" + ",\n".join(_compact(entry) for entry in item) + "\n]"
        else:
            body = _compact(item)
        parts.append(f"{json.dumps(key)}: {body}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _compact(value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    # Characters that editors show in no way, or in a misleading one.
    return "".join(f"\\u{ord(c):04x}" if unicodedata.category(c) in ("Cf", "Zl", "Zp", "Zs") and c != " " else c for c in text)
