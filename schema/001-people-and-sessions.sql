-- People, their roles, their sessions, and what has been revoked.
-- Ids are UUIDs of version 7, so that rows lie in the order they were made.
-- Times are Unix milliseconds in UTC.

CREATE TABLE user (
	id BINARY(16) NOT NULL PRIMARY KEY,
	-- As typed, for people; the canonical forms below decide who is who.
	email VARCHAR(254) NOT NULL,
	email_key VARBINARY(254) NOT NULL,
	username VARCHAR(64) NULL,
	username_key VARBINARY(64) NULL,
	password_hash VARBINARY(255) NOT NULL,
	first_name VARCHAR(100) NULL,
	last_name VARCHAR(100) NULL,
	phone_number VARCHAR(32) NULL,
	age TINYINT UNSIGNED NULL,
	-- 1 active, 0 disabled
	status TINYINT UNSIGNED NOT NULL DEFAULT 1,
	-- Rises with every change that must kill older access tokens.
	token_version BIGINT UNSIGNED NOT NULL DEFAULT 1,
	created_ms BIGINT NOT NULL,
	last_login_ms BIGINT NULL,
	UNIQUE KEY email_key (email_key),
	UNIQUE KEY username_key (username_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE role (
	name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_nopad_bin
		NOT NULL PRIMARY KEY,
	description VARCHAR(200) NULL,
	is_builtin TINYINT UNSIGNED NOT NULL DEFAULT 0,
	created_ms BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

INSERT INTO role (name, description, is_builtin, created_ms) VALUES
	('ADMIN', 'May see, stop and help every user', 1,
		CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)),
	('USER', 'Anybody with an account', 1,
		CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED));

CREATE TABLE user_role (
	user_id BINARY(16) NOT NULL,
	role_name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_nopad_bin
		NOT NULL,
	PRIMARY KEY (user_id, role_name),
	KEY role_name (role_name),
	CONSTRAINT user_role_user FOREIGN KEY (user_id) REFERENCES user (id)
		ON DELETE CASCADE,
	CONSTRAINT user_role_role FOREIGN KEY (role_name)
		REFERENCES role (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- One row a session for as long as it lives, however often it is refreshed.
-- No column that a refresh changes is indexed.
CREATE TABLE session (
	id BINARY(16) NOT NULL PRIMARY KEY,
	user_id BINARY(16) NOT NULL,
	secret_hash BINARY(32) NOT NULL,
	generation BIGINT UNSIGNED NOT NULL,
	-- Key that made the MAC of the current generation.
	mac_key INT UNSIGNED NOT NULL,
	created_ms BIGINT NOT NULL,
	-- Last login or rotation, by the database's clock.
	rotated_ms BIGINT NOT NULL,
	idle_expires_ms BIGINT NOT NULL,
	expires_ms BIGINT NOT NULL,
	created_ip VARCHAR(45) CHARACTER SET ascii NOT NULL,
	last_ip VARCHAR(45) CHARACTER SET ascii NOT NULL,
	user_agent VARCHAR(255) NOT NULL,
	-- Refreshes that received the successor a racing one had made.
	concurrent_count INT UNSIGNED NOT NULL DEFAULT 0,
	ended_ms BIGINT NULL,
	ended_ip VARCHAR(45) CHARACTER SET ascii NULL,
	-- enum session_end
	end_reason TINYINT UNSIGNED NULL,
	KEY user_id (user_id),
	-- Both are set once: what purges look for costs a refresh nothing.
	KEY ended_ms (ended_ms),
	KEY expires_ms (expires_ms),
	CONSTRAINT session_user FOREIGN KEY (user_id) REFERENCES user (id)
		ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- What access tokens must no longer pass: of one session (user_version is
-- NULL), or of one user below a version.  Rows live as long as an access
-- token could.
CREATE TABLE revocation (
	id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
	subject_id BINARY(16) NOT NULL,
	user_version BIGINT UNSIGNED NULL,
	created_ms BIGINT NOT NULL,
	expires_ms BIGINT NOT NULL,
	KEY created_ms (created_ms),
	KEY expires_ms (expires_ms)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;
