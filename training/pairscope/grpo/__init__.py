"""Pair-GRPO for the embedded model, beside vanilla GRPO and more supervised training (README-grpo.md).

A step: pairs of training prompts (``groups``), pictures of each under one named distribution, P(yes) of each picture (``reward``),
advantages over the group (``groups``), and one update of the policy (``update``).
"""
