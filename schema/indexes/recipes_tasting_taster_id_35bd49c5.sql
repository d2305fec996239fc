CREATE INDEX recipes_tasting_taster_id_35bd49c5 ON recipes_tasting (taster_id);
