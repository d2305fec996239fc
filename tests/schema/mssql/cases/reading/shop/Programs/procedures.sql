SET QUOTED_IDENTIFIER OFF
GO
SET ANSI_NULLS OFF
GO
CREATE PROCEDURE [Website].[Greet]
    @name AS nvarchar(50) = "you"
AS
PRINT "Hello, " + @name -- in the manner of 1998
GO
SET QUOTED_IDENTIFIER ON
GO
SET ANSI_NULLS ON
GO
CREATE PROCEDURE [Website].[RecordTemperatures]
    @SensorReadings [Website].[SensorDataList] READONLY
WITH NATIVE_COMPILATION, SCHEMABINDING, EXECUTE AS OWNER
AS
BEGIN ATOMIC WITH (TRANSACTION ISOLATION LEVEL = SNAPSHOT, LANGUAGE = N'English')
    INSERT Sales.Temperatures (Taken) SELECT SYSUTCDATETIME() FROM @SensorReadings;
END
GO
CREATE FUNCTION [dbo].[RegexMatch] (@text [nvarchar] (4000), @pattern [nvarchar] (400))
RETURNS [bit]
WITH EXECUTE AS CALLER
EXTERNAL NAME [ShopClr].[Shop.Text].[Match]
GO
CREATE AGGREGATE [dbo].[Concatenate] (@text [nvarchar] (4000))
RETURNS [nvarchar] (max)
EXTERNAL NAME [ShopClr].[Shop.Concatenate]
GO
GRANT EXECUTE ON [Website].[Greet] TO [public]
GO
CREATE TRIGGER [KeepTables] ON DATABASE FOR DROP_TABLE AS
PRINT 'tables stay'
ROLLBACK
GO
DISABLE TRIGGER [KeepTables] ON DATABASE
GO
EXEC sp_addextendedproperty N'MS_Description', N'How to be called.', 'SCHEMA', N'Website', 'PROCEDURE', N'Greet', 'PARAMETER', N'@name'
GO
