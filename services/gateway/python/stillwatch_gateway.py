"""Reports of finished requests for stillwatch, from gateways in Python.

Needs Apache's `avro` (Debian: python3-avro), and for sending any Kafka client, `confluent-kafka` for one. What the fields mean is said in the schemas.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import struct
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Mapping, Optional

import avro.io
import avro.schema

MAGIC = 0


class Encoder:
    """Records in the Confluent wire format: a zero byte, the schema's id as four bytes, big-endian, then Avro.

    `schema_id` is 1 for api-call.avsc and 2 for account.avsc, or what your registry says.
    """

    def __init__(self, schema_file: str | Path, schema_id: int) -> None:
        schema = avro.schema.parse(Path(schema_file).read_text(encoding="utf-8"))
        self._names = [field.name for field in schema.fields]
        self._times = {
            field.name for field in schema.fields if field.type.props.get("logicalType") == "timestamp-millis"
        }
        self._writer = avro.io.DatumWriter(schema)
        self._head = struct.pack(">BI", MAGIC, schema_id)

    def encode(self, record: Mapping[str, Any]) -> bytes:
        """The record's bytes. Fields that are left out are null. Raises ValueError for one that the schema does not have, avro's own error for a wrong type."""
        unknown = sorted(set(record) - set(self._names))
        if unknown:
            raise ValueError(f"no such field: {', '.join(unknown)}")
        datum = {name: record.get(name) for name in self._names}
        for name in self._times:
            if isinstance(datum[name], (int, float)):
                datum[name] = datetime.fromtimestamp(datum[name] / 1000, tz=timezone.utc)
        out = io.BytesIO(self._head)
        out.seek(0, io.SEEK_END)
        self._writer.write(datum, avro.io.BinaryEncoder(out))
        return out.getvalue()


def keyed_hash(key: str, text: Optional[str]) -> Optional[str]:
    """What stands for a system prompt or a list of tools: the same under the same key, and useless without it. None stays None."""
    if text is None:
        return None
    return hmac.new(key.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]
