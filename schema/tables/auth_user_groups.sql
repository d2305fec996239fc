CREATE TABLE auth_user_groups (
    id        integer  NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id   integer  NOT NULL REFERENCES auth_user (id) DEFERRABLE INITIALLY DEFERRED,
    group_id  integer  NOT NULL REFERENCES auth_group (id) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (user_id, group_id)
);
