"""A pretrained sentence encoder as an optional source of features (docs/decisions/0011-sentence-encoder.md).

Nothing here is used, and no library of it imported, unless the bot is trained with ENCODER.
"""
