-- One row per column: table, column, type, NOT NULL, place in the primary key, hidden
-- (2: computed, 3: computed and stored).
SELECT s.name, c.name, c.type, c."notnull", c.pk, c.hidden
FROM sqlite_schema AS s
JOIN pragma_table_xinfo(s.name) AS c
WHERE s.type = 'table'
    AND s.name NOT LIKE 'sqlite\_%' ESCAPE '\'
ORDER BY s.name, c.cid;
