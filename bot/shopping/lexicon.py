"""General language of shopping, English and Chinese: what things, colours, materials and people are called.

Nothing here is of one shop: a word only ever means something where the shop's own catalogue has it (`vocabulary.py`).
A group is one meaning with all its words, the first being its name. English words stand in the singular, lower case.
"""

from collections.abc import Mapping


def _groups(text: str) -> Mapping[str, tuple[str, ...]]:
    """By its name, each line's group; a line that begins with a space goes on with the one before it."""
    lines = text.strip().replace("\n ", " ").splitlines()
    rows = (tuple(word.strip() for word in line.split(",")) for line in lines)
    return {row[0]: row for row in rows}


NOUNS = _groups("""
tent, 帐篷, 帐蓬, 营帐, 人帐, 帐
footprint, groundsheet, ground sheet, 地布, 地垫布
tarp, 天幕
peg, tent peg, stake, 地钉
sleeping bag, sleepingbag, 睡袋
sleeping bag liner, travel liner, liner, 睡袋内胆, 内胆
quilt, 被子
mat, sleeping mat, sleeping pad, sleep pad, camping mat, mattress, air mattress, 睡垫, 防潮垫, 垫子, 充气垫
pillow, 枕头, 枕
yoga mat, 瑜伽垫
pack, backpack, rucksack, daypack, knapsack, 背包, 双肩包, 登山包, 书包, 日用背包, 徒步包
travel bag, holdall, 旅行包
duffel, duffel bag, duffle, duffle bag, 驮包, 行李袋
suitcase, carry-on, trolley case, luggage, checked, 行李箱, 登机箱, 拉杆箱, 旅行箱
dry bag, 防水袋
tote, tote bag, 托特包, 购物袋
handbag, purse, 手提包, 女包
wallet, neck wallet, 钱包
toiletry bag, wash bag, 洗漱包
rain cover, 防雨罩
packing cube, 收纳袋, 分装袋
sling bag, sling, crossbody bag, 斜挎包, 胸包
reservoir, bladder, hydration bladder, 水袋
jacket, coat, 夹克, 外套, 上衣
rain jacket, raincoat, rain coat, waterproof jacket, shell jacket, hardshell, hard shell, hardshell jacket,
  rain gear, rainwear, 冲锋衣, 雨衣, 硬壳, 防雨夹克, 防水外套, 防水夹克, 雨具
insulated jacket, puffer, puffer jacket, winter jacket, winter coat, warm jacket, padded jacket, 保暖外套, 棉服,
  棉衣, 冬装外套, 保暖夹克, 保暖衣
down jacket, down coat, 羽绒服, 羽绒衣, 羽绒外套, 羽绒夹克
parka, 派克大衣, 大衣
windbreaker, windshell, wind jacket, 风衣, 防风衣, 皮肤衣
poncho, rain poncho, 雨披
vest, gilet, body warmer, down vest, 马甲, 背心
fleece, fleece jacket, 抓绒, 抓绒衣, 摇粒绒
cardigan, 开衫
pullover, sweater, jumper, 套头衫, 毛衣
hoody, hoodie, 连帽衫, 卫衣
trouser, pant, hiking pant, slack, 长裤, 裤子, 徒步裤
rain trouser, rain pant, waterproof trouser, 雨裤
shorts, 短裤
skirt, 裙子, 短裙
dress, 连衣裙
legging, tight, 紧身裤, 打底裤
base layer, baselayer, thermal, thermal underwear, long john, 贴身层, 打底衣, 打底, 保暖内衣, 排汗内衣
t-shirt, tee, t shirt, tshirt, 短袖, t恤
shirt, 衬衫, 衬衣
underwear, boxer brief, brief, boxer, 内裤, 内衣
sock, 袜子, 袜
boot, hiking boot, 靴子, 靴, 徒步靴, 登山靴, 登山鞋
shoe, 鞋子, 鞋
hiking shoe, walking shoe, trail shoe, trail running shoe, running shoe, trainer, sneaker, 徒步鞋, 越野鞋, 跑鞋,
  运动鞋, 跑步鞋
approach shoe, 接近鞋
winter boot, snow boot, 雪地靴
mountain boot, mountaineering boot, 高山靴
sandal, 凉鞋
flip-flop, 人字拖, 拖鞋
hat, cap, beanie, headwear, 帽子, 帽
glove, mitten, 手套
neck gaiter, gaiter, buff, scarf, 围脖, 围巾, 脖套
headlamp, head torch, headtorch, 头灯
lantern, camp lantern, 营地灯, 营灯
lamp, light, lights, torch, flashlight, 灯具, 灯, 手电, 手电筒
power bank, powerbank, portable charger, 充电宝, 移动电源
power station, 户外电源
solar panel, 太阳能板
battery, rechargeable cell, 电池
stove, camping stove, camp stove, burner, cooker, stove system, 炉具, 炉子, 炉头, 气炉, 炉
gas canister, fuel canister, gas cartridge, 气罐, 燃气罐
cookset, cook set, cookware set, 套锅
cookware, 炊具, 锅具
pot, 锅
pan, skillet, frying pan, 煎锅
mug, cup, 杯子, 马克杯
cutlery, spoon, fork, 餐具, 勺子
bowl, 碗
cooler, cool box, 冰包, 保温箱
bottle, water bottle, flask, 水壶, 水瓶, 保温瓶, 保温杯, 瓶子
water filter, filter, 滤水器, 净水器
purifier, water purifier, 净水
knife, pocket knife, folding knife, 刀, 小刀, 折刀, 刀具
multitool, multi tool, multi-tool, 多功能工具, 工具钳
tool, 工具
saw, 锯子, 锯
axe, hatchet, 斧头, 斧
trowel, 铲子, 小铲
trekking pole, hiking pole, walking pole, walking stick, pole, 登山杖, 徒步杖, 手杖
compass, 指南针
map, 地图
gps, satellite messenger, 卫星通讯器
journal, notebook, 笔记本
first aid kit, first-aid kit, 急救包
bear spray, 防熊喷雾
insect repellent, repellent, bug spray, 驱虫剂, 驱蚊
sunscreen, sun cream, 防晒霜
emergency blanket, 急救毯
whistle, 哨子
towel, 毛巾
travel adapter, adapter, 转换插头
lock, cable lock, 锁
eye mask, 眼罩
neck pillow, travel pillow, 颈枕, u型枕
boot wax, wax, 鞋蜡
repair kit, 维修包
gift card, gift voucher, 礼品卡
hydration vest, running vest, 越野跑背心, 水袋背心
food, meal, camping meal, freeze-dried meal, camping food, 食品, 食物, 冻干餐
stew, 炖菜
curry, 咖喱
porridge, 粥
energy bar, bar, snack bar, 能量棒
coffee, 咖啡
fire striker, striker, ferro rod, fire starter, fire steel, 打火石, 打火棒, 点火棒
hammock, 吊床
camp chair, chair, 椅子, 露营椅
table, camp table, 桌子
watch, 手表
sunglasses, 太阳镜, 墨镜
umbrella, 雨伞, 伞
bike, bicycle, 自行车
kayak, 皮划艇
ski, 滑雪板
sled, sledge, 雪橇
climbing rope, rope, 绳子, 登山绳
harness, 安全带
helmet, 头盔
laptop, 笔记本电脑
phone, 手机
camera, 相机
book, 书
wetsuit, 潜水服
swimsuit, swimwear, bikini, 泳衣, 泳装
jeans, 牛仔裤
""")
"""What things are called. Words of one group are taken for the same thing."""

BROADER: Mapping[str, tuple[str, ...]] = {
    "jacket": (
        "rain jacket",
        "insulated jacket",
        "down jacket",
        "parka",
        "windbreaker",
    ),
    "insulated jacket": ("down jacket", "parka"),
    "hiking shoe": ("approach shoe",),
    "trouser": ("rain trouser",),
    "shoe": ("hiking shoe", "approach shoe"),
    "boot": ("winter boot", "mountain boot"),
    "travel bag": ("duffel", "suitcase", "tote"),
    "lamp": ("headlamp", "lantern"),
    "food": ("stew", "curry", "porridge", "energy bar", "coffee"),
    "tool": ("multitool", "saw", "axe", "trowel"),
    "cookware": ("pot", "pan", "cookset", "mug", "cutlery", "bowl"),
    "pillow": ("neck pillow",),
    "water filter": ("purifier",),
    "fleece": ("pullover", "hoody"),
    "base layer": ("t-shirt", "legging", "underwear"),
    "sandal": ("flip-flop",),
}
"""A wider word also means these; a thing named by a narrower word is still one of the wider kind."""

WIDE = _groups("""
footwear, 鞋类, 鞋履
clothes, clothing, apparel, clothe, garment, 衣服, 服装, 衣物
bag, 包, 包包
""")
"""Words for many kinds at once; see `WIDE_KINDS`."""

WIDE_KINDS: Mapping[str, tuple[str, ...]] = {
    "footwear": ("boot", "shoe", "hiking shoe", "sandal"),
    "clothes": (
        *("jacket", "fleece", "base layer", "trouser", "shorts", "sock", "hat", "glove", "vest", "skirt", "shirt"),
        *("cardigan", "poncho"),
    ),
    "bag": ("pack", "travel bag", "sling bag", "toiletry bag", "dry bag"),
}

COLOURS = _groups("""
black, jet, onyx, ebony, 黑色, 黑, 纯黑
white, ivory, snow, 白色, 白
grey, gray, slate, charcoal, graphite, ash, silver, smoke, steel, granite, 灰色, 灰, 银色, 炭灰
red, crimson, scarlet, signal red, brick, ruby, cherry, maroon, burgundy, wine, rust, 红色, 红, 酒红
orange, ember, burnt orange, tangerine, apricot, 橙色, 橙, 橘色, 橘
yellow, sunflower, marigold, mustard, gold, lemon, amber, 黄色, 黄, 金色
green, olive, moss, fern, lichen, forest, sage, emerald, mint, lime, khaki, jade, 绿色, 绿, 军绿
blue, navy, midnight, ink, lake blue, glacier, indigo, sky, cobalt, azure, denim, sapphire, ocean, 蓝色, 蓝, 藏青,
  深蓝, 浅蓝, 天蓝
teal, turquoise, cyan, aqua, 青色, 蓝绿
purple, plum, violet, lavender, lilac, aubergine, mauve, 紫色, 紫
pink, rose, blush, coral, magenta, fuchsia, 粉色, 粉红, 粉
brown, peat, bracken, walnut, chocolate, coffee, chestnut, clay, tan, canvas tan, 棕色, 棕, 褐色, 褐, 咖啡色, 咖色
beige, sand, sandstone, oatmeal, cream, stone, natural, reed, camel, 米色, 米白, 卡其, 沙色, 砂岩色, 燕麦色
""")
"""Families of colours: what a shop calls `Charcoal` is a grey."""

MATERIALS = _groups("""
leather, suede, nubuck, goatskin, cowhide, full-grain, 皮革, 真皮, 皮质, 牛皮, 反绒皮, 皮的, 皮
merino, merino wool, 美利奴, 美丽诺, 美利奴羊毛
wool, merino, merino wool, boiled wool, 羊毛, 毛料, 美利奴
down, goose down, duck down, 羽绒, 鹅绒, 鸭绒
synthetic, synthetic insulation, synthetic fill, hollow-fibre, hollow fibre, polyester insulation, 化纤, 化纤棉,
  合成棉, 棉服
cotton, 棉, 纯棉, 棉质
silk, 丝绸, 真丝, 桑蚕丝, 丝
nylon, polyamide, 尼龙, 锦纶
polyester, 涤纶, 聚酯
titanium, 钛, 钛合金
aluminium, aluminum, 铝, 铝合金
steel, stainless, stainless steel, 不锈钢, 钢
carbon, carbon fibre, carbon fiber, 碳纤维, 碳素
cast iron, cast-iron, 铸铁
plastic, 塑料
rubber, 橡胶
recycled, recycled material, 再生, 回收材料, 再生材料, 环保材料
fur, 皮草
canvas, 帆布
linen, 亚麻
mesh, 网布, 网眼
wood, wooden, 木头, 木质, 木
foam, 泡沫
""")

GENDERS = _groups("""
women, woman, women's, womens, ladies, lady, female, girls', 女款, 女士, 女式, 女装, 女生, 女性, 女的, 女
men, man, men's, mens, gents, gentlemen, male, 男款, 男士, 男式, 男装, 男生, 男性, 男的, 男
kids, kid, kid's, kids', child, child's, children's, children, junior, youth, toddler, boy, girl, 儿童, 童装, 小孩,
  孩子, 小朋友, 童款, 宝宝
unisex, 男女通用, 中性, 中性款
""")

RECIPIENTS = _groups("""
women, wife, girlfriend, mum, mom, mother, sister, aunt, grandma, grandmother, her, she, 妈妈, 老妈, 母亲, 老婆, 妻子,
  女朋友, 女友, 姐姐, 妹妹, 奶奶, 外婆, 阿姨, 太太, 她
men, husband, boyfriend, dad, father, brother, uncle, grandpa, grandfather, him, he, 爸爸, 父亲, 老公, 丈夫, 男朋友,
  男友, 哥哥, 弟弟, 爷爷, 外公, 叔叔, 先生, 老爸, 他
""")
"""For whom a present is: things made for somebody else are left out, things made for all stay in."""

FEATURES = _groups("""
light, lightweight, light weight, ultralight, ultra light, ultra-light, featherweight, not heavy, not too heavy,
  轻便, 轻量, 轻量化, 超轻, 轻薄, 轻, 不重
warm, cozy, cosy, toasty, insulated, cold weather, cold-weather, 保暖, 暖和, 温暖, 御寒, 暖, 抗寒
waterproof, rainproof, water proof, 防水, 防雨
water-resistant, water resistant, water-repellent, 防泼水, 防溅
windproof, wind proof, 防风
breathable, 透气
quick-dry, quick dry, quick drying, fast drying, 速干, 快干
packable, compact, foldable, small pack size, 可压缩, 便携, 可收纳, 小巧
durable, tough, sturdy, hard-wearing, robust, rugged, indestructible, 耐用, 结实, 耐磨, 坚固
stretch, stretchy, 弹力, 有弹性
roomy, spacious, wide, wide feet, 宽松, 宽敞, 宽脚, 宽楦
comfortable, comfy, soft, cushioned, 舒适, 舒服, 柔软
winter, snow, 冬天, 冬季, 冬, 雪地, 下雪
summer, hot weather, 夏天, 夏季, 夏
beginner, first time, 新手, 入门, 初学者
family, 家庭, 家用, 一家人, 全家
travel, travelling, traveling, trip, 旅行, 出差, 旅游
hiking, hike, trail, walking, trekking, 徒步, 远足, 爬山, 健走
backpacking, thru-hiking, multi-day, 重装徒步, 多日徒步, 长途徒步
trail-running, trail running, running, run, jogging, 越野跑, 跑步
mountaineering, alpine, expedition, 登山, 高山, 攀登
car-camping, car camping, campground, 自驾露营, 自驾
camp, camping, 露营, 野营, 营地
cycling, bikepacking, biking, 骑行, 骑车
commuting, commute, city, work, office, commuter, laptop, 通勤, 上班, 城市
climbing, 攀岩, 攀爬
fishing, paddling, kayaking, 划船, 钓鱼, 皮划艇运动
ski-touring, skiing, ski trip, 滑雪
tall, tall person, long, 高个子, 高个, 个子高, 长款, 加长
short person, petite, 小个子, 矮个子
rain, rainy, wet weather, 下雨, 雨天, 雨季
quiet, silent, 安静
bright, brightest, 亮, 明亮
gift, present, birthday, 礼物, 送礼, 生日
emergency, 应急, 紧急
sun-protection, sun protection, upf50, 防晒
dog-friendly, dog, 狗, 带狗
""")
"""What a thing is good for or like. These rank; they rule nothing out."""

FEATURES_FIRST: Mapping[str, str] = {
    "light": "light",
    "long": "tall",
    "short": "short person",
    "down to earth": "",
}
"""Words that are more often said of a thing than they name one."""

PLAIN_COLOURS: Mapping[str, tuple[str, ...]] = {
    name: tuple(dict.fromkeys((words[0], *(word for word in words if word >= "\u3400"))))
    for name, words in COLOURS.items()
} | {"grey": ("grey", "gray", "灰色", "灰")}
"""Words that mean a whole family even where one of the shop's colours is called just so."""

IDLE = (
    *(
        "其他",
        "其它",
        "他们",
        "她们",
        "皮肤",
        "轻松",
        "年轻",
        "重量",
        "便宜",
        "男女",
        "红包",
        "黑五",
        "黑色星期五",
        "打包",
    ),
    *("白天", "明白", "金额", "现金", "押金", "奖金", "资金", "刀刃", "棉花", "女王", "保暖性", "开灯", "鞋码", "鞋带"),
    *("吉他", "灯光", "书面", "证书", "说明书", "手表现", "表现", "冬奥", "绿码", "蓝牙", "灰尘", "粉丝", "白色恋人"),
    *("pack of", "light up", "black friday", "white glove", "green card", "watch out", "no longer", "as long as"),
    *("how long", "long time", "long weekend", "short notice", "light weekend", "gold member", "map out", "book in"),
)
"""Phrases that hold a word of wishes without meaning it."""
