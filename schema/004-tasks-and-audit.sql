-- Tasks, and how audit rows are found by who did it and what happened.

CREATE TABLE task (
	id BINARY(16) NOT NULL PRIMARY KEY,
	-- The owner: from the access token, never from what a client says.
	user_id BINARY(16) NOT NULL,
	title VARCHAR(200) NOT NULL,
	notes VARCHAR(4000) NULL,
	due_ms BIGINT NULL,
	is_done TINYINT UNSIGNED NOT NULL DEFAULT 0,
	created_ms BIGINT NOT NULL,
	updated_ms BIGINT NOT NULL,
	-- Pages of one's tasks, all of them or by whether they are done.
	KEY user_id (user_id, id),
	KEY user_done (user_id, is_done, id),
	CONSTRAINT task_user FOREIGN KEY (user_id) REFERENCES user (id)
		ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Erasing a person looks for what they did, and one kind of event about one
-- person must not be sought among all others about them.
ALTER TABLE audit
	ADD KEY actor_id (actor_id),
	ADD KEY user_event (user_id, event, id);
