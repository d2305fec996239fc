"""Folders of scripts: which files are read, in which encoding, and what stands beside them."""

from pathlib import Path

import pytest

from pipeline.errors import BadCall, BadSchema
from pipeline.schema.model.mssql.database import Rename
from pipeline.schema.model.mssql.names import Kind, key
from pipeline.schema.readers.tsql_folder import Folder, from_files, from_folder
from pipeline.schema.syntax.mssql.read import SourceFile

TABLE = "CREATE TABLE dbo.{} (a int)"


def folder(**files: str) -> Folder:
    return from_files({name: text.encode() for name, text in files.items()})


def read(files: dict[str, str | bytes]) -> Folder:
    return from_files(
        {p: each if isinstance(each, bytes) else each.encode() for p, each in files.items()}
    )


def paths(files: dict[str, str | bytes]) -> list[str]:
    return [each.path for each in read(files).files]


def test_scripts_are_read_from_all_folders_in_the_order_of_their_paths() -> None:
    found = read({"b/2.sql": "SELECT 2", "b/1.SQL": "SELECT 1", "a.sql": "SELECT 0", "c.txt": ""})
    assert found == Folder(
        (
            SourceFile("a.sql", "SELECT 0"),
            SourceFile("b/1.SQL", "SELECT 1"),
            SourceFile("b/2.sql", "SELECT 2"),
        )
    )


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("utf-8", "-- Ærø ĸ".encode()),
        ("utf-8 with its mark", "-- Ærø ĸ".encode("utf-8-sig")),
        ("utf-16 LE with its mark", b"\xff\xfe" + "-- Ærø ĸ".encode("utf-16-le")),
        ("utf-16 BE with its mark", b"\xfe\xff" + "-- Ærø ĸ".encode("utf-16-be")),
        ("utf-32 with its mark", b"\xff\xfe\x00\x00" + "-- Ærø ĸ".encode("utf-32-le")),
        ("utf-16 LE alone", "-- Ærø ĸ".encode("utf-16-le")),
        ("utf-16 BE alone", "-- Ærø ĸ".encode("utf-16-be")),
    ],
)
def test_a_script_may_be_in_each_encoding_that_tools_write(encoding: str, content: bytes) -> None:
    assert read({"a.sql": content}).files == (SourceFile("a.sql", "-- Ærø ĸ"),)


def test_what_is_no_unicode_is_windows_1252() -> None:
    assert read({"a.sql": b"-- \xc6r\xf8 \x80 \x81"}).files == (
        SourceFile("a.sql", "-- Ærø € \x81"),
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x00\x01\x02\x00\xff\x00\x00\x07", "a.sql: this is no text"),
        (b"\xef\xbb\xbfab\xff", "a.sql: this is no UTF-8 from byte 2 on"),
        (b"\xff\xfea", "a.sql: this is no UTF-16-LE from byte 0 on"),
    ],
)
def test_what_is_no_text_is_refused_by_name(content: bytes, message: str) -> None:
    with pytest.raises(BadSchema) as error:
        read({"a.sql": content})
    assert str(error.value) == message


def test_a_folder_without_scripts_is_refused() -> None:
    with pytest.raises(BadSchema) as error:
        read({"readme.txt": ""})
    assert error.value.lines() == (
        "the folder: there are no scripts",
        "  -> for a database with nothing in it say empty:mssql",
    )


def test_folders_of_tools_are_not_entered() -> None:
    inside = {f"{name}/a.sql": TABLE.format("x") for name in (".git", ".hg", "x/bin", "obj")}
    assert paths({"a.sql": TABLE.format("t"), **inside}) == ["a.sql"]


def test_rows_are_left_out_and_that_is_said() -> None:
    found = read({"a.sql": "", "Data/dbo.t.sql": "INSERT t VALUES (1)", "x/data/b.sql": "PRINT 1"})
    assert [each.path for each in found.files] == ["a.sql"]
    assert found.notes == (
        "Data: not read, as they hold rows: Data/dbo.t.sql",
        "x/data: not read, as they hold rows: x/data/b.sql",
    )


def test_a_folder_called_data_may_hold_the_tables_of_a_schema_of_that_name() -> None:
    files: dict[str, str | bytes] = {
        "Data/Tables/t.sql": "-- here\nCREATE TABLE Data.t (a int)",
        "Data/rows.sql": "CREATE TABLE #new (a int)\nINSERT Data.t SELECT a FROM #new",
    }
    assert paths(files) == ["Data/Tables/t.sql"]


def test_redgates_information_gives_collation_default_schema_and_the_folder_of_rows() -> None:
    information = (
        '<?xml version="1.0" encoding="utf-16" standalone="yes"?>\n<!---->\n'
        '<DatabaseInformation Version="2">\n'
        "  <DefaultCollation>Danish_Norwegian_CI_AS</DefaultCollation>\n"
        "  <DefaultSchema>shop</DefaultSchema>\n"
        "  <WriteToFileOptions><Prefixes><Table>Tables</Table><Data>Static Rows</Data></Prefixes>"
        "</WriteToFileOptions>\n</DatabaseInformation>\n"
    )
    found = read(
        {
            "db/RedGateDatabaseInfo.xml": information,
            "db/a.sql": "CREATE TABLE t (a int)",
            "Static Rows/t.sql": "INSERT t VALUES (1)",
        }
    )
    assert found == Folder(
        (SourceFile("db/a.sql", "CREATE TABLE t (a int)"),),
        "Danish_Norwegian_CI_AS",
        "shop",
        notes=("Static Rows: not read, as they hold rows: Static Rows/t.sql",),
    )
    database = found.database()
    assert (list(database.objects), database.collation, database.notes) == (
        [key(Kind.TABLE, "shop", "t")],
        "Danish_Norwegian_CI_AS",
        found.notes,
    )


PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Project DefaultTargets="Build" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <PropertyGroup><DefaultCollation>Latin1_General_CI_AS</DefaultCollation>
    <DefaultSchema>dbo</DefaultSchema></PropertyGroup>
  <ItemGroup>
    <Build Include="Tables\\t.sql" />
    <Build Include="Views\\*.sql;..\\shared\\**\\*.sql" />
    <None Include="notes.sql" />
    <PostDeploy Include="Scripts\\after.sql" />
    <SqlCmdVariable Include="Other"><DefaultValue>Stock</DefaultValue>
      <Value>$(SqlCmdVar__1)</Value></SqlCmdVariable>
  </ItemGroup>
</Project>
"""


def test_a_project_says_which_scripts_are_built() -> None:
    found = read(
        {
            "shop/shop.sqlproj": PROJECT,
            "shop/tables/T.sql": "CREATE TABLE t (a int)",
            "shop/Views/v.sql": "CREATE VIEW v AS SELECT a FROM [$(Other)].dbo.t",
            "shared/x/u.sql": "CREATE TABLE u (a int)",
            "shop/Scripts/after.sql": ":r .\\rows.sql",
            "shop/Scripts/rows.sql": "INSERT t VALUES (1)",
            "shop/notes.sql": "this is no SQL",
            "shop/forgotten.sql": "nor is this",
        }
    )
    assert found == Folder(
        (
            SourceFile("shared/x/u.sql", "CREATE TABLE u (a int)"),
            SourceFile("shop/Views/v.sql", "CREATE VIEW v AS SELECT a FROM [Stock].dbo.t"),
            SourceFile("shop/tables/T.sql", "CREATE TABLE t (a int)"),
        ),
        "Latin1_General_CI_AS",
        notes=(
            "shop/shop.sqlproj: not read, as they run before or after a deployment: "
            "shop/Scripts/after.sql",
            "shop/shop.sqlproj: not read, as they are not built by it: "
            "shop/Scripts/rows.sql, shop/forgotten.sql, shop/notes.sql",
        ),
    )


def test_a_project_of_the_new_style_builds_all_that_it_does_not_take_out() -> None:
    project = (
        '<Project><Sdk Name="Microsoft.Build.Sql" Version="1.0.0" /><ItemGroup>'
        '<Build Remove="old\\**" /><PreDeploy Include="before.sql" /></ItemGroup></Project>'
    )
    assert paths(
        {
            "shop.sqlproj": project,
            "t.sql": TABLE.format("t"),
            "old/a/t.sql": TABLE.format("t"),
            "before.sql": ":r steps/one.sql",
            "steps/one.sql": "PRINT 1",
        }
    ) == ["t.sql"]


def test_a_script_that_a_project_builds_must_be_there() -> None:
    with pytest.raises(BadSchema) as error:
        read({"shop/shop.sqlproj": PROJECT, "a.sql": ""})
    assert str(error.value) == "shop/shop.sqlproj: there is no file shop/Tables/t.sql"


LOG = """<?xml version="1.0" encoding="utf-8"?>
<Operations Version="1.0" xmlns="http://schemas.microsoft.com/sqlserver/dac/Serialization/2012/02">
  <Operation Name="Rename Refactor" Key="1" ChangeDateTime="01/02/2020 10:00:00">
    <Property Name="ElementName" Value="[dbo].[Order].[Nr]" />
    <Property Name="ElementType" Value="SqlSimpleColumn" />
    <Property Name="ParentElementName" Value="[dbo].[Order]" />
    <Property Name="ParentElementType" Value="SqlTable" />
    <Property Name="NewName" Value="[Number]" />
  </Operation>
  <Operation Name="Rename Refactor" Key="2" ChangeDateTime="01/03/2020 10:00:00">
    <Property Name="ElementName" Value="[dbo].[Order]" />
    <Property Name="ElementType" Value="SqlTable" />
    <Property Name="NewName" Value="Orders" />
  </Operation>
  <Operation Name="Move Schema" Key="3" ChangeDateTime="01/04/2020 10:00:00">
    <Property Name="ElementName" Value="[dbo].[Orders]" />
    <Property Name="ElementType" Value="SqlTable" />
    <Property Name="NewSchema" Value="sales" />
  </Operation>
  <Operation Name="Rename Refactor" Key="4" ChangeDateTime="01/05/2020 10:00:00">
    <Property Name="ElementName" Value="[dbo].[gone]" />
    <Property Name="ElementType" Value="SqlView" />
    <Property Name="NewName" Value="[went]" />
  </Operation>
  <Operation Name="Rename Refactor" Key="5" ChangeDateTime="01/05/2020 10:00:00">
    <Property Name="ElementName" Value="[sales].[Orders].[IX_1]" />
    <Property Name="ElementType" Value="SqlIndex" />
    <Property Name="NewName" Value="[IX_2]" />
  </Operation>
</Operations>
"""


def test_a_refactoring_log_gives_renames_by_the_last_names_of_what_is_still_there() -> None:
    found = read({"a.refactorlog": LOG, "a.sql": "CREATE TABLE sales.Orders (Number int)"})
    orders = key(Kind.TABLE, "sales", "Orders")
    assert found.database().renames == (
        Rename(orders, "", "Nr", "Number"),
        Rename(orders, "dbo", "Order"),
        Rename(orders, "dbo", "Orders"),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<a", "x.sqlproj: this is no XML: unclosed token: line 1, column 0"),
        ("<!DOCTYPE a><a/>", "x.sqlproj: a file of this kind has no DOCTYPE"),
    ],
)
def test_xml_that_cannot_be_read_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(BadSchema) as error:
        read({"x.sqlproj": text, "a.sql": ""})
    assert str(error.value) == message


def test_an_included_script_is_read_where_it_is_included_and_only_there() -> None:
    found = read(
        {
            "build.sql": "PRINT 1\n:r .\\Tables\\T.sql\n  :R tables/u.sql\nGO\nPRINT 2\n",
            "Tables/t.sql": TABLE.format("t"),
            "Tables/u.sql": ":on error exit\n!! dir\n" + TABLE.format("u"),
        }
    )
    assert found.files == (
        SourceFile("build.sql", "PRINT 1\n"),
        SourceFile("Tables/t.sql", TABLE.format("t")),
        SourceFile("Tables/u.sql", "\n\n" + TABLE.format("u")),
        SourceFile("build.sql", "\n\n\nGO\nPRINT 2\n"),
    )


def test_a_statement_behind_an_include_keeps_its_line() -> None:
    files: dict[str, str | bytes] = {"a.sql": ":r b.txt\n\nCREATE TABLE t (a int", "b.txt": ""}
    with pytest.raises(BadSchema) as error:
        read(files).database()
    assert error.value.where.startswith("a.sql:3:")


def test_variables_are_replaced_as_sqlcmd_does() -> None:
    found = read(
        {
            "a.sql": ':setvar Name t\n:setvar Other "a $(name)"\n:r $(Name)x.sql\n'
            "CREATE TABLE [$(OTHER)] (a int DEFAULT '$(Name)')",
            "tx.sql": "CREATE TABLE [$(Name)] (a int)",
            "z.sql": "CREATE TABLE z (a int DEFAULT '$(Name) $(1)')",
        }
    )
    assert [(each.path, each.text.lstrip("\n")) for each in found.files] == [
        ("tx.sql", "CREATE TABLE [t] (a int)"),
        ("a.sql", "CREATE TABLE [a t] (a int DEFAULT 't')"),
        ("z.sql", "CREATE TABLE z (a int DEFAULT '$(Name) $(1)')"),
    ]
    assert found.notes == ("z.sql: $(Name) has no value, and is read as it stands",)


def test_in_a_string_or_a_comment_sqlcmds_words_are_text() -> None:
    text = "/*\n:r x.sql\n*/\nPRINT '\n:r y.sql\n!!\n'"
    assert read({"a.sql": text}).files == (SourceFile("a.sql", text),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n:r gone.sql", "a.sql:2:1: :r gone.sql: there is no such file"),
        (":r A.sql", "a.sql:1:1: :r A.sql: this file is being read already"),
        (":r c.sql", "c.sql:1:1: :r a.sql: this file is being read already"),
        (":frobnicate", "a.sql:1:1: SQLCMD has no command :frobnicate"),
    ],
)
def test_what_sqlcmd_would_refuse_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadSchema) as error:
        read({"a.sql": text, "b.sql": "", "c.sql": ":r a.sql"})
    assert str(error.value) == message


def test_a_folder_on_disk_is_read_as_its_files_are(tmp_path: Path) -> None:
    inside = tmp_path / "db"
    (inside / "Tables").mkdir(parents=True)
    (inside / "Tables" / "t.sql").write_bytes(b"\xef\xbb\xbfCREATE TABLE t (a int)")
    (inside / "all.sql").write_text(":r ../beside.sql\n")
    (tmp_path / "beside.sql").write_text("PRINT 1")
    assert from_folder(inside) == Folder(
        (
            SourceFile("Tables/t.sql", "CREATE TABLE t (a int)"),
            SourceFile("../beside.sql", "PRINT 1"),
        )
    )


def test_one_script_may_be_all(tmp_path: Path) -> None:
    script = tmp_path / "shop.sql"
    script.write_text("PRINT 1")
    (tmp_path / "other.sql").write_text("PRINT 2")
    assert from_folder(script) == Folder((SourceFile("shop.sql", "PRINT 1"),))


def test_a_folder_that_links_to_itself_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("PRINT 1")
    (tmp_path / "again").symlink_to(tmp_path)
    assert [each.path for each in from_folder(tmp_path).files] == ["a.sql"]


def test_a_folder_that_is_not_there_is_a_mistake_in_the_call(tmp_path: Path) -> None:
    with pytest.raises(BadCall) as error:
        from_folder(tmp_path / "gone")
    assert str(error.value) == f"there is no folder {tmp_path / 'gone'}"
