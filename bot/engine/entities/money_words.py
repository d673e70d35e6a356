"""The words that mark a number as money, and those that mark it as something else."""

_CODE = "usd|rmb|cny|gbp|eur|hkd|twd|ntd|mop|sgd|myr|aud|cad|nzd|jpy|inr|php|thb"

SYMBOL = (
    rf"(?:(?:us|hk|nt|au?|ca?|nz|s|mop)?\$|[¥£€₹₱₩฿]|(?<![a-z])(?:rm|rs\.?)(?= ?\d)|\b(?:{_CODE})(?![a-z])"
    r"|人民币|港币|港元|港纸|台币|新台币|美元|美金|英镑|欧元|澳币|加币|新币|马币|令吉)"
)
"""What stands before an amount."""

CURRENCY = (
    r"(?:块钱?|元|圆|刀|蚊|美元|美金|美刀|港币|港元|港纸|新?台币|人民币|大洋|英镑|欧元|澳元|澳币|加元|加币|新币|马币"
    rf"|令吉|日元|日圆|(?:{_CODE})\b|yuan\b|kuai\b|dollars?\b|bucks?\b|pounds?\b|quid\b|euros?\b|yen\b|ringgits?\b"
    r"|rupees?\b|[¥£€$])"
)
"""What stands after one."""

NOT_MONEY = (
    r"(?! ?(?:个|期|天|日|号|周|月|年|次|笔|人|位|岁|遍|小时|点|分|秒|条|张|家|份|倍|成|%|％|道|里|公里|米|字|万"
    r"|percent|per cent|st\b|nd\b|rd\b|th\b|days?\b|weeks?\b|months?\b|years?\b|hours?\b|minutes?\b|mins?\b"
    r"|seconds?\b|times?\b|instal|payments?\b|parts?\b|terms?\b|o'?clock|am\b|pm\b|people\b|kids?\b|children\b"
    r"|friends?\b|thanks\b|apologies\b|[-/:.]\d|,?\d))"
)
"""What does not follow an amount: a number of days, people, times."""

_ENGLISH_VERB = (
    r"pay(?: back| off| you)?|paid|repay|afford|owe[ds]?|put(?: down| in| towards)?|transfer(?:red)?|send|sent"
    r"|charged?|billed|refund(?:ed)?|give|lend|deducted|(?:only )?(?:have|got)|took|spare|manage|offer|do"
    r"|scrape together|(?:reduce|lower|bring|drop|cut|get)(?: (?:it|this|that|them|the \w+|my \w+))?(?: down)? to"
)
_ENGLISH_NOUN = (
    r"(?:total|balance|bill|rent|salary|wages?|income|fees?|charge|penalty|interest|amount|minimum|instal+ment|debt|budget"
    r")(?: (?:is|was|says?|shows?|showing|of|still|now))*|(?:is it|it(?: is| was| says| shows))(?: still| now)?"
)
_ENGLISH_LIMIT = "up to|max(?:imum)?|at most|at least|no more than|around|about|only|monthly|roughly"
_CHINESE_CUE = (
    "还|付|交|缴|欠|扣|转|存|充|给|俾|畀|出|凑|拿|掏|收|剩|借|退|有|得|多|少|先|差|要|够|只能|最多|最少|起码|至少|账单|金额"
    "|月供|总共|一共|余额|利息|手续费|罚息|滞纳金|违约金|工资|房租|收入|每个?月|一个?月|每期|一期|最低|欠款|显示|降到|减到"
)
SPEAKING_OF_MONEY = (
    rf"(?:\b(?:{_ENGLISH_VERB}|{_ENGLISH_NOUN}|{_ENGLISH_LIMIT})"
    r"(?: (?:only|just|about|around|maybe|like|at most|up to|me|you|another|an extra|exactly|roughly))* ?"
    rf"|(?:{_CHINESE_CUE})"
    "(?:了|款|咗|返|得起|得出|到|我|你们?|是|为|系|就|只|还|付|显示|最多|只能|可以|能|大概|大约|差不多|约)* ?)"
)
"""What stands before a bare number that is an amount."""

STILL_MONEY = (
    r"(?= ?(?:$|[^\w\s]|[\u4e00-\u9fff]|(?:left|now|today|tomorrow|for|this|to|towards|on|per|each|every|an?|and|at|by"
    r"|in|max|only|or|out|from|tops|ish|already|myself|i|it|that|was|but|instead|more|less|right|then|please|pls|plz"
    r"|back|off|monthly|weekly|first|total|yesterday|last|next|before|after|so|if|when|twice|again|due|since)\b))"
)
"""What follows such a number."""

A_MONTH = (
    r"(?:(?:a|per|every|each|/) ?(?:month|week|mo|fortnight)\b|monthly\b|pcm\b|max\b|tops\b|due\b|(?:每|一)个?月|/月)"
)
"""What follows a bare number that is an amount by itself."""
