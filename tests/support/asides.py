"""Messages that are no question for a shop, and look-alikes that are one. Written for the tests, by hand."""

ASIDES: dict[str, tuple[str, ...]] = {
    "homework": (
        "what is 23 * 7?", "2+2", "12 x 12 =", "solve for x: 2x + 3 = 9", "can you do my homework?", "help me "
        "with my math homework",
        "what's the square root of 144", "what is the derivative of x squared", "帮我做数学作业",
        "12乘以15等于多少", "帮我解这个方程",
    ),
    "coding": (
        "write a python function that sorts a list", "can you fix my code", "how do I reverse a string in python?",
        "write me a sql query for the top customers", "debug this javascript function please",
        "帮我写一段Python代码", "帮我改一下这个程序",
    ),
    "writing": (
        "write me a poem about the sea", "write an essay on climate change", "can you write a cover letter for me",
        "translate good morning into French", "please summarize this article for me", "compose a song for my mum",
        "帮我写一首诗", "写一篇关于环保的作文", "请翻译这句话", "给我写个故事",
    ),
    "medical": (
        "I have a fever, what should I do?", "what medicine should I take for a cold", "can I take ibuprofen "
        "with alcohol",
        "what are the symptoms of diabetes", "should I see a doctor about my knee?", "am I pregnant?", "how do "
        "I lose weight fast",
        "感冒了吃什么药", "头疼怎么办", "怎么减肥", "糖尿病的症状有哪些",
    ),
    "legal": (
        "can I sue my neighbour?", "my landlord won't fix the heating", "is it legal to record a phone call",
        "draft a contract for me", "how do I evict my tenant", "离婚怎么办手续", "帮我看合同",
    ),
    "politics": (
        "who should I vote for?", "what do you think about Trump?", "what do you think of the war", "are you a "
        "democrat?",
        "is god real?", "who will win the election", "你怎么看特朗普", "谁会当选总统", "你信佛吗",
    ),
    "weather": (
        "what's the weather like today?", "will it rain tomorrow?", "weather forecast for Paris", "how is the "
        "weather in Tokyo",
        "今天天气怎么样", "明天会下雨吗", "外面几度",
    ),
    "knowledge": (
        "what is the capital of France?", "who won the world cup in 2018?", "how far is the moon", "recommend "
        "me a good movie",
        "recipe for banana bread", "how do I cook pasta", "should I buy bitcoin?", "book me a flight to Rome",
        "what time is it?",
        "法国的首都是哪里", "推荐一部好看的电影", "红烧肉怎么做", "现在几点", "谁发明了电灯",
    ),
    "personal": (
        "will you marry me?", "do you have a girlfriend", "how old are you?", "I love you", "are you single?",
        "do you have feelings?",
        "I'm so lonely", "my girlfriend left me", "what's your favourite colour?", "你多大了", "你有女朋友吗",
        "做我女朋友吧", "我失恋了",
    ),
    "other_shop": (
        "how long does Amazon take to deliver?", "what is REI's return policy?",
        "my Amazon order has not arrived", "is Temu legit?",
        "is eBay better?", "I want to return something from Walmart", "淘宝的退货怎么弄", "京东物流多久",
        "拼多多靠谱吗",
    ),
    "crisis": ("I want to kill myself", "I want to die", "我不想活了"),
    "how_are_you": ("how are you?", "hi, how are you doing today?", "what's up", "how's it going?", "你吃了吗",
    "最近怎么样", "在干嘛"),
    "joke": ("tell me a joke", "sing me a song", "make me laugh", "讲个笑话", "给我唱首歌吧"),
    "laugh": ("lol", "hahaha", "😂😂", "lmao", "that's so funny", "哈哈", "哈哈哈哈", "笑死我了"),
    "praise": ("you're funny", "you are so smart", "good bot", "wow", "well done!", "厉害", "你真聪明", "辛苦了",
    "你好可爱"),
    "cool": ("ok cool", "I see", "got it", "hmm", "sounds good", "never mind", "知道了", "我再看看", "嗯嗯"),
    "name": ("what's your name?", "who made you?", "are you chatgpt?", "你叫什么名字"),
    "sorry": ("sorry", "my bad", "不好意思"),
    "test": ("test", "testing 123", "测试"),
    "unclear": ("?", "...", "！！", "🤔", "asdfgh", "sdfkjhsdf", "qwerty", "aaaaaa", "？？"),
    "languages": (
        "Wie lange dauert der Versand?", "Ist die Jacke wasserdicht und in Größe M verfügbar?", "Quels sont vos "
        "délais de livraison ?",
        "Bonjour, je voudrais une tente pour deux", "¿Cuánto cuesta el envío a España?", "これは防水ですか？",
        "送料はいくらですか",
        "배송은 얼마나 걸리나요?", "Сколько стоит доставка?", "Quanto costa la spedizione?", "Quanto custa o "
        "frete para o Brasil?",
    ),
    "abuse": (
        "you are stupid", "stupid bot", "you idiot", "shut up", "you suck", "you're such a moron", "go to hell",
        "send nudes",
        "useless bot", "dumb machine", "傻逼", "你真蠢", "闭嘴", "白痴", "你是智障吗", "滚",
    ),
}  # fmt: skip
"""By kind: what `Understood.about` says; `abuse` is an intent of its own."""

SHOP: tuple[str, ...] = (
    "is this bag legal as carry-on?", "is the first-aid kit good for burns", "do you price match Amazon?",
    "do you price match REI?",
    "can I write a poem on the gift card", "can you engrave a message", "do you sell on Amazon?", "it is "
    "cheaper on Amazon",
    "I found it cheaper at Walmart", "can I pay with Amazon Pay?", "which jacket if it will rain tomorrow?",
    "is it good in rainy weather",
    "what temperature is the sleeping bag rated to?", "what's the temperature rating", "is the tent ok in snow?",
    "will it keep me warm?",
    "what is the weight of the tent?", "who makes this?", "who is the manufacturer", "what time do you close?",
    "what time do you open today",
    "what day will it arrive?", "how old must I be to buy a knife?", "how many people fit", "is the knife legal "
    "in the UK?",
    "is it legal to carry this knife", "can I sue you? no, I just want a refund", "do you have a size chart",
    "my order has not arrived",
    "I have a rash from the base layer, can I return it?", "are the boots good for bad knees", "do you have "
    "anything for blisters?",
    "is the stove safe indoors?", "what medicine fits in the first aid kit? which kit is biggest", "does the "
    "insect repellent contain DEET",
    "can I use the filter for river water", "is the water safe after filtering", "do you have a map of Oregon",
    "is there a book on knots",
    "can I cook pasta on this stove?", "recipe ideas for the freeze-dried food",
    "how do I cook with the cookset", "do you sell coffee",
    "can you recommend a tent for two", "recommend me a good jacket", "what do you recommend for winter hiking?",
    "best boots for wide feet",
    "I'm a teacher, is there a discount?", "discount code not working", "promo code TRAIL20",
    "is the code valid?", "track my order",
    "my code does not work", "the qr code on my label does not scan", "do you accept bitcoin?", "can I pay with "
    "crypto", "can I buy bitcoin with a gift card",
    "do you ship to China?", "do you ship to Russia", "is there a war surcharge on shipping", "president's day "
    "sale?", "black friday deals",
    "are you open on Christmas?", "what's your favourite tent?", "which one is your best seller?", "what is the "
    "best tent you sell",
    "how much is 2 x gift card 50", "is 2 + 1 free on socks?", "how many litres is the pack", "what does 20,000 "
    "mm mean", "2 L reservoir",
    "what is 650 fill power", "is the tent stupid heavy?", "is it stupidly expensive to ship", "trash bags",
    "do you have a trash bag holder",
    "the zip is a piece of crap, I want a refund", "this jacket is garbage, I want my money back", "the "
    "delivery guy was an idiot, where is my parcel",
    "I love the Larch jacket, does it come in red?", "I love your shop, do you have socks?", "I'm bored of my "
    "old tent, what's new?",
    "my wife wants the Larch jacket in M", "my girlfriend needs boots", "my landlord signed for my parcel",
    "can I return a gift from my ex-wife",
    "translate the size to EU", "what is EU 42 in US?", "can you summarise the return policy", "write a review",
    "how do I write a review?",
    "can you write my name on the gift card", "can you write a gift message for me", "I want to write to "
    "customer service",
    "are you hiring?", "do you have a job for me", "is my data safe", "who can read this chat", "can I write in "
    "Spanish?", "do you speak French?",
    "what languages do you speak?", "do you have the La Sportiva boots", "how long does the refund take", "how "
    "far can the headlamp shine",
    "how hot does the stove get?", "is the tent big enough for a family of 5?", "larch jacket", "tents",
    "FW-RDG2-GRN", "FW-202884", "L", "42", "XL?",
    "returns", "shipping", "gift card", "size M", "fedex", "bbq", "DEET", "PFAS", "do you have anything for "
    "lonely planet trips",
    "今天能发货吗", "明天能到吗", "今天下单几点前发货", "下雨天穿什么外套", "哪款帐篷适合下雪", "帐篷防水吗",
    "睡袋多少度能用", "这个刀可以带上飞机吗",
    "急救包里有什么药", "礼品卡上可以写一首诗吗", "可以帮我写贺卡吗", "和淘宝比你们便宜吗？可以比价吗",
    "你们在京东有店吗", "能用支付宝吗", "支持比特币吗",
    "有什么笑话书卖吗", "推荐一款双人帐篷", "推荐徒步鞋", "怎么洗羽绒服", "滚筒洗衣机可以洗吗", "有垃圾袋卖吗",
    "这个质量太垃圾了我要退货", "快递员是白痴，我的包裹呢",
    "我喜欢这件，有红色吗", "我爱你们的帐篷，有大的吗", "我女朋友穿什么码", "老婆的生日礼物推荐",
    "多大的背包适合三天", "几岁的孩子能穿", "你们几点开门",
    "现在有什么优惠", "今天有活动吗", "翻译一下尺码表可以吗，EU 42 是多大", "你们是哪个国家的", "总统日有折扣吗",
    "运费2+1怎么算", "头灯多亮", "订单 FW-202884",
    "有货吗", "多少钱", "退货", "尺码", "我无法登录账号", "写评价有积分吗", "怎么写评价",
)  # fmt: skip
"""Every one is for the shop, however it sounds."""
