"""The image-token language model: a small Llama-style decoder over text and image tokens.

Sequence layout (absolute positions ``p``)::

    p        0     1 .. 18          19 (= P-1)   20 (= P)     ...   P+N-1
    id       bos   w1..wn pad..     boi          K-code 0     ...   code N-1
    predicts -     -                cell 0       cell 1       ...   (nothing)

``P`` is the fixed prefix length and ``N = rows * columns`` the number of image cells.  Image codes
have ids ``0 .. K-1``; the text token with text id ``i`` has the combined id ``K + i``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Config:
    """Everything that fixes the shape of the network (and of its exported graph)."""

    codes: int  # K, size of the image codebook
    text_tokens: int  # V, number of text ids
    prefix_length: int = 20  # P, text slots including <bos> and <boi>
    rows: int = 12
    columns: int = 12
    width: int = 256
    layers: int = 6
    heads: int = 4
    ffn: int = 704  # hidden width of the SwiGLU
    rope_theta: float = 1e4
    norm_eps: float = 1e-5
    tie_head: bool = True  # the head's weight is token_embed.weight[:codes]

    @property
    def cells(self) -> int:
        """N, image tokens in one picture."""
        return self.rows * self.columns

    @property
    def head_dim(self) -> int:
        """Channels of one attention head."""
        return self.width // self.heads

    @property
    def vocabulary(self) -> int:
        """Rows of the embedding table: image codes, then text ids."""
        return self.codes + self.text_tokens

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionary, as stored in a checkpoint."""
        return asdict(self)


# Keys and values of one layer, each [B, heads, S, head_dim]; keys are stored already rotated.
LayerCache = tuple[Tensor, Tensor]


class RMSNorm(nn.Module):
    """Root-mean-square normalisation with a learned gain; computed in float32."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """[..., width] -> [..., width]."""
        y = x.float()
        y = y * torch.rsqrt(y.pow(2).mean(-1, keepdim=True) + self.eps)
        return (y * self.weight).to(x.dtype)


def rope_tables(config: Config, length: int) -> tuple[Tensor, Tensor]:
    """cos and sin, each [length, head_dim]; the two halves repeat the same frequencies."""
    half = config.head_dim // 2
    frequency = config.rope_theta ** (-torch.arange(half, dtype=torch.float32) / half)
    angle = torch.arange(length, dtype=torch.float32)[:, None] * frequency[None, :]
    angle = torch.cat([angle, angle], dim=-1)
    return angle.cos(), angle.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Half-split rotary embedding: x [B, H, S, D], cos and sin [S, D]."""
    half = x.shape[-1] // 2
    turned = torch.cat([-x[..., half:], x[..., :half]], dim=-1)
    return x * cos + turned * sin


def causal_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal attention of the last positions of whole sequences, q [B, H, S, D] and k, v [B, H, T, D]; as two batched products
    it trains three times as fast on a CPU as the fused kernel does at these sizes."""
    batch, heads, length, depth = q.shape
    total = k.shape[2]
    if q.is_cuda and length == total:
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    q, k, v = (x.reshape(batch * heads, -1, depth) for x in (q, k, v))
    ahead = torch.full((length, total), -torch.inf, dtype=q.dtype, device=q.device).triu(1 + total - length)
    scores = torch.baddbmm(ahead.expand(len(q), length, total), q, k.mT, alpha=depth**-0.5)
    return (torch.softmax(scores, -1) @ v).view(batch, heads, length, depth)


class Attention(nn.Module):
    """Causal multi-head attention; pads are ordinary tokens, so there is no other mask."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.heads = config.heads
        self.q = nn.Linear(config.width, config.width, bias=False)
        self.k = nn.Linear(config.width, config.width, bias=False)
        self.v = nn.Linear(config.width, config.width, bias=False)
        self.o = nn.Linear(config.width, config.width, bias=False)

    def forward(
        self, x: Tensor, cos: Tensor, sin: Tensor, cache: LayerCache | None
    ) -> tuple[Tensor, LayerCache]:
        """x [B, S, width] at the positions of cos and sin -> same shape, and the grown cache."""
        batch, length, width = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(batch, length, self.heads, -1).transpose(1, 2)

        q = rotate(split(self.q(x)), cos.to(x.dtype), sin.to(x.dtype))
        k = rotate(split(self.k(x)), cos.to(x.dtype), sin.to(x.dtype))
        q, k, v = q.to(x.dtype), k.to(x.dtype), split(self.v(x))
        if cache is not None:
            k = torch.cat([cache[0], k], dim=2)
            v = torch.cat([cache[1], v], dim=2)
        if cache is not None and length == 1:
            y = F.scaled_dot_product_attention(q, k, v)
        else:
            y = causal_attention(q, k, v)
        return self.o(y.transpose(1, 2).reshape(batch, length, width)), (k, v)


class FeedForward(nn.Module):
    """SwiGLU."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.gate = nn.Linear(config.width, config.ffn, bias=False)
        self.up = nn.Linear(config.width, config.ffn, bias=False)
        self.down = nn.Linear(config.ffn, config.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """[B, S, width] -> [B, S, width]."""
        return self.down(F.silu(self.gate(x)) * self.up(x))


class Block(nn.Module):
    """Pre-norm attention and feed-forward with residual connections."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(config.width, config.norm_eps)
        self.attention = Attention(config)
        self.ffn_norm = RMSNorm(config.width, config.norm_eps)
        self.ffn = FeedForward(config)

    def forward(
        self, x: Tensor, cos: Tensor, sin: Tensor, cache: LayerCache | None
    ) -> tuple[Tensor, LayerCache]:
        """[B, S, width] -> [B, S, width] and the grown cache."""
        y, cache = self.attention(self.attention_norm(x), cos, sin, cache)
        x = x + y
        return x + self.ffn(self.ffn_norm(x)), cache


class ImageTokenModel(nn.Module):
    """Text prefix in, logits over the image codes out.

    Parameter names (for exporters): ``token_embed.weight [K+V, width]``, ``row_embed.weight
    [rows, width]``, ``column_embed.weight [columns, width]``, ``blocks.{i}.attention_norm.weight``,
    ``blocks.{i}.attention.{q,k,v,o}.weight``, ``blocks.{i}.ffn_norm.weight``,
    ``blocks.{i}.ffn.{gate,up,down}.weight``, ``final_norm.weight`` and, only when the head is not
    tied, ``head.weight [K, width]``.
    """

    cos: Tensor
    sin: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.token_embed = nn.Embedding(config.vocabulary, config.width)
        self.row_embed = nn.Embedding(config.rows, config.width)
        self.column_embed = nn.Embedding(config.columns, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.final_norm = RMSNorm(config.width, config.norm_eps)
        if not config.tie_head:
            self.head = nn.Linear(config.width, config.codes, bias=False)
        cos, sin = rope_tables(config, config.prefix_length + config.cells)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                # Residual outputs start smaller so that depth does not blow up the stream.
                scale = (2 * config.layers) ** -0.5 if name.endswith(("o.weight", "down.weight")) else 1.0
                nn.init.normal_(parameter, std=0.02 * scale)

    def target_embed(self) -> Tensor:
        """[N, width]: embedding of each cell as the place about to be predicted, raster order."""
        row = self.row_embed.weight[:, None, :]
        column = self.column_embed.weight[None, :, :]
        return (row + column).reshape(self.config.cells, self.config.width)

    def head_weight(self) -> Tensor:
        """[K, width]."""
        return self.token_embed.weight[: self.config.codes] if self.config.tie_head else self.head.weight

    def embed(self, ids: Tensor, start: int) -> Tensor:
        """ids [B, S] at absolute positions start .. start+S-1 -> [B, S, width]."""
        x = self.token_embed(ids)
        first = self.config.prefix_length - 1
        skip = max(0, first - start)  # tokens of this chunk that predict no cell
        if skip < ids.shape[1]:
            cell = start + skip - first
            target = self.target_embed()[cell : cell + ids.shape[1] - skip]
            x = torch.cat([x[:, :skip], x[:, skip:] + target], dim=1) if skip else x + target
        return x

    def run(
        self, ids: Tensor, start: int = 0, cache: list[LayerCache] | None = None
    ) -> tuple[Tensor, list[LayerCache]]:
        """Hidden states [B, S, width] after the final norm, and the grown cache of every layer."""
        x = self.embed(ids, start)
        cos, sin = self.cos[start : start + ids.shape[1]], self.sin[start : start + ids.shape[1]]
        grown: list[LayerCache] = []
        for index, block in enumerate(self.blocks):
            x, layer = block(x, cos, sin, None if cache is None else cache[index])
            grown.append(layer)
        return self.final_norm(x), grown

    def logits(self, hidden: Tensor) -> Tensor:
        """[..., width] -> [..., K]."""
        return F.linear(hidden, self.head_weight())

    def forward(self, ids: Tensor) -> Tensor:
        """ids [B, S] from position 0 -> logits [B, S-(P-1), K]; entry t predicts cell t."""
        hidden, _ = self.run(ids)
        return self.logits(hidden[:, self.config.prefix_length - 1 :])

    def parameters_count(self) -> int:
        """Number of learned values."""
        return sum(p.numel() for p in self.parameters())


def save_checkpoint(path: str, model: ImageTokenModel, **extra: Any) -> None:
    """Writes {"config", "state_dict", **extra} through a temporary file, so readers never see half."""
    import os

    temporary = f"{path}.tmp"
    torch.save({"config": model.config.to_dict(), "state_dict": model.state_dict(), **extra}, temporary)
    os.replace(temporary, path)


def load_checkpoint(path: str) -> tuple[ImageTokenModel, dict[str, Any]]:
    """The model in float32, evaluation mode, and the whole stored dictionary."""
    stored = torch.load(path, map_location="cpu", weights_only=True)
    model = ImageTokenModel(Config(**stored["config"]))
    model.load_state_dict(stored["state_dict"])
    return model.eval(), stored
