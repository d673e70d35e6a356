from pathlib import Path

import pytest
from reading import found
from ruamel.yaml import YAML

from bot.engine.entities.chinese_reasons import CHINESE_REASONS
from bot.engine.entities.english_reasons import ENGLISH_REASONS

DOMAIN = Path(__file__).parents[3] / "domain.yml"


def reasons(text):
    return [value for entity, value in found(text) if entity == "hardship_reason"]


@pytest.mark.parametrize(
    ("reason", "texts"),
    [
        ("job_loss", ["i got laid off", "my company let 200 people go", "fired on friday", "被老板炒了", "我冇咗份工"]),
        ("reduced_income", ["my hours got cut", "they cut our pay by half", "公司降薪了", "工资少了一半"]),
        (
            "late_salary",
            ["my salary is delayed", "my boss hasn't paid us", "工资还没发", "公司出糧遲咗", "老板拖欠工资"],
        ),
        ("illness", ["I've been in hospital", "i broke my leg", "got covid", "我生病了", "做咗手術", "出车祸了"]),
        ("family_emergency", ["my mum has cancer", "my dad passed away", "我妈住院了", "屋企人入咗醫院", "家里出事了"]),
        ("business_failure", ["my café went under", "i went bankrupt", "生意失败", "鋪頭執笠"]),
        ("divorce", ["going through a divorce", "my husband walked out", "离婚了", "同老公分居"]),
        ("disaster", ["the flood took everything", "our house caught fire", "家里被淹", "地震把房子震塌了"]),
        ("fraud", ["i got scammed", "my wallet was stolen", "被骗了钱"]),
        ("new_baby", ["i'm on maternity leave", "just had a baby", "老婆刚生孩子"]),
        ("unexpected_expense", ["the boiler broke down", "my rent went up", "房租涨了"]),
    ],
)
def test_reasons_in_both_languages(reason, texts):
    assert {text: reasons(text) for text in texts} == {text: [reason] for text in texts}


def test_a_relative_who_is_ill_is_not_the_borrower_who_is_ill():
    assert reasons("my wife had surgery") == ["family_emergency"]
    assert reasons("i had surgery") == ["illness"]


def test_two_reasons_in_one_message():
    assert reasons("lost my job and my mum is in hospital") == ["job_loss", "family_emergency"]


def test_a_reason_leaves_the_date_inside_it_alone():
    assert found("工资延到25号才发") == [("hardship_reason", "late_salary"), ("date", "2026-11-25")]


@pytest.mark.parametrize(
    "text",
    [
        "what happens if i lose my job",
        "万一生病怎么办",
        "我没失业",
        "have i been scammed",
        "im sick of your calls",
        "i'm sick and tired of this",
        "this app is a disaster",
        "does a deferral hurt my credit",
        "what if i pay late",
        "can you let me pay without the late fees",
        "split the bill with my wife",
        "会扣工资卡的钱吗",
    ],
)
def test_what_has_not_happened_is_no_reason(text):
    assert reasons(text) == []


def test_every_reason_has_phrases_and_a_kind_word_in_both_languages():
    words = YAML(typ="safe").load(DOMAIN)["responses"]
    assert ENGLISH_REASONS.keys() == CHINESE_REASONS.keys()
    assert [len(words[f"utter_part_sympathy_{reason}"]) for reason in ENGLISH_REASONS] == [2] * len(ENGLISH_REASONS)
