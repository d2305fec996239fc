SET QUOTED_IDENTIFIER ON
GO
SET ANSI_NULLS ON
GO
CREATE TABLE [Sales].[Customers]
(
[CustomerID] [int] NOT NULL CONSTRAINT [DF_Sales_Customers_CustomerID] DEFAULT (NEXT VALUE FOR [Sequences].[OrderID]),
[CustomerName] [nvarchar] (100) COLLATE Latin1_General_100_CI_AS NOT NULL,
[Email] [nvarchar] (100) COLLATE Latin1_General_100_CI_AS MASKED WITH (FUNCTION = 'email()') NULL,
[Phone] [dbo].[Phone] NULL,
[IsActive] [dbo].[Flag] NOT NULL,
[DeliveryCityID] [int] NOT NULL,
[Survey] [xml] (CONTENT [Sales].[Surveys]) NULL,
[Location] [geography] NULL,
[CardNumber] [varbinary] (256) NULL,
[SearchName] AS (concat([CustomerName],N' ',[Email])) PERSISTED NOT NULL,
[rowguid] [uniqueidentifier] NOT NULL ROWGUIDCOL CONSTRAINT [DF_Customers_rowguid] DEFAULT (newid()),
[ValidFrom] [datetime2] (7) GENERATED ALWAYS AS ROW START NOT NULL,
[ValidTo] [datetime2] (7) GENERATED ALWAYS AS ROW END NOT NULL,
PERIOD FOR SYSTEM_TIME (ValidFrom, ValidTo),
CONSTRAINT [PK_Sales_Customers] PRIMARY KEY CLUSTERED ([CustomerID]) WITH (DATA_COMPRESSION = PAGE) ON [USERDATA]
) ON [USERDATA] TEXTIMAGE_ON [USERDATA]
WITH
(
SYSTEM_VERSIONING = ON (HISTORY_TABLE = [Sales].[Customers_Archive])
)
GO
-- Nobody buys without a name.
CREATE TRIGGER [Sales].[CustomersNamed] ON [Sales].[Customers]
AFTER INSERT, UPDATE
NOT FOR REPLICATION AS
BEGIN
    IF EXISTS (SELECT 1 FROM inserted WHERE CustomerName = N'') THROW 50001, N'a name is missing', 1;
END
GO
EXEC sp_settriggerorder N'[Sales].[CustomersNamed]', 'first', 'insert', null
GO
CREATE UNIQUE NONCLUSTERED INDEX [IX_Customers_Email] ON [Sales].[Customers] ([Email]) INCLUDE ([Phone]) WHERE ([Email] IS NOT NULL) ON [USERDATA]
GO
CREATE PRIMARY XML INDEX [PXML_Customers_Survey] ON [Sales].[Customers] ([Survey])
GO
CREATE XML INDEX [XML_Customers_Survey_Path] ON [Sales].[Customers] ([Survey]) USING XML INDEX [PXML_Customers_Survey] FOR PATH
GO
CREATE SPATIAL INDEX [SX_Customers_Location] ON [Sales].[Customers] ([Location]) USING GEOGRAPHY_AUTO_GRID
GO
CREATE FULLTEXT INDEX ON [Sales].[Customers] KEY INDEX [PK_Sales_Customers] ON [FTCatalog] WITH STOPLIST [ShopWords]
GO
ALTER FULLTEXT INDEX ON [Sales].[Customers] ADD ([CustomerName] LANGUAGE 1033)
GO
ADD SENSITIVITY CLASSIFICATION TO [Sales].[Customers].[Email] WITH (LABEL = 'Confidential', INFORMATION_TYPE = 'Contact Info', RANK = MEDIUM)
GO
EXEC sp_addextendedproperty N'MS_Description', N'Who buys.', 'SCHEMA', N'Sales', 'TABLE', N'Customers', NULL, NULL
GO
EXEC sp_addextendedproperty N'MS_Description', N'Where it goes.', 'SCHEMA', N'Sales', 'TABLE', N'Customers', 'COLUMN', N'DeliveryCityID'
GO
EXEC sp_addextendedproperty N'MS_Description', N'Once each.', 'SCHEMA', N'Sales', 'TABLE', N'Customers', 'INDEX', N'IX_Customers_Email'
GO
