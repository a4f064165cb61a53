"""Training of Pairscope's embedded text-to-image-token model.

Each room is a package whose first sentence says what lives there. A room imports itself and the rooms before it in ``ROOMS``.
"""

ROOMS = ("world", "model", "oracle", "evaluation", "judge", "grpo", "export")
