"""Words that mean somebody is in danger, whatever else the message says."""

from __future__ import annotations

import re

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.engine.component import PlainComponent
from bot.engine.normalizer import NORMALISED_TEXT

REPORT_DISTRESS = "report_distress"

_ENGLISH = (
    r"\bsuicid(?:e|al)\b",
    r"\b(?:kill|hang|harm|hurt|cut|shoot|drown|poison|starve)(?:ing)? (?:myself|my ?self|himself|herself|themselves)\b",
    r"\bend (?:it all|my (?:own )?life|things for good)\b|\bending it all\b|\btake my (?:own )?life\b",
    r"\b(?:want|wanna|rather|going|gonna|ready|wish(?:ed)?|prefer)\b(?: \w+){0,3} (?:die|be dead|was dead"
    r"|were dead|be gone forever)\b",
    r"\bbetter off (?:dead|without me)\b",
    r"\b(?:do not|don'?t|dont|no longer|not) (?:want|wanna)(?: to)?(?: be| go on| keep| carry on)? (?:liv(?:e"
    r"|ing)|alive|wake up|exist|be here any ?more)\b",
    r"\b(?:no|not any|any) (?:reason|point) (?:to|in) (?:live|living|going on|being alive)\b|\bnot worth living\b",
    r"\b(?:can ?not|can'?t|cant) (?:go on|live|carry on|cope|take (?:it|this))(?: \w+){0,2} any ?more\b",
    r"\bjump(?:ing)? (?:off|from|out of) (?:a|the|my) (?:bridge|roof|building|window|balcony)\b",
    r"\boverdos(?:e|ing)\b|\b(?:swallow|take|took|taken) (?:all )?(?:the|my|these) (?:pills|tablets|sleeping pills)\b",
    r"\bself[ -]?harm(?:ing|ed)?\b",
    r"\b(?:beats?|beating|hits|hitting|chok(?:es|ed|ing)|strangl\w+|threaten(?:s|ed|ing)? to kill|abus(?:es|ed"
    r"|ing)) me\b",
    r"\bdomestic (?:violence|abuse)\b|\bafraid (?:for my life|of my (?:husband|wife|partner|boyfriend|girlfriend))\b",
    r"\bin (?:a|the) (?:women'?s )?shelter\b|\bhiding from (?:him|(?:my )?(?:ex|husband|wife|partner|boyfriend))\b",
    r"\b(?:kids|children|baby|family|i)(?: \w+){0,2} (?:not eaten|nothing to eat|starving|have no food)\b",
)
_CHINESE = (
    "自杀|轻生|寻死|寻短见|自尽|自残|自伤|割腕|上吊|跳楼|跳河|跳桥|烧炭|喝农药|吞药|安眠药",
    "不想活|活不下去|活不了了|没法活|不如死|死了算|想死|去死了|一死了之|死了一了百了|生不如死|活着没意思|活着没有意义|活够了|活腻",
    "结束(?:我的|自己的|这)?(?:生命|一切|一生)|了结(?:自己|生命|这一生)|离开(?:这个)?(?:世界|人世)|遗书|做个了断",
    "撑不下去|熬不下去|坚持不下去了|快崩溃|要崩溃|彻底绝望|很绝望|好绝望|太绝望",
    "家暴|(?:老公|丈夫|男朋友|老婆|他|她|爸爸?)(?:\\S{0,3})(?:打我|殴打|掐我)|威胁(?:要)?(?:杀|砍)",
    "(?:带着?|抱着?)(?:孩子|娃|全家)(?:\\S{0,4})(?:死|跳)",
)
_IDIOMS = re.compile(r"\bto die for\b|忙得要死|累死|烦死|急死|气死|笑死|热死|吓死|饿死了")
_PHRASES = re.compile("|".join((*_ENGLISH, *_CHINESE)))


def mentions_distress(text: str) -> bool:
    """Return whether the normalised `text` speaks of self-harm, violence at home or despair."""
    return _PHRASES.search(_IDIOMS.sub(" ", text)) is not None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DistressDetector(PlainComponent, IntentClassifier):
    """Puts `report_distress` first, with full confidence, where a phrase of distress is said."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Return what must come earlier in the pipeline."""
        return [IntentClassifier]

    def process(self, messages: list[Message]) -> list[Message]:
        """Raise distress in each message that mentions it."""
        for message in messages:
            if mentions_distress(message.get(NORMALISED_TEXT)):
                distress = {INTENT_NAME_KEY: REPORT_DISTRESS, PREDICTED_CONFIDENCE_KEY: 1.0}
                others = [each for each in message.get(INTENT_RANKING_KEY) if each[INTENT_NAME_KEY] != REPORT_DISTRESS]
                message.set(INTENT, distress, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [distress, *others], add_to_output=True)
        return messages
