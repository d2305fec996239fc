CREATE TYPE [dbo].[Phone] FROM nvarchar (25) NULL
GO
CREATE TYPE [dbo].[Flag] FROM [bit] NOT NULL
GO
CREATE DEFAULT [dbo].[DF_Flag] AS (0)
GO
EXEC sp_bindefault N'[dbo].[DF_Flag]', N'[dbo].[Flag]'
GO
CREATE TYPE [Website].[OrderIDList] AS TABLE
(
[OrderID] [int] NOT NULL,
PRIMARY KEY CLUSTERED ([OrderID])
)
GO
CREATE TYPE [Website].[SensorDataList] AS TABLE
(
[SensorDataListID] [int] IDENTITY (1, 1) NOT NULL,
[Temperature] decimal (18, 2) NULL,
PRIMARY KEY NONCLUSTERED ([SensorDataListID])
)
WITH (MEMORY_OPTIMIZED = ON)
GO
CREATE XML SCHEMA COLLECTION [Sales].[Surveys]
AS N'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:shop:survey"><xsd:element name="Survey" type="xsd:string"/></xsd:schema>'
GO
EXEC sp_addextendedproperty N'MS_Description', N'Answers of customers.', 'SCHEMA', N'Sales', 'XML SCHEMA COLLECTION', N'Surveys', NULL, NULL
GO
