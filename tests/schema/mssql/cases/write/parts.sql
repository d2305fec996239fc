-- === a column is added: Id
ALTER TABLE [dbo].[Orders] ADD [Id] [int] IDENTITY(1, 1) NOT NULL
GO
-- === a column is added: Name
ALTER TABLE [dbo].[Orders] ADD [Name] [nvarchar] (50) NULL CONSTRAINT [DF_Orders_Name] DEFAULT N'x'
GO
-- === a column is added: Mail
ALTER TABLE [dbo].[Orders] ADD [Mail] [nvarchar] (50) COLLATE Latin1_General_CI_AS MASKED WITH (FUNCTION = 'email()') NULL
GO
-- === a column is added: Rare
ALTER TABLE [dbo].[Orders] ADD [Rare] [int] SPARSE NULL
GO
-- === a column is added: All
ALTER TABLE [dbo].[Orders] ADD [All] [xml] COLUMN_SET FOR ALL_SPARSE_COLUMNS
GO
-- === a column is added: Notes
ALTER TABLE [dbo].[Orders] ADD [Notes] [xml] (CONTENT [dbo].[Notes]) NULL
GO
-- === a column is added: Row
ALTER TABLE [dbo].[Orders] ADD [Row] [uniqueidentifier] NOT NULL ROWGUIDCOL DEFAULT newid() WITH VALUES
GO
-- === a column is added: Total
ALTER TABLE [dbo].[Orders] ADD [Total] AS ([Id] * 2) PERSISTED
GO
-- === a column is added: Strict
ALTER TABLE [dbo].[Orders] ADD [Strict] AS [Id] + 1 PERSISTED NOT NULL
GO
-- === a column is added: From
ALTER TABLE [dbo].[Orders] ADD [From] [datetime2] (7) NOT NULL CONSTRAINT [DF_farmhand_Orders_From] DEFAULT (SYSUTCDATETIME())
GO
-- === a column is added: To
ALTER TABLE [dbo].[Orders] ADD [To] [datetime2] (3) NOT NULL CONSTRAINT [DF_farmhand_Orders_To] DEFAULT (CONVERT(datetime2(3), '9999-12-31 23:59:59.999'))
GO
-- === a column is added: Price
ALTER TABLE [dbo].[Orders] ADD [Price] [dbo].[Money] NULL
GO
-- === a column is added: Card
ALTER TABLE [dbo].[Orders] ADD [Card] [nvarchar] (20) COLLATE Latin1_General_BIN2 ENCRYPTED WITH (ALGORITHM = 'AEAD_AES_256_CBC_HMAC_SHA_256', COLUMN_ENCRYPTION_KEY = [key], ENCRYPTION_TYPE = DETERMINISTIC) NULL
GO
-- === a column is added, NOT NULL with a default
ALTER TABLE [dbo].[Orders] ADD [Name] [nvarchar] (50) NOT NULL CONSTRAINT [DF_Orders_Name] DEFAULT N'x' WITH VALUES
GO
-- === a column is added, its default for all rows when told
ALTER TABLE [dbo].[Orders] ADD [Name] [nvarchar] (50) NULL CONSTRAINT [DF_Orders_Name] DEFAULT N'x' WITH VALUES
GO
-- === a column is added where it is not there
IF COL_LENGTH(N'[dbo].[Orders]', N'Name') IS NULL
BEGIN
ALTER TABLE [dbo].[Orders] ADD [Name] [nvarchar] (50) NULL CONSTRAINT [DF_Orders_Name] DEFAULT N'x'
END
GO
-- === a column is dropped
ALTER TABLE [dbo].[Orders] DROP COLUMN [Name]
GO
-- === a column is dropped where it is there
IF COL_LENGTH(N'[dbo].[Orders]', N'Name') IS NOT NULL
BEGIN
ALTER TABLE [dbo].[Orders] DROP COLUMN [Name]
END
GO
-- === a column's type and nullability
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Mail] [nvarchar] (60) COLLATE Latin1_General_CI_AS MASKED WITH (FUNCTION = 'email()') NOT NULL
GO
-- === a column's type, of a sparse one
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Rare] [bigint] SPARSE NULL
GO
-- === a column's type, online
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Name] [nvarchar] (60) NULL WITH (ONLINE = ON)
GO
-- === a column is masked
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Name] ADD MASKED WITH (FUNCTION = 'default()')
GO
-- === a column is masked otherwise
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Mail] [nvarchar] (50) COLLATE Latin1_General_CI_AS MASKED WITH (FUNCTION = 'default()') NULL
GO
-- === a column is masked no more
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Mail] DROP MASKED
GO
-- === a column is sparse no more
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Rare] DROP SPARSE
GO
-- === a column becomes sparse
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Rare] ADD SPARSE
GO
-- === a column is ROWGUIDCOL no more
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Row] DROP ROWGUIDCOL
GO
-- === a column becomes NOT FOR REPLICATION
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Id] ADD NOT FOR REPLICATION
GO
-- === a column is hidden no more
ALTER TABLE [dbo].[Orders] ALTER COLUMN [From] DROP HIDDEN
GO
-- === a computed column is persisted no more
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Total] DROP PERSISTED
GO
-- === a computed column is computed otherwise
ALTER TABLE [dbo].[Orders] DROP COLUMN [Total]
GO
ALTER TABLE [dbo].[Orders] ADD [Total] AS [Id] * 3
GO
-- === a default is added
ALTER TABLE [dbo].[Orders] ADD CONSTRAINT [DF_Orders_Name] DEFAULT N'x' FOR [Name]
GO
-- === a default without a name is added
ALTER TABLE [dbo].[Orders] ADD DEFAULT newid() FOR [Row]
GO
-- === a default is dropped
ALTER TABLE [dbo].[Orders] DROP CONSTRAINT [DF_Orders_Name]
GO
-- === a default without a name is dropped
DECLARE @name sysname, @sql nvarchar(max)
SELECT @name = [name] FROM sys.default_constraints WHERE [parent_object_id] = OBJECT_ID(N'[dbo].[Orders]') AND COL_NAME([parent_object_id], [parent_column_id]) = N'Row'
IF @name IS NULL RAISERROR (N'The constraint without a name that farmhand looks for in [dbo].[Orders] is not there.', 16, 1)
ELSE
BEGIN
SET @sql = N'ALTER TABLE [dbo].[Orders] DROP CONSTRAINT ' + QUOTENAME(@name)
EXEC (@sql)
END
GO
-- === a default is changed
ALTER TABLE [dbo].[Orders] DROP CONSTRAINT [DF_Orders_Name]
GO
ALTER TABLE [dbo].[Orders] ADD CONSTRAINT [DF_Orders_Name] DEFAULT N'y' FOR [Name]
GO
-- === a default is bound
EXEC sp_bindefault N'[dbo].[Nothing]', N'[dbo].[Orders].[Price]'
GO
-- === a default is unbound
EXEC sp_unbindefault N'[dbo].[Orders].[Price]'
GO
-- === a rule is bound
EXEC sp_bindrule N'[dbo].[Positive]', N'[dbo].[Orders].[Price]'
GO
-- === a rule is unbound
EXEC sp_unbindrule N'[dbo].[Orders].[Price]'
GO
-- === a column is classified
ADD SENSITIVITY CLASSIFICATION TO [dbo].[Orders].[Price] WITH (LABEL = N'secret', RANK = HIGH)
GO
-- === a column is classified no more
DROP SENSITIVITY CLASSIFICATION FROM [dbo].[Orders].[Price]
GO
-- === a primary key is added
ALTER TABLE [dbo].[Orders] ADD CONSTRAINT [PK_Orders] PRIMARY KEY CLUSTERED ([Id]) WITH (DATA_COMPRESSION = PAGE) ON [Data]
GO
-- === a primary key is added, online
ALTER TABLE [dbo].[Orders] ADD CONSTRAINT [PK_Orders] PRIMARY KEY CLUSTERED ([Id]) WITH (DATA_COMPRESSION = PAGE, ONLINE = ON) ON [Data]
GO
-- === a primary key is dropped
ALTER TABLE [dbo].[Orders] DROP CONSTRAINT [PK_Orders]
GO
-- === a primary key without a name is dropped
DECLARE @name sysname, @sql nvarchar(max)
SELECT @name = k.[name] FROM sys.key_constraints AS k WHERE k.[parent_object_id] = OBJECT_ID(N'[dbo].[Orders]') AND k.[type] = 'PK'
IF @name IS NULL RAISERROR (N'The constraint without a name that farmhand looks for in [dbo].[Orders] is not there.', 16, 1)
ELSE
BEGIN
SET @sql = N'ALTER TABLE [dbo].[Orders] DROP CONSTRAINT ' + QUOTENAME(@name)
EXEC (@sql)
END
GO
-- === a unique key without a name is added
ALTER TABLE [dbo].[Orders] ADD UNIQUE NONCLUSTERED ([Name] DESC)
GO
-- === a unique key without a name is dropped
DECLARE @name sysname, @sql nvarchar(max)
SELECT @name = k.[name] FROM sys.key_constraints AS k WHERE k.[parent_object_id] = OBJECT_ID(N'[dbo].[Orders]') AND k.[type] = 'UQ' AND (SELECT COUNT(*) FROM sys.index_columns AS c WHERE c.[object_id] = k.[parent_object_id] AND c.[index_id] = k.[unique_index_id] AND c.[key_ordinal] > 0) = 1 AND (SELECT COUNT(*) FROM sys.index_columns AS c WHERE c.[object_id] = k.[parent_object_id] AND c.[index_id] = k.[unique_index_id] AND c.[key_ordinal] > 0 AND ((c.[key_ordinal] = 1 AND COL_NAME(c.[object_id], c.[column_id]) = N'Name'))) = 1
IF @name IS NULL RAISERROR (N'The constraint without a name that farmhand looks for in [dbo].[Orders] is not there.', 16, 1)
ELSE
BEGIN
SET @sql = N'ALTER TABLE [dbo].[Orders] DROP CONSTRAINT ' + QUOTENAME(@name)
EXEC (@sql)
END
GO
-- === a key's options
ALTER INDEX [PK_Orders] ON [dbo].[Orders] REBUILD WITH (DATA_COMPRESSION = NONE, FILLFACTOR = 80)
GO
ALTER INDEX [PK_Orders] ON [dbo].[Orders] SET (ALLOW_ROW_LOCKS = OFF)
GO
-- === a key has other columns
ALTER TABLE [dbo].[Orders] DROP CONSTRAINT [PK_Orders]
GO
ALTER TABLE [dbo].[Orders] ADD CONSTRAINT [PK_Orders] PRIMARY KEY CLUSTERED ([Name]) WITH (DATA_COMPRESSION = PAGE) ON [Data]
GO
-- === a foreign key is added, not trusted and disabled
ALTER TABLE [dbo].[Orders] WITH NOCHECK ADD CONSTRAINT [FK_Orders_Mail] FOREIGN KEY ([Mail]) REFERENCES [dbo].[People] ([Mail]) ON DELETE CASCADE ON UPDATE SET NULL
GO
ALTER TABLE [dbo].[Orders] NOCHECK CONSTRAINT [FK_Orders_Mail]
GO
-- === a foreign key without a name is added
ALTER TABLE [dbo].[Orders] WITH CHECK ADD FOREIGN KEY ([Name], [Mail]) REFERENCES [dbo].[People] ([Name], [Mail])
GO
-- === a foreign key without a name is added and disabled
ALTER TABLE [dbo].[Orders] WITH CHECK ADD FOREIGN KEY ([Name], [Mail]) REFERENCES [dbo].[People] ([Name], [Mail])
GO
DECLARE @name sysname, @sql nvarchar(max)
SELECT @name = k.[name] FROM sys.foreign_keys AS k WHERE k.[parent_object_id] = OBJECT_ID(N'[dbo].[Orders]') AND k.[referenced_object_id] = OBJECT_ID(N'[dbo].[People]') AND (SELECT COUNT(*) FROM sys.foreign_key_columns AS c WHERE c.[constraint_object_id] = k.[object_id]) = 2 AND (SELECT COUNT(*) FROM sys.foreign_key_columns AS c WHERE c.[constraint_object_id] = k.[object_id] AND ((c.[constraint_column_id] = 1 AND COL_NAME(c.[parent_object_id], c.[parent_column_id]) = N'Name' AND COL_NAME(c.[referenced_object_id], c.[referenced_column_id]) = N'Name') OR (c.[constraint_column_id] = 2 AND COL_NAME(c.[parent_object_id], c.[parent_column_id]) = N'Mail' AND COL_NAME(c.[referenced_object_id], c.[referenced_column_id]) = N'Mail'))) = 2
IF @name IS NULL RAISERROR (N'The constraint without a name that farmhand looks for in [dbo].[Orders] is not there.', 16, 1)
ELSE
BEGIN
SET @sql = N'ALTER TABLE [dbo].[Orders] NOCHECK CONSTRAINT ' + QUOTENAME(@name)
EXEC (@sql)
END
GO
-- === a foreign key is dropped
ALTER TABLE [dbo].[Orders] DROP CONSTRAINT [FK_Orders_Mail]
GO
-- === a foreign key without a name is dropped
DECLARE @name sysname, @sql nvarchar(max)
SELECT @name = k.[name] FROM sys.foreign_keys AS k WHERE k.[parent_object_id] = OBJECT_ID(N'[dbo].[Orders]') AND k.[referenced_object_id] = OBJECT_ID(N'[dbo].[People]') AND (SELECT COUNT(*) FROM sys.foreign_key_columns AS c WHERE c.[constraint_object_id] = k.[object_id]) = 2 AND (SELECT COUNT(*) FROM sys.foreign_key_columns AS c WHERE c.[constraint_object_id] = k.[object_id] AND ((c.[constraint_column_id] = 1 AND COL_NAME(c.[parent_object_id], c.[parent_column_id]) = N'Name' AND COL_NAME(c.[referenced_object_id], c.[referenced_column_id]) = N'Name') OR (c.[constraint_column_id] = 2 AND COL_NAME(c.[parent_object_id], c.[parent_column_id]) = N'Mail' AND COL_NAME(c.[referenced_object_id], c.[referenced_column_id]) = N'Mail'))) = 2
IF @name IS NULL RAISERROR (N'The constraint without a name that farmhand looks for in [dbo].[Orders] is not there.', 16, 1)
ELSE
BEGIN
SET @sql = N'ALTER TABLE [dbo].[Orders] DROP CONSTRAINT ' + QUOTENAME(@name)
EXEC (@sql)
END
GO
-- === a foreign key is enabled and trusted
ALTER TABLE [dbo].[Orders] WITH CHECK CHECK CONSTRAINT [FK_Orders_Mail]
GO
-- === a foreign key is enabled, not trusted
ALTER TABLE [dbo].[Orders] WITH NOCHECK CHECK CONSTRAINT [FK_Orders_Mail]
GO
-- === a foreign key is trusted no more
ALTER TABLE [dbo].[Orders] NOCHECK CONSTRAINT [FK_Orders_Mail]
GO
ALTER TABLE [dbo].[Orders] WITH NOCHECK CHECK CONSTRAINT [FK_Orders_Mail]
GO
-- === a foreign key is disabled
ALTER TABLE [dbo].[Orders] NOCHECK CONSTRAINT [FK_Orders_Mail]
GO
-- === a foreign key acts otherwise
ALTER TABLE [dbo].[Orders] DROP CONSTRAINT [FK_Orders_Mail]
GO
ALTER TABLE [dbo].[Orders] WITH NOCHECK ADD CONSTRAINT [FK_Orders_Mail] FOREIGN KEY ([Mail]) REFERENCES [dbo].[People] ([Mail]) ON UPDATE SET NULL
GO
-- === a check is added
ALTER TABLE [dbo].[Orders] WITH CHECK ADD CONSTRAINT [CK_Orders] CHECK NOT FOR REPLICATION ([Id] > 0)
GO
-- === a check is dropped where it is there
IF OBJECT_ID(N'[dbo].[CK_Orders]') IS NOT NULL
BEGIN
ALTER TABLE [dbo].[Orders] DROP CONSTRAINT [CK_Orders]
END
GO
-- === a check without a name is dropped
DECLARE @name sysname, @sql nvarchar(max)
SELECT @name = [name] FROM sys.check_constraints WHERE [parent_object_id] = OBJECT_ID(N'[dbo].[Orders]') AND [is_system_named] = 1 AND [definition] LIKE N'%[[]Id]%' AND [definition] LIKE N'%[[]Name]%' AND [definition] NOT LIKE N'%[[]Mail]%' AND [definition] NOT LIKE N'%[[]Rare]%' AND [definition] NOT LIKE N'%[[]All]%' AND [definition] NOT LIKE N'%[[]Notes]%' AND [definition] NOT LIKE N'%[[]Row]%' AND [definition] NOT LIKE N'%[[]Total]%' AND [definition] NOT LIKE N'%[[]Strict]%' AND [definition] NOT LIKE N'%[[]From]%' AND [definition] NOT LIKE N'%[[]To]%' AND [definition] NOT LIKE N'%[[]Price]%' AND [definition] NOT LIKE N'%[[]Card]%'
IF @name IS NULL RAISERROR (N'The constraint without a name that farmhand looks for in [dbo].[Orders] is not there.', 16, 1)
ELSE
BEGIN
SET @sql = N'ALTER TABLE [dbo].[Orders] DROP CONSTRAINT ' + QUOTENAME(@name)
EXEC (@sql)
END
GO
-- === a check without a name is dropped beside another
DECLARE @name sysname, @sql nvarchar(max)
SELECT @name = [name] FROM sys.check_constraints WHERE [parent_object_id] = OBJECT_ID(N'[dbo].[Orders]') AND [is_system_named] = 1 AND [definition] NOT LIKE N'%[[]Id]%' AND [definition] LIKE N'%[[]Name]%' AND [definition] NOT LIKE N'%[[]Mail]%' AND [definition] NOT LIKE N'%[[]Rare]%' AND [definition] NOT LIKE N'%[[]All]%' AND [definition] NOT LIKE N'%[[]Notes]%' AND [definition] NOT LIKE N'%[[]Row]%' AND [definition] NOT LIKE N'%[[]Total]%' AND [definition] NOT LIKE N'%[[]Strict]%' AND [definition] NOT LIKE N'%[[]From]%' AND [definition] NOT LIKE N'%[[]To]%' AND [definition] NOT LIKE N'%[[]Price]%' AND [definition] NOT LIKE N'%[[]Card]%' AND LOWER(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE([definition], N' ', N''), N'[', N''), N']', N''), N'(', N''), N')', N'')) = N'name>=''a''andname<=''z'''
IF @name IS NULL RAISERROR (N'The constraint without a name that farmhand looks for in [dbo].[Orders] is not there.', 16, 1)
ELSE
BEGIN
SET @sql = N'ALTER TABLE [dbo].[Orders] DROP CONSTRAINT ' + QUOTENAME(@name)
EXEC (@sql)
END
GO
-- === a check without a name is enabled
DECLARE @name sysname, @sql nvarchar(max)
SELECT @name = [name] FROM sys.check_constraints WHERE [parent_object_id] = OBJECT_ID(N'[dbo].[Orders]') AND [is_system_named] = 1 AND [definition] LIKE N'%[[]Id]%' AND [definition] LIKE N'%[[]Name]%' AND [definition] NOT LIKE N'%[[]Mail]%' AND [definition] NOT LIKE N'%[[]Rare]%' AND [definition] NOT LIKE N'%[[]All]%' AND [definition] NOT LIKE N'%[[]Notes]%' AND [definition] NOT LIKE N'%[[]Row]%' AND [definition] NOT LIKE N'%[[]Total]%' AND [definition] NOT LIKE N'%[[]Strict]%' AND [definition] NOT LIKE N'%[[]From]%' AND [definition] NOT LIKE N'%[[]To]%' AND [definition] NOT LIKE N'%[[]Price]%' AND [definition] NOT LIKE N'%[[]Card]%'
IF @name IS NULL RAISERROR (N'The constraint without a name that farmhand looks for in [dbo].[Orders] is not there.', 16, 1)
ELSE
BEGIN
SET @sql = N'ALTER TABLE [dbo].[Orders] WITH NOCHECK CHECK CONSTRAINT ' + QUOTENAME(@name)
EXEC (@sql)
END
GO
-- === an edge constraint is added
ALTER TABLE [dbo].[Orders] ADD CONSTRAINT [EC] CONNECTION ([g].[N] TO [g].[M])
GO
-- === an edge constraint is dropped
ALTER TABLE [dbo].[Orders] DROP CONSTRAINT [EC]
GO
-- === an index is created
CREATE UNIQUE NONCLUSTERED INDEX [IX_Name] ON [dbo].[Orders] ([Name] DESC) INCLUDE ([Mail]) WHERE [Name] IS NOT NULL WITH (FILLFACTOR = 90, PAD_INDEX = ON) ON [ByYear] ([Name])
GO
-- === an index is created, online and where it is not there
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE [object_id] = OBJECT_ID(N'[dbo].[Orders]') AND [name] = N'IX_Name')
BEGIN
CREATE UNIQUE NONCLUSTERED INDEX [IX_Name] ON [dbo].[Orders] ([Name] DESC) INCLUDE ([Mail]) WHERE [Name] IS NOT NULL WITH (FILLFACTOR = 90, PAD_INDEX = ON, ONLINE = ON) ON [ByYear] ([Name])
END
GO
-- === an index is created and disabled
CREATE UNIQUE NONCLUSTERED INDEX [IX_Name] ON [dbo].[Orders] ([Name] DESC) INCLUDE ([Mail]) WHERE [Name] IS NOT NULL WITH (FILLFACTOR = 90, PAD_INDEX = ON) ON [ByYear] ([Name])
GO
ALTER INDEX [IX_Name] ON [dbo].[Orders] DISABLE
GO
-- === an index is dropped
DROP INDEX [IX_Name] ON [dbo].[Orders]
GO
-- === an index has other columns
CREATE UNIQUE NONCLUSTERED INDEX [IX_Name] ON [dbo].[Orders] ([Name] DESC) INCLUDE ([Mail]) WHERE [Name] IS NOT NULL WITH (FILLFACTOR = 90, PAD_INDEX = ON, DROP_EXISTING = ON) ON [ByYear] ([Name])
GO
-- === an index is disabled
ALTER INDEX [IX_Name] ON [dbo].[Orders] DISABLE
GO
-- === an index is enabled
ALTER INDEX [IX_Name] ON [dbo].[Orders] REBUILD
GO
-- === an index has other options
ALTER INDEX [IX_Name] ON [dbo].[Orders] REBUILD WITH (FILLFACTOR = 100)
GO
ALTER INDEX [IX_Name] ON [dbo].[Orders] SET (IGNORE_DUP_KEY = ON)
GO
-- === an index is built otherwise, online
ALTER INDEX [IX_Name] ON [dbo].[Orders] REBUILD WITH (FILLFACTOR = 100, PAD_INDEX = OFF, ONLINE = ON)
GO
-- === an index becomes clustered
DROP INDEX [IX_Name] ON [dbo].[Orders]
GO
CREATE CLUSTERED INDEX [IX_Name] ON [dbo].[Orders] ([Name])
GO
-- === a columnstore index is created, never online
CREATE NONCLUSTERED COLUMNSTORE INDEX [IX_Fast] ON [dbo].[Orders] ([Id])
GO
-- === a clustered columnstore index is created
CREATE CLUSTERED COLUMNSTORE INDEX [CCI] ON [dbo].[Orders] ORDER ( [Id] ) WITH (DATA_COMPRESSION = COLUMNSTORE_ARCHIVE)
GO
-- === an XML index is created
CREATE PRIMARY XML INDEX [IX_Xml] ON [dbo].[Orders] ([Notes])
GO
-- === an XML index on another is changed
CREATE XML INDEX [IX_Path] ON [dbo].[Orders] ([Notes]) USING XML INDEX [IX_Xml] FOR PATH WITH (DROP_EXISTING = ON)
GO
-- === a spatial index is created
CREATE SPATIAL INDEX [SP] ON [dbo].[Orders] ([Place]) USING GEOMETRY_GRID WITH (BOUNDING_BOX = (0, 0, 500, 200), CELLS_PER_OBJECT = 16)
GO
-- === statistics are created
CREATE STATISTICS [ST_Name] ON [dbo].[Orders] ([Name], [Mail]) WHERE [Name] > N'a' WITH INCREMENTAL = ON, NORECOMPUTE
GO
-- === statistics are dropped
DROP STATISTICS [dbo].[Orders].[ST_Name]
GO
-- === statistics are of other columns
DROP STATISTICS [dbo].[Orders].[ST_Name]
GO
CREATE STATISTICS [ST_Name] ON [dbo].[Orders] ([Mail]) WHERE [Name] > N'a'
GO
-- === a full-text index is created
CREATE FULLTEXT INDEX ON [dbo].[Orders] ([Name] TYPE COLUMN [Kind] LANGUAGE 1033 STATISTICAL_SEMANTICS) KEY INDEX [PK_Orders] ON ([Words], FILEGROUP [Big]) WITH (CHANGE_TRACKING = MANUAL, STOPLIST = [Stop])
GO
ALTER FULLTEXT INDEX ON [dbo].[Orders] DISABLE
GO
-- === a full-text index is created and stays empty
CREATE FULLTEXT INDEX ON [dbo].[Orders] ([Name] TYPE COLUMN [Kind] LANGUAGE 1033 STATISTICAL_SEMANTICS) KEY INDEX [PK_Orders] ON ([Words], FILEGROUP [Big]) WITH (CHANGE_TRACKING = OFF, NO POPULATION, STOPLIST = [Stop])
GO
ALTER FULLTEXT INDEX ON [dbo].[Orders] DISABLE
GO
-- === a full-text index is dropped
DROP FULLTEXT INDEX ON [dbo].[Orders]
GO
-- === a full-text index has other columns and options
ALTER FULLTEXT INDEX ON [dbo].[Orders] DROP ([Name])
GO
ALTER FULLTEXT INDEX ON [dbo].[Orders] ADD ([Mail])
GO
ALTER FULLTEXT INDEX ON [dbo].[Orders] SET CHANGE_TRACKING = AUTO
GO
ALTER FULLTEXT INDEX ON [dbo].[Orders] SET STOPLIST = SYSTEM
GO
ALTER FULLTEXT INDEX ON [dbo].[Orders] ENABLE
GO
-- === a full-text index has another key
DROP FULLTEXT INDEX ON [dbo].[Orders]
GO
CREATE FULLTEXT INDEX ON [dbo].[Orders] ([Mail]) KEY INDEX [PK_Other]
GO
-- === a trigger is created
SET QUOTED_IDENTIFIER OFF
GO
-- kept
CREATE TRIGGER dbo.TR_Orders ON dbo.Orders AFTER INSERT AS SELECT 1
GO
SET QUOTED_IDENTIFIER ON
GO
EXEC sp_settriggerorder N'[dbo].[TR_Orders]', N'First', N'INSERT'
GO
DISABLE TRIGGER [dbo].[TR_Orders] ON [dbo].[Orders]
GO
-- === a trigger is created where it is not there
SET QUOTED_IDENTIFIER OFF
GO
IF OBJECT_ID(N'[dbo].[TR_Orders]') IS NULL
EXEC (N'-- kept
CREATE TRIGGER dbo.TR_Orders ON dbo.Orders AFTER INSERT AS SELECT 1')
GO
SET QUOTED_IDENTIFIER ON
GO
IF OBJECT_ID(N'[dbo].[TR_Orders]') IS NOT NULL
BEGIN
EXEC sp_settriggerorder N'[dbo].[TR_Orders]', N'First', N'INSERT'
END
GO
IF OBJECT_ID(N'[dbo].[TR_Orders]') IS NOT NULL
BEGIN
DISABLE TRIGGER [dbo].[TR_Orders] ON [dbo].[Orders]
END
GO
-- === a trigger is dropped
DROP TRIGGER [dbo].[TR_Orders]
GO
-- === a trigger is enabled, and has another order
EXEC sp_settriggerorder N'[dbo].[TR_Orders]', N'Last', N'INSERT'
GO
ENABLE TRIGGER [dbo].[TR_Orders] ON [dbo].[Orders]
GO
-- === a trigger has another text: its order is said again
SET QUOTED_IDENTIFIER OFF
GO
-- kept
ALTER TRIGGER dbo.TR_Orders ON dbo.Orders AFTER INSERT AS SELECT 1
GO
SET QUOTED_IDENTIFIER ON
GO
EXEC sp_settriggerorder N'[dbo].[TR_Orders]', N'First', N'INSERT'
GO
DISABLE TRIGGER [dbo].[TR_Orders] ON [dbo].[Orders]
GO
-- === a trigger has another text, in a script to be run again
SET QUOTED_IDENTIFIER OFF
GO
-- kept
CREATE OR ALTER TRIGGER dbo.TR_Orders ON dbo.Orders AFTER INSERT AS SELECT 1
GO
SET QUOTED_IDENTIFIER ON
GO
EXEC sp_settriggerorder N'[dbo].[TR_Orders]', N'First', N'INSERT'
GO
DISABLE TRIGGER [dbo].[TR_Orders] ON [dbo].[Orders]
GO
-- === a trigger is dropped and created
DROP TRIGGER [dbo].[TR_Orders]
GO
SET QUOTED_IDENTIFIER OFF
GO
-- kept
CREATE TRIGGER dbo.TR_Orders ON dbo.Orders AFTER INSERT AS SELECT 1
GO
SET QUOTED_IDENTIFIER ON
GO
EXEC sp_settriggerorder N'[dbo].[TR_Orders]', N'First', N'INSERT'
GO
DISABLE TRIGGER [dbo].[TR_Orders] ON [dbo].[Orders]
GO
-- === versioning is switched on
ALTER TABLE [dbo].[Orders] SET (SYSTEM_VERSIONING = ON (HISTORY_TABLE = [old].[Orders], DATA_CONSISTENCY_CHECK = OFF, HISTORY_RETENTION_PERIOD = 6 MONTHS))
GO
-- === versioning is switched off
ALTER TABLE [dbo].[Orders] SET (SYSTEM_VERSIONING = OFF)
GO
-- === the history is kept for ever
ALTER TABLE [dbo].[Orders] SET (SYSTEM_VERSIONING = ON (HISTORY_RETENTION_PERIOD = INFINITE))
GO
-- === the history is another table
ALTER TABLE [dbo].[Orders] SET (SYSTEM_VERSIONING = OFF)
GO
ALTER TABLE [dbo].[Orders] SET (SYSTEM_VERSIONING = ON (HISTORY_TABLE = [old].[Archive], DATA_CONSISTENCY_CHECK = OFF, HISTORY_RETENTION_PERIOD = 6 MONTHS))
GO
-- === a period is added over new columns
ALTER TABLE [dbo].[Orders] ADD PERIOD FOR SYSTEM_TIME ([From], [To])
GO
ALTER TABLE [dbo].[Orders] DROP CONSTRAINT [DF_farmhand_Orders_From]
GO
ALTER TABLE [dbo].[Orders] DROP CONSTRAINT [DF_farmhand_Orders_To]
GO
ALTER TABLE [dbo].[Orders] ALTER COLUMN [From] ADD HIDDEN
GO
ALTER TABLE [dbo].[Orders] ALTER COLUMN [To] ADD HIDDEN
GO
-- === a period is dropped
ALTER TABLE [dbo].[Orders] DROP PERIOD FOR SYSTEM_TIME
GO
-- === a permission is granted
GRANT SELECT ([Id], [Name]) ON [dbo].[Orders] TO [bob] WITH GRANT OPTION AS [ann]
GO
-- === a permission is denied
DENY DELETE ON [dbo].[Orders] TO [public]
GO
-- === a granted permission is revoked
REVOKE SELECT ([Id], [Name]) ON [dbo].[Orders] FROM [bob] CASCADE AS [ann]
GO
-- === a denied permission is revoked
REVOKE DELETE ON [dbo].[Orders] FROM [public]
GO
-- === a permission may be granted on no more
REVOKE GRANT OPTION FOR SELECT ([Id], [Name]) ON [dbo].[Orders] FROM [bob] CASCADE AS [ann]
GO
-- === a permission with its grant option is denied
REVOKE SELECT ([Id], [Name]) ON [dbo].[Orders] FROM [bob] CASCADE AS [ann]
GO
DENY SELECT ([Id], [Name]) ON [dbo].[Orders] TO [bob] AS [ann]
GO
-- === a denied permission is granted
GRANT DELETE ON [dbo].[Orders] TO [public]
GO
-- === a property is added
EXEC sp_addextendedproperty N'MS_Description', N'it''s', N'SCHEMA', N'dbo', N'TABLE', N'Orders'
GO
-- === a property is added where it is not there
IF NOT EXISTS (SELECT 1 FROM sys.fn_listextendedproperty(N'Unit', N'SCHEMA', N'dbo', N'TABLE', N'Orders', N'COLUMN', N'Price'))
BEGIN
EXEC sp_addextendedproperty N'Unit', 1, N'SCHEMA', N'dbo', N'TABLE', N'Orders', N'COLUMN', N'Price'
END
GO
-- === a property is changed
EXEC sp_updateextendedproperty N'Unit', 1, N'SCHEMA', N'dbo', N'TABLE', N'Orders', N'COLUMN', N'Price'
GO
-- === a property is dropped
EXEC sp_dropextendedproperty N'Unit', N'SCHEMA', N'dbo', N'TABLE', N'Orders', N'COLUMN', N'Price'
GO
-- === a member is added
ALTER ROLE [Readers] ADD MEMBER [Bob]
GO
-- === a member is dropped
ALTER ROLE [Readers] DROP MEMBER [Bob]
GO
-- === a member is added before 2012
EXEC sp_addrolemember N'Readers', N'Bob'
GO
-- === a column is renamed
EXEC sp_rename N'[dbo].[Orders].[Name]', N'Na''me', N'COLUMN'
GO
-- === an index is renamed
EXEC sp_rename N'[dbo].[Orders].[IX_Name]', N'IX', N'INDEX'
GO
-- === a check is renamed
EXEC sp_rename N'[dbo].[CK_Orders]', N'CK', N'OBJECT'
GO
