"""A small bilingual assistant to train in tests."""

from pathlib import Path

from rasa.model_training import train

CONFIG = Path(__file__).parents[3] / "config.yml"

EXAMPLES = {
    "query_bill": "how much do I owe|what is my bill|how much is due this month|我欠多少钱|这个月要还多少|账单多少钱",
    "request_deferral": "can I pay later|give me two more weeks|postpone my payment|我想延期|能晚几天还吗|宽限两周",
    "request_human": "talk to a person|a human agent please|put me through to somebody|转人工|我要找人工客服|叫个真人",
    "greet": "hi|hello there|good morning|你好|您好|早上好",
    "report_distress": "I feel hopeless|I see no way out|nobody can help me any more|我很绝望|我撑不住了|没有人能帮我",
    "out_of_scope": "what is the weather|tell me a joke|who won the match|今天天气怎么样|讲个笑话|谁赢了比赛",
    "change_language": "speak chinese please|in english please|说中文|换成英文|用繁体|用英语",
}

DOMAIN = """
version: "3.1"
intents: [{intents}]
entities: [language, amount_of_money, date, unclear_date, duration, instalment_count, instalment_reference,
           loan_reference, phone_number, one_time_code, language_request, number]
actions: [action_query_bill, action_go_on]
responses:
  utter_greet:
  - text: "Hello.\\n\\nWhat can I do for you?"
    buttons: [{{title: My bill, payload: /query_bill}}]
    custom: {{card: welcome}}
  utter_human:
  - text: A person will answer.
"""
RULES = """
version: "3.1"
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
- rule: human
  steps: [{intent: request_human}, {action: utter_human}]
- rule: bill
  steps: [{intent: query_bill}, {action: action_query_bill}, {action: action_go_on}]
"""


def nlu_yaml() -> str:
    """Return the training examples as Rasa reads them."""
    blocks = (
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {each}\n" for each in examples.split("|"))
        for intent, examples in EXAMPLES.items()
    )
    return 'version: "3.1"\nnlu:\n' + "".join(blocks)


def train_in(folder: Path, config: str) -> Path:
    """Train the small assistant in `folder` with `config` and return the model."""
    (folder / "data").mkdir(exist_ok=True)
    (folder / "config.yml").write_text(config, encoding="utf-8")
    (folder / "domain.yml").write_text(DOMAIN.format(intents=", ".join(EXAMPLES)), encoding="utf-8")
    (folder / "data" / "nlu.yml").write_text(nlu_yaml(), encoding="utf-8")
    (folder / "data" / "rules.yml").write_text(RULES, encoding="utf-8")
    result = train(
        str(folder / "domain.yml"),
        str(folder / "config.yml"),
        str(folder / "data"),
        output=str(folder),
        fixed_model_name="respite",
        force_training=True,
    )
    return Path(result.model)
