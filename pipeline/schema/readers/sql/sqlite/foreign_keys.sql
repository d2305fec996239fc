-- One row per column of a foreign key: table, key, column, parent, its column, actions.
SELECT s.name, f.id, f."from", f."table", f."to", f.on_update, f.on_delete
FROM sqlite_schema AS s
JOIN pragma_foreign_key_list(s.name) AS f
WHERE s.type = 'table'
    AND s.name NOT LIKE 'sqlite\_%' ESCAPE '\'
ORDER BY s.name, f.id, f.seq;
