CREATE TABLE auth_group (
    id    integer       NOT NULL PRIMARY KEY AUTOINCREMENT,
    name  varchar(150)  NOT NULL UNIQUE
);
