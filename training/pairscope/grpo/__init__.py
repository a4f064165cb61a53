"""Pair-GRPO for the embedded model, beside vanilla GRPO and more supervised training (README-grpo.md).

A step (``trainer``): ``collect`` draws pictures of pairs and asks the judge, ``advantages`` compares them within a group (``groups``),
``update`` moves the policy, and ``step_log`` tells what happened.
"""
