CREATE TABLE auth_permission (
    id               integer       NOT NULL PRIMARY KEY AUTOINCREMENT,
    name             varchar(255)  NOT NULL,
    content_type_id  integer       NOT NULL REFERENCES django_content_type (id) DEFERRABLE INITIALLY DEFERRED,
    codename         varchar(100)  NOT NULL,
    UNIQUE (content_type_id, codename)
);
