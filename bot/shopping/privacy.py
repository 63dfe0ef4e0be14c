"""Words about a person that have no place in a search: health, pregnancy, faith, origin, age and the like.

What they tell is never kept with wishes and never ranks or filters anything; a message is read as if it had not said
them. Whom a garment is cut for (women, men, kids) is a field of products and is not meant here.
"""

import re

SENSITIVE = (
    r"pregnan\w*|maternity|expecting(?: a baby)?|breast-?feeding|trans(?:gender|sexual)?|gay|lesbian|bisexual|queer|"
    r"diabet\w*|cancer|arthriti\w*|asthma\w*|depress\w*|anxiety|autis\w*|adhd|epilep\w*|hiv|aids|dementia|alzheimer\w*|"
    r"disab\w*|wheelchair|crippled|blind|deaf|obes\w*|overweight|fat|plus[ -]size|anorexi\w*|ill(?:ness)?|sick|disease|"
    r"heart (?:condition|problem)s?|back (?:pain|problem)s?|knee (?:pain|problem)s?|bad (?:knees|back)"
    r"|surgery|chemo\w*|"
    r"christian\w*|catholic\w*|muslim\w*|islam\w*|jew(?:s|ish)?|hindu\w*|buddhis\w*|atheis\w*|sikh\w*|mormon\w*|religio\w*|"
    r"black (?:man|woman|person|people|guy|girl)|white (?:man|woman|person|people|guy|girl)|asians?"
    r"|african\w*|hispanic\w*|"
    r"latin[oax]s?|arab\w*|chinese (?:man|woman|person)|ethnic\w*|race|immigrants?|refugees?|"
    r"republican\w*|democrats?|conservative voter|communis\w*|trade union\w*|"
    r"elderly|senior citizens?|seniors?|old (?:man|woman|lady|people|person)|aged|retire[ed]\w*|middle-aged|"
    r"怀孕|孕妇|孕期|哺乳|糖尿病|癌症?|关节炎|哮喘|抑郁|焦虑|自闭|癫痫|艾滋|残疾|残障|轮椅|盲人|聋人|肥胖|胖子?|生病|病人|手术|心脏病|高血压|"
    r"腰椎间盘|膝盖不好|腰不好|基督徒|基督教|天主教|穆斯林|伊斯兰|回族|犹太|佛教|印度教|信教|宗教|黑人|白人|少数民族|维吾尔|藏族|移民|难民|"
    r"同性恋|跨性别|党员|老年人?|老人家?|年纪大|上了年纪|退休|中年"
)
_PATTERN = re.compile(
    rf"(?:\b(?:i am|i'm|she is|he is|who is|being|because of)\s+(?:an? )?)?(?<![a-z])(?:{SENSITIVE})(?![a-z])"
    r"|\b(?:1[89]|[2-9]\d)[ -]?years?[ -]olds?\b|\b(?:[2-9]\d)\s?岁|\b(?:in (?:my|his|her"
    r"|their) (?:\w+ )?\d0s)\b|\bturn(?:ing|s)? \d{2}\b"
)


def without(text: str) -> tuple[str, bool]:
    """A `readable` text with such words blanked out, at the same places; whether there were any."""
    out = _PATTERN.sub(lambda found: " " * len(found.group()), text)
    return out, out != text
