CREATE TABLE auth_user_user_permissions (
    id             integer  NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id        integer  NOT NULL REFERENCES auth_user (id) DEFERRABLE INITIALLY DEFERRED,
    permission_id  integer  NOT NULL REFERENCES auth_permission (id) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (user_id, permission_id)
);
