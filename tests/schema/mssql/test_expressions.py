"""One form of an expression, however it is written, and another for what says another thing."""

import sqlite3
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.schema.normalise.mssql.expressions import (
    functions_in,
    names_in,
    normal_expression,
    sequences_in,
)
from tests.schema.mssql.expression_trees import (
    Tree,
    as_people_write,
    as_the_server_does,
    mutants,
    predicates,
    values,
)

# (what is rewritten, the script's text, the server's text)
KEPT_AS = [
    ("a number", "0", "((0))"),
    ("a sign before a number", "-1", "((-1))"),
    ("a sign before a number in parentheses", "-(1)", "(-(1))"),
    ("a plus before a number", "+1", "((1))"),
    ("zeros before a number", "007", "((7))"),
    ("a fraction", ".5", "((0.5))"),
    ("money", "$1,000.5", "($1000.5000)"),
    ("a float", "1E0", "((1.0000000000000000e+000))"),
    ("a binary constant", "0xAB", "(0xab)"),
    ("a string", "'it''s'", "('it''s')"),
    ("a national string", "n'x'", "(N'x')"),
    ("NULL", "null", "(NULL)"),
    ("capitals of a function", "GETDATE()", "(getdate())"),
    ("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP", "(getdate())"),
    ("CURRENT_USER", "Current_User", "(user_name())"),
    ("SYSTEM_USER", "SYSTEM_USER", "(suser_sname())"),
    ("a function of ours", "dbo.NextCode( 1 )", "([dbo].[NextCode]((1)))"),
    ("a name that needs brackets", '"a b" > 0', "([a b]>(0))"),
    ("IN", "State IN ('on', 'off')", "([State]='off' OR [State]='on')"),
    ("IN of one", "State IN ('on')", "([State]='on')"),
    ("NOT IN", "a NOT IN (1, 2)", "([a]<>(2) AND [a]<>(1))"),
    ("NOT IN as NOT", "a NOT IN (1, 2)", "(NOT ([a]=(2) OR [a]=(1)))"),
    ("IN in a filter", "a IN (1, 2)", "([a] IN ((1), (2)))"),
    ("IN beside more", "b > 0 OR a IN (1, 2)", "([b]>(0) OR [a]=(2) OR [a]=(1))"),
    ("BETWEEN", "a BETWEEN 1 AND 5", "([a]>=(1) AND [a]<=(5))"),
    ("NOT BETWEEN", "a NOT BETWEEN 1 AND 5", "([a]<(1) OR [a]>(5))"),
    ("other words of comparison", "a != 1 AND b !< 2 AND c !> 3", "[a]<>1 AND [b]>=2 AND [c]<=3"),
    ("NOT NULL", "NOT a IS NULL", "([a] IS NOT NULL)"),
    ("NOT LIKE", "a NOT LIKE '%x'", "(NOT [a] like '%x')"),
    ("LIKE with ESCAPE", "a LIKE '!%' ESCAPE '!'", "([a] like '!%' escape '!')"),
    ("needless parentheses", "((a) = (1)) AND ((b) = 2)", "([a]=(1) AND [b]=(2))"),
    ("a sum from left to right", "(a + b) + c", "(([a]+[b])+[c])"),
    ("a product in a sum", "a + (b * c)", "([a]+[b]*[c])"),
    ("a sign before a product", "-1 * a", "((-1)*[a])"),
    ("CAST", "CAST(a AS int)", "(CONVERT([int],[a]))"),
    ("CAST of SQL Server 2008", "CAST(0 AS bit)", "(CONVERT([bit],(0),(0)))"),
    ("CAST without a length", "CAST(a AS varchar)", "(CONVERT([varchar](30),[a]))"),
    ("CAST to a longer type", "CAST(a AS decimal(9))", "(CONVERT([decimal](9,0),[a]))"),
    ("CAST to a synonym", "CAST(a AS integer)", "(CONVERT([int],[a]))"),
    ("CAST to a type of ours", "CAST(a AS dbo.Phone)", "(CONVERT([dbo].[Phone],[a]))"),
    ("CONVERT with a style", "convert(varchar(10), a, 120)", "(CONVERT([varchar](10),[a],(120)))"),
    ("TRY_CAST", "TRY_CAST(a AS int)", "(TRY_CONVERT([int],[a]))"),
    ("YEAR", "YEAR(d)", "(datepart(year,[d]))"),
    ("short parts of dates", "DATEADD(dd, 1, d)", "(dateadd(day,(1),[d]))"),
    ("IIF", "IIF(a > 0, 'y', 'n')", "(case when [a]>(0) then 'y' else 'n' end)"),
    ("COALESCE", "COALESCE(a, b, 0)", "(coalesce([a],[b],(0)))"),
    ("CASE", "CASE a WHEN 1 THEN 'x' END", "(case when [a]=(1) then 'x'  end)"),
    ("LEFT", "LEFT(a, 1) = 'x'", "(left([a],(1))='x')"),
    ("COLLATE", "a COLLATE Latin1_General_BIN = 'x'", "([a] collate Latin1_General_BIN='x')"),
    ("AT TIME ZONE", "a AT TIME ZONE 'UTC'", "([a] AT TIME ZONE 'UTC')"),
    ("a sequence", "NEXT VALUE FOR s", "(NEXT VALUE FOR [dbo].[s])"),
    ("a method", "x.value('(/a)[1]', 'int')", "([x].[value]('(/a)[1]','int'))"),
    ("a type's own function", "hierarchyid::GetRoot()", "([hierarchyid]::GetRoot())"),
    ("what is not known", "trim(BOTH 'x' FROM a)", "(TRIM(both 'x' from [a]))"),
    ("a comment", "a /* why */ + 1 -- so", "([a]+(1))"),
]


@pytest.mark.parametrize(
    ("script", "server"), [case[1:] for case in KEPT_AS], ids=[c[0] for c in KEPT_AS]
)
def test_the_servers_text_has_the_form_of_the_scripts(script: str, server: str) -> None:
    assert normal_expression(script) == normal_expression(server)


# What looks alike, and can differ on some row, or in its type, or cannot be known not to.
DIFFERENT = [
    ("'a'", "N'a'"),
    ("'a'", "'A'"),
    ("'a'", "'a '"),
    ("1", "1."),
    ("1", "1.0"),
    ("1.0", "1.00"),
    ("1", "1e0"),
    ("1", "$1"),
    ("1", "'1'"),
    ("1", "-1"),
    ("a", "'a'"),
    ("null", "[null]"),
    ("a + (b + c)", "a + b + c"),
    ("a - (b - c)", "a - b - c"),
    ("a * (b / c)", "a * b / c"),
    ("(a + b) * c", "a + b * c"),
    ("a / -b * c", "(a / -b) * c"),
    ("-a", "a"),
    ("a AND (b = 1 OR c = 1)", "(a AND b = 1) OR c = 1"),
    ("a = 1 AND b = 1 OR c = 1", "a = 1 AND (b = 1 OR c = 1)"),
    ("NOT (a = 1 AND b = 1)", "NOT a = 1 AND b = 1"),
    ("a = 1 OR b = 1", "b = 1 OR a = 1"),
    ("a IN (1, 2)", "a IN (1, 2, 3)"),
    ("a IN (1, 2)", "a NOT IN (1, 2)"),
    ("a BETWEEN 1 AND 2", "a BETWEEN 2 AND 1"),
    ("a > 1", "a >= 1"),
    ("a < b", "b < a"),
    ("a IS NULL", "a = NULL"),
    ("ISNULL(a, b)", "COALESCE(a, b)"),
    ("LEFT(a, 1)", "SUBSTRING(a, 1, 1)"),
    ("CAST(a AS int)", "TRY_CAST(a AS int)"),
    ("CAST(a AS varchar(10))", "CAST(a AS varchar(11))"),
    ("CAST(a AS varchar(10))", "CAST(a AS nvarchar(10))"),
    ("CAST(a AS decimal(5))", "CAST(a AS numeric(5))"),
    ("CONVERT(varchar(30), d, 0)", "CONVERT(varchar(30), d)"),
    ("CONVERT(date, d, 0)", "CONVERT(date, d)"),
    ("CONVERT(varchar(10), d, 120)", "CONVERT(varchar(10), d, 121)"),
    ("dbo.f(a)", "f(a)"),
    ("dbo.f(a)", "x.f(a)"),
    ("a.b", "[a.b]"),
    ("getdate()", "getutcdate()"),
    ("getdate()", "sysdatetime()"),
    ("datepart(month, d)", "datepart(minute, d)"),
    ("datepart(m, d)", "datepart(n, d)"),
    ("CASE WHEN a = 1 THEN 2 END", "CASE WHEN a = 1 THEN 2 ELSE 0 END"),
    ("a LIKE 'x'", "a LIKE 'x' ESCAPE '!'"),
    ("a COLLATE Latin1_General_BIN", "a COLLATE Latin1_General_BIN2"),
    ("a + b COLLATE Latin1_General_BIN", "(a + b) COLLATE Latin1_General_BIN"),
    ("g.STArea()", "g.STLength()"),
    ("(g).STArea()", "(g).starea()"),
    ("CHOOSE(a, 1, 2)", "CASE a WHEN 1 THEN 1 WHEN 2 THEN 2 END"),
    ("trim(LEADING 'x' FROM a)", "trim(TRAILING 'x' FROM a)"),
    ("f(a", "f(a)"),
    ("'a", "'a'"),
    ("(SELECT 1)", "1"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_can_differ_on_some_row_has_two_forms(one: str, other: str) -> None:
    assert normal_expression(one) != normal_expression(other)


@given(values | predicates)
def test_any_expression_has_one_form_in_both_spellings(tree: Tree) -> None:
    forms = {
        normal_expression(as_people_write(tree)),
        normal_expression(as_people_write(tree, capitals=True)),
        normal_expression(as_the_server_does(tree)),
    }
    assert len(forms) == 1
    assert not next(iter(forms)).startswith("?")


@given(values | predicates)
def test_any_change_of_a_leaf_or_an_operator_gives_another_form(tree: Tree) -> None:
    form = normal_expression(as_people_write(tree))
    for other in mutants(tree):
        assert normal_expression(as_people_write(other)) != form
        assert normal_expression(as_the_server_does(other)) != form


NUMBERS = (None, -2, 0, 1, 3)
ROWS = list(product(NUMBERS, NUMBERS, NUMBERS))


@given(values | predicates)
def test_the_form_means_on_every_row_what_the_text_does(tree: Tree) -> None:
    """SQLite computes both: NULL, comparisons and whole numbers are the same there."""
    text = as_people_write(tree)
    form = normal_expression(text).replace("convert(int, ", "cast_to_int(")
    with sqlite3.connect(":memory:") as database:
        database.create_function("cast_to_int", 1, lambda value: value, deterministic=True)
        database.execute("CREATE TABLE t (a, b, c)")
        database.executemany("INSERT INTO t VALUES (?, ?, ?)", ROWS)
        found = database.execute(f"SELECT {text}, {form} FROM t").fetchall()
    database.close()
    assert [row for row in found if row[0] != row[1]] == []


@given(st.text(alphabet="ab01.'\"[]()+-*/%=<>!&|^~,;: \n$@#NnEe{}", max_size=30))
def test_no_text_is_an_error_and_its_form_does_not_depend_on_spaces_around_it(text: str) -> None:
    assert normal_expression(f"\n{text} \n") == normal_expression(f" {text}\n")


@given(values | predicates, st.integers(1, 4))
def test_parentheses_around_all_of_it_say_nothing(tree: Tree, depth: int) -> None:
    text = as_people_write(tree)
    assert normal_expression("(" * depth + text + ")" * depth) == normal_expression(text)


def test_names_in_other_capitals_differ_only_where_names_are_exact() -> None:
    assert normal_expression("A > 0") == normal_expression("a > 0")
    assert normal_expression("A > 0", exact=True) != normal_expression("a > 0", exact=True)


def test_double_quotes_are_a_string_under_quoted_identifier_off() -> None:
    assert normal_expression('"it\'s"', quoted=False) == normal_expression("'it''s'")
    assert normal_expression('"x"') == normal_expression("[x]")


def test_names_functions_and_sequences_are_found() -> None:
    text = "dbo.F([First Name], 1) + datepart(year, d) + NEXT VALUE FOR sales.S + len(x)"
    assert names_in(text) == {"dbo", "f", "first name", "d", "sales", "s", "x"}
    assert functions_in(text) == {("dbo", "f")}
    assert sequences_in(text) == {("sales", "s")}


def test_names_are_found_in_what_is_not_understood() -> None:
    text = "EXISTS (SELECT 1 FROM dbo.t WHERE x = dbo.g(y)) AND NEXT VALUE FOR s > 0"
    assert names_in(text) == {"dbo", "t", "x", "g", "y", "next", "value", "s"}
    assert functions_in(text) == {("dbo", "g")}
    assert sequences_in(text) == {("dbo", "s")}


def test_a_long_chain_is_read() -> None:
    chain = " OR ".join(f"a = {number}" for number in range(3000))
    listed = f"a IN ({', '.join(map(str, range(3000)))})"
    assert normal_expression(chain) == normal_expression(listed)
