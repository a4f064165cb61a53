"""Measures of a checkpoint: pictures of fixed prompts, the verdicts on them, variety, and contact sheets."""
