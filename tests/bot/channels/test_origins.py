"""Which pages may talk to the bot."""

from __future__ import annotations

import pytest

from bot.channels.origins import origins_from

ORIGINS = origins_from(
    {
        "RESPITE_ALLOWED_ORIGINS": "https://lender.example, https://Shop.example:8443/",
        "RESPITE_PUBLIC_URL": "https://chat.example/help",
    }
)


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "http://bot.local:5005",
        "https://bot.local:5005",
        "https://lender.example",
        "https://shop.example:8443",
        "https://chat.example",
    ],
)
def test_our_own_host_and_listed_pages_are_allowed(origin: str | None) -> None:
    assert ORIGINS.allow(origin, "bot.local:5005")


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        "http://lender.example",
        "https://lender.example.evil.example",
        "https://lender.example:444",
        "http://bot.local",
        "http://bot.local:5005@evil.example",
        "file://",
    ],
)
def test_every_other_page_is_not(origin: str) -> None:
    assert not ORIGINS.allow(origin, "bot.local:5005")


def test_without_a_host_only_listed_pages_are_allowed() -> None:
    assert not ORIGINS.allow("http://bot.local", None)
    assert not ORIGINS.allow("null", "")
