"""Text as databases store it. Pure."""


def storable(text: str) -> str:
    """Without signs that no database stores, as half an emoji: programs send them by mistake."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
