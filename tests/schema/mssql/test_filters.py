"""Which objects a filter takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadCall
from pipeline.schema.model.mssql.names import Kind
from pipeline.schema.normalise.mssql.filters import EVERYTHING, Filter

OBJECTS = (
    (Kind.TABLE, "dbo", "Orders"),
    (Kind.TABLE, "dbo", "tmp_Orders"),
    (Kind.TABLE, "sales", "Orders"),
    (Kind.VIEW, "dbo", "Orders_v"),
    (Kind.USER, "", "bob"),
)


def taken(chosen: Filter) -> list[str]:
    return [
        f"{kind} {schema}.{name}"
        for kind, schema, name in OBJECTS
        if chosen.takes(kind, schema, name)
    ]


ALL = taken(EVERYTHING)
# Each has what is included, what is excluded, and what is taken of it.
CASES: list[tuple[list[str], list[str], list[str]]] = [
    ([], [], ALL),
    (["Table:*"], [], ALL[:3]),
    (["table"], [], ALL[:3]),
    (["TABLE:dbo.*"], [], ALL[:2]),
    (["Table:orders"], [], [ALL[0], ALL[2]]),
    (["Table:[dbo].[Orders]"], [], [ALL[0]]),
    (["*:dbo.*"], [], [ALL[0], ALL[1], ALL[3]]),
    (["*:*orders*"], [], ALL[:4]),
    ([], ["Table:tmp_*"], [ALL[0], *ALL[2:]]),
    (["Table:dbo.*"], ["Table:dbo.tmp?Orders"], [ALL[0]]),
    (["Table:dbo.Orders"], ["*:*"], []),
    (["User:b*", "View:*"], ["View:sales.*"], ALL[3:]),
]


@pytest.mark.parametrize(("include", "exclude", "expected"), CASES)
def test_what_is_included_is_taken_less_what_is_excluded(
    include: list[str], exclude: list[str], expected: list[str]
) -> None:
    assert taken(Filter.of(include, exclude)) == expected


def test_a_type_that_is_not_known_is_refused_with_one_that_is_near() -> None:
    with pytest.raises(BadCall) as caught:
        Filter.of([], ["Tabel:dbo.*"])
    assert caught.value.lines() == (
        "--exclude: there is no type 'Tabel'",
        "  -> did you mean Table?",
    )


def test_a_file_has_a_rule_a_line() -> None:
    text = "# ours\n+Table:dbo.*\n\n  - Table:dbo.tmp_*  # rubbish\n+User:b#b\n+User:bob\n"
    assert taken(Filter.from_lines(text, "x.filter")) == [ALL[0], ALL[4]]
    assert Filter.from_lines(text, "").include[1].glob == "b#b"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("+Table:a\nTable:b", "f:2: expected + or - and TYPE:GLOB, found 'Table:b'"),
        ("\n-Tables:b", "f:2: there is no type 'Tables'"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(BadCall) as caught:
        Filter.from_lines(text, "f")
    assert str(caught.value) == message


def test_two_filters_are_joined() -> None:
    one, other = Filter.of(["Table:*"], []), Filter.of([], ["*:sales.*"])
    assert taken(one.and_(other)) == ALL[:2]


SCPF = """<?xml version="1.0" encoding="utf-16" standalone="yes"?>
<NamedFilter version="1" type="SQLCompareFilter">
  <FilterName>ours</FilterName>
  <Filter version="1" type="DifferenceFilter">
    <FilterCaseSensitive>False</FilterCaseSensitive>
    <Filters version="1">
      <None version="1"><Include>True</Include><Expression>TRUE</Expression></None>
      <Table version="1"><Include>{include}</Include><Expression>{expression}</Expression></Table>
      <User version="1"><Include>False</Include><Expression>TRUE</Expression></User>
      <View version="1"><Include>True</Include><Expression>TRUE</Expression></View>
    </Filters>
  </Filter>
</NamedFilter>
"""
# (whether to include, the expression, the tables that are taken)
EXPRESSIONS = [
    (True, "TRUE", ALL[:3]),
    (False, "TRUE", []),
    (True, "(@NAME LIKE 'tmp%')", [ALL[1]]),
    (False, "(@NAME LIKE 'tmp%')", [ALL[0], ALL[2]]),
    (True, "((@NAME LIKE 'ORD%') AND (@SCHEMA = 'dbo'))", [ALL[0]]),
    (True, "@NAME LIKE 'tmp[_]%' OR @SCHEMA LIKE 'sal_s'", ALL[1:3]),
    (True, "@NAME NOT LIKE '%[^a-z]%' AND @SCHEMA &lt;&gt; 'sales'", [ALL[0]]),
    (True, "NOT (@NAME = 'orders') AND NOT @SCHEMA != 'dbo'", [ALL[1]]),
    (True, "@SCHEMA = 'sales' OR @SCHEMA = 'dbo' AND @NAME = 'Orders'", [ALL[0], ALL[2]]),
    (True, "@NAME = 'it''s'", []),
]


@pytest.mark.parametrize(("include", "expression", "tables"), EXPRESSIONS)
def test_redgates_filters_are_read(include: bool, expression: str, tables: list[str]) -> None:
    text = SCPF.format(include=include, expression=expression)
    assert taken(Filter.from_scpf(text, "x.scpf")) == [*tables, ALL[3]]


@pytest.mark.parametrize(
    "expression",
    ["@NAME", "@NAME LIKE", "@NAME = x", "(@NAME = 'x'", "@AGE = '1'", "@NAME = 'x')"],
)
def test_an_expression_that_cannot_be_read_is_refused(expression: str) -> None:
    with pytest.raises(BadCall) as caught:
        Filter.from_scpf(SCPF.format(include=True, expression=expression), "x.scpf")
    assert str(caught.value).startswith("x.scpf: this filter cannot be read: ")


def test_what_is_no_xml_is_refused() -> None:
    with pytest.raises(BadCall, match="this is no RedGate filter"):
        Filter.from_scpf("Table:dbo.*", "x.scpf")


names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)


@given(names, names)
def test_everything_takes_any_object(schema: str, name: str) -> None:
    for chosen in (EVERYTHING, Filter(), Filter.of(["*:*"], [])):
        assert chosen.takes(Kind.TABLE, schema, name)
