"""What a borrower types about cards and identity papers is not kept; what they say about money and days is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from respite.identity.masking import mask_identifiers


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("my card is 4111 1111 1111 1111", "my card is •••• •••• •••• 1111"),
        ("4111-1111-1111-1111 please", "••••-••••-••••-1111 please"),
        ("卡号6222021234567890128扣款失败", "卡号•••••••••••••••0128扣款失败"),
        ("身份证11010519491231002X", "身份证••••••••••••••••••"),
        ("身份证11010519491231002x，帮我查", "身份证••••••••••••••••••，帮我查"),
        ("卡号４１１１１１１１１１１１１１１１", "卡号••••••••••••１１１１"),
        ("SSN 536-90-4399", "SSN •••••••••••"),
    ],
)
def test_card_and_identity_numbers_are_masked(typed: str, kept: str) -> None:
    assert mask_identifiers(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "I can pay 1,200.50 on 2026-12-15",
        "call me on 13800000001",
        "订单号 20261122123456789",
        "my loan is L-7K2MQ9",
        "1234567890123456 is no card",
        "123456",
        "1000000000000.00",
    ],
)
def test_other_numbers_are_left_alone(typed: str) -> None:
    assert mask_identifiers(typed) == typed


@given(st.integers(10**14, 10**15 - 1), st.sampled_from(["", " ", "卡", "card: "]), st.sampled_from(["", "。", " ok"]))
def test_every_card_number_is_masked_up_to_its_last_four_digits(digits: int, before: str, after: str) -> None:
    card = f"{digits}{luhn.calc_check_digit(str(digits))}"
    masked = mask_identifiers(before + card + after)
    assert card[:-4] not in masked
    assert card[-4:] in masked
