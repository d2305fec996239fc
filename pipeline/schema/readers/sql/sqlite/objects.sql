-- One row per object that somebody made: kind, name, its table, its CREATE text, and whether a
-- table is virtual. Shadow tables belong to a virtual one and are left out.
SELECT s.type, s.name, s.tbl_name, s.sql, coalesce(l.type, '') AS storage
FROM sqlite_schema AS s
LEFT JOIN pragma_table_list AS l
    ON l.schema = 'main' AND l.name = s.name AND s.type IN ('table', 'view')
WHERE s.name NOT LIKE 'sqlite\_%' ESCAPE '\'
    AND s.sql IS NOT NULL
    AND coalesce(l.type, '') <> 'shadow'
ORDER BY s.type, s.name;
