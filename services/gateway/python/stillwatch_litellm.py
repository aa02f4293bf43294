"""A callback for LiteLLM's proxy that reports every finished request to stillwatch.

    # stillwatch_callback.py, beside LiteLLM's config.yaml, which names it: `litellm_settings: {callbacks: stillwatch_callback.callback}`
    import os
    from confluent_kafka import Producer
    from stillwatch_gateway import Encoder
    from stillwatch_litellm import StillwatchCallback

    producer = Producer({"bootstrap.servers": os.environ["KAFKA_BROKERS"], "enable.idempotence": True})

    def send(key: bytes, value: bytes) -> None:
        producer.produce("llm.api-calls", key=key, value=value)
        producer.poll(0)

    callback = StillwatchCallback(send, Encoder("api-call.avsc", 1), hashing_key=os.environ["GATEWAY_HASHING_KEY"])

It reads LiteLLM's StandardLoggingPayload (docs.litellm.ai/docs/proxy/logging_spec). Prompts are read for their hashes and counts only, and left out unless `send_text`.
"""

from __future__ import annotations

import json
import logging
from typing import Any, Callable, Mapping, Optional, Sequence

from stillwatch_gateway import Encoder, keyed_hash

try:
    from litellm.integrations.custom_logger import CustomLogger
except ImportError:  # as in the tests: it only gives the methods that are not overridden
    CustomLogger = object

log = logging.getLogger("stillwatch")

# Who is billed, the first that there is.
ACCOUNT_FIELDS = ("user_api_key_team_id", "user_api_key_user_id", "user_api_key_hash")
OPERATIONS = {
    "completion": "chat",
    "acompletion": "chat",
    "responses": "chat",
    "aresponses": "chat",
    "anthropic_messages": "chat",
    "text_completion": "text_completion",
    "atext_completion": "text_completion",
    "embedding": "embeddings",
    "aembedding": "embeddings",
}
LONGEST_USER_AGENT = 1024


class StillwatchCallback(CustomLogger):
    """`send(key, value)` must not block: it is called on the proxy's event loop. What goes wrong here is logged and harms no request."""

    def __init__(
        self,
        send: Callable[[bytes, bytes], None],
        encoder: Encoder,
        *,
        hashing_key: str,
        send_text: bool = False,
        account_fields: Sequence[str] = ACCOUNT_FIELDS,
    ) -> None:
        super().__init__()
        self._send = send
        self._encoder = encoder
        self._hashing_key = hashing_key
        self._send_text = send_text
        self._account_fields = account_fields

    async def async_log_success_event(self, kwargs: Mapping[str, Any], response_obj: Any, start_time: Any, end_time: Any) -> None:
        self._report(kwargs)

    async def async_log_failure_event(self, kwargs: Mapping[str, Any], response_obj: Any, start_time: Any, end_time: Any) -> None:
        self._report(kwargs)

    def _report(self, kwargs: Mapping[str, Any]) -> None:
        try:
            call = call_of_request(
                kwargs, self._hashing_key, send_text=self._send_text, account_fields=self._account_fields
            )
            if call is not None:
                self._send(call["account_id"].encode(), self._encoder.encode(call))
        except Exception as error:  # the message of an error may hold a prompt
            log.warning("a call was not reported: %s", type(error).__name__)


def call_of_request(
    kwargs: Mapping[str, Any],
    hashing_key: str,
    *,
    send_text: bool = False,
    account_fields: Sequence[str] = ACCOUNT_FIELDS,
) -> Optional[dict[str, Any]]:
    """What LiteLLM hands to a callback, as a call of the contract; None where nobody is billed."""
    payload = kwargs.get("standard_logging_object") or {}
    metadata = payload.get("metadata") or {}
    account = next((metadata[field] for field in account_fields if metadata.get(field)), None)
    if account is None:
        return None
    parameters = payload.get("model_parameters") or {}
    usage = metadata.get("usage_object") or {}
    messages = payload.get("messages")
    messages = messages if isinstance(messages, list) else []
    choice = _first_choice(payload.get("response"))
    tools = parameters.get("tools")
    return {
        "event_id": str(payload["id"]),
        "occurred_at": int(payload["startTime"] * 1000),
        "account_id": str(account),
        "api_key_id": metadata.get("user_api_key_hash"),
        "source_ip": metadata.get("requester_ip_address") or payload.get("requester_ip_address"),
        "user_agent": _user_agent(kwargs),
        "operation_name": OPERATIONS.get(payload.get("call_type", ""), payload.get("call_type") or "chat"),
        "request_model": payload.get("model_group") or payload["model"],
        "input_tokens": int(payload.get("prompt_tokens") or 0),
        "output_tokens": int(payload.get("completion_tokens") or 0),
        "reasoning_tokens": (usage.get("completion_tokens_details") or {}).get("reasoning_tokens"),
        "cached_input_tokens": (usage.get("prompt_tokens_details") or {}).get("cached_tokens"),
        "max_tokens": parameters.get("max_completion_tokens") or parameters.get("max_tokens"),
        "temperature": _number(parameters.get("temperature")),
        "stream": parameters.get("stream"),
        "system_prompt_hash": keyed_hash(hashing_key, _text_of(messages, "system", "developer")),
        "tools_hash": keyed_hash(hashing_key, json.dumps(tools, sort_keys=True)) if tools else None,
        "tool_call_count": len((choice.get("message") or {}).get("tool_calls") or []) if choice else None,
        "image_count": sum(_images(message) for message in messages),
        "message_count": len(messages),
        "prompt_text": _text_of(messages[-1:], "user") if send_text else None,
        "finish_reason": choice.get("finish_reason") if choice else None,
        "status_code": _status(payload),
        "duration_ms": max(0, int((payload["endTime"] - payload["startTime"]) * 1000)),
    }


def _first_choice(response: Any) -> Optional[Mapping[str, Any]]:
    choices = response.get("choices") if isinstance(response, Mapping) else None
    return choices[0] if choices else None


def _user_agent(kwargs: Mapping[str, Any]) -> Optional[str]:
    request = (kwargs.get("litellm_params") or {}).get("proxy_server_request") or {}
    for name, value in (request.get("headers") or {}).items():
        if name.lower() == "user-agent":
            return str(value)[:LONGEST_USER_AGENT]
    return None


def _parts(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = message.get("content")
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [part for part in content if isinstance(part, Mapping)] if isinstance(content, list) else []


def _text_of(messages: Sequence[Mapping[str, Any]], *roles: str) -> Optional[str]:
    """What these roles say, one after the other; None where they say nothing."""
    texts = [
        str(part["text"])
        for message in messages
        if message.get("role") in roles
        for part in _parts(message)
        if isinstance(part.get("text"), str)
    ]
    return "\n".join(texts) if texts else None


def _images(message: Mapping[str, Any]) -> int:
    return sum(part.get("type") in ("image_url", "input_image", "image") for part in _parts(message))


def _number(value: Any) -> Optional[float]:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _status(payload: Mapping[str, Any]) -> int:
    """LiteLLM keeps the provider's status of a failure as text; an error without one is the server's."""
    if payload.get("status") == "success":
        return 200
    code = str((payload.get("error_information") or {}).get("error_code") or "")
    return int(code) if code.isdigit() and 400 <= int(code) <= 599 else 500
