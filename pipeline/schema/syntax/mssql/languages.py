"""The languages of full-text search: a name and a number (LCID) mean the same."""

from pipeline.schema.syntax.mssql.cursor import Cursor
from pipeline.schema.syntax.mssql.tokens import quote_string

_NUMBERS = {
    "neutral": 0,
    "arabic": 1025,
    "bengali (india)": 1093,
    "brazilian": 1046,
    "british english": 2057,
    "bulgarian": 1026,
    "catalan": 1027,
    "chinese (hong kong sar, prc)": 3076,
    "chinese (macao sar)": 5124,
    "chinese (singapore)": 4100,
    "croatian": 1050,
    "czech": 1029,
    "danish": 1030,
    "dutch": 1043,
    "english": 1033,
    "french": 1036,
    "german": 1031,
    "greek": 1032,
    "gujarati": 1095,
    "hebrew": 1037,
    "hindi": 1081,
    "icelandic": 1039,
    "indonesian": 1057,
    "italian": 1040,
    "japanese": 1041,
    "kannada": 1099,
    "korean": 1042,
    "latvian": 1062,
    "lithuanian": 1063,
    "malay - malaysia": 1086,
    "malayalam": 1100,
    "marathi": 1102,
    "norwegian": 2068,
    "norwegian (bokmål)": 1044,
    "polish": 1045,
    "portuguese": 2070,
    "punjabi": 1094,
    "romanian": 1048,
    "russian": 1049,
    "serbian (cyrillic)": 3098,
    "serbian (latin)": 2074,
    "simplified chinese": 2052,
    "slovak": 1051,
    "slovenian": 1060,
    "spanish": 3082,
    "swedish": 1053,
    "tamil": 1097,
    "telugu": 1098,
    "thai": 1054,
    "traditional chinese": 1028,
    "turkish": 1055,
    "ukrainian": 1058,
    "urdu": 1056,
    "vietnamese": 1066,
}


def language(cursor: Cursor) -> str:
    """Give a language as its number in decimal, or as N'name' where the number is not known."""
    if cursor.word.startswith("0X"):
        return str(int(cursor.next(), 16))
    if cursor.token[:1].isdigit():
        return cursor.number()
    name = cursor.string() if cursor.token.endswith("'") else cursor.name()
    return number_of(name)


def number_of(name: str) -> str:
    """Give the number of a language that is named, `0x409` and `1033` too; else N'name'."""
    text = name.strip()
    if text.lower().startswith("0x"):
        return str(int(text, 16))
    if text.isdigit():
        return text
    known = _NUMBERS.get(text.lower())
    return quote_string(name) if known is None else str(known)
