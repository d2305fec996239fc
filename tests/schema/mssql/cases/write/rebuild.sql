-- === identity goes on counting
CREATE TABLE [dbo].[tmp_farmhand_It's]
(
    [Name] [nvarchar] (50) NULL,
    [Id] [int] IDENTITY(1, 1) NOT NULL
)
GO
SET IDENTITY_INSERT [dbo].[tmp_farmhand_It's] ON
GO
INSERT INTO [dbo].[tmp_farmhand_It's] ([Name], [Id])
SELECT [Name], [Id] FROM [dbo].[It's] WITH (TABLOCKX, HOLDLOCK)
GO
SET IDENTITY_INSERT [dbo].[tmp_farmhand_It's] OFF
GO
DECLARE @current numeric(38, 0)
SELECT @current = IDENT_CURRENT(N'[dbo].[It''s]')
IF NOT EXISTS (SELECT 1 FROM [dbo].[tmp_farmhand_It's])
    AND @current <> IDENT_SEED(N'[dbo].[It''s]')
    SET @current = @current + IDENT_INCR(N'[dbo].[It''s]')
IF @current IS NOT NULL
    DBCC CHECKIDENT (N'[dbo].[tmp_farmhand_It''s]', RESEED, @current)
GO
DROP TABLE [dbo].[It's]
GO
EXEC sp_rename N'[dbo].[tmp_farmhand_It''s]', N'It''s', N'OBJECT'
GO
-- === identity comes
CREATE TABLE [dbo].[tmp_farmhand_It's]
(
    [Id] [int] IDENTITY(1, 1) NOT NULL,
    [Name] [nvarchar] (50) NULL
)
GO
SET IDENTITY_INSERT [dbo].[tmp_farmhand_It's] ON
GO
INSERT INTO [dbo].[tmp_farmhand_It's] ([Id], [Name])
SELECT [Id], [Name] FROM [dbo].[It's] WITH (TABLOCKX, HOLDLOCK)
GO
SET IDENTITY_INSERT [dbo].[tmp_farmhand_It's] OFF
GO
DROP TABLE [dbo].[It's]
GO
EXEC sp_rename N'[dbo].[tmp_farmhand_It''s]', N'It''s', N'OBJECT'
GO
-- === identity goes
CREATE TABLE [dbo].[tmp_farmhand_It's]
(
    [Id] [int] NOT NULL,
    [Name] [nvarchar] (50) NULL
)
GO
INSERT INTO [dbo].[tmp_farmhand_It's] ([Id], [Name])
SELECT [Id], [Name] FROM [dbo].[It's] WITH (TABLOCKX, HOLDLOCK)
GO
DROP TABLE [dbo].[It's]
GO
EXEC sp_rename N'[dbo].[tmp_farmhand_It''s]', N'It''s', N'OBJECT'
GO
-- === identity of a new column
CREATE TABLE [dbo].[tmp_farmhand_It's]
(
    [Name] [nvarchar] (50) NULL,
    [Id] [int] IDENTITY(1, 1) NOT NULL
)
GO
INSERT INTO [dbo].[tmp_farmhand_It's] ([Name])
SELECT [Name] FROM [dbo].[It's] WITH (TABLOCKX, HOLDLOCK)
GO
DROP TABLE [dbo].[It's]
GO
EXEC sp_rename N'[dbo].[tmp_farmhand_It''s]', N'It''s', N'OBJECT'
GO
-- === a default fills what was NULL
CREATE TABLE [dbo].[tmp_farmhand_It's]
(
    [Id] [int] NOT NULL,
    [Name] [nvarchar] (50) NOT NULL
)
GO
INSERT INTO [dbo].[tmp_farmhand_It's] ([Id], [Name])
SELECT [Id], COALESCE([Name], (N'-')) FROM [dbo].[It's] WITH (TABLOCKX, HOLDLOCK)
GO
DROP TABLE [dbo].[It's]
GO
EXEC sp_rename N'[dbo].[tmp_farmhand_It''s]', N'It''s', N'OBJECT'
GO
ALTER TABLE [dbo].[It's] ADD CONSTRAINT [DF_Name] DEFAULT N'-' FOR [Name]
GO
-- === a new column with a default
CREATE TABLE [dbo].[tmp_farmhand_It's]
(
    [Id] [int] NOT NULL,
    [Name] [nvarchar] (50) NOT NULL
)
GO
INSERT INTO [dbo].[tmp_farmhand_It's] ([Id], [Name])
SELECT [Id], (N'-') FROM [dbo].[It's] WITH (TABLOCKX, HOLDLOCK)
GO
DROP TABLE [dbo].[It's]
GO
EXEC sp_rename N'[dbo].[tmp_farmhand_It''s]', N'It''s', N'OBJECT'
GO
ALTER TABLE [dbo].[It's] ADD DEFAULT N'-' FOR [Name]
GO
-- === a period is kept
IF EXISTS (SELECT 1 FROM sys.tables WHERE [object_id] = OBJECT_ID(N'[dbo].[It''s]') AND [temporal_type] = 2)
ALTER TABLE [dbo].[It's] SET (SYSTEM_VERSIONING = OFF)
GO
CREATE TABLE [dbo].[tmp_farmhand_It's]
(
    [Id] [int] IDENTITY(1, 1) NOT NULL,
    [From] [datetime2] (7) NOT NULL,
    [To] [datetime2] (7) NOT NULL
)
GO
SET IDENTITY_INSERT [dbo].[tmp_farmhand_It's] ON
GO
INSERT INTO [dbo].[tmp_farmhand_It's] ([Id], [From], [To])
SELECT [Id], [From], [To] FROM [dbo].[It's] WITH (TABLOCKX, HOLDLOCK)
GO
SET IDENTITY_INSERT [dbo].[tmp_farmhand_It's] OFF
GO
DROP TABLE [dbo].[It's]
GO
EXEC sp_rename N'[dbo].[tmp_farmhand_It''s]', N'It''s', N'OBJECT'
GO
ALTER TABLE [dbo].[It's] ADD PERIOD FOR SYSTEM_TIME ([From], [To])
GO
ALTER TABLE [dbo].[It's] ALTER COLUMN [From] ADD HIDDEN
GO
-- === a period comes, with its history
CREATE TABLE [dbo].[tmp_farmhand_It's]
(
    [Id] [int] IDENTITY(1, 1) NOT NULL,
    [From] [datetime2] (7) NOT NULL,
    [To] [datetime2] (7) NOT NULL
)
GO
SET IDENTITY_INSERT [dbo].[tmp_farmhand_It's] ON
GO
INSERT INTO [dbo].[tmp_farmhand_It's] ([Id], [From], [To])
SELECT [Id], SYSUTCDATETIME(), CONVERT(datetime2(7), '9999-12-31 23:59:59.9999999') FROM [dbo].[It's] WITH (TABLOCKX, HOLDLOCK)
GO
SET IDENTITY_INSERT [dbo].[tmp_farmhand_It's] OFF
GO
DROP TABLE [dbo].[It's]
GO
EXEC sp_rename N'[dbo].[tmp_farmhand_It''s]', N'It''s', N'OBJECT'
GO
ALTER TABLE [dbo].[It's] ADD PERIOD FOR SYSTEM_TIME ([From], [To])
GO
ALTER TABLE [dbo].[It's] ALTER COLUMN [From] ADD HIDDEN
GO
ALTER TABLE [dbo].[It's] ADD CONSTRAINT [PK_T] PRIMARY KEY CLUSTERED ([Id])
GO
ALTER TABLE [dbo].[It's] SET (SYSTEM_VERSIONING = ON (HISTORY_TABLE = [old].[T]))
GO
-- === into memory
CREATE TABLE [dbo].[tmp_farmhand_It's]
(
    [Id] [int] NOT NULL,
    [Name] [nvarchar] (50) NULL,
    CONSTRAINT [tmp_farmhand_PK_M] PRIMARY KEY NONCLUSTERED HASH ([Id]) WITH (BUCKET_COUNT = 8),
    INDEX [IX_M] NONCLUSTERED ([Name])
)
WITH
(
    DURABILITY = SCHEMA_ONLY,
    MEMORY_OPTIMIZED = ON
)
GO
INSERT INTO [dbo].[tmp_farmhand_It's] ([Id], [Name])
SELECT [Id], [Name] FROM [dbo].[It's] WITH (TABLOCKX, HOLDLOCK)
GO
DROP TABLE [dbo].[It's]
GO
EXEC sp_rename N'[dbo].[tmp_farmhand_It''s]', N'It''s', N'OBJECT'
GO
EXEC sp_rename N'[dbo].[tmp_farmhand_PK_M]', N'PK_M', N'OBJECT'
GO
ALTER TABLE [dbo].[It's] WITH CHECK ADD CONSTRAINT [CK_M] CHECK ([Id] > 0)
GO
-- === nothing to copy
CREATE TABLE [dbo].[tmp_farmhand_It's]
(
    [Id] [int] NOT NULL
)
GO
DROP TABLE [dbo].[It's]
GO
EXEC sp_rename N'[dbo].[tmp_farmhand_It''s]', N'It''s', N'OBJECT'
GO
