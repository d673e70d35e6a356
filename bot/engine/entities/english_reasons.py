"""What English-speaking borrowers say has happened to them: phrases, as patterns, by reason."""

_GAP = r"(?: [\w'-]+){0,4}? "
_RELATIVE = (
    r"\b(?:mum|mom|mummy|mother|dad|father|parents?|wife|husband|hubby|partner|spouse|son|daughter|kids?"
    r"|child(?:ren)?|baby"
    r"|brother|sister|gran(?:d\w+)?|nan|aunt(?:ie)?|uncle|cousin|nephew|niece|girlfriend|boyfriend|fianc[eé]e?"
    r"|in-laws?)\b(?:'s)?"
)
_LOST_RELATIVE = (
    r"\blost (?:my|our) (?:mum|mom|mother|dad|father|wife|husband|son|daughter|brother|sister|baby|gran\w*)\b"
)
_ILL = (
    r"(?:(?:sick|ill|unwell|poorly)\b(?! and tired)|illness|cancer|tumou?r|leuka?emia|stroke|heart attack"
    r"|surgery|operation"
    r"|hospital\w*|icu\b|a&e|intensive care|dialysis|chemo\w*|coma|diagnosed|dementia|covid|pneumonia|injur\w+"
    r"|accident"
    r"|crash|broken? (?:his|her|their|a) \w+|hospice|died|dying|dead\b|passed(?: away| on)?\b(?! the)|funeral)"
)
_WAGES = (
    r"\b(?:salary|salaries|wages?|(?:my|our|his|her|their|the) pay|pay ?che(?:ck|que)s?|payroll|commission"
    r"|bonus|payday)"
)
_PAYER = r"\b(?:boss|employer|company|work|client|clients|customers?|they|agency)"
_NOT = r"(?:has|have|had|was|were|is|are|did|wo|does)(?:n't|nt| not)|won't|wont|never|not"
_INCOME = r"\b(?:hours|shifts|overtime|wages?|salary|(?:my|our) pay|income|commission|earnings|benefits?|pension)"
_MY_BUSINESS = (
    r"\b(?:(?:my|our|his|her|family|small) (?:\w+ )?(?:shop|store|caf[eé]|restaurant|company|firm|bar|pub|salon"
    r"|startup"
    r"|start-up|stall|bakery|takeaway|practice|studio|farm|food truck)|business)(?![a-z])"
)
_FAILED = (
    r"(?:fail(?:ed|ing|s)?|(?:went|gone|going) (?:under|bust|bankrupt)|bankrupt\w*|(?:had|forced) to (?:close|shut)"
    r"|closed|closing|shut(?:ting)?|collapsed|folded|insolvent|liquidat\w*|losing money|lost everything|tanked)\b"
)
_EMPLOYER = r"\b(?:the|our|my) (?:company|firm|factory|plant|place|office|shop|restaurant) (?:where )?i work(?:ed)?"
_HOME = r"\b(?:house|home|flat|apartment|place|building|roof|kitchen)"
_BODY = (
    r"(?!contract|promise|phone|feelings|laptop|tablet|tv|bank|budget|car|screen|word|credit|score|rating|chance"
    r"|family|standing|record|account)\w+"
)
_MACHINE = r"\b(?:car|van|boiler|roof|fridge|heating|washing machine|motorbike|truck|engine|pipes?|transmission)"

ENGLISH_REASONS = {
    "family_emergency": (
        rf"{_RELATIVE}{_GAP}{_ILL}",
        rf"{_LOST_RELATIVE}(?!'s)",
        r"\bfamily (?:medical )?emergency\b",
        r"\b(?:funeral|bereave\w*)\b",
        r"\bdeath in (?:the|my) family\b",
        r"\b(?:death of|bury(?:ing)?|buried) my \w+",
        rf"\b(?:caring|care|carer) for my {_RELATIVE}",
    ),
    "late_salary": (
        rf"{_WAGES}{_GAP}?(?:is |was |been |got )?(?:late|delayed|overdue|stuck|held up|pushed back)\b",
        rf"{_WAGES}(?: (?:still|only|just))? (?:{_NOT})(?: [\w']+){{0,2}}? (?:paid|come|came|arrived?|landed?"
        rf"|in|cleared)\b",
        r"\b(?:late|delayed|unpaid|missing|owed) (?:salary|wages?|pay ?che(?:ck|que)|payroll|pay)\b",
        r"\bwaiting (?:for|on) (?:my|our) (?:salary|wages?|pay ?che(?:ck|que)|pay)\b",
        rf"{_PAYER}(?: still)? (?:{_NOT})(?: yet| been| even)? (?:paid|pay|paying) (?:me|us|anyone|staff|wages"
        rf"|salar\w+|(?:my|the|their|our) invoices?)",
        rf"{_PAYER}{_GAP}?(?:owes?|withh\w+|holding back|late with|late paying|behind on){_GAP}?(?:wages|salary"
        rf"|pay)\b",
        r"\b(?:haven't|havent|have not|haven't even|not|wasn't) (?:yet )?(?:been|gotten|got) paid\b",
        r"\b(?:(?:paid|pays?|paying) (?:me|us|everyone)|(?:get|got|getting|being) paid) late\b",
        r"\binvoices? (?:\w+ ){0,3}?(?:unpaid|late|not paid|outstanding)\b",
    ),
    "reduced_income": (
        rf"{_INCOME}{_GAP}?(?:cut|reduced|halved|dropped|slashed|lowered|fell|gone down|went down|stopped)\b",
        r"\b(?:cut|reduced|slashed|halved)(?: \w+){0,3}? (?:hours|shifts|pay|wages?|salary|overtime|income"
        r"|benefits?)\b",
        r"\bpay ?cut\b",
        r"\b(?:fewer|less|no|not enough|hardly any) (?:shifts|hours|overtime|orders|gigs|clients|work coming in)\b",
        r"\b(?:earn(?:ing)?|making) (?:a lot |much |way |far )?less\b",
        r"\bfurlough\w*|\bunpaid leave\b|\bon half pay\b",
    ),
    "job_loss": (
        r"\blos(?:t|ing)(?: \w+){0,3}? (?:job|jobs|work|position|contract|gig)\b",
        r"\blaid[ -]?off\b|\blay-?offs?\b",
        r"\bredundan(?:t|cy|cies)\b",
        r"\bunemploy(?:ed|ment)\b|\bjobless\b",
        r"\b(?:got|was|were|been|being|get|i'm|im|me|just) (?:just )?(?:fired|sacked|let go|axed|dismissed"
        r"|terminated)\b",
        r"\b(?:fired|sacked|dismissed) (?:me|us|on|last|yesterday|today)\b|\blet (?:me|us|everyone"
        r"|(?:\w+ ){0,3}?(?:people|staff)) go\b",
        r"\bretrench(?:ed|ment)\b|\bgot the sack\b",
        r"\bout of (?:a )?(?:work|job)\b|\bbetween jobs\b",
        r"\b(?:no|without a|have no|haven't got a|don't have a|dont have a) (?:job|work)\b",
        r"\b(?:job|contract|gig|placement) (?:\w+ )?(?:ended|finished|ran out|is over|was cut|not renewed"
        r"|wasn't renewed)\b",
        r"\b(?:quit|left) my job\b|\b(?:looking|searching|hunting) for (?:a )?(?:new )?(?:job|work)\b",
        r"\bcan(?:'t|t|not) find (?:a |any )?(?:job|work)\b",
        r"\b(?:job|position|role) (?:was |got |has been |is )?(?:eliminated|gone|cut|made redundant)\b",
        rf"{_EMPLOYER}(?: for| at)?{_GAP}?{_FAILED}",
        r"\b(?:factory|plant|employer|workplace) (?:\w+ ){0,3}?(?:closed|shut|closing|folded|went under|went bust)\b",
    ),
    "business_failure": (
        rf"{_MY_BUSINESS}{_GAP}?(?:{_FAILED}|is (?:dead|slow)|has been slow)",
        rf"\b(?:clos(?:e|ed|ing)|shut|lost|fold(?:ed)?) (?:down )?{_MY_BUSINESS}",
        r"\bwent bankrupt\b|\bno customers\b|\bbusiness (?:loss|failure|is bad|has been bad)\b",
    ),
    "divorce": (
        r"\bdivorc(?:e|ed|ing)\b|\balimony\b|\bcustody\b|\bchild support\b",
        r"\bseparat(?:ed|ion|ing)\b(?! (?:payment|bill|loan|account|instal))",
        r"\b(?:split|splitting|broke|breaking) (?:up )?(?:from|with) my (?:\w+ )?(?:wife|husband|partner|spouse"
        r"|missus|ex)\b",
        r"\b(?:wife|husband|partner|spouse|missus) (?:has |just )?(?:left|walked out|moved out)\b(?! (?:a|the"
        r"|some|hospital)\b)",
        r"\bmarriage (?:\w+ )?(?:ended|over|breakdown|fell apart|broke down|broke up)\b",
    ),
    "disaster": (
        r"\bflood(?:s|ed|ing)?\b|\bunder ?water\b",
        r"\b(?:hurricane|earthquake|typhoon|tornado|cyclone|wildfire|bushfire|landslide|mudslide|tsunami|storm"
        r"|drought)s?\b",
        rf"{_HOME}{_GAP}?(?:burn(?:t|ed)(?: down| out)?|fire|collapsed|destroyed|blew off)\b",
        r"\bfire (?:at|in) (?:my|our)\b|\bburn(?:t|ed) down\b|\b(?:house|kitchen) fire\b|\bnatural disaster\b",
    ),
    "fraud": (
        r"\b(?:got|been|was|were|getting) (?:\w+ )?(?:scammed|defrauded|conned|robbed|mugged|burgled|pickpocketed)\b",
        r"\b(?:wallet|purse|money|savings|bag|car|van|bike|tools)(?: \w+){0,3}? stolen\b",
        r"\bstole (?:all )?my (?:\w+ )?(?:money|savings|wallet|car|van|tools|bag|purse)\b|\bscammed (?:me|us)\b",
        r"\blost (?:\w+ ){0,4}?to (?:a )?(?:scam|fraud)\w*",
    ),
    "new_baby": (
        r"\bnew(?: ?born| baby)\b|\bhaving a baby\b|\bbaby on the way\b|\b(?:just )?had (?:a|our|my) (?:baby"
        r"|twins)\b",
        r"\bgave birth\b|\bpregnan(?:t|cy)\b|\b(?:maternity|paternity|parental) (?:leave|pay)\b|\bon maternity\b",
    ),
    "illness": (
        r"\bi(?:'m| am|m|'ve been|ve been| have been| was| got| fell|'ve got|ve got| have"
        r"| had)(?: \w+){0,2}? (?:ill|unwell"
        r"|poorly|injured|disabled|hospitali[sz]ed|in hospital|cancer|covid|surgery|depression|depressed|a stroke"
        r"|a heart attack|an operation|an accident|diabetes|sick(?! (?:of|and)))\b",
        r"\b(?:got|was|been|fell|fallen|feeling|very|seriously|still|really) (?:ill|injured|unwell"
        r"|sick(?! (?:of|and)))\b",
        r"\b(?:sick leave|off sick|sick pay|long[- ]term sick|signed off|medical leave)\b",
        r"\b(?:in|from|out of|to) (?:the )?hospital\b|\bhospitali[sz]ed\b|\b(?:hospital|medical) (?:bills?"
        r"|expenses|costs|fees)\b",
        r"\b(?:had|having|need|after|recovering from|waiting for) (?:\w+ )?(?:surgery|an operation|a stroke"
        r"|a heart attack)\b",
        r"\b(?:cancer|chemo\w*|dialysis|leuka?emia|tumou?r|diagnosed|ill health|serious illness|nervous breakdown)\b",
        r"\b(?:got|have|had|caught) (?:covid|the flu|pneumonia)\b",
        r"\b(?:health (?:problems?|issues?|conditions?)|mental health|my health|my illness)\b",
        rf"\b(?:broke|broken|fractured|injured|hurt|sprained|tore|snapped) my {_BODY}",
        r"\b(?:car|road|traffic|motorbike|bike|work|workplace) (?:accident|crash)\b|\bhit by a (?:car|bus|truck"
        r"|van)\b",
        r"\bslipped (?:a )?dis[ck]\b|\bcan'?t work because of my \w+",
    ),
    "unexpected_expense": (
        rf"{_MACHINE}(?: (?:has|just|suddenly))? (?:broke|broken|died|packed (?:in|up)|burst|gave out|blew up"
        rf"|leak\w*|failed)\b",
        r"\b(?:car|boiler|roof|vet|vet's|emergency|home|house) (?:repairs?|bills?|fees?)\b",
        r"\bunexpected (?:\w+ )?(?:bill|cost|expense|repair)s?\b|\bevict(?:ed|ion)\b|\bcost of living\b",
        r"\brent (?:\w+ ){0,2}?(?:went up|gone up|increased|doubled|was raised)\b|\b(?:raised|put up) (?:my|our"
        r"|the) rent\b",
        r"\b(?:school|tuition|university) fees\b",
    ),
}
