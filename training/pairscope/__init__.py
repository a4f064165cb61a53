"""Training of Pairscope's embedded text-to-image-token model."""
