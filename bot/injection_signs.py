"""The words by which orders to a language model are known, in English, Chinese and a few more languages. Data only.

Each sign has a kind, a weight from 0 to 1, and a regular expression over folded text (lower case, simplified Chinese,
plain width, no accents). Kinds: `override` (drop your rules), `leak` (tell your prompt or secrets), `persona` (be
somebody else), `authority` (I may order you), `dictate` (say this, set that price), `steal` (others' data, skipped
proof), `tags` (marks of prompts). Ordinary questions with the same words ("can I ignore the washing instructions?")
must match none: tests hold both sides.
"""

_BEFORE = (
    r"(?:previous|prior|earlier|preceding|above|former|foregoing|initial|original|existing|old|system|"
    r"developer'?s?|internal|hidden|safety|built-?in)"
)
_RULES = (
    r"(?:instructions?|instrucions|instructons|rules?|prompts?|guidelines?|directions?|directives?|commands?|"
    r"programming|constraints?|"
    r"restrictions?|policies|polic(?:y|ies)|context|filters?|limitations?|safeguards?|configuration)"
)
_DROP = (
    r"(?:ignor(?:e|ing)|disregard|forget|overrid(?:e|ing)|bypass|skip|discard|neglect|erase|delete|remove|drop|break|"
    r"(?:do not|don'?t|stop|no longer) (?:follow|obey|listen to|respect)(?:ing)?|stop following|"
    r"pay no attention to|set aside|throw away)"
)
_WHO = (
    r"(?:admin(?:istrator)?|developer|programmer|creator|owner|ceo|boss|manager|supervisor|head office|"
    r"security team|system|engineer|openai|anthropic|it department|staff|employee|moderator)"
)
_ORDER = (
    r"(?:give|grant|refund|reveal|show|disable|enable|switch|turn|unlock|approve|override|ignore|skip|print|"
    r"mark|set|change|order|authori[sz]e|command|need you to|you (?:may|must|can|have to))"
)
_SECRET = (
    r"(?:api[ -]?keys?|secret keys?|access tokens?|credentials|environment variables?|"
    r"admin(?:istrator)? passwords?|database passwords?|private keys?|source code)"
)
_TELL = (
    r"(?:repeat|reveal|show|print|output|display|tell|give|share|dump|copy|write|recite|paste|list|leak|expose"
    r"|summari[sz]e|translate|encode|return|send|what (?:is|are|were|was)|what'?s)"
)

_STRONG, _MIDDLING, _WEAK = 0.9, 0.45, 0.3

SIGNS: tuple[tuple[str, float, str], ...] = (
    # orders to drop what the bot was told
    (
        "override",
        _STRONG,
        rf"\b{_DROP}\b[\w', ]{{0,20}}\b(?:all|any|every|each)\b[\w', ]{{0,12}}\b{_BEFORE}\b[\w' ]{{0,12}}\b"
        rf"{_RULES}\b",
    ),
    (
        "override",
        _STRONG,
        rf"\b{_DROP}\b (?:(?:all|any|every|each|the|these|those|of|and|your|ur|my|please) ){{0,5}}{_BEFORE} (?:"
        rf"\w+ )?{_RULES}\b",
    ),
    (
        "override",
        _STRONG,
        rf"\b{_DROP}\b (?:(?:all|any|every|of|the|and) ){{0,4}}(?:your|ur) (?:\w+ )?{_RULES}\b",
    ),
    (
        "override",
        _STRONG,
        rf"\b{_DROP}\b (?:(?:all|any|every|and|the|of|set) ){{1,5}}{_RULES} (?:you (?:were|have been|got)|"
        rf"set by|given|above|from (?:the|your) (?:shop|developer|system))",
    ),
    (
        "override",
        _STRONG,
        rf"\b{_DROP}\b (?:everything|all|anything|what)(?: that| was| is| you)? (?:above|before|said above|"
        rf"(?:you )?(?:were|have been|was) (?:told|said|given)|the developers?)",
    ),
    (
        "override",
        _STRONG,
        r"\b(?:instructions?|rules?|directions?|policies|guidelines)\b[\w', ]{0,25}\b(?:are|is|"
        r"were) (?:now )?(?:void|invalid|a mistake|wrong|cancelled|obsolete|outdated|no longer|suspended|"
        r"lifted)",
    ),
    (
        "override",
        _STRONG,
        rf"\bnone of your (?:\w+ )?{_RULES} (?:apply|count|matter)",
    ),
    (
        "override",
        _STRONG,
        r"\bnew (?:instructions?|rules?|task|system prompt|directive)\s*:|\byour (?:only|new|sole) (?:task|job"
        r"|goal|role|instruction|purpose|rule|polic(?:y|ies)) (?:is|are)\b",
    ),
    (
        "override",
        _MIDDLING,
        r"\b(?:obey|follow|listen to) (?:me|the user|my (?:commands?|orders?))\b|\bdo (?:exactly|only) (?:what"
        r"|as) i (?:say|tell)",
    ),
    (
        "override",
        _STRONG,
        r"(?:ignore|disregard|forget|bypass)(?:all|every|any)?(?:the|your|my)?(?:previous|prior|above|earlier|"
        r"system)?(?:instructions|rules|prompt)(?!\w)(?<=\w{20})|(?:reveal|print|show)(?:me)?(?:the|"
        r"your)?systemprompt",
    ),
    # what it was told, and secrets
    (
        "leak",
        _STRONG,
        r"\b(?:system|developer|initial|hidden|secret|original|full) (?:prompt|message|instructions?|"
        r"configuration)\b(?! (?:for|of) (?:the|my|this) (?:stove|tent|filter|order))",
    ),
    (
        "leak",
        _STRONG,
        rf"\b{_TELL}\b[\w' ]{{0,20}}\b(?:your|the bot'?s|the assistant'?s) (?:\w+ )?(?:prompt|instructions|"
        rf"rules|guidelines|directives|configuration|programming)\b(?:\s*[.?!,;\"]|$| (?:above|verbatim|word|"
        rf"exactly|in (?:bullet|full|a code)|as))",
    ),
    (
        "leak",
        _STRONG,
        rf"\b{_TELL}\b[\w' ]{{0,25}}\b(?:text|words?|everything|message|content|lines?)\b[\w' ]{{0,20}}\b"
        rf"(?:above|before this)\b[\w' ]{{0,20}}(?:starting|message|verbatim|in a|word for|conversation|prompt|"
        rf"$)",
    ),
    (
        "leak",
        _STRONG,
        r"\b(?:your|the|of your|this) (?:\w+ )?prompt\b.{0,25}(?:word for word|verbatim|including|passages)|"
        r"\bwords of your (?:\w+ )?(?:prompt|instructions)",
    ),
    (
        "leak",
        _STRONG,
        rf"\b{_TELL}\b[\w' ,]{{0,25}}\b{_SECRET}\b|\b{_SECRET}\b[^.?!]{{0,20}}\b(?:please|you use|of (?:this|"
        rf"the|your))",
    ),
    (
        "leak",
        _STRONG,
        r"\b(?:were|are) you (?:(?:told|instructed|programmed) not|forbidden|not allowed) to (?:say|tell|do|"
        r"reveal|answer|discuss)|\b(?:developers?|creators?) (?:instructed|told|programmed) (?:me|you)\b|\b"
        r"between <<< and >>>|\bfrom your context\b",
    ),
    # another role
    (
        "persona",
        _STRONG,
        r"\b(?:you are|you're|you will be) (?:now |no longer )(?:\w+,? ){0,3}(?:dan\b|ai\b|bot\b|"
        r"chatbot|assistant|model|terminal|shell|hacker|human|in (?:\w+ )?mode)|\b(?:you are|you're|be) an? "
        r"(?:\w+ )?(?:dan|linux terminal|hacker|evil|unrestricted|uncensored)\b",
    ),
    (
        "persona",
        _STRONG,
        r"\b(?:pretend|imagine|suppose|simulate|roleplay|role-play|act|behave|respond|speak|play)\b[\w,' ]"
        r"{0,20}\b(?:ai|chatbot|bot|assistant|language model|model|terminal|shop'?s? manager|store manager|"
        r"administrator|developer)\b[\w,' ]{0,40}\b(?:without|no|any|unrestricted|uncensored|evil|approve|free"
        r"|filter|limits?|rules?|model|everything)|\bunrestricted (?:ai|assistant|bot|model|chatbot)|\b"
        r"(?:uncensored|unfiltered|jailbroken)\b",
    ),
    (
        "persona",
        _STRONG,
        r"\b(?:enter|enable|activate|switch to|turn on|go into|unlock|start|you are (?:now )?in)\b[\w ]{0,10}"
        r"\b(?:developer|debug|god|admin|jailbreak|dan|sudo|root|maintenance|test|unrestricted)[ -]?mode|\b"
        r"(?:maintenance|jailbreak|god|developer) mode (?:is )?on\b|\bdo anything now\b|\bjailbreak|\b"
        r"stay in character\b|\b(?:without|no) (?:any )?(?:filters?|restrictions|rules|ethics|"
        r"censorship) (?:at all|for me)\b|\brespond without (?:filters?|restrictions)",
    ),
    (
        "persona",
        _STRONG,
        r"\b(?:from now on|henceforth),? (?:you|your|answer|act|talk|speak|respond|i am your)\b"
        r"(?! (?:can )?(?:ship|send|open|deliver))|\byour (?:new )?name is (?:now )?\w+ and\b|\b"
        r"talk (?:to me )?like an? (?:pirate|robot)|\b(?:you|max|and \w+) never refuses?\b|\b\w*bot (?:gives|"
        r"never|always)\b",
    ),
    # somebody who claims a say
    (
        "authority",
        _STRONG,
        rf"\b(?:i am|i'm|this is|it'?s|as|speaking as)\b(?: (?:the|your|an?|one of))?(?: \w+)? {_WHO}\b[^.?!]"
        rf"{{0,40}}[,:.;]?[^.?!]{{0,30}}\b{_ORDER}\b[^.?!]{{0,60}}\b(?:access|checks?|refund|verification|"
        rf"orders?|discounts?|prices?|prompt|rules?|free|twice|everything|functions?|passwords?)",
    ),
    (
        "authority",
        _STRONG,
        rf"\bi(?: am|'m) (?:the|your) {_WHO} of (?:this|the) (?:bot|shop|store|site|company|chat|system|"
        rf"assistant)\b",
    ),
    (
        "authority",
        _STRONG,
        rf"\b{_WHO}\b[^.?!]{{0,25}}\b(?:has |have )?(?:authori[sz]ed?|approved|ordered|instructed|permitted|"
        rf"unlocked)\b[^.?!]{{0,15}}\b(?:you|this|it|everything|me)\b|\bwe authori[sz]e you\b|\bby order of\b|"
        rf"\b(?:message|notice|announcement) from (?:openai|anthropic|the (?:developers?|admin\w*|system))|\b"
        rf"admin(?:istrator)? (?:override|command|access)\b|\boverride code\b|^sudo\b|\bsecurity team here\b|\b"
        rf"work for your (?:it|security|tech)\b|\byou (?:may|can|must|should) (?:now )?(?:skip|ignore|disable|"
        rf"bypass) (?:the )?(?:verification|checks?|proof|identity)",
    ),
    # words put into its mouth, and orders on prices
    (
        "dictate",
        _STRONG,
        r"\b(?:repeat after me|say (?:exactly|the words|only|this)\s*:?|respond only with|reply only with|"
        r"answer only with|answer every question|end (?:every|each) (?:answer|reply|message)|start (?:every|"
        r"each|your) (?:answer|reply|message)|output exactly|print (?:exactly )?[\"'“]|"
        r"reply with (?:exactly )?[\"'“]|just answer [\"'“]|and say hacked)|(?:^|"
        r"[.!;:,] ?|\b(?:just|only|then|please) )say [\"'“]",
    ),
    (
        "dictate",
        _STRONG,
        r"\b(?:legally binding|no takesies)|\byou (?:must|have to|will now|"
        r"will always) (?:always )?(?:agree|accept|obey|"
        r"comply|confirm|say yes)\b|\bno matter what your rules|\bupdate your (?:database|knowledge|prices|"
        r"policy|policies|records|memory)|\byour (?:polic(?:y|ies)|rules|instructions) (?:have|"
        r"has) been (?:updated|changed|replaced)",
    ),
    (
        "dictate",
        _STRONG,
        r"\b(?:set|override|lower|make) the price (?:of .{0,40})?to [$€£¥]?\d|\b(?:generate|create|invent|"
        r"make up|make me|come up with)\b[^.?!]{0,25}\b(?:discount|promo|coupon|voucher)(?: code)?|\badd [$€£]"
        r"?\d+[^.?!]{0,20}\b(?:store credit|credit|points)\b[^.?!]{0,20}\bmy account|\b(?:grant|"
        r"apply) (?:me )?(?:an? )?\d{2,3} ?% (?:discount|off)|\bmark (?:me|my order|it) as (?:verified|"
        r"refunded|paid|shipped|delivered)",
    ),
    # other people's data, machines
    (
        "steal",
        _STRONG,
        r"\b(?:show|list|give|dump|export|print|printing|send|reveal|tell)\b[^.?!]{0,40}\b(?:other customers'?"
        r"|all customers?|customer (?:table|list|data|database|e-?mail)|everyone who|customers'? (?:data|"
        r"addresses|e-?mails?|names))(?!\s*(?:say|think|reviews|write))\b(?<!reviews of other customers)|\b"
        r"(?:orders?|data|e-?mails?|addresses) of (?:other|all) (?:customers|shoppers|people|users)|\bselect "
        r"\* from\b|\bdrop table\b|\b(?:send|post|upload)\b[^.?!]{0,40}\b(?:chat|conversation|history|data)\b"
        r"[^.?!]{0,20}\bhttps?://|<script\b|javascript:|!\[[^\]]*\]\(https?:",
    ),
    (
        "steal",
        _STRONG,
        r"\b(?:skip|bypass|without|ignore|switch off|turn off|disable)\b[^.?!]{0,20}\b(?:one-time code|"
        r"verification|identity check|proof of identity|all checks|authentication)\b|\b(?:pretend|assume|"
        r"act as if)\b[^.?!]{0,20}\bi(?: have|'ve| am|'m)?(?: already)?(?: been)? (?:verified|logged in|"
        r"proved)|\bwithout asking (?:me )?(?:for )?(?:a |the )?(?:code|proof)",
    ),
    # marks of other programs' prompts
    (
        "tags",
        _STRONG,
        r"<\|?/?(?:im_start|im_end|system|endoftext|start_header_id|eot_id|assistant|user)\|?>|\[/?(?:inst|"
        r"sys)\]|<<\s*/?sys\s*>>|</?(?:passage|context|document|instructions?|prompt)>|\"role\"\s*:\s*\""
        r"(?:system|assistant)\"|#{2,}\s*(?:system|instruction|assistant)\b|```\s*system\b|\[\s*system\s*[:\]]"
        r"|\b(?:end of|begin new|start of) (?:context|instructions|prompt|system)|<!--\s*(?:assistant|system|"
        r"ai|bot)",
    ),
    (
        "tags",
        _MIDDLING,
        r"(?:^|\n|[.!?]\s)\s*(?:system|assistant|human)\s*:",
    ),
    (
        "tags",
        _STRONG,
        r"(?:^|\W)(?:system|assistant|human|user)\s*:.{1,200}\b(?:system|assistant)\s*:",
    ),
    # other languages that models obey as well
    (
        "override",
        _STRONG,
        r"\b(?:ignorier\w*|vergiss|missachte)\b.{0,40}\b(?:anweisung\w*|regeln|befehle|instruktionen|gesagt|"
        r"vorher\w*)|\b(?:ignor[ae]|ignore|olvida|omite|esqueca|dimentica)\b.{0,30}\b(?:instrucciones|reglas|"
        r"instrucoes|regras|istruzioni|regole)|\b(?:ignore[rz]?|oublie[rz]?)\b.{0,30}\b(?:instructions|"
        r"consignes|regles) (?:precedentes|ci-dessus)",
    ),
    (
        "leak",
        _STRONG,
        r"\bsystem-?prompt\b|\bprompt (?:del sistema|systeme|do sistema|di sistema)\b",
    ),
    # Chinese
    (
        "override",
        _STRONG,
        r"(?:忽略|无视|忘记|忘掉|抛开|跳过|不要(?:遵守|理会|管)|别管|不用管|违反|绕过|取消|删除|清除).{0,8}"
        r"(?:之前|先前|以前|上面|上述|前面|原有|原来|所有|全部|你的|系统|开发者).{0,10}(?:指令|指示|规则|设定|"
        r"提示词?|命令|要求|限制|约束|设置)",
    ),
    (
        "override",
        _STRONG,
        r"(?:忽略|无视|忘记|跳过|不要遵守)(?:你|系统)(?:的)?(?:所有)?(?:指令|设定|规则|提示词?|限制)|(?:规则|"
        r"指令|指示|设定).{0,6}(?:已经?失效|作废|无效|不再)|新的?(?:指令|指示|规则)[:：]|从现在(?:起|"
        r"开始)你(?!们)|听我(?:的)?命令|只听我的|按我说的做|执行(?:新|以下)的?(?:指令|命令)",
    ),
    (
        "leak",
        _STRONG,
        r"系统提示词?(?!我|您|你|说|错|库|地址|卡|支付)(?:原|是|翻|给|发|输|告|$|[，。？?！!])|(?:输出|显示|"
        r"告诉我|复述|重复|打印|翻译|泄露|说出|列出|公布|交出).{0,10}(?:提示词|系统提示|初始指令|隐藏|"
        r"内部(?:指令|规则)|上面的(?:所有|全部)(?:文字|内容))|(?:你的|你)(?:初始|原始|内部|隐藏|"
        r"系统)(?:的)?(?:指令|规则|设定|提示)|你的(?:系统)?提示词|(?:开发者|他们).{0,6}(?:不让|让你不能|不许)",
    ),
    (
        "leak",
        _STRONG,
        r"(?:管理员|后台|数据库|系统)(?:的)?密码|(?:api|接口)\s*(?:密钥|key)|环境变量|源代码|收到的.{0,4}"
        r"(?:全部|所有).{0,4}(?:指令|指示)",
    ),
    (
        "persona",
        _STRONG,
        r"你(?:(?:现在|已经|从此)(?:就)?是|不再是|变成|扮演).{0,10}(?:dan\b|ai|人工智能|机器人|终端|黑客|店长"
        r"|没有.{0,6}限制|助手|客服)(?!吗|？|\?|么)|(?:假装|假设|扮演|模拟|充当).{0,6}(?:你|店长|管理员|"
        r"一个没有|没有任何|开发者).{0,12}(?:ai|限制|批准|规则|机器人|店长)|角色扮演|(?:进入|开启|启用|打开|"
        r"激活).{0,4}(?:开发者|越狱|上帝|管理员|调试|维护|无限制)模式|越狱|没有(?:任何)?(?:规则|限制)的(?:ai|"
        r"机器人|助手|模型|邪恶)|不受(?:任何)?(?:约束|限制)|解除(?:所有|一切)?(?:限制|约束)",
    ),
    (
        "authority",
        _STRONG,
        r"我是(?:这个|本|你们?的?|公司|平台)?.{0,6}(?:开发者|管理员|老板|店长|经理|工程师|技术部|创建者|主管|"
        r"客服主管)(?:的)?.{0,4}[，,。：:].{0,4}(?:给我|命令|需要你|把|请?立即|你(?:要|必须)|批准|跳过|关闭|"
        r"显示)|(?:系统)?管理员(?:通知|指令|命令)|(?:平台)?官方(?:通知|指令)|(?:店长|老板|经理|总部|公司)."
        r"{0,6}(?:授权|批准|命令)(?:了)?你|关闭(?:所有|一切)?验证",
    ),
    (
        "dictate",
        _STRONG,
        r"跟我(?:念|说|读)|只(?:能)?(?:回答|回复|输出)[“\"「]?|并?回答[「“\"]|你必须(?:同意|答应|服从|听)|"
        r"(?:把|将).{0,12}价格(?:设|改|调|定)(?:为|成|到)|法律效力|更新你的(?:数据库|知识|规则|价格)|(?:生成|"
        r"编|造|弄)(?:一个|个)?.{0,12}(?:优惠码|折扣码)|规则已(?:经)?更新",
    ),
    (
        "steal",
        _STRONG,
        r"(?:跳过|绕过|不用|无需).{0,4}(?:验证码|身份验证|验证)|假(?:设|装)我已(?:经)?(?:通过)?(?:验证|登录)|"
        r"(?:其他|所有|别的|全部)(?:客户|顾客|用户)的?(?:订单|姓名|地址|邮箱|电话|资料|信息|数据)|导出.{0,6}"
        r"(?:客户|顾客|用户)",
    ),
    (
        "tags",
        _STRONG,
        r"【\s*系统(?:消息|指令|提示)?\s*】.{0,10}(?:请|输出|立即|执行|现在)|(?:^|\n|[。！])\s*系统\s*[:：]."
        r"{1,80}(?:助手|现在起|从现在)",
    ),
)
