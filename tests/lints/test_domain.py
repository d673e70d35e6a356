"""What `rasa data validate` does not see in the domain: buttons, languages, numbers, and what nobody uses."""

import re
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from tests.lints import project

SAID_BY_RASA = {"utter_default"}
NEVER_TYPED = {"nlu_fallback", "rate_conversation", "begin_afresh"}
RULED_BY_RASA = {"restart"}
RASAS_OWN_KEY = "utter_action"
"""Under it Rasa keeps the name of the response that it said."""


def responses(*, having: str = "") -> list[Any]:
    found = project.responses().items()
    return [pytest.param(variants, id=name) for name, variants in found if having in str(variants)]


def in_language(variants: list[dict[str, Any]], language: str) -> dict[str, Any]:
    """The one variant that is said in `language`: en has no condition, zh has one on the slot."""
    condition = [{"type": "slot", "name": "language", "value": language}]
    [variant] = [each for each in variants if each.get("condition") == (None if language == "en" else condition)]
    return variant


@pytest.mark.parametrize("variants", responses())
def test_a_response_is_said_in_english_and_in_chinese(variants: list[dict[str, Any]]) -> None:
    assert len(variants) == 2
    assert in_language(variants, "en")["text"].strip()
    assert in_language(variants, "zh")["text"].strip()


@pytest.mark.parametrize("variants", responses())
def test_a_response_is_told_by_the_same_values_in_both_languages(variants: list[dict[str, Any]]) -> None:
    english, chinese = (project.PLACEHOLDER.findall(in_language(variants, each)["text"]) for each in ("en", "zh"))

    assert set(english) == set(chinese)


@pytest.mark.parametrize("variants", responses(having="buttons"))
def test_a_response_has_the_same_buttons_in_both_languages(variants: list[dict[str, Any]]) -> None:
    english, chinese = (
        [button["payload"] for button in in_language(variants, each).get("buttons", [])] for each in ("en", "zh")
    )

    assert english == chinese


@pytest.mark.parametrize("variants", responses())
def test_no_response_has_a_number_of_its_own(variants: list[dict[str, Any]]) -> None:
    for variant in variants:
        words = [variant["text"], *(button["title"] for button in variant.get("buttons", []))]
        assert not re.search(r"\d", project.PLACEHOLDER.sub("", " ".join(words)))


def test_every_payload_is_a_known_intent_with_known_entities() -> None:
    wrong = [
        payload
        for payload in project.payloads()
        if payload.intent not in project.domain()["intents"]
        or not payload.entities <= set(project.domain()["entities"])
    ]

    assert wrong == []


def test_every_intent_has_a_rule() -> None:
    ruled = {step["intent"] for step in project.steps() if "intent" in step}

    assert set(project.domain()["intents"]) == ruled | RULED_BY_RASA


def test_every_intent_can_be_learnt() -> None:
    assert set(project.domain()["intents"]) - NEVER_TYPED == set(project.examples())


def test_every_response_is_used() -> None:
    asked_by_forms = {
        f"utter_ask_{slot}" for form in project.domain()["forms"].values() for slot in form["required_slots"]
    }
    said_by_rules = {step["action"] for step in project.steps() if "action" in step}
    unused = [
        name
        for name in project.responses()
        if name not in SAID_BY_RASA | asked_by_forms | said_by_rules and not said_by_actions(name)
    ]

    assert unused == []


def said_by_actions(response: str) -> bool:
    """Whether an action names the response, a part of it, or the intent that it answers."""
    name, part = response.removeprefix("utter_"), response.removeprefix("utter_part_")
    strings = project.strings_of_actions()
    if f"utter_{project.ANY}" in strings and name in project.domain()["intents"]:
        return True
    return any(
        project.could_be(text, response) or (part != response and project.could_be(text, part))
        for text in strings - {f"utter_{project.ANY}"}
    )


def test_every_response_that_an_action_says_exists() -> None:
    named = {text for text in project.strings_of_actions() if re.fullmatch(rf"utter_[\w{project.ANY}]+", text)}
    unknown = [
        text
        for text in named - {RASAS_OWN_KEY}
        if not any(project.could_be(text, name) for name in project.responses())
    ]

    assert unknown == []


def test_the_domain_lists_exactly_the_actions_there_are() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")

    assert set(project.domain()["actions"]) == set(executor.actions)
