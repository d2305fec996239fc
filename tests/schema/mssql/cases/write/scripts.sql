-- === one step
/*
Run this script on:

    env:prod    - this database will be modified

to make it like:

    scripts:schema

You are recommended to back up your database before running this script

Script created by farmhand 0.1.0
*/
SET NUMERIC_ROUNDABORT OFF
GO
SET ANSI_PADDING, ANSI_WARNINGS, CONCAT_NULL_YIELDS_NULL, ARITHABORT, QUOTED_IDENTIFIER, ANSI_NULLS ON
GO
SET XACT_ABORT ON
GO
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
GO
BEGIN TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
PRINT N'Adding column [Name] to [dbo].[Orders]'
GO
ALTER TABLE [dbo].[Orders] ADD [Name] [nvarchar] (50) NULL CONSTRAINT [DF_Orders_Name] DEFAULT N'x'
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
COMMIT TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
DECLARE @Success AS bit
SET @Success = 1
SET NOEXEC OFF
IF (@Success = 1) PRINT N'The database update succeeded'
ELSE
BEGIN
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    PRINT N'The database update failed'
END
GO
-- === nothing to do
/*
Run this script on:

    env:prod    - this database will be modified

to make it like:

    scripts:schema

You are recommended to back up your database before running this script

Script created by farmhand 0.1.0
*/
PRINT N'There is nothing to do: the target is like the source already'
GO
-- === a question before a step
/*
Run this script on:

    env:prod    - this database will be modified

to make it like:

    scripts:schema

You are recommended to back up your database before running this script

Script created by farmhand 0.1.0
*/
SET NUMERIC_ROUNDABORT OFF
GO
SET ANSI_PADDING, ANSI_WARNINGS, CONCAT_NULL_YIELDS_NULL, ARITHABORT, QUOTED_IDENTIFIER, ANSI_NULLS ON
GO
SET XACT_ABORT ON
GO
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
GO
BEGIN TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
PRINT N'Altering column [Name] on [dbo].[Orders]'
GO
IF EXISTS (SELECT 1 FROM [dbo].[Orders] WHERE [Name] IS NULL)
BEGIN
    RAISERROR (N'[dbo].[Orders].[Name] is NULL in 5%% of it''s rows', 16, 1)
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    SET NOEXEC ON
END
GO
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Name] [nvarchar] (50) NOT NULL
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
COMMIT TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
DECLARE @Success AS bit
SET @Success = 1
SET NOEXEC OFF
IF (@Success = 1) PRINT N'The database update succeeded'
ELSE
BEGIN
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    PRINT N'The database update failed'
END
GO
-- === a question about a new column
/*
Run this script on:

    env:prod    - this database will be modified

to make it like:

    scripts:schema

You are recommended to back up your database before running this script

Script created by farmhand 0.1.0
*/
SET NUMERIC_ROUNDABORT OFF
GO
SET ANSI_PADDING, ANSI_WARNINGS, CONCAT_NULL_YIELDS_NULL, ARITHABORT, QUOTED_IDENTIFIER, ANSI_NULLS ON
GO
SET XACT_ABORT ON
GO
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
GO
BEGIN TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
PRINT N'Adding column [Name] to [dbo].[Orders]'
GO
ALTER TABLE [dbo].[Orders] ADD [Name] [nvarchar] (50) NULL CONSTRAINT [DF_Orders_Name] DEFAULT N'x'
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
PRINT N'Altering column [Name] on [dbo].[Orders]'
GO
DECLARE @found bit
EXEC sp_executesql N'IF EXISTS (SELECT 1 FROM [dbo].[Orders] WHERE [Name] IS NULL) SET @found = 1', N'@found bit OUTPUT', @found OUTPUT
IF @found = 1
BEGIN
    RAISERROR (N'[dbo].[Orders].[Name] is NULL in 5%% of it''s rows', 16, 1)
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    SET NOEXEC ON
END
GO
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Name] [nvarchar] (50) NOT NULL
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
COMMIT TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
DECLARE @Success AS bit
SET @Success = 1
SET NOEXEC OFF
IF (@Success = 1) PRINT N'The database update succeeded'
ELSE
BEGIN
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    PRINT N'The database update failed'
END
GO
-- === without a transaction
/*
Run this script on:

    env:prod    - this database will be modified

to make it like:

    scripts:schema

You are recommended to back up your database before running this script

Script created by farmhand 0.1.0
*/
SET NUMERIC_ROUNDABORT OFF
GO
SET ANSI_PADDING, ANSI_WARNINGS, CONCAT_NULL_YIELDS_NULL, ARITHABORT, QUOTED_IDENTIFIER, ANSI_NULLS ON
GO
SET XACT_ABORT ON
GO
PRINT N'Altering column [Name] on [dbo].[Orders]'
GO
IF EXISTS (SELECT 1 FROM [dbo].[Orders] WHERE [Name] IS NULL)
BEGIN
    RAISERROR (N'[dbo].[Orders].[Name] is NULL in 5%% of it''s rows', 16, 1)
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    SET NOEXEC ON
END
GO
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Name] [nvarchar] (50) NOT NULL
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
DECLARE @Success AS bit
SET @Success = 1
SET NOEXEC OFF
IF (@Success = 1) PRINT N'The database update succeeded'
ELSE
BEGIN
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    PRINT N'The database update failed'
END
GO
-- === without looking at errors
/*
Run this script on:

    env:prod    - this database will be modified

to make it like:

    scripts:schema

You are recommended to back up your database before running this script

Script created by farmhand 0.1.0
*/
SET NUMERIC_ROUNDABORT OFF
GO
SET ANSI_PADDING, ANSI_WARNINGS, CONCAT_NULL_YIELDS_NULL, ARITHABORT, QUOTED_IDENTIFIER, ANSI_NULLS ON
GO
SET XACT_ABORT ON
GO
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
GO
BEGIN TRANSACTION
GO
PRINT N'Adding column [Name] to [dbo].[Orders]'
GO
ALTER TABLE [dbo].[Orders] ADD [Name] [nvarchar] (50) NULL CONSTRAINT [DF_Orders_Name] DEFAULT N'x'
GO
COMMIT TRANSACTION
GO
-- === without comments
SET NUMERIC_ROUNDABORT OFF
GO
SET ANSI_PADDING, ANSI_WARNINGS, CONCAT_NULL_YIELDS_NULL, ARITHABORT, QUOTED_IDENTIFIER, ANSI_NULLS ON
GO
SET XACT_ABORT ON
GO
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
GO
PRINT N'What follows cannot be in a transaction: a failure does not take it back'
GO
PRINT N'Creating full-text index on [dbo].[Orders]'
GO
CREATE FULLTEXT INDEX ON [dbo].[Orders] ([Name]) KEY INDEX [PK_Orders]
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
DECLARE @Success AS bit
SET @Success = 1
SET NOEXEC OFF
IF (@Success = 1) PRINT N'The database update succeeded'
ELSE
BEGIN
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    PRINT N'The database update failed'
END
GO
-- === full text comes afterwards
/*
Run this script on:

    env:prod    - this database will be modified

to make it like:

    scripts:schema

You are recommended to back up your database before running this script

Script created by farmhand 0.1.0
*/
SET NUMERIC_ROUNDABORT OFF
GO
SET ANSI_PADDING, ANSI_WARNINGS, CONCAT_NULL_YIELDS_NULL, ARITHABORT, QUOTED_IDENTIFIER, ANSI_NULLS ON
GO
SET XACT_ABORT ON
GO
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
GO
BEGIN TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
PRINT N'Adding column [Name] to [dbo].[Orders]'
GO
ALTER TABLE [dbo].[Orders] ADD [Name] [nvarchar] (50) NULL CONSTRAINT [DF_Orders_Name] DEFAULT N'x'
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
PRINT N'Dropping column [Name] from [dbo].[Orders]'
GO
ALTER TABLE [dbo].[Orders] DROP COLUMN [Name]
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
COMMIT TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
-- What follows cannot be in a transaction: a failure does not take it back.
PRINT N'What follows cannot be in a transaction: a failure does not take it back'
GO
PRINT N'Creating full-text index on [dbo].[Orders]'
GO
CREATE FULLTEXT INDEX ON [dbo].[Orders] ([Name]) KEY INDEX [PK_Orders]
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
DECLARE @Success AS bit
SET @Success = 1
SET NOEXEC OFF
IF (@Success = 1) PRINT N'The database update succeeded'
ELSE
BEGIN
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    PRINT N'The database update failed'
END
GO
-- === full text goes first
/*
Run this script on:

    env:prod    - this database will be modified

to make it like:

    scripts:schema

You are recommended to back up your database before running this script

Script created by farmhand 0.1.0
*/
SET NUMERIC_ROUNDABORT OFF
GO
SET ANSI_PADDING, ANSI_WARNINGS, CONCAT_NULL_YIELDS_NULL, ARITHABORT, QUOTED_IDENTIFIER, ANSI_NULLS ON
GO
SET XACT_ABORT ON
GO
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
GO
-- What follows cannot be in a transaction: a failure does not take it back.
PRINT N'What follows cannot be in a transaction: a failure does not take it back'
GO
PRINT N'Dropping full-text index from [dbo].[Orders]'
GO
DROP FULLTEXT INDEX ON [dbo].[Orders]
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
BEGIN TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
PRINT N'Dropping column [Name] from [dbo].[Orders]'
GO
ALTER TABLE [dbo].[Orders] DROP COLUMN [Name]
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
COMMIT TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
DECLARE @Success AS bit
SET @Success = 1
SET NOEXEC OFF
IF (@Success = 1) PRINT N'The database update succeeded'
ELSE
BEGIN
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    PRINT N'The database update failed'
END
GO
-- === full text around a change
/*
Run this script on:

    env:prod    - this database will be modified

to make it like:

    scripts:schema

You are recommended to back up your database before running this script

Script created by farmhand 0.1.0
*/
SET NUMERIC_ROUNDABORT OFF
GO
SET ANSI_PADDING, ANSI_WARNINGS, CONCAT_NULL_YIELDS_NULL, ARITHABORT, QUOTED_IDENTIFIER, ANSI_NULLS ON
GO
SET XACT_ABORT ON
GO
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
GO
-- What follows cannot be in a transaction: a failure does not take it back.
PRINT N'What follows cannot be in a transaction: a failure does not take it back'
GO
PRINT N'Dropping full-text index from [dbo].[Orders]'
GO
DROP FULLTEXT INDEX ON [dbo].[Orders]
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
BEGIN TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
PRINT N'Altering column [Name] on [dbo].[Orders]'
GO
IF EXISTS (SELECT 1 FROM [dbo].[Orders] WHERE [Name] IS NULL)
BEGIN
    RAISERROR (N'[dbo].[Orders].[Name] is NULL in 5%% of it''s rows', 16, 1)
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    SET NOEXEC ON
END
GO
ALTER TABLE [dbo].[Orders] ALTER COLUMN [Name] [nvarchar] (50) NOT NULL
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
COMMIT TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
-- What follows cannot be in a transaction: a failure does not take it back.
PRINT N'What follows cannot be in a transaction: a failure does not take it back'
GO
PRINT N'Creating full-text index on [dbo].[Orders]'
GO
CREATE FULLTEXT INDEX ON [dbo].[Orders] ([Name]) KEY INDEX [PK_Orders]
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
DECLARE @Success AS bit
SET @Success = 1
SET NOEXEC OFF
IF (@Success = 1) PRINT N'The database update succeeded'
ELSE
BEGIN
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    PRINT N'The database update failed'
END
GO
-- === full text between two changes
/*
Run this script on:

    env:prod    - this database will be modified

to make it like:

    scripts:schema

You are recommended to back up your database before running this script

Script created by farmhand 0.1.0
*/
SET NUMERIC_ROUNDABORT OFF
GO
SET ANSI_PADDING, ANSI_WARNINGS, CONCAT_NULL_YIELDS_NULL, ARITHABORT, QUOTED_IDENTIFIER, ANSI_NULLS ON
GO
SET XACT_ABORT ON
GO
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
GO
BEGIN TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
PRINT N'Adding column [Name] to [dbo].[Orders]'
GO
ALTER TABLE [dbo].[Orders] ADD [Name] [nvarchar] (50) NULL CONSTRAINT [DF_Orders_Name] DEFAULT N'x'
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
COMMIT TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
-- What follows cannot be in a transaction: a failure does not take it back.
PRINT N'What follows cannot be in a transaction: a failure does not take it back'
GO
PRINT N'Creating full-text index on [dbo].[Orders]'
GO
CREATE FULLTEXT INDEX ON [dbo].[Orders] ([Name]) KEY INDEX [PK_Orders]
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
BEGIN TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
PRINT N'Dropping column [Name] from [dbo].[Orders]'
GO
ALTER TABLE [dbo].[Orders] DROP COLUMN [Name]
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
COMMIT TRANSACTION
GO
IF @@ERROR <> 0 SET NOEXEC ON
GO
DECLARE @Success AS bit
SET @Success = 1
SET NOEXEC OFF
IF (@Success = 1) PRINT N'The database update succeeded'
ELSE
BEGIN
    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION
    PRINT N'The database update failed'
END
GO
-- === a header that would end itself
/*
Run this script on:

    / * y    - this database will be modified

to bring it back to what it was before it was made like:

    * / DROP TABLE x --

You are recommended to back up your database before running this script

Made at today
