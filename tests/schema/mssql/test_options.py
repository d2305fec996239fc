"""The options of a comparison: presets, names, and how they are switched on and off."""

import re
from pathlib import Path

import pytest

from pipeline.errors import BadCall
from pipeline.schema.normalise.mssql.known_options import OPPOSITES, OTHER_NAMES, kebab
from pipeline.schema.normalise.mssql.options import KNOWN, PRESETS, Options, options_of

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "schema-options.md"


def names(*changes: str, preset: str = "strict") -> list[str]:
    return sorted(options_of(preset, changes).names)


def test_redgates_defaults_are_the_default() -> None:
    assert options_of() == Options()
    assert names(preset="redgate") == [
        "ignore-database-and-server-name-in-synonyms",
        "ignore-filegroups-partition-schemes-and-partition-functions",
        "ignore-fill-factor-and-index-padding",
        "ignore-user-properties",
        "ignore-white-space",
        "ignore-with-element-order",
    ]


def test_dacfx_drops_nothing_that_only_the_target_has() -> None:
    assert names(preset="dacfx") == [
        "ignore-filegroups-partition-schemes-and-partition-functions",
        "ignore-fill-factor-and-index-padding",
        "ignore-keyword-case",
        "ignore-semicolons",
        "ignore-set-quoted-identifier-and-ansi-nulls",
        "ignore-white-space",
        "keep-what-only-target-has",
        "no-transaction",
    ]


def test_strict_ignores_nothing() -> None:
    assert names() == []


def test_presets_and_other_names_speak_of_options_that_are_known() -> None:
    said = {name for preset in PRESETS.values() for name in preset}
    assert (said | set(OTHER_NAMES.values()) | set(OPPOSITES.values())) - set(KNOWN) == set()
    assert {*OTHER_NAMES, *OPPOSITES} & set(KNOWN) == set()


# (what is said, the options that are then on, with comments and white space on before)
SAID = [
    ("ignore-collations", "collations comments white-space"),
    ("collations", "collations comments white-space"),
    ("IgnoreCollations", "collations comments white-space"),
    ("IGNORE_COLLATIONS", "collations comments white-space"),
    ("comments", "comments white-space"),
    ("no-comments", "comments white-space no-comments"),
    ("-comments", "white-space"),
    ("no-ignore-comments", "white-space"),
    ("-IgnoreComments", "white-space"),
    ("-white-space,-comments", ""),
    ("collations,-white-space", "collations comments"),
    ("", "comments white-space"),
    ("IgnoreWhitespace", "comments white-space"),
    ("IgnoreSemicolonBetweenStatements", "comments semicolons white-space"),
    ("NoTransactions", "comments white-space no-transaction"),
    ("IncludeTransactionalScripts", "comments white-space"),
    ("-DropObjectsNotInSource", "comments white-space keep-what-only-target-has"),
    ("no-force-column-order", "comments white-space"),
]


@pytest.mark.parametrize(("said", "expected"), SAID)
def test_a_name_may_be_said_in_many_ways(said: str, expected: str) -> None:
    whole = {name if name in KNOWN else f"ignore-{name}" for name in expected.split()}
    whole = {f"ignore-{n}" if n == "comments" else n for n in whole}
    assert set(names("ignore-comments", "ignore-white-space", said)) == whole


def test_an_unknown_name_is_refused_with_one_that_is_near() -> None:
    with pytest.raises(BadCall) as caught:
        options_of("redgate", ["ignore-whitespaces"])
    assert caught.value.lines() == (
        "--ignore: there is no option 'ignore-whitespaces'",
        "  -> did you mean ignore-whitespace?",
    )


# (what is wrong, what is said of it)
WRONG = [
    (("redgat",), "--preset: 'redgat' is not known"),
    (("strict", (), 2015), "--target-version: 2015 is no version that is known"),
    (("strict", (), 2022, "web"), "--edition: 'web' is not known"),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_what_is_not_known_is_refused(call: tuple[str], message: str) -> None:
    with pytest.raises(BadCall) as caught:
        options_of(*call)
    assert str(caught.value) == message


# RedGate's own list of SQL Compare's options.
REDGATES = """
AddCreateOrAlterForRerunnableScripts AddDropAndCreateForRerunnableScripts AddObjectExistenceChecks
AddNoPopulationToFulltextIndexes AddOnlineOnWhenCreatingIndexesOrAlteringColumns AddWithEncryption
AddDatabaseUseStatement ConsiderNextFilegroupInPartitionSchemes DecryptEncryptedObjects
DisableAutoColumnMapping DisableAndReenableDdlTriggers DontUseAlterAssemblyToChangeClrObjects
ForbidDuplicateTableStorageSettings ForceColumnOrder IgnoreMigrationScripts IncludeDependencies
IncludeRoleExistenceChecks IncludeSchemaExistenceChecks InlineFulltextFields InlineTableObjects
UseCaseSensitiveObjectDefinition UseDatabaseCompatibilityLevel UseSetStatementsInScriptDatabaseInfo
WriteAssembliesAsDlls DoNotOutputCommentHeader DropAndCreateInsteadOfAlter NoDeploymentLogging
NoErrorHandling NoTransactions ThrowOnFileParseFailed IgnoreAuthorizationOnSchemaObjects
IgnoreBindings IgnoreCertificatesAndCryptoKeys IgnoreChangeTracking IgnoreCheckConstraints
IgnoreCollations IgnoreComments IgnoreConstraintNames IgnoreDataCompression IgnoreDataSyncSchema
IgnoreDatabaseAndServerNameInSynonyms IgnoreDmlTriggers IgnoreDynamicDataMasking
IgnoreEventNotificationsOnQueues IgnoreExtendedProperties
IgnoreFileGroupsPartitionSchemesAndPartitionFunctions IgnoreFillFactorAndIndexPadding
IgnoreForeignKeys IgnoreFullTextIndexing IgnoreIdentityProperties IgnoreIdentitySeedAndIncrement
IgnoreIndexes IgnorePerformanceIndexes IgnoreInsteadOfTriggers
IgnoreInternallyUsedMicrosoftExtendedProperties IgnoreLockPropertiesOfIndexes
IgnoreNocheckAndWithNocheck IgnoreWithNoCheck IgnoreNotForReplication IgnoreNullability
IgnorePermissions IgnoreReplicationTriggers IgnoreSchemas IgnoreSensitivityClassifications
IgnoreSetQuotedIdentifierAndAnsiNulls IgnoreSquareBracketsInObjectNames IgnoreStatistics
IgnoreStatisticsIncremental IgnoreStatisticsNoRecompute IgnoreSynonymDependencies
IgnoreSystemNamedConstraintAndIndexNames IgnoreTriggerOrder IgnoreTsqltFrameworkAndTests
IgnoreUserProperties IgnoreUsersPermissionsAndRoleMemberships IgnoreWhiteSpace
IgnoreWithElementOrder IgnoreWithEncryption
"""


@pytest.mark.parametrize("name", REDGATES.split())
def test_every_option_of_redgates_is_known_by_its_name(name: str) -> None:
    (found,) = names(name)
    assert found == OTHER_NAMES.get(kebab(name), kebab(name))


def test_every_option_says_what_it_does_in_one_sentence() -> None:
    odd = [name for name, what in KNOWN.items() if not re.fullmatch(r"[A-Z].*\.", what)]
    assert odd == []


def test_the_reference_has_every_option_with_what_it_does() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*?) \|", REFERENCE.read_text("utf-8"), re.M)
    assert [row for row in rows if row[0] not in PRESETS] == list(KNOWN.items())
