/* Pieces that several statements share. */
#ifndef LATCHKEY_MODEL_SQL_H
#define LATCHKEY_MODEL_SQL_H

/* The database's clock in Unix milliseconds, as of the statement's start. */
#define SQL_NOW_MS "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)"

/* A session by the database's clock: not ended, not idle or old too long. */
#define SQL_ALIVE \
	"ended_ms IS NULL AND idle_expires_ms > " SQL_NOW_MS \
	" AND expires_ms > " SQL_NOW_MS

#endif
