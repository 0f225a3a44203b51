"""Session tokens: the subject is the conversation, for a day, and only with our signature."""

from __future__ import annotations

import jwt
import pytest

from bot.channels.tokens import SessionSecretMissing, SessionTokens, TokenRefused, secret_from_environment
from tests.bot.channels.harness import SECRET, Clock


@pytest.fixture
def tokens(clock: Clock) -> SessionTokens:
    return SessionTokens(SECRET, clock)


def _reason(tokens: SessionTokens, token: object) -> str:
    with pytest.raises(TokenRefused) as caught:
        tokens.read(token)
    return caught.value.reason


def test_a_new_token_opens_a_conversation_of_its_own(tokens: SessionTokens) -> None:
    first, second = (tokens.read(tokens.issue()).subject for _ in range(2))
    assert first != second
    assert len(first) == 32


def test_a_token_holds_for_24_hours(tokens: SessionTokens, clock: Clock) -> None:
    token = tokens.issue()
    clock.forward(hours=23, minutes=59)
    assert tokens.read(token)
    clock.forward(minutes=1)
    assert _reason(tokens, token) == "expired"


def test_a_renewed_token_keeps_the_conversation_for_another_day(tokens: SessionTokens, clock: Clock) -> None:
    token = tokens.issue()
    clock.forward(hours=20)
    renewed = tokens.renew(token)
    clock.forward(hours=20)
    assert tokens.read(renewed).subject == jwt.decode(token, options={"verify_signature": False})["sub"]


def test_an_expired_token_is_not_renewed(tokens: SessionTokens, clock: Clock) -> None:
    token = tokens.issue()
    clock.forward(hours=25)
    with pytest.raises(TokenRefused):
        tokens.renew(token)


@pytest.mark.parametrize(
    "change", [{"aud": "else"}, {"iss": "else"}, {"sub": "short"}, {"sub": "a" * 20 + "/.."}]
)
def test_a_token_for_something_else_is_invalid(tokens: SessionTokens, change: dict[str, str]) -> None:
    claims = jwt.decode(tokens.issue(), options={"verify_signature": False})
    assert _reason(tokens, jwt.encode({**claims, **change}, SECRET)) == "invalid"


@pytest.mark.parametrize("claim", ["sub", "exp", "iat", "aud", "iss"])
def test_a_token_that_lacks_a_claim_is_invalid(tokens: SessionTokens, claim: str) -> None:
    claims = jwt.decode(tokens.issue(), options={"verify_signature": False})
    del claims[claim]
    assert _reason(tokens, jwt.encode(claims, SECRET)) == "invalid"


@pytest.mark.parametrize("secret", ["", "short", "x" * 31])
def test_a_short_secret_is_not_accepted(secret: str) -> None:
    with pytest.raises(SessionSecretMissing):
        SessionTokens(secret)


def test_without_a_secret_only_demo_mode_starts() -> None:
    assert SessionTokens(secret_from_environment({"RESPITE_DEMO": "1"}))
    with pytest.raises(SessionSecretMissing):
        secret_from_environment({})


def test_a_configured_secret_wins_over_the_demo() -> None:
    assert secret_from_environment({"RESPITE_DEMO": "1", "RESPITE_SESSION_SECRET": SECRET}) == SECRET


def test_the_secret_is_not_shown(tokens: SessionTokens) -> None:
    assert SECRET not in repr(tokens)
