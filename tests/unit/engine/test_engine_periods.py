import pytest
from reading import found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("延期两周", {"days": 14}),
        ("再给我十来天", {"days": 10}),
        ("遲十日先還", {"days": 10}),
        ("十日內", {"days": 10}),
        ("两三天", {"days": 3}),
        ("三百五十天", {"days": 350}),
        ("半个月", {"days": 15}),
        ("一个半月", {"days": 45}),
        ("两个多月", {"months": 2}),
        ("个把月", {"months": 1}),
        ("一个季度", {"months": 3}),
        ("往后挪俩月", {"months": 2}),
        ("半年", {"months": 6}),
        ("a fortnight", {"days": 14}),
        ("5 more days", {"days": 5}),
        ("7-10 days", {"days": 10}),
        ("a day or two", {"days": 2}),
        ("a couple of weeks", {"days": 14}),
        ("two hundred and fifty days", {"days": 250}),
        ("3 months", {"months": 3}),
        ("two and a half months", {"days": 75}),
        ("a month and a half", {"days": 45}),
    ],
)
def test_durations(text, value):
    assert found(text) == [("duration", value)]


@pytest.mark.parametrize(
    "text",
    [
        "38 years old",
        "我今年三十五岁",
        "3 months ago i moved",
        "三个月前办的",
        "in a second",
        "give me one minute",
        "再宽限几天",
        "24小时客服有吗",
        "等一下",
    ],
)
def test_an_age_and_a_time_that_is_over_are_no_durations(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("分十二期", 12),
        ("分成6期", 6),
        ("拆成六份", 6),
        ("分两次还", 2),
        ("分半年", 6),
        ("分一年还", 12),
        ("12个月分期", 12),
        ("延长到36期", 36),
        ("over a year", 12),
        ("over 18 months", 18),
        ("split it over 6 months please", 6),
        ("split it into 4", 4),
        ("twelve instalments", 12),
        ("half a dozen installments", 6),
        ("make it 9 installments", 9),
        ("12 easy payments", 12),
        ("6 monthly payments", 6),
        ("pay it in 3", 3),
    ],
)
def test_instalment_counts(text, value):
    assert found(text) == [("instalment_count", value)]


@pytest.mark.parametrize("text", ["第十期", "一个期限", "pay for 2 phones", "split in the middle", "分分钟搞定"])
def test_words_that_count_no_instalments(text):
    assert "instalment_count" not in dict(found(text))


@pytest.mark.parametrize(
    "text", ["不要6期要12期", "不是6期，是12期", "not 6 but 12 instalments", "12 instalments instead of 6 instalments"]
)
def test_what_is_rejected_for_another_does_not_count(text):
    assert found(text) == [("instalment_count", 12)]
