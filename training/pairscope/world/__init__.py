"""The drawable world: objects and words, scenes with their captions and layouts, sprites, and the pairs of prompts."""
