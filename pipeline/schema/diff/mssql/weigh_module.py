"""Two views, functions, procedures or DDL triggers side by side."""

from typing import Any

from pipeline.schema.diff.mssql.weigh_items import weigh_around, weigh_names
from pipeline.schema.diff.mssql.weigh_parts import MODULE, Parts
from pipeline.schema.diff.mssql.weighing import OBJECT, Rule, Weighing, plain
from pipeline.schema.diff.mssql.words import yes_or_no
from pipeline.schema.model.mssql.modules import Module

ENCRYPTED = {"encrypted": Rule("encryption", plain, yes_or_no)}


def weigh_module(w: Weighing, source: Module, target: Module) -> Module:
    """Give the module that is to be."""
    kept: dict[str, Any] = weigh_names(w, source, target)
    if w.text(OBJECT, source.definition, target.definition):
        kept |= {name: getattr(target, name) for name in ("definition", "form", "schema_bound")}
    kept |= w.fields(OBJECT, source, target, MODULE | ENCRYPTED)
    return source._replace(**kept, **_parts(w, source, target), **weigh_around(w, source, target))


def _parts(w: Weighing, source: Module, target: Module) -> dict[str, Any]:
    parts = Parts(w, None)
    return {
        "indexes": parts.indexes(source.indexes, target.indexes),
        "statistics": parts.statistics(source.statistics, target.statistics),
        "triggers": parts.triggers(source.triggers, target.triggers),
        "full_text": parts.full_text(source.full_text, target.full_text),
    }


def arriving_module(w: Weighing, module: Module) -> Module:
    """Give a new module without the parts that are hidden."""
    nothing = module._replace(indexes=(), statistics=(), triggers=(), full_text=None)
    return module._replace(**_parts(w, module, nothing))
