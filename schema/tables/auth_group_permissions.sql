CREATE TABLE auth_group_permissions (
    id             integer  NOT NULL PRIMARY KEY AUTOINCREMENT,
    group_id       integer  NOT NULL REFERENCES auth_group (id) DEFERRABLE INITIALLY DEFERRED,
    permission_id  integer  NOT NULL REFERENCES auth_permission (id) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (group_id, permission_id)
);
