"""The strict oracle: template matching of pixels against a scene record, never learned and never a training signal."""
