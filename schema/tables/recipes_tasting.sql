CREATE TABLE recipes_tasting (
    id         integer       NOT NULL PRIMARY KEY AUTOINCREMENT,
    recipe_id  bigint        NOT NULL REFERENCES recipes_recipe (id) DEFERRABLE INITIALLY DEFERRED,
    taster_id  integer       NOT NULL REFERENCES auth_user (id) DEFERRABLE INITIALLY DEFERRED,
    rating     smallint      NOT NULL,
    note       varchar(200)  NOT NULL,
    tasted_at  datetime      NOT NULL,
    CONSTRAINT recipes_tasting_one_each UNIQUE (recipe_id, taster_id),
    CONSTRAINT recipes_tasting_rating CHECK (rating BETWEEN 1 AND 5)
);
