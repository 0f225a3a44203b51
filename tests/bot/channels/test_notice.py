"""The privacy notice that the bot serves: what it says is the policy's, the same in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from bot.channels.notice import FOLDER, notices_from
from bot.channels.web import Settings
from cli.environment import ROOT
from hardship.policy import load_policy
from hardship.policy_file import DEFAULT_PACK
from tests.bot.channels.harness import RunningWeb

PACKS = sorted((ROOT / "policies").glob("*.yml"))
PERIODS = tuple(
    name for name, _ in load_policy(DEFAULT_PACK).privacy if name.endswith(("_days", "_months", "_years"))
)
# Where the meaning of each sentence that the notice suggests is taught.
TAUGHT = {"request_my_data", "request_human", "complain_contact"}


@pytest.fixture
def settings() -> Settings:
    return Settings(notices=notices_from({}))


def texts(language: str) -> dict[str, Any]:
    """The notice's texts in a language, before the policy's values are filled in."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"privacy.{language}.yml").read_text(encoding="utf-8"))
    return found


def shape(part: Any) -> Any:
    """A text reduced to the values it names, so that two languages can be compared."""
    if isinstance(part, dict):
        return {name: shape(each) for name, each in part.items() if name != "ident"}
    if isinstance(part, list):
        return [shape(each) for each in part]
    return sorted(re.findall(r"\{(\w+)\}", str(part)))


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_is_a_page_of_its_own_in_each_language(web: RunningWeb, language: str) -> None:
    async with aiohttp.ClientSession(web.base_url) as http:
        answer = await http.get(f"/chat/privacy/{language}")
        page = await answer.text()
        other = await http.get("/chat/privacy/" + re.findall(r'<a href="(\w+)"', page)[0])
    assert (answer.status, answer.content_type) == (200, "text/html")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert texts(language)["title"] in page
    assert other.status == 200 and await other.text() != page


async def test_there_is_none_in_another_language(web: RunningWeb) -> None:
    async with aiohttp.ClientSession(web.base_url) as http:
        assert (await http.get("/chat/privacy/fr")).status == 404


@pytest.mark.parametrize("pack", PACKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_period_the_lender_and_the_version_are_those_of_the_policy(pack: Path, language: str) -> None:
    policy = load_policy(pack)
    page = notices_from({"RESPITE_POLICY": str(pack)})[language]
    for name in PERIODS:
        assert re.search(rf"\b{getattr(policy.privacy, name).value} ?(天|年|days|years)", page), name
    assert getattr(policy.lender.name.value, language) in page
    assert policy.lender.phone.value in page
    assert policy.privacy.notice_version.value in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_number_is_typed_into_it(language: str) -> None:
    assert re.findall(r"\d+", str({**texts(language), "language": ""})) == []


def test_both_languages_say_the_same_line_for_line() -> None:
    assert shape(texts("zh")) == shape(texts("en"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_it_tells_people_to_say_is_understood(language: str) -> None:
    wishes = [wish["say"] for section in texts(language)["sections"] for wish in section.get("wishes", [])]
    assert wishes
    assert [wish for wish in wishes if wish not in examples()] == []


def examples() -> set[str]:
    """Every example of a meaning that a suggested sentence may have."""
    taught: set[str] = set()
    for path in (ROOT / "data" / "nlu").rglob("*.yml"):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            if block.get("intent") in TAUGHT:
                taught |= {line.removeprefix("- ").strip() for line in block["examples"].splitlines()}
    return taught
