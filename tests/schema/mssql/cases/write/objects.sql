-- === assembly is created
CREATE ASSEMBLY [Clr] FROM 0xFE WITH PERMISSION_SET = UNSAFE
GO
ALTER ASSEMBLY [Clr] WITH VISIBILITY = OFF
GO
ALTER ASSEMBLY [Clr] ADD FILE FROM 0x01 AS N'b.pdb'
GO
-- === assembly is changed
ALTER ASSEMBLY [Clr] FROM 0xFE WITH PERMISSION_SET = UNSAFE, VISIBILITY = OFF
GO
ALTER ASSEMBLY [Clr] DROP FILE N'a.pdb'
GO
ALTER ASSEMBLY [Clr] ADD FILE FROM 0x01 AS N'b.pdb'
GO
ALTER AUTHORIZATION ON ASSEMBLY::[Clr] TO [dbo]
GO
-- === assembly is changed back
ALTER ASSEMBLY [Clr] FROM 0xFF WITH PERMISSION_SET = SAFE, VISIBILITY = ON
GO
ALTER ASSEMBLY [Clr] ADD FILE FROM 0x00 AS N'a.pdb'
GO
ALTER ASSEMBLY [Clr] DROP FILE N'b.pdb'
GO
ALTER AUTHORIZATION ON ASSEMBLY::[Clr] TO [ann]
GO
-- === assembly is dropped
DROP ASSEMBLY [Clr] WITH NO DEPENDENTS
GO
-- === asymmetric key is created
CREATE ASYMMETRIC KEY [Asym] WITH ALGORITHM = RSA_2048
GO
ALTER ASYMMETRIC KEY [Asym] REMOVE PRIVATE KEY
GO
-- === asymmetric key is changed
ALTER ASYMMETRIC KEY [Asym] REMOVE PRIVATE KEY
GO
-- === asymmetric key is changed back
DROP ASYMMETRIC KEY [Asym]
GO
CREATE ASYMMETRIC KEY [Asym] WITH ALGORITHM = RSA_2048
GO
-- === asymmetric key is dropped
DROP ASYMMETRIC KEY [Asym]
GO
-- === asymmetric key with a password is created
-- Nobody knows this password: it is made up here, and somebody has to set one.
DECLARE @secret nvarchar(200), @sql nvarchar(max)
SET @secret = N'N''' + CONVERT(nvarchar(64), CRYPT_GEN_RANDOM(32), 2) + N'aA1!'''
SET @sql = N'CREATE ASYMMETRIC KEY [Asym] WITH ALGORITHM = RSA_4096 ENCRYPTION BY PASSWORD = ' + @secret
EXEC (@sql)
GO
-- === asymmetric key with a password is changed
DROP ASYMMETRIC KEY [Asym]
GO
-- Nobody knows this password: it is made up here, and somebody has to set one.
DECLARE @secret nvarchar(200), @sql nvarchar(max)
SET @secret = N'N''' + CONVERT(nvarchar(64), CRYPT_GEN_RANDOM(32), 2) + N'aA1!'''
SET @sql = N'CREATE ASYMMETRIC KEY [Asym] WITH ALGORITHM = RSA_4096 ENCRYPTION BY PASSWORD = ' + @secret
EXEC (@sql)
GO
-- === asymmetric key with a password is changed back
DROP ASYMMETRIC KEY [Asym]
GO
-- Nobody knows this password: it is made up here, and somebody has to set one.
DECLARE @secret nvarchar(200), @sql nvarchar(max)
SET @secret = N'N''' + CONVERT(nvarchar(64), CRYPT_GEN_RANDOM(32), 2) + N'aA1!'''
SET @sql = N'CREATE ASYMMETRIC KEY [Asym] WITH ALGORITHM = RSA_2048 ENCRYPTION BY PASSWORD = ' + @secret
EXEC (@sql)
GO
-- === asymmetric key with a password is dropped
DROP ASYMMETRIC KEY [Asym]
GO
-- === certificate is created
CREATE CERTIFICATE [Cert] WITH SUBJECT = N'x', EXPIRY_DATE = N'20301231' ACTIVE FOR BEGIN_DIALOG = OFF
GO
ALTER CERTIFICATE [Cert] REMOVE PRIVATE KEY
GO
-- === certificate is changed
ALTER CERTIFICATE [Cert] REMOVE PRIVATE KEY
GO
ALTER CERTIFICATE [Cert] WITH ACTIVE FOR BEGIN_DIALOG = OFF
GO
-- === certificate is changed back
DROP CERTIFICATE [Cert]
GO
CREATE CERTIFICATE [Cert] WITH SUBJECT = N'x', EXPIRY_DATE = N'20301231'
GO
-- === certificate is dropped
DROP CERTIFICATE [Cert]
GO
-- === certificate from a file is created
CREATE CERTIFICATE [Cert] FROM BINARY = 0xFF
GO
-- === certificate from a file is changed
DROP CERTIFICATE [Cert]
GO
CREATE CERTIFICATE [Cert] FROM BINARY = 0xFF
GO
-- === certificate from a file is changed back
DROP CERTIFICATE [Cert]
GO
-- Nobody knows this password: it is made up here, and somebody has to set one.
DECLARE @secret nvarchar(200), @sql nvarchar(max)
SET @secret = N'N''' + CONVERT(nvarchar(64), CRYPT_GEN_RANDOM(32), 2) + N'aA1!'''
SET @sql = N'CREATE CERTIFICATE [Cert] FROM FILE = N''c.cer'' WITH PRIVATE KEY (FILE = N''c.pvk'', DECRYPTION BY PASSWORD = ' + @secret + N')'
EXEC (@sql)
GO
-- === certificate from a file is dropped
DROP CERTIFICATE [Cert]
GO
-- === contract is created
CREATE CONTRACT [//c] ([//m] SENT BY TARGET)
GO
-- === contract is changed
DROP CONTRACT [//c]
GO
CREATE CONTRACT [//c] ([//m] SENT BY TARGET)
GO
-- === contract is changed back
DROP CONTRACT [//c]
GO
CREATE CONTRACT [//c] ([//m] SENT BY ANY, [DEFAULT] SENT BY INITIATOR)
GO
-- === contract is dropped
DROP CONTRACT [//c]
GO
-- === default is created
CREATE DEFAULT dbo.Nothing AS 1
GO
-- === default is changed
DROP DEFAULT [dbo].[Nothing]
GO
CREATE DEFAULT dbo.Nothing AS 1
GO
-- === default is changed back
DROP DEFAULT [dbo].[Nothing]
GO
CREATE DEFAULT dbo.Nothing AS 0
GO
-- === default is dropped
DROP DEFAULT [dbo].[Nothing]
GO
-- === event notification is created
CREATE EVENT NOTIFICATION [Told] ON QUEUE [dbo].[Q] WITH FAN_IN FOR QUEUE_ACTIVATION TO SERVICE N'//s', N'current database'
GO
-- === event notification is changed
DROP EVENT NOTIFICATION [Told] ON DATABASE
GO
CREATE EVENT NOTIFICATION [Told] ON QUEUE [dbo].[Q] WITH FAN_IN FOR QUEUE_ACTIVATION TO SERVICE N'//s', N'current database'
GO
-- === event notification is changed back
DROP EVENT NOTIFICATION [Told] ON QUEUE [dbo].[Q]
GO
CREATE EVENT NOTIFICATION [Told] ON DATABASE FOR ALTER_TABLE, CREATE_TABLE TO SERVICE N'//s', N'current database'
GO
-- === event notification is dropped
DROP EVENT NOTIFICATION [Told] ON QUEUE [dbo].[Q]
GO
-- === extended property is created
EXEC sp_addextendedproperty N'Version', N'2'
GO
-- === extended property is changed
EXEC sp_updateextendedproperty N'Version', N'2'
GO
-- === extended property is changed back
EXEC sp_updateextendedproperty N'Version', N'1'
GO
-- === extended property is dropped
EXEC sp_dropextendedproperty N'Version'
GO
-- === full-text catalog is created
CREATE FULLTEXT CATALOG [Words] ON FILEGROUP [Big] WITH ACCENT_SENSITIVITY = OFF AS DEFAULT AUTHORIZATION [ann]
GO
-- === full-text catalog is changed
ALTER FULLTEXT CATALOG [Words] REBUILD WITH ACCENT_SENSITIVITY = OFF
GO
ALTER FULLTEXT CATALOG [Words] AS DEFAULT
GO
-- === full-text catalog is changed back
ALTER FULLTEXT CATALOG [Words] REBUILD WITH ACCENT_SENSITIVITY = ON
GO
-- === full-text catalog is dropped
DROP FULLTEXT CATALOG [Words]
GO
-- === full-text stoplist is created
CREATE FULLTEXT STOPLIST [Stop];
GO
ALTER FULLTEXT STOPLIST [Stop] ADD N'a' LANGUAGE 1033;
GO
ALTER FULLTEXT STOPLIST [Stop] ADD N'the' LANGUAGE 1033;
GO
-- === full-text stoplist is changed
ALTER FULLTEXT STOPLIST [Stop] ADD N'a' LANGUAGE 1033;
GO
ALTER FULLTEXT STOPLIST [Stop] DROP N'qa''' LANGUAGE N'Klingon';
GO
-- === full-text stoplist is changed back
ALTER FULLTEXT STOPLIST [Stop] DROP N'a' LANGUAGE 1033;
GO
ALTER FULLTEXT STOPLIST [Stop] ADD N'qa''' LANGUAGE N'Klingon';
GO
-- === full-text stoplist is dropped
DROP FULLTEXT STOPLIST [Stop];
GO
-- === full-text stoplist, another source is created
CREATE FULLTEXT STOPLIST [Stop] FROM SYSTEM STOPLIST;
GO
-- === full-text stoplist, another source is changed
DROP FULLTEXT STOPLIST [Stop];
GO
CREATE FULLTEXT STOPLIST [Stop] FROM SYSTEM STOPLIST;
GO
-- === full-text stoplist, another source is changed back
DROP FULLTEXT STOPLIST [Stop];
GO
CREATE FULLTEXT STOPLIST [Stop];
GO
-- === full-text stoplist, another source is dropped
DROP FULLTEXT STOPLIST [Stop];
GO
-- === message type is created
CREATE MESSAGE TYPE [//m] AUTHORIZATION [bob] VALIDATION = VALID_XML WITH SCHEMA COLLECTION [dbo].[Notes]
GO
-- === message type is changed
ALTER MESSAGE TYPE [//m] VALIDATION = VALID_XML WITH SCHEMA COLLECTION [dbo].[Notes]
GO
ALTER AUTHORIZATION ON MESSAGE TYPE::[//m] TO [bob]
GO
-- === message type is changed back
ALTER MESSAGE TYPE [//m] VALIDATION = NONE
GO
ALTER AUTHORIZATION ON MESSAGE TYPE::[//m] TO [ann]
GO
-- === message type is dropped
DROP MESSAGE TYPE [//m]
GO
-- === partition function is created
CREATE PARTITION FUNCTION [Years] (int) AS RANGE RIGHT FOR VALUES (2, 3)
GO
-- === partition function is changed
ALTER PARTITION FUNCTION [Years]() MERGE RANGE (1)
GO
ALTER PARTITION FUNCTION [Years]() SPLIT RANGE (3)
GO
-- === partition function is changed back
ALTER PARTITION FUNCTION [Years]() MERGE RANGE (3)
GO
ALTER PARTITION FUNCTION [Years]() SPLIT RANGE (1)
GO
-- === partition function is dropped
DROP PARTITION FUNCTION [Years]
GO
-- === partition scheme is created
CREATE PARTITION SCHEME [ByYear] AS PARTITION [Years] TO ([a], [b], [c])
GO
-- === partition scheme is changed
DROP PARTITION SCHEME [ByYear]
GO
CREATE PARTITION SCHEME [ByYear] AS PARTITION [Years] TO ([a], [b], [c])
GO
-- === partition scheme is changed back
DROP PARTITION SCHEME [ByYear]
GO
CREATE PARTITION SCHEME [ByYear] AS PARTITION [Years] ALL TO ([PRIMARY])
GO
-- === partition scheme is dropped
DROP PARTITION SCHEME [ByYear]
GO
-- === partition scheme, what is used next is created
CREATE PARTITION SCHEME [ByYear] AS PARTITION [Years] TO ([a], [b], [c])
GO
-- === partition scheme, what is used next is changed
ALTER PARTITION SCHEME [ByYear] NEXT USED [c]
GO
-- === partition scheme, what is used next is changed back
ALTER PARTITION SCHEME [ByYear] NEXT USED
GO
-- === partition scheme, what is used next is dropped
DROP PARTITION SCHEME [ByYear]
GO
-- === queue is created
CREATE QUEUE [dbo].[Q] WITH STATUS = OFF, RETENTION = ON, ACTIVATION (PROCEDURE_NAME = [dbo].[Take], MAX_QUEUE_READERS = 5, EXECUTE AS OWNER), POISON_MESSAGE_HANDLING (STATUS = OFF) ON [Big]
GO
-- === queue is changed
ALTER QUEUE [dbo].[Q] WITH STATUS = OFF, RETENTION = ON, ACTIVATION (PROCEDURE_NAME = [dbo].[Take], MAX_QUEUE_READERS = 5, EXECUTE AS OWNER), POISON_MESSAGE_HANDLING (STATUS = OFF)
GO
ALTER QUEUE [dbo].[Q] MOVE TO [Big]
GO
-- === queue is changed back
ALTER QUEUE [dbo].[Q] WITH STATUS = ON, RETENTION = OFF, ACTIVATION (DROP), POISON_MESSAGE_HANDLING (STATUS = ON)
GO
ALTER QUEUE [dbo].[Q] MOVE TO [PRIMARY]
GO
-- === queue is dropped
DROP QUEUE [dbo].[Q]
GO
-- === queue, activated no more is created
CREATE QUEUE [dbo].[Q] ON [Big]
GO
-- === queue, activated no more is changed
ALTER QUEUE [dbo].[Q] WITH ACTIVATION (DROP)
GO
-- === queue, activated no more is changed back
ALTER QUEUE [dbo].[Q] WITH ACTIVATION (STATUS = OFF, PROCEDURE_NAME = [dbo].[Take], MAX_QUEUE_READERS = 5, EXECUTE AS N'bob')
GO
-- === queue, activated no more is dropped
DROP QUEUE [dbo].[Q]
GO
-- === role is created
CREATE ROLE [Readers] AUTHORIZATION [ann]
GO
ALTER ROLE [Readers] ADD MEMBER [bob]
GO
GRANT CREATE TABLE TO [Readers]
GO
-- === role is changed
ALTER ROLE [Readers] DROP MEMBER [ann]
GO
ALTER ROLE [Readers] ADD MEMBER [bob]
GO
ALTER AUTHORIZATION ON ROLE::[Readers] TO [ann]
GO
-- === role is changed back
ALTER ROLE [Readers] ADD MEMBER [ann]
GO
ALTER ROLE [Readers] DROP MEMBER [bob]
GO
ALTER AUTHORIZATION ON ROLE::[Readers] TO [dbo]
GO
-- === role is dropped
DROP ROLE [Readers]
GO
-- === application role is created
-- Nobody knows this password: it is made up here, and somebody has to set one.
DECLARE @secret nvarchar(200), @sql nvarchar(max)
SET @secret = N'N''' + CONVERT(nvarchar(64), CRYPT_GEN_RANDOM(32), 2) + N'aA1!'''
SET @sql = N'CREATE APPLICATION ROLE [App] WITH PASSWORD = ' + @secret + N', DEFAULT_SCHEMA = [app]'
EXEC (@sql)
GO
-- === application role is changed
ALTER APPLICATION ROLE [App] WITH DEFAULT_SCHEMA = [app]
GO
-- === application role is changed back
ALTER APPLICATION ROLE [App] WITH DEFAULT_SCHEMA = [dbo]
GO
-- === application role is dropped
DROP APPLICATION ROLE [App]
GO
-- === route is created
CREATE ROUTE [R] WITH SERVICE_NAME = N'//s', LIFETIME = 60, ADDRESS = N'TCP://a:1'
GO
-- === route is changed
ALTER ROUTE [R] WITH SERVICE_NAME = N'//s', LIFETIME = 60, ADDRESS = N'TCP://a:1'
GO
-- === route is changed back
DROP ROUTE [R]
GO
CREATE ROUTE [R] WITH ADDRESS = N'LOCAL'
GO
-- === route is dropped
DROP ROUTE [R]
GO
-- === route, an option less is created
CREATE ROUTE [R] WITH ADDRESS = N'LOCAL'
GO
-- === route, an option less is changed
DROP ROUTE [R]
GO
CREATE ROUTE [R] WITH ADDRESS = N'LOCAL'
GO
-- === route, an option less is changed back
ALTER ROUTE [R] WITH LIFETIME = 60
GO
-- === route, an option less is dropped
DROP ROUTE [R]
GO
-- === rule is created
CREATE RULE dbo.Positive AS @x >= 0
GO
-- === rule is changed
DROP RULE [dbo].[Positive]
GO
CREATE RULE dbo.Positive AS @x >= 0
GO
-- === rule is changed back
DROP RULE [dbo].[Positive]
GO
CREATE RULE dbo.Positive AS @x > 0
GO
-- === rule is dropped
DROP RULE [dbo].[Positive]
GO
-- === schema is created
CREATE SCHEMA [sales]
GO
-- === schema is changed
ALTER AUTHORIZATION ON SCHEMA::[sales] TO [dbo]
GO
-- === schema is changed back
ALTER AUTHORIZATION ON SCHEMA::[sales] TO [ann]
GO
-- === schema is dropped
DROP SCHEMA [sales]
GO
-- === search property list is created
CREATE SEARCH PROPERTY LIST [Props];
GO
ALTER SEARCH PROPERTY LIST [Props] ADD N'More' WITH (PROPERTY_SET_GUID = N'f29f85e0-4ff9-1068-ab91-08002b27b3d9', PROPERTY_INT_ID = 2);
GO
ALTER SEARCH PROPERTY LIST [Props] ADD N'Title' WITH (PROPERTY_SET_GUID = N'f29f85e0-4ff9-1068-ab91-08002b27b3d9', PROPERTY_INT_ID = 2, PROPERTY_DESCRIPTION = N'x');
GO
-- === search property list is changed
ALTER SEARCH PROPERTY LIST [Props] DROP N'Title';
GO
ALTER SEARCH PROPERTY LIST [Props] ADD N'More' WITH (PROPERTY_SET_GUID = N'f29f85e0-4ff9-1068-ab91-08002b27b3d9', PROPERTY_INT_ID = 2);
GO
ALTER SEARCH PROPERTY LIST [Props] ADD N'Title' WITH (PROPERTY_SET_GUID = N'f29f85e0-4ff9-1068-ab91-08002b27b3d9', PROPERTY_INT_ID = 2, PROPERTY_DESCRIPTION = N'x');
GO
-- === search property list is changed back
ALTER SEARCH PROPERTY LIST [Props] DROP N'More';
GO
ALTER SEARCH PROPERTY LIST [Props] DROP N'Title';
GO
ALTER SEARCH PROPERTY LIST [Props] ADD N'Title' WITH (PROPERTY_SET_GUID = N'f29f85e0-4ff9-1068-ab91-08002b27b3d9', PROPERTY_INT_ID = 2);
GO
-- === search property list is dropped
DROP SEARCH PROPERTY LIST [Props];
GO
-- === security policy is created
CREATE SECURITY POLICY [dbo].[Rows]
ADD BLOCK PREDICATE [dbo].[May]([Id]) ON [dbo].[Orders],
ADD FILTER PREDICATE [dbo].[May]([Id], [Name]) ON [dbo].[Orders]
WITH (STATE = OFF)
NOT FOR REPLICATION
GO
-- === security policy is changed
ALTER SECURITY POLICY [dbo].[Rows]
DROP BLOCK PREDICATE ON [dbo].[Orders] AFTER INSERT,
ADD BLOCK PREDICATE [dbo].[May]([Id]) ON [dbo].[Orders],
ALTER FILTER PREDICATE [dbo].[May]([Id], [Name]) ON [dbo].[Orders]
GO
ALTER SECURITY POLICY [dbo].[Rows] WITH (STATE = OFF)
GO
ALTER SECURITY POLICY [dbo].[Rows] ADD NOT FOR REPLICATION
GO
-- === security policy is changed back
ALTER SECURITY POLICY [dbo].[Rows]
ADD BLOCK PREDICATE [dbo].[May]([Id]) ON [dbo].[Orders] AFTER INSERT,
DROP BLOCK PREDICATE ON [dbo].[Orders],
ALTER FILTER PREDICATE [dbo].[May]([Id]) ON [dbo].[Orders]
GO
ALTER SECURITY POLICY [dbo].[Rows] WITH (STATE = ON)
GO
ALTER SECURITY POLICY [dbo].[Rows] DROP NOT FOR REPLICATION
GO
-- === security policy is dropped
DROP SECURITY POLICY [dbo].[Rows]
GO
-- === security policy, not bound is created
CREATE SECURITY POLICY [dbo].[Rows]
ADD FILTER PREDICATE [dbo].[F]() ON [dbo].[T]
WITH (STATE = ON, SCHEMABINDING = OFF)
GO
-- === security policy, not bound is changed
DROP SECURITY POLICY [dbo].[Rows]
GO
CREATE SECURITY POLICY [dbo].[Rows]
ADD FILTER PREDICATE [dbo].[F]() ON [dbo].[T]
WITH (STATE = ON, SCHEMABINDING = OFF)
GO
-- === security policy, not bound is changed back
DROP SECURITY POLICY [dbo].[Rows]
GO
CREATE SECURITY POLICY [dbo].[Rows]
ADD FILTER PREDICATE [dbo].[F]() ON [dbo].[T]
WITH (STATE = ON)
GO
-- === security policy, not bound is dropped
DROP SECURITY POLICY [dbo].[Rows]
GO
-- === sequence is created
CREATE SEQUENCE [dbo].[Counter]
AS bigint
START WITH 5
INCREMENT BY -1
MINVALUE 1
MAXVALUE 9
CYCLE
NO CACHE
GO
-- === sequence is changed
ALTER SEQUENCE [dbo].[Counter] RESTART WITH 5 INCREMENT BY -1 MINVALUE 1 MAXVALUE 9 CYCLE NO CACHE
GO
-- === sequence is changed back
ALTER SEQUENCE [dbo].[Counter] RESTART WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE NO CYCLE CACHE
GO
-- === sequence is dropped
DROP SEQUENCE [dbo].[Counter]
GO
-- === sequence of another type is created
CREATE SEQUENCE [dbo].[Counter]
AS decimal(9, 0)
INCREMENT BY 1
NO MINVALUE
NO MAXVALUE
NO CYCLE
CACHE
GO
-- === sequence of another type is changed
DROP SEQUENCE [dbo].[Counter]
GO
CREATE SEQUENCE [dbo].[Counter]
AS decimal(9, 0)
INCREMENT BY 1
NO MINVALUE
NO MAXVALUE
NO CYCLE
CACHE
GO
-- === sequence of another type is changed back
DROP SEQUENCE [dbo].[Counter]
GO
CREATE SEQUENCE [dbo].[Counter]
AS int
INCREMENT BY 1
NO MINVALUE
NO MAXVALUE
NO CYCLE
CACHE 10
GO
-- === sequence of another type is dropped
DROP SEQUENCE [dbo].[Counter]
GO
-- === service is created
CREATE SERVICE [//s] ON QUEUE [dbo].[P] ([//d])
GO
-- === service is changed
ALTER SERVICE [//s] ON QUEUE [dbo].[P] (DROP CONTRACT [//c], ADD CONTRACT [//d])
GO
-- === service is changed back
ALTER SERVICE [//s] ON QUEUE [dbo].[Q] (ADD CONTRACT [//c], DROP CONTRACT [//d])
GO
-- === service is dropped
DROP SERVICE [//s]
GO
-- === service binding is created
CREATE REMOTE SERVICE BINDING [B] TO SERVICE N'//s' WITH USER = [bob], ANONYMOUS = ON
GO
-- === service binding is changed
ALTER REMOTE SERVICE BINDING [B] WITH USER = [bob], ANONYMOUS = ON
GO
-- === service binding is changed back
ALTER REMOTE SERVICE BINDING [B] WITH USER = [ann], ANONYMOUS = OFF
GO
-- === service binding is dropped
DROP REMOTE SERVICE BINDING [B]
GO
-- === symmetric key is created
CREATE SYMMETRIC KEY [Sym] WITH ALGORITHM = AES_256 ENCRYPTION BY ASYMMETRIC KEY [Asym], CERTIFICATE [Cert]
GO
-- === symmetric key is changed
OPEN SYMMETRIC KEY [Sym] DECRYPTION BY CERTIFICATE [Cert]
GO
ALTER SYMMETRIC KEY [Sym] ADD ENCRYPTION BY ASYMMETRIC KEY [Asym]
GO
ALTER SYMMETRIC KEY [Sym] DROP ENCRYPTION BY SYMMETRIC KEY [Other]
GO
CLOSE SYMMETRIC KEY [Sym]
GO
-- === symmetric key is changed back
OPEN SYMMETRIC KEY [Sym] DECRYPTION BY ASYMMETRIC KEY [Asym]
GO
ALTER SYMMETRIC KEY [Sym] ADD ENCRYPTION BY SYMMETRIC KEY [Other]
GO
ALTER SYMMETRIC KEY [Sym] DROP ENCRYPTION BY ASYMMETRIC KEY [Asym]
GO
CLOSE SYMMETRIC KEY [Sym]
GO
-- === symmetric key is dropped
DROP SYMMETRIC KEY [Sym]
GO
-- === symmetric key with a password is created
-- Nobody knows this password: it is made up here, and somebody has to set one.
DECLARE @secret nvarchar(200), @sql nvarchar(max)
SET @secret = N'N''' + CONVERT(nvarchar(64), CRYPT_GEN_RANDOM(32), 2) + N'aA1!'''
SET @sql = N'CREATE SYMMETRIC KEY [Sym] WITH ALGORITHM = AES_128 ENCRYPTION BY PASSWORD = ' + @secret
EXEC (@sql)
GO
-- === symmetric key with a password is changed
DROP SYMMETRIC KEY [Sym]
GO
-- Nobody knows this password: it is made up here, and somebody has to set one.
DECLARE @secret nvarchar(200), @sql nvarchar(max)
SET @secret = N'N''' + CONVERT(nvarchar(64), CRYPT_GEN_RANDOM(32), 2) + N'aA1!'''
SET @sql = N'CREATE SYMMETRIC KEY [Sym] WITH ALGORITHM = AES_128 ENCRYPTION BY PASSWORD = ' + @secret
EXEC (@sql)
GO
-- === symmetric key with a password is changed back
DROP SYMMETRIC KEY [Sym]
GO
-- Nobody knows this password: it is made up here, and somebody has to set one.
DECLARE @secret nvarchar(200), @sql nvarchar(max)
SET @secret = N'N''' + CONVERT(nvarchar(64), CRYPT_GEN_RANDOM(32), 2) + N'aA1!'''
SET @sql = N'CREATE SYMMETRIC KEY [Sym] WITH ALGORITHM = AES_256 ENCRYPTION BY PASSWORD = ' + @secret
EXEC (@sql)
GO
-- === symmetric key with a password is dropped
DROP SYMMETRIC KEY [Sym]
GO
-- === user who may not connect is created
CREATE USER [ann] FOR LOGIN [other]
GO
REVOKE CONNECT FROM [ann]
GO
-- === user who may not connect is changed
REVOKE CONNECT FROM [ann]
GO
-- === user who may not connect is changed back
GRANT CONNECT TO [ann]
GO
-- === user who may not connect is dropped
DROP USER [ann]
GO
-- === synonym is created
CREATE SYNONYM [dbo].[Other] FOR [server].[db].[dbo].[x]
GO
-- === synonym is changed
DROP SYNONYM [dbo].[Other]
GO
CREATE SYNONYM [dbo].[Other] FOR [server].[db].[dbo].[x]
GO
-- === synonym is changed back
DROP SYNONYM [dbo].[Other]
GO
CREATE SYNONYM [dbo].[Other] FOR [db]..[x]
GO
-- === synonym is dropped
DROP SYNONYM [dbo].[Other]
GO
-- === user is created
CREATE USER [ann] FOR LOGIN [other] WITH DEFAULT_SCHEMA = [sales], ALLOW_ENCRYPTED_VALUE_MODIFICATIONS = ON
GO
-- === user is changed
ALTER USER [ann] WITH LOGIN = [other], DEFAULT_SCHEMA = [sales], ALLOW_ENCRYPTED_VALUE_MODIFICATIONS = ON
GO
-- === user is changed back
ALTER USER [ann] WITH LOGIN = [DOMAIN\ann], DEFAULT_SCHEMA = [dbo], ALLOW_ENCRYPTED_VALUE_MODIFICATIONS = OFF
GO
-- === user is dropped
DROP USER [ann]
GO
-- === user without login is created
CREATE USER [ann] WITHOUT LOGIN
GO
-- === user without login is changed
ALTER USER [ann] WITH DEFAULT_SCHEMA = [dbo]
GO
-- === user without login is changed back
ALTER USER [ann] WITH DEFAULT_SCHEMA = [a]
GO
-- === user without login is dropped
DROP USER [ann]
GO
-- === user of a certificate is created
CREATE USER [ann] FROM EXTERNAL PROVIDER
GO
-- === user of a certificate is changed
DROP USER [ann]
GO
CREATE USER [ann] FROM EXTERNAL PROVIDER
GO
-- === user of a certificate is changed back
DROP USER [ann]
GO
CREATE USER [ann] FOR CERTIFICATE [Cert]
GO
-- === user of a certificate is dropped
DROP USER [ann]
GO
-- === user with a password is created
-- Nobody knows this password: it is made up here, and somebody has to set one.
DECLARE @secret nvarchar(200), @sql nvarchar(max)
SET @secret = N'N''' + CONVERT(nvarchar(64), CRYPT_GEN_RANDOM(32), 2) + N'aA1!'''
SET @sql = N'CREATE USER [ann] WITH PASSWORD = ' + @secret
EXEC (@sql)
GO
-- === user with a password is changed
ALTER USER [ann] WITH DEFAULT_LANGUAGE = NONE
GO
-- === user with a password is changed back
ALTER USER [ann] WITH DEFAULT_LANGUAGE = [Norwegian]
GO
-- === user with a password is dropped
DROP USER [ann]
GO
-- === CLR type is created
CREATE TYPE [dbo].[Point] EXTERNAL NAME [Clr].[Point2]
GO
-- === CLR type is changed
DROP TYPE [dbo].[Point]
GO
CREATE TYPE [dbo].[Point] EXTERNAL NAME [Clr].[Point2]
GO
-- === CLR type is changed back
DROP TYPE [dbo].[Point]
GO
CREATE TYPE [dbo].[Point] EXTERNAL NAME [Clr].[Point]
GO
-- === CLR type is dropped
DROP TYPE [dbo].[Point]
GO
-- === XML schemas is created
CREATE XML SCHEMA COLLECTION [dbo].[Notes] AS N'<schema a=''1''/>
<more/>'
GO
-- === XML schemas is changed
ALTER XML SCHEMA COLLECTION [dbo].[Notes] ADD N'<more/>'
GO
-- === XML schemas is changed back
DROP XML SCHEMA COLLECTION [dbo].[Notes]
GO
CREATE XML SCHEMA COLLECTION [dbo].[Notes] AS N'<schema a=''1''/>'
GO
-- === XML schemas is dropped
DROP XML SCHEMA COLLECTION [dbo].[Notes]
GO
-- === XML schemas, other ones is created
CREATE XML SCHEMA COLLECTION [dbo].[Notes] AS N'<other/>'
GO
-- === XML schemas, other ones is changed
DROP XML SCHEMA COLLECTION [dbo].[Notes]
GO
CREATE XML SCHEMA COLLECTION [dbo].[Notes] AS N'<other/>'
GO
-- === XML schemas, other ones is changed back
DROP XML SCHEMA COLLECTION [dbo].[Notes]
GO
CREATE XML SCHEMA COLLECTION [dbo].[Notes] AS N'<schema a=''1''/>'
GO
-- === XML schemas, other ones is dropped
DROP XML SCHEMA COLLECTION [dbo].[Notes]
GO
-- === alias type is created
CREATE TYPE [dbo].[Money] FROM [decimal] (19, 2) NULL
GO
ALTER AUTHORIZATION ON TYPE::[dbo].[Money] TO [ann]
GO
EXEC sp_bindefault N'[dbo].[Nothing]', N'[dbo].[Money]'
GO
EXEC sp_bindrule N'[dbo].[Positive]', N'[dbo].[Money]'
GO
GRANT REFERENCES ON TYPE::[dbo].[Money] TO [bob]
GO
EXEC sp_addextendedproperty N'Unit', N'kr', N'SCHEMA', N'dbo', N'TYPE', N'Money'
GO
-- === alias type is changed
DROP TYPE [dbo].[Money]
GO
CREATE TYPE [dbo].[Money] FROM [decimal] (19, 2) NULL
GO
ALTER AUTHORIZATION ON TYPE::[dbo].[Money] TO [ann]
GO
EXEC sp_bindefault N'[dbo].[Nothing]', N'[dbo].[Money]'
GO
EXEC sp_bindrule N'[dbo].[Positive]', N'[dbo].[Money]'
GO
GRANT REFERENCES ON TYPE::[dbo].[Money] TO [bob]
GO
EXEC sp_addextendedproperty N'Unit', N'kr', N'SCHEMA', N'dbo', N'TYPE', N'Money'
GO
-- === alias type is changed back
DROP TYPE [dbo].[Money]
GO
CREATE TYPE [dbo].[Money] FROM [decimal] (18, 2) NOT NULL
GO
-- === alias type is dropped
DROP TYPE [dbo].[Money]
GO
-- === table type is created
CREATE TYPE [dbo].[Ids] AS TABLE
(
    [Id] [int] NOT NULL DEFAULT 0,
    PRIMARY KEY CLUSTERED ([Id]),
    INDEX [IX] NONCLUSTERED ([Id]),
    CHECK ([Id] > 0)
)
GO
EXEC sp_addextendedproperty N'Unit', N'x', N'SCHEMA', N'dbo', N'TABLE_TYPE', N'Ids', N'COLUMN', N'Id'
GO
-- === table type is changed
DROP TYPE [dbo].[Ids]
GO
CREATE TYPE [dbo].[Ids] AS TABLE
(
    [Id] [int] NOT NULL DEFAULT 0,
    PRIMARY KEY CLUSTERED ([Id]),
    INDEX [IX] NONCLUSTERED ([Id]),
    CHECK ([Id] > 0)
)
GO
-- === table type is changed back
DROP TYPE [dbo].[Ids]
GO
CREATE TYPE [dbo].[Ids] AS TABLE
(
    [Id] [int] NULL
)
GO
-- === table type is dropped
DROP TYPE [dbo].[Ids]
GO
-- === view is created
SET QUOTED_IDENTIFIER OFF
GO
SET ANSI_NULLS OFF
GO
-- kept
create  view dbo.V AS SELECT 2 AS a -- too
GO
SET QUOTED_IDENTIFIER ON
GO
SET ANSI_NULLS ON
GO
ALTER AUTHORIZATION ON OBJECT::[dbo].[V] TO [ann]
GO
-- === view is changed
SET QUOTED_IDENTIFIER OFF
GO
SET ANSI_NULLS OFF
GO
-- kept
ALTER  view dbo.V AS SELECT 2 AS a -- too
GO
SET QUOTED_IDENTIFIER ON
GO
SET ANSI_NULLS ON
GO
ALTER AUTHORIZATION ON OBJECT::[dbo].[V] TO [ann]
GO
-- === view is changed back
ALTER VIEW dbo.V AS SELECT 1 AS a
GO
ALTER AUTHORIZATION ON OBJECT::[dbo].[V] TO SCHEMA OWNER
GO
-- === view is dropped
DROP VIEW [dbo].[V]
GO
-- === function becomes another sort of function is created
CREATE FUNCTION dbo.F() RETURNS TABLE AS RETURN SELECT 1 AS a
GO
-- === function becomes another sort of function is changed
DROP FUNCTION [dbo].[F]
GO
CREATE FUNCTION dbo.F() RETURNS TABLE AS RETURN SELECT 1 AS a
GO
-- === function becomes another sort of function is changed back
DROP FUNCTION [dbo].[F]
GO
CREATE FUNCTION dbo.F() RETURNS int AS BEGIN RETURN 1 END
GO
-- === function becomes another sort of function is dropped
DROP FUNCTION [dbo].[F]
GO
-- === procedure is created
CREATE PROC dbo.P AS SELECT 2
GO
-- === procedure is changed
ALTER PROC dbo.P AS SELECT 2
GO
-- === procedure is changed back
ALTER PROC dbo.P AS SELECT 1
GO
-- === procedure is dropped
DROP PROCEDURE [dbo].[P]
GO
-- === DDL trigger is created
CREATE TRIGGER Watch ON DATABASE FOR DROP_TABLE AS PRINT 'no'
GO
-- === DDL trigger is changed
ALTER TRIGGER Watch ON DATABASE FOR DROP_TABLE AS PRINT 'no'
GO
ENABLE TRIGGER [Watch] ON DATABASE
GO
-- === DDL trigger is changed back
ALTER TRIGGER Watch ON DATABASE FOR DROP_TABLE AS ROLLBACK
GO
DISABLE TRIGGER [Watch] ON DATABASE
GO
EXEC sp_settriggerorder N'[Watch]', N'First', N'DROP_TABLE', N'DATABASE'
GO
-- === DDL trigger is dropped
DROP TRIGGER [Watch] ON DATABASE
GO
-- === table, what is its own is created
CREATE TABLE [dbo].[Orders]
(
    [Id] [int] IDENTITY(1, 1) NOT NULL,
    [Name] [nvarchar] (50) NULL CONSTRAINT [DF_Orders_Name] DEFAULT N'x',
    [Mail] [nvarchar] (50) COLLATE Latin1_General_CI_AS MASKED WITH (FUNCTION = 'email()') NULL,
    [Rare] [int] SPARSE NULL,
    [All] [xml] COLUMN_SET FOR ALL_SPARSE_COLUMNS,
    [Notes] [xml] (CONTENT [dbo].[Notes]) NULL,
    [Row] [uniqueidentifier] NOT NULL ROWGUIDCOL DEFAULT newid(),
    [Total] AS ([Id] * 2) PERSISTED,
    [Strict] AS [Id] + 1 PERSISTED NOT NULL,
    [From] [datetime2] (7) GENERATED ALWAYS AS ROW START HIDDEN NOT NULL,
    [To] [datetime2] (3) GENERATED ALWAYS AS ROW END HIDDEN NOT NULL,
    [Price] [dbo].[Money] NULL,
    [Card] [nvarchar] (20) COLLATE Latin1_General_BIN2 ENCRYPTED WITH (ALGORITHM = 'AEAD_AES_256_CBC_HMAC_SHA_256', COLUMN_ENCRYPTION_KEY = [key], ENCRYPTION_TYPE = DETERMINISTIC) NULL,
    PERIOD FOR SYSTEM_TIME ([From], [To])
) ON [Data] TEXTIMAGE_ON [Data]
WITH
(
    DATA_COMPRESSION = ROW
)
GO
ALTER AUTHORIZATION ON OBJECT::[dbo].[Orders] TO [bob]
GO
ALTER TABLE [dbo].[Orders] ADD UNIQUE NONCLUSTERED ([Name] DESC)
GO
ALTER TABLE [dbo].[Orders] ADD CONSTRAINT [PK_Orders] PRIMARY KEY CLUSTERED ([Id]) WITH (DATA_COMPRESSION = PAGE) ON [Data]
GO
CREATE NONCLUSTERED COLUMNSTORE INDEX [IX_Fast] ON [dbo].[Orders] ([Id])
GO
CREATE UNIQUE NONCLUSTERED INDEX [IX_Name] ON [dbo].[Orders] ([Name] DESC) INCLUDE ([Mail]) WHERE [Name] IS NOT NULL WITH (FILLFACTOR = 90, PAD_INDEX = ON) ON [ByYear] ([Name])
GO
CREATE PRIMARY XML INDEX [IX_Xml] ON [dbo].[Orders] ([Notes])
GO
CREATE XML INDEX [IX_Path] ON [dbo].[Orders] ([Notes]) USING XML INDEX [IX_Xml] FOR PATH
GO
ALTER TABLE [dbo].[Orders] WITH NOCHECK ADD CHECK ([Name] <> N'it''s' OR [Id] < 5)
GO
ALTER TABLE [dbo].[Orders] NOCHECK CONSTRAINT ALL
GO
ALTER TABLE [dbo].[Orders] WITH CHECK ADD CONSTRAINT [CK_Orders] CHECK NOT FOR REPLICATION ([Id] > 0)
GO
ALTER TABLE [dbo].[Orders] WITH CHECK ADD FOREIGN KEY ([Name], [Mail]) REFERENCES [dbo].[People] ([Name], [Mail])
GO
ALTER TABLE [dbo].[Orders] WITH NOCHECK ADD CONSTRAINT [FK_Orders_Mail] FOREIGN KEY ([Mail]) REFERENCES [dbo].[People] ([Mail]) ON DELETE CASCADE ON UPDATE SET NULL
GO
ALTER TABLE [dbo].[Orders] NOCHECK CONSTRAINT [FK_Orders_Mail]
GO
ALTER TABLE [dbo].[Orders] ENABLE CHANGE_TRACKING WITH (TRACK_COLUMNS_UPDATED = ON)
GO
ALTER TABLE [dbo].[Orders] SET (LOCK_ESCALATION = AUTO)
GO
CREATE STATISTICS [ST_Name] ON [dbo].[Orders] ([Name], [Mail]) WHERE [Name] > N'a' WITH INCREMENTAL = ON, NORECOMPUTE
GO
EXEC sp_bindefault N'[dbo].[Nothing]', N'[dbo].[Orders].[Price]'
GO
EXEC sp_bindrule N'[dbo].[Positive]', N'[dbo].[Orders].[Price]'
GO
ALTER TABLE [dbo].[Orders] SET (SYSTEM_VERSIONING = ON (HISTORY_TABLE = [old].[Orders], DATA_CONSISTENCY_CHECK = OFF, HISTORY_RETENTION_PERIOD = 6 MONTHS))
GO
ADD SENSITIVITY CLASSIFICATION TO [dbo].[Orders].[Price] WITH (LABEL = N'secret', RANK = HIGH)
GO
CREATE FULLTEXT INDEX ON [dbo].[Orders] ([Name] TYPE COLUMN [Kind] LANGUAGE 1033 STATISTICAL_SEMANTICS) KEY INDEX [PK_Orders] ON ([Words], FILEGROUP [Big]) WITH (CHANGE_TRACKING = MANUAL, STOPLIST = [Stop])
GO
ALTER FULLTEXT INDEX ON [dbo].[Orders] DISABLE
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
DENY DELETE ON [dbo].[Orders] TO [public]
GO
GRANT SELECT ([Id], [Name]) ON [dbo].[Orders] TO [bob] WITH GRANT OPTION AS [ann]
GO
EXEC sp_addextendedproperty N'MS_Description', N'it''s', N'SCHEMA', N'dbo', N'TABLE', N'Orders'
GO
EXEC sp_addextendedproperty N'Unit', 1, N'SCHEMA', N'dbo', N'TABLE', N'Orders', N'COLUMN', N'Price'
GO
-- === table, what is its own is changed
ALTER TABLE [dbo].[Orders] REBUILD WITH (DATA_COMPRESSION = ROW)
GO
ALTER TABLE [dbo].[Orders] ENABLE CHANGE_TRACKING WITH (TRACK_COLUMNS_UPDATED = ON)
GO
ALTER TABLE [dbo].[Orders] SET (LOCK_ESCALATION = AUTO)
GO
ALTER AUTHORIZATION ON OBJECT::[dbo].[Orders] TO [bob]
GO
-- === table, what is its own is changed back
ALTER TABLE [dbo].[Orders] REBUILD WITH (DATA_COMPRESSION = NONE)
GO
ALTER TABLE [dbo].[Orders] DISABLE CHANGE_TRACKING
GO
ALTER TABLE [dbo].[Orders] SET (LOCK_ESCALATION = TABLE)
GO
ALTER AUTHORIZATION ON OBJECT::[dbo].[Orders] TO SCHEMA OWNER
GO
-- === table, what is its own is dropped
DROP TABLE [dbo].[Orders]
GO
-- === view is created where it is not there
SET QUOTED_IDENTIFIER OFF
GO
SET ANSI_NULLS OFF
GO
IF OBJECT_ID(N'[dbo].[V]') IS NULL
EXEC (N'-- kept
create  view dbo.V AS SELECT 2 AS a -- too')
GO
SET QUOTED_IDENTIFIER ON
GO
SET ANSI_NULLS ON
GO
IF OBJECT_ID(N'[dbo].[V]') IS NOT NULL
BEGIN
ALTER AUTHORIZATION ON OBJECT::[dbo].[V] TO [ann]
END
GO
-- === view is changed, in a script to be run again
SET QUOTED_IDENTIFIER OFF
GO
SET ANSI_NULLS OFF
GO
-- kept
CREATE OR ALTER  view dbo.V AS SELECT 2 AS a -- too
GO
SET QUOTED_IDENTIFIER ON
GO
SET ANSI_NULLS ON
GO
ALTER AUTHORIZATION ON OBJECT::[dbo].[V] TO [ann]
GO
-- === view is changed, to be run again before 2016
SET QUOTED_IDENTIFIER OFF
GO
SET ANSI_NULLS OFF
GO
-- kept
ALTER  view dbo.V AS SELECT 2 AS a -- too
GO
SET QUOTED_IDENTIFIER ON
GO
SET ANSI_NULLS ON
GO
ALTER AUTHORIZATION ON OBJECT::[dbo].[V] TO [ann]
GO
-- === view is dropped and created
DROP VIEW [dbo].[V]
GO
SET QUOTED_IDENTIFIER OFF
GO
SET ANSI_NULLS OFF
GO
-- kept
create  view dbo.V AS SELECT 2 AS a -- too
GO
SET QUOTED_IDENTIFIER ON
GO
SET ANSI_NULLS ON
GO
ALTER AUTHORIZATION ON OBJECT::[dbo].[V] TO [ann]
GO
-- === view is refreshed
EXEC sp_refreshview N'[dbo].[V]'
GO
-- === procedure is refreshed
EXEC sys.sp_refreshsqlmodule N'[dbo].[P]'
GO
-- === DDL trigger is refreshed
EXEC sys.sp_refreshsqlmodule N'[Watch]', N'DATABASE_DDL_TRIGGER'
GO
-- === table is renamed
EXEC sp_rename N'[dbo].[Orders]', N'Sales Orders', N'OBJECT'
GO
-- === type is renamed
EXEC sp_rename N'[dbo].[Money]', N'Amount', N'USERDATATYPE'
GO
-- === role is renamed
ALTER ROLE [A] WITH NAME = [B]
GO
-- === table is moved
ALTER SCHEMA [sales] TRANSFER [dbo].[Orders]
GO
-- === type is moved
ALTER SCHEMA [sales] TRANSFER TYPE::[dbo].[Money]
GO
-- === table is created where it is not there
IF OBJECT_ID(N'[dbo].[T]') IS NULL
BEGIN
CREATE TABLE [dbo].[T]
(
    [a] [int] NULL
)
END
GO
-- === table is dropped where it is there
IF OBJECT_ID(N'[dbo].[Orders]') IS NOT NULL
BEGIN
DROP TABLE [dbo].[Orders]
END
GO
-- === built-in role gets members
ALTER ROLE [db_owner] ADD MEMBER [ann]
GO
