"""Python's own values: numbers, texts, containers, dates. A subclass crosses as the plain value,
but a named tuple keeps its fields, and a Counter counts (see `named`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from grader.engine.border.codec import reads, writes
from grader.engine.border.errors import Uncrossable, require
from grader.engine.border.limits import MAX_DIGITS
from grader.engine.border.named import write_named_tuple
from grader.engine.border.numbers import write_numbers

SHORT = 500  # characters that stand in the header; a longer text is a segment
BITS = int(MAX_DIGITS * 3.322)


@writes(int)
def write_int(writer, value):
    value = int.__index__(value)  # of a subclass, the plain number
    if value.bit_length() > BITS:
        raise Uncrossable("integer", value)
    return value


@writes(float)
def write_float(writer, value):
    return float.__float__(value)


@writes(str)
def write_str(writer, value):
    value = str.__str__(value) if type(value) is str else "".join(str.__iter__(value))
    if len(value) <= SHORT:
        return value
    return {"text": writer.segment(value.encode("utf-8", "surrogatepass"))}


@reads("text")
def read_text(reader, number):
    return reader.segment(number).tobytes().decode("utf-8", "surrogatepass")


@writes(bytes, bytearray, memoryview)
def write_bytes(writer, value):
    return {"bytes": writer.segment(bytes(value))}


@reads("bytes")
def read_bytes(reader, number):
    return reader.segment(number).tobytes()


@writes(complex)
def write_complex(writer, value):
    return {"complex": [value.real, value.imag]}


@reads("complex")
def read_complex(reader, parts):
    require(type(parts) is list and len(parts) == 2 and all(type(part) in (int, float) for part in parts))
    return complex(*parts)


@writes(list)
def write_list(writer, value):
    packed = write_numbers(writer, value)
    if packed:
        return packed
    if type(value) is list and writer.flat(value):
        return value
    return writer.each(value, list.__iter__(value))


@writes(tuple)
def write_tuple(writer, value):
    return write_named_tuple(writer, value) or write_numbers(writer, value) or {"tuple": writer.each(value, tuple.__iter__(value))}


@reads("tuple")
def read_tuple(reader, items):
    return tuple(reader.each(items))


@writes(dict)
def write_dict(writer, value):
    return {"dict": writer.each(value, (part for pair in dict.items(value) for part in pair))}


@reads("dict")
def read_dict(reader, items):
    parts = reader.each(items)
    require(len(parts) % 2 == 0, "a key without its value")
    return dict(zip(parts[::2], parts[1::2], strict=True))


@writes(set)
def write_set(writer, value):
    return {"set": writer.each(value, set.__iter__(value))}


@writes(frozenset)
def write_frozenset(writer, value):
    return {"frozenset": writer.each(value, frozenset.__iter__(value))}


@reads("set")
def read_set(reader, items):
    return set(reader.each(items))


@reads("frozenset")
def read_frozenset(reader, items):
    return frozenset(reader.each(items))


@writes(type({}.keys()), type({}.values()), type({}.items()))
def write_view(writer, value):
    return writer.each(value, value)


@writes(range)
def write_range(writer, value):
    return {"range": [writer.put(part) for part in (value.start, value.stop, value.step)]}


@reads("range")
def read_range(reader, parts):
    require(type(parts) is list and len(parts) == 3 and all(type(part) is int for part in parts))
    return range(*parts)


@writes(slice)
def write_slice(writer, value):
    return {"slice": writer.each(value, (value.start, value.stop, value.step))}


@reads("slice")
def read_slice(reader, parts):
    require(type(parts) is list and len(parts) == 3)
    return slice(*reader.each(parts))


@writes(type(...))
def write_ellipsis(writer, value):
    return {"ellipsis": 0}


@reads("ellipsis")
def read_ellipsis(reader, content):
    return ...


@writes(datetime)
def write_datetime(writer, value):
    if value.tzinfo is not None:
        raise Uncrossable("type", value)
    return {"datetime": [value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond]}


@reads("datetime")
def read_datetime(reader, parts):
    return datetime(*_integers(parts, 7))


@writes(date)
def write_date(writer, value):
    return {"date": [value.year, value.month, value.day]}


@reads("date")
def read_date(reader, parts):
    return date(*_integers(parts, 3))


@writes(timedelta)
def write_timedelta(writer, value):
    return {"timedelta": [value.days, value.seconds, value.microseconds]}


@reads("timedelta")
def read_timedelta(reader, parts):
    return timedelta(*_integers(parts, 3))


@writes(Fraction)
def write_fraction(writer, value):
    return {"fraction": [writer.put(value.numerator), writer.put(value.denominator)]}


@reads("fraction")
def read_fraction(reader, parts):
    return Fraction(*_integers(parts, 2))


@writes(Decimal)
def write_decimal(writer, value):
    return {"decimal": str(value)}


@reads("decimal")
def read_decimal(reader, text):
    require(type(text) is str and len(text) <= MAX_DIGITS)
    value = Decimal(text)
    # int(Decimal("1e999999999")) would fill the memory of whoever asks for it.
    require(not value.is_finite() or abs(value.adjusted()) <= MAX_DIGITS)
    return value


def _integers(parts, count: int) -> list[int]:
    require(type(parts) is list and len(parts) == count and all(type(part) is int for part in parts))
    return parts
