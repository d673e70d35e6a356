"""Invented people: names that could be anybody's, and phone numbers that are nobody's."""

from dataclasses import dataclass
from random import Random

CHINESE_SURNAMES = "王 李 张 刘 陈 杨 黄 赵 周 吴 徐 孙 马 朱 胡 林 郭 何 高 罗 郑 梁 谢 宋 唐 许 邓 韩 冯 曹".split()
CHINESE_GIVEN_NAMES = (
    "伟 芳 娜 敏 静 磊 洋 艳 勇 杰 娟 涛 明 超 霞 平 刚 桂英 晓雨 子涵 雨桐 浩然 梓萱 欣怡"
    " 建国 志强 海燕 丽华 文博 思远 嘉怡 俊杰 佳慧 天宇 秋月 小龙 春梅 国强 玉兰 一鸣"
).split()
TAIWANESE_SURNAMES = "陳 林 黃 張 李 王 吳 劉 蔡 楊 許 鄭 謝 郭 洪 邱 曾 廖 賴 徐".split()
TAIWANESE_GIVEN_NAMES = (
    "怡君 家豪 雅婷 志明 淑芬 俊宏 欣怡 承恩 品妍 宗翰 佳穎 建宏 美玲 冠宇 詩涵 柏翰 慧君 彥廷 麗華 子晴"
).split()
ENGLISH_FIRST_NAMES = (
    "Alice Amir Anna Ben Carla Daniel Diana Elena Emma Farah George Hannah Ibrahim Isla Jack Julia Karim"
    " Laura Leo Maria Mark Nadia Noah Olivia Oscar Paula Peter Rosa Samuel Sofia Thomas Zoe"
).split()
ENGLISH_SURNAMES = (
    "Adams Bailey Bennett Brooks Carter Clarke Cooper Davies Edwards Evans Foster Green Hall Harris Hughes"
    " Jackson Khan Kelly Lewis Martin Mitchell Morgan Novak Parker Patel Reid Roberts Scott Silva Turner"
    " Walker Wright"
).split()

LANGUAGES = ("zh-Hans",) * 11 + ("en",) * 6 + ("zh-Hant",) * 3


@dataclass(frozen=True)
class Person:
    name: str
    phone: str
    language: str


def invent_person(random: Random, number: int) -> Person:
    """The `number`-th invented person, who speaks one of our languages and has a name in it."""
    language = random.choice(LANGUAGES)
    if language == "en":
        name = f"{random.choice(ENGLISH_FIRST_NAMES)} {random.choice(ENGLISH_SURNAMES)}"
    elif language == "zh-Hant":
        name = random.choice(TAIWANESE_SURNAMES) + random.choice(TAIWANESE_GIVEN_NAMES)
    else:
        name = random.choice(CHINESE_SURNAMES) + random.choice(CHINESE_GIVEN_NAMES)
    return Person(name, phone_number(number), language)


def phone_number(number: int) -> str:
    """A well-formed mobile number of mainland China, in the form E.164, that obviously belongs to nobody."""
    return f"+86138{number:08}"
