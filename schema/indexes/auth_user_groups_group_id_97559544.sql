CREATE INDEX auth_user_groups_group_id_97559544 ON auth_user_groups (group_id);
