-- Programs that may ask about tokens: resource servers, and web servers that
-- introspect.  What they know is a random secret of 32 bytes; here is its
-- SHA-256.

CREATE TABLE client (
	id BINARY(16) NOT NULL PRIMARY KEY,
	name VARCHAR(100) NOT NULL,
	secret_hash BINARY(32) NOT NULL,
	created_ms BIGINT NOT NULL,
	-- To the hour: a request is not to cost a write.
	last_used_ms BIGINT NULL,
	UNIQUE KEY name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;
