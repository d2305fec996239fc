"""The texts of views, functions, procedures and triggers: how they compare, and what they say.

Everything here is computed once for each text.
"""

from functools import lru_cache

from pipeline.schema.model.mssql.names import fold, two_part
from pipeline.schema.normalise.mssql import module_facts
from pipeline.schema.normalise.mssql.module_facts import Parameter
from pipeline.schema.normalise.mssql.module_forms import LEVELS, form
from pipeline.schema.normalise.mssql.module_header import Span, read_text
from pipeline.schema.normalise.mssql.module_references import (
    find_mentions,
    find_references,
)
from pipeline.schema.normalise.mssql.module_results import find_results
from pipeline.schema.normalise.mssql.options import Options

_ALL = frozenset(LEVELS)


def normal_module(definition: str, options: Options) -> str:
    """Give the comparable form of a definition: what the options ignore is not in it."""
    return form(definition, options.names & _ALL)


def text_differences(source: str, target: str) -> frozenset[str]:
    """Give the options that together hide the difference of two texts, and not one too many.

    Empty when there is none, and when no option can hide it.
    """
    if source == target or form(source, frozenset()) == form(target, frozenset()):
        return frozenset()
    if form(source, _ALL) != form(target, _ALL):
        return frozenset()
    needed = _ALL
    for name in LEVELS:
        fewer = needed - {name}
        if form(source, fewer) == form(target, fewer):
            needed = fewer
    return needed


def as_create(definition: str) -> str:
    """Give the text with the verb CREATE; all else stays as it is."""
    return _with_verb(definition, "CREATE")


def as_alter(definition: str) -> str:
    """Give the text with the verb ALTER; all else stays as it is."""
    return _with_verb(definition, "ALTER")


def as_create_or_alter(definition: str) -> str:
    """Give the text with the verb CREATE OR ALTER; all else stays as it is."""
    return _with_verb(definition, "CREATE OR ALTER")


def renamed(definition: str, schema: str, name: str) -> str:
    """Give the text with another name in its header; all else stays as it is."""
    text = read_text(definition)
    spans = [header.name for header in text.headers] if text else []
    return _exchanged(definition, spans, two_part(schema, name))


@lru_cache(maxsize=2048)
def parameters(definition: str) -> tuple[Parameter, ...]:
    """Give the parameters of a procedure or function."""
    return module_facts.find_parameters(definition)


@lru_cache(maxsize=2048)
def results(definition: str) -> tuple[tuple[str, ...], ...] | None:
    """Give the names of the columns of each result set; '' of a column without a name.

    None when they cannot be known: `SELECT *`, EXEC, branches that differ. () of what gives none.
    """
    return find_results(definition)


@lru_cache(maxsize=4096)
def references(definition: str) -> frozenset[tuple[str, str]]:
    """Give folded (schema or '', name) of what a text may read, write or run: rather too many."""
    return find_references(definition)


@lru_cache(maxsize=2048)
def mentions(definition: str) -> frozenset[str]:
    """Give every folded name in a text: of columns too."""
    return find_mentions(definition)


def own_name(definition: str) -> tuple[str, str]:
    """Give (schema or '', name) of the header, folded; ('', '') if there is none."""
    text = read_text(definition)
    if text is None or not text.headers:
        return "", ""
    parts = module_facts.parts(text.script, *text.headers[0].name)
    return (fold(parts[-2]) if len(parts) > 1 else ""), fold(parts[-1])


def _with_verb(definition: str, verb: str) -> str:
    text = read_text(definition)
    if text is None:
        return definition
    words = verb.split()
    spans = [
        header.verb
        for header in text.headers
        if list(text.script.words[slice(*header.verb)]) != words
    ]
    return _exchanged(definition, spans, verb)


def _exchanged(definition: str, spans: list[Span], new: str) -> str:
    """Give the text with the tokens of these spans exchanged."""
    text = read_text(definition)
    if text is None or not spans:
        return definition
    script = text.script
    found, place = "", 0
    for first, end in spans:
        found += definition[place : script.starts[first]] + new
        place = script.starts[end - 1] + len(script.tokens[end - 1])
    return found + definition[place:]
