import pytest
from reading import found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("六月那期", {"month": 6}),
        ("9月嘅", {"month": 9}),
        ("the June bill", {"month": 6}),
        ("payment for june", {"month": 6}),
        ("last month's bill", {"month": 10}),
        ("上个月的账单", {"month": 10}),
        ("第二笔", {"ordinal": 2}),
        ("第二个", {"ordinal": 2}),
        ("头一笔", {"ordinal": 1}),
        ("the second instalment", {"ordinal": 2}),
        ("the first of the two", {"ordinal": 1}),
        ("option 2", {"ordinal": 2}),
        ("第三期", {"ordinal": 3}),
        ("最后一期", {"ordinal": -1}),
        ("the last one on the list", {"ordinal": -1}),
    ],
)
def test_instalment_references(text, value):
    assert found(text) == [("instalment_reference", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("rs-204118", "RS-204118"),
        ("贷款L-7K2MQ9怎么还", "L-7K2MQ9"),
        ("the phone one", "phone"),
        ("手机那笔", "phone"),
        ("手機嗰筆", "phone"),
        ("手机", "phone"),
        ("iphone 15的分期", "phone"),
        ("手提電腦嗰張單", "laptop"),
        ("my car loan", "car"),
        ("花呗", "huabei"),
        ("京东白条", "baitiao"),
        ("my huabei", "huabei"),
    ],
)
def test_loan_references_are_the_same_in_both_languages(text, value):
    assert found(text) == [("loan_reference", value)]


@pytest.mark.parametrize("text", ["iphone 15 pro", "change my phone number", "one of them is wrong", "my phone died"])
def test_things_that_are_no_loans(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("手机号13900001234", "13900001234"),
        ("+44 7700 900123", "+447700900123"),
        ("(415) 555-0123", "4155550123"),
        ("new mobile 9123 4567 (HK)", "91234567"),
        ("我的門號是0912-345-678", "0912345678"),
        ("call me on 07700 900123", "07700900123"),
    ],
)
def test_phone_numbers(text, value):
    assert found(text) == [("phone_number", value)]


@pytest.mark.parametrize(
    "text",
    [
        "482913",
        "482 913",
        "验证码是482913",
        "驗證碼係 482913",
        "验证码四八二九一三",
        "my code is 482913",
        "code 4 8 2 9 1 3",
        "482913 这个验证码",
    ],
)
def test_one_time_codes(text):
    assert found(text) == [("one_time_code", "482913")]


@pytest.mark.parametrize("text", ["error code 5003", "错误码404", "zip code 94105", "邮编100080", "工号0317的那个人"])
def test_other_codes_are_no_one_time_codes(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("in Chinese please", "zh-Hans"),
        ("说英文", "en"),
        ("說英文", "en"),
        ("繁體", "zh-Hant"),
        ("can you speak english", "en"),
    ],
)
def test_language_requests(text, value):
    assert found(text) == [("language_request", value)]
