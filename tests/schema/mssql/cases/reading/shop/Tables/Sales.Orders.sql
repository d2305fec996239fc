CREATE TABLE [Sales].[Orders]
(
[OrderID] [int] NOT NULL,
[CustomerID] [int] NOT NULL,
[Placed] [date] NOT NULL,
[Total] [decimal] (18, 2) NULL CONSTRAINT [CK_Orders_Total] CHECK ([Total] >= 0)
) ON [PS_TransactionDate] ([Placed])
GO
ALTER TABLE [Sales].[Orders] ADD CONSTRAINT [PK_Sales_Orders] PRIMARY KEY NONCLUSTERED ([OrderID], [Placed]) ON [PS_TransactionDate] ([Placed])
GO
ALTER TABLE [Sales].[Orders] WITH NOCHECK ADD CONSTRAINT [FK_Orders_Customers] FOREIGN KEY ([CustomerID]) REFERENCES [Sales].[Customers] ([CustomerID]) NOT FOR REPLICATION
GO
CREATE CLUSTERED COLUMNSTORE INDEX [CCX_Orders] ON [Sales].[Orders] ON [PS_TransactionDate] ([Placed])
GO
CREATE STATISTICS [ST_Orders_Total] ON [Sales].[Orders] ([Total]) WITH NORECOMPUTE
GO
ALTER TABLE [Sales].[Orders] ENABLE CHANGE_TRACKING WITH (TRACK_COLUMNS_UPDATED = ON)
GO
EXEC sp_addextendedproperty N'MS_Description', N'Never less than nothing.', 'SCHEMA', N'Sales', 'TABLE', N'Orders', 'CONSTRAINT', N'CK_Orders_Total'
GO
CREATE TABLE [Sales].[Temperatures]
(
[TemperatureID] [bigint] NOT NULL IDENTITY(1, 1),
[Taken] [datetime2] NOT NULL,
CONSTRAINT [PK_Temperatures] PRIMARY KEY NONCLUSTERED ([TemperatureID]),
INDEX [IX_Taken] NONCLUSTERED HASH ([Taken]) WITH (BUCKET_COUNT = 64)
)
WITH
(
MEMORY_OPTIMIZED = ON, DURABILITY = SCHEMA_ONLY
)
GO
