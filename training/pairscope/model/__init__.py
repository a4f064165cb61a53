"""The image-token model: tokenizer, pixel decoder, language model, how each is trained, and how pictures are sampled."""
