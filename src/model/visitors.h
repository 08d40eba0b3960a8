/* Where those came from whose doings are in the audit trail. */
#ifndef LATCHKEY_MODEL_VISITORS_H
#define LATCHKEY_MODEL_VISITORS_H

#include "base/arena.h"
#include "base/attrs.h"
#include "wrap/db.h"

struct visitors {
	/* Recent events with an address, at most some hundreds. */
	int64_t recent;
	/* Those of them with an address of the host itself. */
	int64_t local;
};

/* Returns 1 or -1. */
MUST_CHECK NONNULL int visitors_count(struct db_conn *conn, struct arena *arena,
    struct visitors *visitors_r);

#endif
