"""Invented people and companies, drawn from a `random.Random` so that a seed gives the same again.

Everything is recognisable as invented: companies and universities begin 演示, telephone numbers lie
in one unused-looking block, region codes end in 01 (市辖区), addresses name a 演示区. The check
characters are right all the same, since the product refuses numbers whose check fails.
"""

from __future__ import annotations

from datetime import date
from operator import mul
from random import Random
from typing import Final, Literal

from core.catalogue.regions import PROVINCES, short_name
from core.demo.dice import Weighted

Sex = Literal["男", "女"]

_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏"
    "吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万"
    "覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包"
)
_COMPOUND_SURNAMES: Final = ("欧阳", "上官", "司马", "诸葛", "司徒", "夏侯", "皇甫", "尉迟", "令狐")
_GIVEN: Final[dict[Sex, str]] = {
    "男": "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢建国志海东文博瑞轩泽晨"
    "天航立诚永兴成栋梁岩峰振庆祥达毅恒彬昊然子睿铭松远新民安康德荣光耀世家宏图中正仁义",
    "女": "芳娜敏静丽艳娟霞秀英华慧巧美淑惠珠翠雅芝玉萍红娥玲芬燕彩春菊兰凤洁梅琳素云莲真环雪荣爱"
    "妹香月莺媛瑞凡佳嘉琼勤珍贞莉桂娣叶璐雯晶茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵欣悦涵梦琪",
}
_DOTTED_GIVEN: Final[dict[Sex, tuple[str, ...]]] = {
    "男": ("阿卜杜拉", "艾力", "买买提", "吐尔逊", "玉素甫", "亚森", "库尔班", "艾尼瓦尔"),
    "女": ("阿依古丽", "古丽娜尔", "热依罕", "帕提古丽", "祖丽皮亚", "茹仙古丽", "迪丽努尔"),
}
_DOTTED_FATHER: Final = (
    "买买提",
    "艾合买提",
    "吐尔逊",
    "卡德尔",
    "热合曼",
    "依明",
    "司马义",
    "托乎提",
)

_CITIES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    # The cities whose 市辖区 code was given first, with their two digits in GB/T 2260.
    "11": (("01", "北京"),),
    "12": (("01", "天津"),),
    "13": (("01", "石家庄"), ("02", "唐山"), ("03", "秦皇岛"), ("04", "邯郸"), ("06", "保定")),
    "14": (("01", "太原"), ("02", "大同"), ("03", "阳泉"), ("04", "长治")),
    "15": (("01", "呼和浩特"), ("02", "包头"), ("03", "乌海"), ("04", "赤峰")),
    "21": (("01", "沈阳"), ("02", "大连"), ("03", "鞍山"), ("06", "丹东"), ("07", "锦州")),
    "22": (("01", "长春"), ("02", "吉林"), ("03", "四平"), ("04", "辽源")),
    "23": (("01", "哈尔滨"), ("02", "齐齐哈尔"), ("06", "大庆"), ("10", "牡丹江")),
    "31": (("01", "上海"),),
    "32": (("01", "南京"), ("02", "无锡"), ("03", "徐州"), ("05", "苏州"), ("06", "南通")),
    "33": (("01", "杭州"), ("02", "宁波"), ("03", "温州"), ("04", "嘉兴"), ("06", "绍兴")),
    "34": (("01", "合肥"), ("02", "芜湖"), ("03", "蚌埠"), ("05", "马鞍山")),
    "35": (("01", "福州"), ("02", "厦门"), ("03", "莆田"), ("05", "泉州")),
    "36": (("01", "南昌"), ("02", "景德镇"), ("04", "九江"), ("05", "新余")),
    "37": (("01", "济南"), ("02", "青岛"), ("03", "淄博"), ("06", "烟台"), ("07", "潍坊")),
    "41": (("01", "郑州"), ("02", "开封"), ("03", "洛阳"), ("07", "新乡"), ("09", "濮阳")),
    "42": (("01", "武汉"), ("02", "黄石"), ("03", "十堰"), ("06", "襄阳")),
    "43": (("01", "长沙"), ("02", "株洲"), ("03", "湘潭"), ("04", "衡阳")),
    "44": (("01", "广州"), ("03", "深圳"), ("04", "珠海"), ("05", "汕头"), ("06", "佛山")),
    "45": (("01", "南宁"), ("02", "柳州"), ("03", "桂林"), ("04", "梧州")),
    "46": (("01", "海口"), ("02", "三亚")),
    "50": (("01", "重庆"),),
    "51": (("01", "成都"), ("03", "自贡"), ("05", "泸州"), ("06", "德阳"), ("07", "绵阳")),
    "52": (("01", "贵阳"), ("03", "遵义"), ("04", "安顺")),
    "53": (("01", "昆明"), ("03", "曲靖"), ("04", "玉溪")),
    "54": (("01", "拉萨"), ("02", "日喀则")),
    "61": (("01", "西安"), ("02", "铜川"), ("03", "宝鸡"), ("04", "咸阳")),
    "62": (("01", "兰州"), ("03", "金昌"), ("04", "白银"), ("05", "天水")),
    "63": (("01", "西宁"), ("02", "海东")),
    "64": (("01", "银川"), ("02", "石嘴山"), ("03", "吴忠")),
    "65": (("01", "乌鲁木齐"), ("02", "克拉玛依")),
    "66": (("90", "石河子"),),
    "71": (("01", "台北"),),
    "81": (("01", "香港"),),
    "82": (("01", "澳门"),),
}

_STUDYING: Final = tuple(code for code in _CITIES if code < "66")

INDUSTRIES: Final[dict[str, tuple[str, ...]]] = {
    "design": (
        "建筑设计研究院有限公司",
        "建筑设计有限公司",
        "工程设计咨询有限公司",
        "建筑设计院有限责任公司",
    ),
    "supervision": (
        "工程监理咨询有限公司",
        "建设监理有限公司",
        "工程项目管理有限公司",
        "工程监理有限责任公司",
    ),
    "survey": ("勘察设计院有限责任公司", "岩土工程勘察有限公司", "勘测规划设计研究院有限公司"),
    "construction": ("建设工程有限公司", "建筑工程集团有限公司", "建筑安装工程有限责任公司"),
    "municipal": ("市政工程设计有限公司", "市政规划设计研究院有限公司", "给排水工程设计有限公司"),
    "power": ("电力设计院有限公司", "电力工程咨询有限公司", "供配电工程设计有限公司"),
    "services": ("商贸有限公司", "信息科技有限公司", "人力资源服务有限公司", "物业管理有限公司"),
}
"""Kind of employer → endings of its name; `services` are employers outside construction."""

_TRADE_FIRST: Final = (
    "华中恒鼎宏泰瑞正建安信诚博远天同盛嘉金东方永立新广凯润弘昌德利锦卓伟通顺联亚志"
)
_TRADE_SECOND: Final = (
    "宇基达通业筑厦程图衡峰泰源兴邦城诚固朴川创和润科拓岳恒立森鑫辰航景铭晟途隆尚合"
)
_ROADS: Final = (
    "创新",
    "建设",
    "和平",
    "人民",
    "解放",
    "振兴",
    "学府",
    "迎宾",
    "科技",
    "滨河",
    "文化",
)
_SCHOOLS: Final = (
    "大学",
    "理工大学",
    "建筑大学",
    "工业大学",
    "交通大学",
    "科技大学",
    "工程学院",
    "建设学院",
)
_MAJORS: Final = (
    *("土木工程", "建筑学", "结构工程", "岩土工程", "工程管理", "给水排水科学与工程", "工程造价"),
    *("建筑环境与能源应用工程", "电气工程及其自动化", "道路桥梁与渡河工程", "水利水电工程"),
    *("城市地下空间工程", "机械设计制造及其自动化", "化学工程与工艺", "环境工程", "测绘工程"),
)
_ETHNIC_GROUPS: Final = Weighted(
    {
        "汉族": 91.1,
        "壮族": 1.4,
        "回族": 0.8,
        "满族": 0.8,
        "维吾尔族": 0.4,
        "苗族": 0.8,
        "彝族": 0.7,
        "土家族": 0.7,
        "藏族": 0.5,
        "蒙古族": 0.5,
        "布依族": 0.3,
        "侗族": 0.3,
        "瑶族": 0.2,
        "朝鲜族": 0.1,
        "白族": 0.15,
        "哈萨克族": 0.1,
    }.items()
)
_EDUCATION: Final = Weighted(
    {
        ("大学专科", "无"): 22,
        ("大学本科", "学士"): 50,
        ("大学本科", "无"): 10,
        ("硕士研究生", "硕士"): 16,
        ("博士研究生", "博士"): 2,
    }.items()
)
_TITLES: Final = Weighted(
    {
        "助理工程师": 14,
        "工程师": 44,
        "高级工程师": 31,
        "正高级工程师": 5,
        "无": 6,
    }.items()
)
# Families by frequency: the list is in the order of the census, the weights fall like 1/rank.
_FAMILIES: Final = Weighted((name, 1 / (rank + 3)) for rank, name in enumerate(_SURNAMES))

_ID_WEIGHTS: Final = tuple(2 ** (17 - place) % 11 for place in range(17))
_CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_VALUES: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def person_name(rng: Random, sex: Sex) -> str:
    """A Chinese name: families weighted as in the census, 1 % compound, 1 % written with "·"."""
    kind = rng.random()
    if kind < 0.01:
        return f"{rng.choice(_DOTTED_GIVEN[sex])}·{rng.choice(_DOTTED_FATHER)}"
    family = rng.choice(_COMPOUND_SURNAMES) if kind < 0.02 else _FAMILIES.draw(rng)
    letters = _GIVEN[sex]
    second = rng.choice(letters) if rng.random() < 0.8 else ""
    return family + rng.choice(letters) + second


def ethnic_group(rng: Random, name: str = "") -> str:
    """民族, weighted as in the population; a name written with "·" is 维吾尔族 here."""
    return "维吾尔族" if "·" in name else _ETHNIC_GROUPS.draw(rng)


def id_number(rng: Random, province: str, born: date, sex: Sex) -> str:
    """公民身份号码 (GB 11643): region ending in 01, birth date, sequence (odd for men), check.

    province: two-digit code; cards of 66 (兵团) begin with 65, as no card begins with 66.
    Raises KeyError for an unknown province.
    """
    city, _ = rng.choice(_CITIES[province])
    region = f"{'65' if province == '66' else province}{city}01"
    sequence = rng.randrange(1, 1000, 2) if sex == "男" else rng.randrange(2, 1000, 2)
    body = f"{region}{born:%Y%m%d}{sequence:03d}"
    return closed(body)


def closed(body: str) -> str:
    """`body` of 17 digits with its check character (GB 11643)."""
    return body + "10X98765432"[sum(map(mul, map(int, body), _ID_WEIGHTS)) % 11]


def phone(rng: Random) -> str:
    """A mobile number of 11 digits in the block 19900…, the same for all invented people."""
    return f"19900{rng.randrange(1_000_000):06d}"


def credit_code(rng: Random, province: str) -> str:
    """统一社会信用代码 (GB 32100): 91, region, organisation code (GB 11714), check character.

    Both check characters are right. Raises KeyError for an unknown province.
    """
    if province not in PROVINCES:
        raise KeyError(province)
    if rng.random() < 0.5:
        organisation = "MA" + "".join(rng.choices(_CREDIT_ALPHABET, k=6))
    else:
        organisation = f"{rng.randrange(10**7, 8 * 10**7):08d}"
    total = sum(
        weight * _ORGANISATION_VALUES.index(letter)
        for weight, letter in zip(_ORGANISATION_WEIGHTS, organisation, strict=True)
    )
    body = f"91{province}{rng.choice(('0100', '0101'))}{organisation}{'0X987654321'[total % 11]}"
    total = sum(
        weight * _CREDIT_ALPHABET.index(letter)
        for weight, letter in zip(_CREDIT_WEIGHTS, body, strict=True)
    )
    return body + _CREDIT_ALPHABET[-total % 31]


def company_name(rng: Random, province: str, industry: str) -> str:
    """演示 + place + trade name + ending, such as 演示济南恒筑建筑设计有限公司.

    industry: a key of `INDUSTRIES`. Raises KeyError for an unknown province or industry.
    """
    place = short_name(province)
    if rng.random() < 0.6:
        place = rng.choice(_CITIES[province])[1]
    trade = rng.choice(_TRADE_FIRST) + rng.choice(_TRADE_SECOND)
    return f"演示{place}{trade}{rng.choice(INDUSTRIES[industry])}"


def qualification_number(rng: Random, province: str) -> str:
    """企业资质证书号: A1, the province, then 5 to 7 digits (A161003710).

    Raises KeyError for an unknown province.
    """
    if province not in PROVINCES:
        raise KeyError(province)
    digits = rng.choice((5, 6, 6, 6, 7))
    return f"A1{province}{rng.randrange(10**digits):0{digits}d}"


def address(rng: Random, province: str) -> str:
    """A postal address in a district that does not exist (演示区).

    Raises KeyError for an unknown province.
    """
    full = PROVINCES[province].zh
    city = rng.choice(_CITIES[province])[1]
    town = "" if full.startswith(city) else f"{city}市"
    return f"{full}{town}演示区{rng.choice(_ROADS)}路{rng.randrange(1, 400)}号"


def university(rng: Random) -> str:
    """An invented university, such as 演示西安建筑大学."""
    province = rng.choice(_STUDYING)
    return f"演示{rng.choice(_CITIES[province])[1]}{rng.choice(_SCHOOLS)}"


def major(rng: Random) -> str:
    """所学专业, from the subjects that lead to these professions."""
    return rng.choice(_MAJORS)


def education(rng: Random) -> tuple[str, str]:
    """学历 and 学位 that go together; the degree is 无 where none was given."""
    return _EDUCATION.draw(rng)


def job_title(rng: Random) -> str:
    """现任专业技术职务, 无 for some."""
    return _TITLES.draw(rng)
