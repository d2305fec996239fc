CREATE TABLE recipes_recipe (
    id                integer            NOT NULL PRIMARY KEY AUTOINCREMENT,
    title             varchar(80)        NOT NULL,
    brewer_id         integer            NULL REFERENCES auth_user (id) DEFERRABLE INITIALLY DEFERRED,
    summary           varchar(200)       NOT NULL,
    litres            smallint unsigned  NOT NULL CHECK (litres >= 0),
    original_gravity  smallint unsigned  NOT NULL CHECK (original_gravity >= 0),
    final_gravity     smallint unsigned  NOT NULL CHECK (final_gravity >= 0),
    bitterness        smallint unsigned  NOT NULL CHECK (bitterness >= 0),
    colour            smallint unsigned  NOT NULL CHECK (colour >= 0),
    ingredients       text               NOT NULL,
    method            text               NOT NULL,
    created_at        datetime           NOT NULL,
    -- Workers of the release before know neither of these: a default, and a trigger, serve them.
    style             varchar(40)        NOT NULL DEFAULT '',
    updated_at        datetime           NULL,
    CONSTRAINT recipes_recipe_ferments CHECK (final_gravity <= original_gravity)
);
