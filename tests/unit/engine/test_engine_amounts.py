import pytest
from reading import found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("I'll pay $1,200.50", "1200.50"),
        ("can i pay 500 on account", "500"),
        ("300 a month is my limit", "300"),
        ("fifty a month", "50"),
        ("i can only afford eighty", "80"),
        ("still owe two fifty", "250"),
        ("two hundred and fifty dollars", "250"),
        ("eight hundred fifty", "850"),
        ("twelve hundred dollars", "1200"),
        ("five thousand two hundred", "5200"),
        ("a couple of hundred", "200"),
        ("3 hundred", "300"),
        ("half a grand", "500"),
        ("two grand", "2000"),
        ("1.5 grand", "1500"),
        ("owe you 1k2", "1200"),
        ("about 2k", "2000"),
        ("it is 3.5k, right?", "3500"),
        ("RM300", "300"),
        ("300 ringgit", "300"),
        ("HK$480 ok?", "480"),
        ("NT$5000", "5000"),
        ("S$75.90", "75.90"),
    ],
)
def test_amounts_in_english(text, value):
    assert found(text) == [("amount_of_money", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1w5", "15000"),
        ("1.2万", "12000"),
        ("3万5千", "35000"),
        ("3千2百", "3200"),
        ("借了三万六", "36000"),
        ("欠款一共二十三万", "230000"),
        ("先还八百五", "850"),
        ("三千块", "3000"),
        ("两千块五", "2000.5"),
        ("三块五", "3.5"),
        ("扣了我三百二十八块八", "328.8"),
        ("每月还1500", "1500"),
        ("800每月", "800"),
        ("一个月最多还八百", "800"),
        ("先还六十块", "60"),
        ("还二百五", "250"),
        ("我付了100,000", "100000"),
        ("三十来块钱", "30"),
        ("两千多", "2000"),
        ("壹仟贰佰元", "1200"),
        ("５００元", "500"),
        ("新台幣三千元", "3000"),
        ("得一千蚊", "1000"),
        ("三舊水", "300"),
        ("800刀", "800"),
    ],
)
def test_amounts_in_chinese(text, value):
    assert found(text) == [("amount_of_money", value)]


@pytest.mark.parametrize("text", ["1500", "就1500", "大概1500吧", "maybe 1500", "1500ish", "no, 1500", "不，1500"])
def test_a_large_number_alone_is_an_amount(text):
    assert found(text) == [("amount_of_money", "1500")]


@pytest.mark.parametrize(
    "text",
    ["12", "十二", "no, 12", "不对，12", "改成十二", "twelve", "make it 12", "12吧", "１２", "i meant twelve please"],
)
def test_a_small_number_alone_is_left_to_the_context(text):
    assert found(text) == [("number", 12)]


@pytest.mark.parametrize("text", ["0", "几百块", "好几千", "先还一半", "$0", "99999999999999"])
def test_what_names_no_amount_is_not_guessed(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "万一还不上怎么办",
        "千万别告诉我家人",
        "说一千道一万",
        "你才二百五",
        "百分百是你们错",
        "百分之五",
        "利率是24%",
        "日利率万分之五",
        "8.8折",
        "2026年",
        "2019年就注册了",
        "三个孩子",
        "iPhone 15",
        "windows 11",
        "version 12.3 of the app",
        "thanks a million",
        "a million thanks",
        "that's grand",
        "i have 2 kids and a dog",
        "two of my friends use this app",
        "please pay by 9am",
        "24/7",
        "卡号6222021234567890",
        "order 20260512345",
    ],
)
def test_numbers_that_are_no_amounts(text):
    assert found(text) == []
