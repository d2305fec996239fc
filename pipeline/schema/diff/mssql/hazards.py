"""What each step costs. Nothing that is new costs anything."""

from pipeline.hazard import Hazard, HazardName
from pipeline.schema.diff.mssql import column_costs, part_costs
from pipeline.schema.diff.mssql.alterable import Way
from pipeline.schema.diff.mssql.cost import Cost
from pipeline.schema.diff.mssql.fate import How, describe
from pipeline.schema.diff.mssql.module_costs import module_changed, module_dropped
from pipeline.schema.diff.mssql.moves import ASIDE, Move
from pipeline.schema.diff.mssql.object_costs import item_changed, object_dropped, table_changed
from pipeline.schema.diff.mssql.operation import Part, PartKind, Verb
from pipeline.schema.diff.mssql.parts import bare, object_part
from pipeline.schema.diff.mssql.rebuilds import without_period
from pipeline.schema.diff.mssql.steps import Step, Steps
from pipeline.schema.diff.mssql.words import full_name
from pipeline.schema.model.mssql.items import AliasType, Item, TableType
from pipeline.schema.model.mssql.modules import Module
from pipeline.schema.model.mssql.names import fold
from pipeline.schema.model.mssql.tables import Column, Table


class Costs:
    """The costs of all steps of one plan."""

    def __init__(self, steps: Steps) -> None:
        self._fates, self._options = steps.fates, steps.fates.options

    def of(self, step: Step) -> Cost:
        """Give the cost of a step."""
        cost = Cost(self._name(step.part))
        if step.fate.way_of is not None:
            self._put_back(cost, step)
        elif step.part.kind is PartKind.OBJECT:
            self._object(cost, step)
        elif step.part.kind is PartKind.COLUMN:
            self._column(cost, step)
        elif self._fates.old.has(object_part(step.part.key)):
            part_costs.part_changed(cost, step, self._fates)
        return cost

    def of_move(self, move: Move) -> tuple[Hazard, ...]:
        """Give the hazards of a rename."""
        owner = full_name(move.owner.schema, move.owner.name)
        name = f"{owner}.{move.old.name}" if isinstance(move.old, Column) else owner
        if ASIDE in move.new.name or ASIDE in move.old.name:
            return ()
        if fold(move.new.name) == fold(move.old.name) and move.verb is Verb.RENAME:
            return ()
        what = "old code knows it by its old name"
        return (
            Hazard(HazardName.BREAKS_OLD_CODE, name, what),
            Hazard(HazardName.LOCKSTEP, name, what),
        )

    def _name(self, part: Part) -> str:
        state = self._fates.old if self._fates.old.has(part) else self._fates.new
        return describe(part, state).replace(ASIDE, "")

    def _put_back(self, cost: Cost, step: Step) -> None:
        """What stays as it is costs only the time that it takes to make it again."""
        if step.verb is Verb.CREATE:
            part_costs.built_again(cost, step, self._options)
        elif isinstance(step.old, Table) and isinstance(step.new, Table):
            table_changed(cost, step.old, step.new, self._options)

    def _object(self, cost: Cost, step: Step) -> None:
        again = step.fate.goes is How.ALONE and step.fate.comes is How.ALONE
        if step.verb is Verb.DROP and again:
            return
        was, now = self._fates.old.piece(step.part), self._fates.new.piece(step.part)
        if step.verb is Verb.DROP and was is not None:
            if isinstance(was.value, Module):
                module_dropped(cost)
            object_dropped(cost, was.value)
            return
        if was is None or now is None:
            part_costs.object_created(cost, now.value if now is not None else None)
            return
        match was.value, now.value:
            case Module() as old, Module() as new:
                module_changed(cost, old, new)
            case Table(), Table() if step.verb is Verb.REBUILD:
                self._rebuilt(cost, step)
            case Table() as old_table, Table() as new_table:
                table_changed(cost, old_table, new_table, self._options)
            case Item() as old_item, Item() as new_item:
                item_changed(cost, old_item, new_item, again=again)
            case AliasType() as old_alias, AliasType() as new_alias:
                self._alias(cost, old_alias, new_alias)
            case TableType() as old_type, TableType() as new_type:
                if old_type._replace(authorization=new_type.authorization) != new_type:
                    cost.breaks("old code passes rows of the old shape")
                    cost.lockstep("old and new code pass rows of different shapes")
            case _:
                cost.breaks("it is another sort of type now")
                cost.lockstep("it is another sort of type now")

    def _alias(self, cost: Cost, old: AliasType, new: AliasType) -> None:
        one = Column(old.name, old.base, old.nullable)
        other = Column(new.name, new.base, new.nullable)
        found = Cost(cost.name)
        bare = Table(new.schema, new.name)
        column_costs.altered(found, bare, one, other, self._fates.alterable, self._options)
        cost.hazards += found.hazards
        cost.at(found.phase)

    def _rebuilt(self, cost: Cost, step: Step) -> None:
        cost.add(HazardName.REBUILDS_TABLE, f"its rows are copied: {step.fate.because}")
        old, new = (state.objects[step.part.key] for state in (self._fates.old, self._fates.new))
        if not isinstance(old, Table) or not isinstance(new, Table):
            return
        there = {fold(column.name): column for column in old.columns}
        wanted = {fold(column.name): column for column in new.columns}
        for name, was in there.items():
            self._rebuilt_column(cost, old, was, wanted.get(name))
        for name, now in wanted.items():
            if name not in there:
                mine = Cost(f"{cost.name}.{now.name}")
                column_costs.added(mine, old, now, self._options)
                mine.hazards = [h for h in mine.hazards if h.name != HazardName.LOCKS_TABLE]
                self._take(cost, mine)

    def _rebuilt_column(self, cost: Cost, old: Table, was: Column, now: Column | None) -> None:
        mine = Cost(f"{cost.name}.{was.name}")
        if now is None:
            column_costs.dropped(mine, was)
        elif self._is_remade(was, now):
            self._remade_column(mine, old, was, now)
        else:
            plain = without_period(was, now)
            column_costs.altered(mine, old, was, plain, self._fates.alterable, self._options)
            if was.nullable and not now.nullable and now.default is not None:
                mine.forget(column_costs.NO_VALUE)
                text = f"rows without a value get {now.default.expression}"
                mine.add(HazardName.LOSES_DATA, text)
        mine.hazards = [h for h in mine.hazards if h.name != HazardName.LOCKS_TABLE]
        self._take(cost, mine)

    def _is_remade(self, was: Column, now: Column) -> bool:
        return self._fates.alterable.column(bare(was), bare(now)) is Way.RECREATE

    def _take(self, cost: Cost, more: Cost) -> None:
        cost.hazards += [h for h in more.hazards if h not in cost.hazards]
        cost.guards += more.guards
        cost.at(more.phase)

    def _column(self, cost: Cost, step: Step) -> None:
        table = self._fates.old.table(step.part.key)
        if table is None:
            return
        was, now = self._fates.old.piece(step.part), self._fates.new.piece(step.part)
        old = was.value if was is not None and isinstance(was.value, Column) else None
        new = now.value if now is not None and isinstance(now.value, Column) else None
        again = step.fate.goes is How.ALONE and step.fate.comes is How.ALONE
        if step.verb is Verb.CREATE and isinstance(step.new, Column):
            if again and old is not None and new is not None:
                self._remade_column(cost, table, old, step.new)
            else:
                column_costs.added(cost, table, step.new, self._options)
        elif step.verb is Verb.DROP and old is not None and not again:
            column_costs.dropped(cost, old)
        elif step.verb is Verb.ALTER and old is not None and new is not None and not step.back:
            plain = without_period(old, new)
            column_costs.altered(cost, table, old, plain, self._fates.alterable, self._options)

    def _remade_column(self, cost: Cost, table: Table, old: Column, new: Column) -> None:
        column_costs.altered(cost, table, old, new, self._fates.alterable, self._options)
        cost.guards.clear()
        if new.computed is None:
            cost.forget(column_costs.NO_VALUE)
            column_costs.added(cost, table, new, self._options)
