CREATE SCHEMA [Sales] AUTHORIZATION [dbo]
GO
CREATE SCHEMA [Website]
AUTHORIZATION [SalesOwner]
GO
CREATE SCHEMA [Sequences]
GO
CREATE SCHEMA [Application]
GO
EXEC sp_addextendedproperty @name = N'MS_Description', @value = N'Tables of customers, and their salespeople''s', @level0type = N'SCHEMA', @level0name = N'Sales'
GO
EXEC sp_addextendedproperty N'Version', N'4.2'
GO
EXEC sp_addextendedproperty N'MS_Description', N'Everybody''s', 'SCHEMA', N'dbo'
GO
