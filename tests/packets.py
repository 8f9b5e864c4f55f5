"""Packets as outside portals write them, with invented people and pictures drawn here.

Independent of the demo data: tests of the intake must not lean on the code that fills a demo.
"""

from __future__ import annotations

import io
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
from PIL import Image, ImageDraw
from stdnum.cn import ric, uscc

from core import catalogue
from core.catalogue.types import Kind, Material, Service

RECEIVED = "2026-03-10T09:00:00+08:00"
_SURNAMES = "赵钱孙李周吴郑王冯陈"
_GIVEN = ("示一", "示二", "试文", "试宁", "例安", "例清", "样和", "样平")
_CITIES = {"37": "济南市", "11": "北京市", "32": "南京市"}
_ORIENTATION = 0x0112


class Writer:
    """Makes packets; the same seed makes the same ones."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.count = 0

    def id_number(self, born: date, male: bool) -> str:
        """An ID number of the region 370101 (市辖区), which is given to nobody."""
        order = self.random.randrange(0, 499) * 2 + int(male)
        number = f"370101{born:%Y%m%d}{order:03d}"
        return number + ric.calc_check_digit(number + "0")

    def credit_code(self, province: str = "37") -> str:
        """A credit code registered in `province`."""
        code = f"91{province}0100MA{self.random.randrange(10**7):07d}"
        return code + uscc.calc_check_digit(code)

    def packet(
        self, profession: str = "supervision", business: str = "initial", **values: Any
    ) -> tuple[dict[str, Any], dict[str, bytes]]:
        """A sound packet and its files by name. values: top-level keys to replace."""
        self.count += 1
        service = catalogue.current().services[profession, business]
        data: dict[str, Any] = {
            "packet": f"P-{self.random.randrange(10**9):09d}-{self.count}",
            "channel": "mini_program",
            "profession": profession,
            "business": business,
            "filed_at": "2026-03-06T20:15:00+08:00",
            "reported_at": "2026-03-09 10:00:00",
            "received_at": RECEIVED,
            "person": {},
            "employer": {},
            "registration": {},
            "request": {},
            "files": [],
        }
        specialties = catalogue.current().professions[profession].specialties
        if specialties:
            data["specialties"] = [next(item.key for item in specialties if item.open)]
        if service.promise:
            data["promise"] = True
        if service.notice.items:
            data["conditions"] = list(range(1, len(service.notice.items) + 1))
        for key, value in self.form(service).items():
            field = next(item for item in service.fields if item.key == key)
            data[field.subject.value][key] = value
        files: dict[str, bytes] = {}
        for material in service.materials:
            if material.required and material.when is None:
                name = f"{self.count:03d}-{material.key} 扫描件(1).JPG"
                files[name] = self.picture(material)
                data["files"].append({"kind": material.key, "file": name})
        return {**data, **values}, files

    def form(self, service: Service) -> dict[str, Any]:
        """A value for every field of a service."""
        born = date(1970, 1, 1) + timedelta(days=self.random.randrange(9000))
        male = self.random.random() < 0.5
        name = self.random.choice(_SURNAMES) + self.random.choice(_GIVEN)
        own = {
            "name": name,
            "sex": "male" if male else "female",
            "id_type": "resident_id",
            "id_number": self.id_number(born, male),
            "born_on": born.isoformat(),
            "phone": f"199{self.random.randrange(10**8):08d}",
            "employer_name": f"演示{self.random.randrange(1000):03d}工程咨询有限公司",
            "credit_code": self.credit_code(),
            "employer_province": "山东省",
            "employer_city": _CITIES["37"],
            "work_years": 8,
            "forced": "no",
        }
        return {field.key: own.get(field.key, _plain(field)) for field in service.fields}

    def picture(self, material: Material | None = None) -> bytes:
        """A picture in the size that is asked for, different every time."""
        width, height = (material.width, material.height) if material else (None, None)
        return jpeg(drawing(self.random, width or 600, height or 800))


def _plain(field: catalogue.Field) -> Any:
    match field.kind:
        case Kind.DATE:
            return "2010-07-01"
        case Kind.MONTH:
            return "2010-07"
        case Kind.NUMBER:
            return 5
        case Kind.YES_NO:
            return "no"
        case Kind.OPTION:
            return field.options[0].key
        case Kind.OPTIONS:
            return [field.options[0].key]
        case Kind.PHONE:
            return "19900000001"
        case _:
            return field.label.zh[: field.max_length]


def drawing(dice: random.Random, width: int, height: int) -> Image.Image:
    """Lines and a head on white, lopsided so that every turn shows."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(6):
        spot = (dice.randrange(width // 4, width // 2), dice.randrange(height // 4, height // 2))
        size = dice.randrange(10, max(11, width // 3))
        colour = tuple(dice.randrange(200) for _ in range(3))
        draw.ellipse((*spot, spot[0] + size, spot[1] + size), fill=colour)
    draw.text((width // 3, height - 20), f"{dice.randrange(10**9)}", fill="black")
    return image


def jpeg(image: Image.Image, **options: Any) -> bytes:
    """`image` as a JPEG file."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, **options)
    return out.getvalue()


def png(image: Image.Image) -> bytes:
    """`image` as a scanner's PNG file."""
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def phone_photo(seed: int = 1) -> bytes:
    """What a phone held upright takes: stored lying, with EXIF asking for a quarter turn."""
    image = drawing(random.Random(seed), 800, 600)
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    exif[0x010F] = "Demo Phone"
    return jpeg(image, exif=exif)


def write(folder: Path, data: dict[str, Any], files: dict[str, bytes]) -> Path:
    """Put a packet into `folder`; returns its JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    path = folder / f"{data['packet']}.json"
    path.write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2))
    return path
