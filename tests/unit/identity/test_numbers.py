"""Phone numbers and codes in what people type, in China, Britain and America."""

import pytest

from respite.identity.masking import mask_digits
from respite.identity.numbers import country_of, find_code, find_phone_number, is_only_a_number


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("13800000001", "CN", "+8613800000001"),
        (" 138-0000-0001 ", "CN", "+8613800000001"),
        ("１３８００００００01", "CN", "+8613800000001"),
        ("+86 138 0000 0001", "GB", "+8613800000001"),
        ("我的手机号是13800000001，谢谢", "CN", "+8613800000001"),
        ("it's (212) 555-0123 thanks", "US", "+12125550123"),
        ("07700 900123", "GB", "+447700900123"),
    ],
)
def test_a_phone_number_is_found_however_it_is_written(text: str, country: str, number: str) -> None:
    assert find_phone_number(text, country) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123456",
        "what do I owe?",
        "can I pay 2000 on 2026-12-15?",
        "分12期，每期500元",
        "1" * 40,
        "+-()",
    ],
)
def test_amounts_dates_and_codes_are_no_phone_numbers(text: str) -> None:
    assert find_phone_number(text, "CN") is None


@pytest.mark.parametrize(
    "text", ["123456", "123 456", "123-456", "１２３４５６", "my code is 123456.", "验证码123456谢谢"]
)
def test_a_code_is_found_however_it_is_written(text: str) -> None:
    assert find_code(text) == "123456"


@pytest.mark.parametrize("text", ["12345", "1234567", "123456.50", "1,123,456", "2026-12-15", "13800000001", ""])
def test_other_numbers_are_no_codes(text: str) -> None:
    assert find_code(text) is None


@pytest.mark.parametrize(
    ("text", "is_one"), [("500", True), ("+44 7700", True), ("５００", True), ("500 a month", False), ("", False)]
)
def test_a_text_that_is_only_a_number_has_no_words(text: str, is_one: bool) -> None:
    assert is_only_a_number(text) is is_one


@pytest.mark.parametrize(
    ("number", "country"),
    [("+8613800000001", "CN"), ("+85291234567", "HK"), ("+447700900123", "GB"), ("+12025550123", "US")],
)
def test_a_number_says_where_it_is_from(number: str, country: str) -> None:
    assert country_of(number) == country


def test_masked_text_keeps_its_words() -> None:
    assert mask_digits("it is 123-456, １") == "it is •••-•••, •"
