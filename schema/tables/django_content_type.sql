CREATE TABLE django_content_type (
    id         integer       NOT NULL PRIMARY KEY AUTOINCREMENT,
    app_label  varchar(100)  NOT NULL,
    model      varchar(100)  NOT NULL,
    UNIQUE (app_label, model)
);
