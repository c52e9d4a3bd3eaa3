"""Spans as OTLP's JSON (OpenTelemetry protocol 1.x: ids in hex, 64-bit numbers as texts), and what
the variables of OpenTelemetry's specification say. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import msgspec

from contactcenter.tracing.rules import Span, Value, number

PATH = "/v1/traces"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INTERNAL, _ERROR = 1, 2


def request(spans: Iterable[Span], house: str, resource: Mapping[str, str]) -> bytes:
    """The body of one request. `house`: what tells this house's contacts from those of others that
    tell the same collector; `resource`: who tells."""
    told = {
        "resource": {"attributes": _pairs(resource)},
        "scopeSpans": [
            {"scope": {"name": "contactcenter"}, "spans": [_span(one, house) for one in spans]}
        ],
    }
    return msgspec.json.encode({"resourceSpans": [told]})


def endpoint(url: str) -> str:
    """An address leads to the path of the protocol, as OTEL_EXPORTER_OTLP_ENDPOINT does; a path
    that is given whole stays."""
    return url if url.endswith(PATH) else url.rstrip("/") + PATH


def headers(environ: Mapping[str, str]) -> dict[str, str]:
    """What goes with each request, such as a token."""
    name = "OTEL_EXPORTER_OTLP_HEADERS"
    return dict(_listed(environ.get("OTEL_EXPORTER_OTLP_TRACES_HEADERS") or environ.get(name, "")))


def resource(environ: Mapping[str, str]) -> dict[str, str]:
    """Who tells: contactcenter, where the variables say nothing else."""
    found = {"service.name": "contactcenter"}
    found |= dict(_listed(environ.get("OTEL_RESOURCE_ATTRIBUTES", "")))
    if name := environ.get("OTEL_SERVICE_NAME"):
        found["service.name"] = name
    return found


def _listed(text: str) -> Iterator[tuple[str, str]]:
    """name=value,name=value with %XX (W3C Baggage); what is none is passed over."""
    for piece in text.split(","):
        name, equals, value = piece.partition("=")
        if equals and name.strip():
            yield unquote(name.strip()), unquote(value.strip())


def _span(span: Span, house: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "traceId": f"{number(house, span.contact, size=16):032x}",
        "spanId": f"{span.number:016x}",
        "name": span.name,
        "kind": _INTERNAL,
        "startTimeUnixNano": _ns(span.since),
        "endTimeUnixNano": _ns(span.until),
        "attributes": _pairs({f"contactcenter.{name}": v for name, v in span.told.items()}),
    }
    if span.parent is not None:
        found["parentSpanId"] = f"{span.parent:016x}"
    if span.decided is not None:
        facts = _pairs({"contactcenter.rules": span.decided})
        at = _ns(span.since)
        found["events"] = [{"timeUnixNano": at, "name": "decided", "attributes": facts}]
    if span.failed:
        found["status"] = {"code": _ERROR}
    return found


def _pairs(facts: Mapping[str, Value]) -> list[dict[str, Any]]:
    return [{"key": name, "value": _value(value)} for name, value in facts.items()]


def _value(value: Value) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}


def _ns(at: datetime) -> str:
    return str((at - _EPOCH) // timedelta(microseconds=1) * 1000)
