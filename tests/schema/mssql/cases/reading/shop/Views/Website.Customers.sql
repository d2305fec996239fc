/* What the web site may see.
   Nothing else. */
CREATE VIEW [Website].[Customers]
WITH SCHEMABINDING
AS
SELECT c.CustomerID, c.CustomerName, COUNT_BIG(*) AS Orders
FROM Sales.Customers AS c
JOIN Sales.Orders AS o ON o.CustomerID = c.CustomerID
GROUP BY c.CustomerID, c.CustomerName
GO
CREATE UNIQUE CLUSTERED INDEX [CX_Customers] ON [Website].[Customers] ([CustomerID])
GO
DECLARE @xp int
SELECT @xp=1
EXEC sp_addextendedproperty N'MS_DiagramPaneCount', @xp, 'SCHEMA', N'Website', 'VIEW', N'Customers', NULL, NULL
GO
CREATE TRIGGER [Website].[CustomersNotDeleted] ON [Website].[Customers] INSTEAD OF DELETE AS RETURN
GO
DISABLE TRIGGER [Website].[CustomersNotDeleted] ON [Website].[Customers]
GO
