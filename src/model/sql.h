/* Pieces that several statements share. */
#ifndef LATCHKEY_MODEL_SQL_H
#define LATCHKEY_MODEL_SQL_H

/* The database's clock in Unix milliseconds, as of the statement's start. */
#define SQL_NOW_MS "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)"

#endif
