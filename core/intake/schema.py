"""JSON Schema of a packet, generated from the catalogue in force (Draft 2020-12)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from core.catalogue.types import (
    Catalogue,
    Field,
    Kind,
    Service,
    Subject,
)
from core.filing.forms import demanded, highest, keys_of, longest, pattern_of
from core.intake import limits
from core.model import Packet
from core.model.base import length_of
from core.text import Text
from core.vocabulary.cases import PACKET_CHANNELS

PACKET_ID = Text("数据包编号", "packet id")
MAX_ID = length_of(Packet.key)
GROUPS = tuple(subject.value for subject in Subject)
MOMENTS = ("filed_at", "reported_at", "received_at")
_MOMENT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?$"


def packet_schema(book: Catalogue) -> dict[str, Any]:
    """The schema that packets are checked against, for every service of `book`."""
    offered: dict[str, list[str]] = {}
    for profession, business in sorted(book.services):
        offered.setdefault(profession, []).append(business)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "RegDesk 外部申报数据包 / filing made elsewhere",
        "description": "一个案件一个 JSON，图片在旁 / one JSON per case, its pictures beside it",
        "type": "object",
        "required": [
            "packet",
            "channel",
            "profession",
            "business",
            *MOMENTS,
            "person",
            "employer",
            "files",
        ],
        "properties": {
            "packet": {
                "title": "数据包编号（全局唯一） / unique id of the packet",
                "type": "string",
                "pattern": rf"^\S{{1,{MAX_ID}}}$",
            },
            "channel": {
                "title": "申报渠道 / channel",
                "enum": [item.value for item in PACKET_CHANNELS],
            },
            "profession": {"title": "注册类别 / profession", "enum": sorted(book.professions)},
            "business": {"title": "业务类型 / business type", "enum": sorted(book.businesses)},
            "specialties": {
                "title": "注册专业 / specialties",
                "type": "array",
                "items": {"type": "string"},
                "uniqueItems": True,
            },
            "filed_at": _moment("个人上报时间 / filed by the applicant"),
            "reported_at": _moment("企业上报时间 / reported by the employer"),
            "received_at": _moment("部级收到时间 / received by the ministry"),
            **{group: {"type": "object"} for group in GROUPS},
            "promise": {"title": "个人承诺 / promise made", "type": "boolean"},
            "conditions": {
                "title": "已勾选的须知条目（从 1 起） / items of the notice ticked, from 1",
                "type": "array",
                "items": {"type": "integer", "minimum": 1},
                "uniqueItems": True,
            },
            "files": {
                "title": "图片 / pictures",
                "type": "array",
                "maxItems": limits.MAX_FILES,
                "items": {
                    "type": "object",
                    "required": ["kind", "file"],
                    "additionalProperties": False,
                    "properties": {
                        "kind": {"type": "string"},
                        "file": {"type": "string", "minLength": 1, "maxLength": 300},
                    },
                },
            },
        },
        "additionalProperties": False,
        "anyOf": [
            {
                "properties": {
                    "profession": {"const": profession},
                    "business": {"enum": businesses},
                }
            }
            for profession, businesses in offered.items()
        ],
        "allOf": [
            {
                "if": {
                    "properties": {
                        "profession": {"const": profession},
                        "business": {"const": business},
                    },
                    "required": ["profession", "business"],
                },
                "then": {"$ref": f"#/$defs/{profession}.{business}"},
            }
            for profession, business in sorted(book.services)
        ],
        "$defs": {
            f"{profession}.{business}": _service(book, service)
            for (profession, business), service in sorted(book.services.items())
        },
    }


def _moment(title: str) -> dict[str, Any]:
    return {
        "title": title,
        "description": "ISO 8601；不带时区按北京时间 / China time unless a zone is given",
        "type": "string",
        "pattern": _MOMENT,
    }


def _both(text: Text) -> str:
    return f"{text.zh} / {text.en}"


def _service(book: Catalogue, service: Service) -> dict[str, Any]:
    profession = book.professions[service.profession]
    groups = {group: _group(service, Subject(group)) for group in GROUPS}
    required = [group for group, schema in groups.items() if schema.get("required")]
    count = len(service.notice.items)
    properties: dict[str, Any] = {
        "specialties": {
            "items": {"enum": [item.key for item in profession.specialties]},
            "minItems": 1,
            "maxItems": profession.max_specialties,
        }
        if profession.specialties
        else {"maxItems": 0},
        **groups,
        "files": {
            "items": {"properties": {"kind": {"enum": [item.key for item in service.materials]}}}
        },
    }
    if profession.specialties:
        required.append("specialties")
    if count:
        properties["conditions"] = {"items": {"maximum": count}, "minItems": count}
        required.append("conditions")
    if service.promise is not None:
        properties["promise"] = {"const": True}
        required.append("promise")
    return {"title": _both(service.title), "properties": properties, "required": required}


def _group(service: Service, subject: Subject) -> dict[str, Any]:
    """The fields of one subject."""
    fields = [field for field in service.fields if field.subject is subject]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {field.key: _field(field) for field in fields},
        "additionalProperties": False,
    }
    required = [field.key for field in fields if demanded(field)]
    if required:
        schema["required"] = required
    return schema


def _field(field: Field) -> dict[str, Any]:
    match field.kind:
        case Kind.OPTION | Kind.YES_NO:
            schema: dict[str, Any] = {"enum": keys_of(field)}
        case Kind.OPTIONS:
            schema = {
                "type": "array",
                "items": {"enum": keys_of(field)},
                "uniqueItems": True,
                "minItems": int(field.required),
            }
        case Kind.NUMBER:
            schema = {"type": "number", "minimum": 0, "maximum": highest(field)}
        case Kind.DATE | Kind.MONTH:
            schema = {"type": "string", "pattern": pattern_of(field)}
        case _:
            schema = {"type": "string", "maxLength": longest(field)}
            if pattern_of(field):
                schema["pattern"] = pattern_of(field)
    labels = "；".join(f"{option.key} {option.label.zh}" for option in field.options)
    described = {"description": labels} if labels else {}
    return {"title": _both(field.label), **described, **schema}


def text_of(schema: dict[str, Any]) -> str:
    """The schema as the text of its file."""
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode() + "\n"


def write(path: Path, book: Catalogue) -> None:
    """Write the schema of `book` to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text_of(packet_schema(book)), encoding="utf-8")
