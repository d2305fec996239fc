-- One row per column of every index, those of UNIQUE and PRIMARY KEY too: table, index, unique,
-- origin (c: CREATE INDEX, u: UNIQUE, pk), partial, column (NULL: an expression), descending.
SELECT s.name, i.name, i."unique", i.origin, i.partial, c.name, c."desc"
FROM sqlite_schema AS s
JOIN pragma_index_list(s.name) AS i
JOIN pragma_index_xinfo(i.name) AS c
WHERE s.type = 'table'
    AND s.name NOT LIKE 'sqlite\_%' ESCAPE '\'
    AND c.key
ORDER BY s.name, i.name, c.seqno;
