CREATE INDEX auth_user_groups_user_id_6a12ed8b ON auth_user_groups (user_id);
