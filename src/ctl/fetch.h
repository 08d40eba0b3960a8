/* One request by HTTP, as any client would send it, by the program curl. */
#ifndef LATCHKEY_CTL_FETCH_H
#define LATCHKEY_CTL_FETCH_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/str.h"

struct fetched {
	/* 0 where nobody answered. */
	int64_t status;
	/* The head of the answer, all lines of it. */
	struct str head;
};

struct fetch {
	const char *url;
	/* One further header line, or NULL. */
	const char *header;
	/* File of a certificate authority to trust, or NULL. */
	const char *authority;
};

/*
 * GET, not following redirections, within a few seconds.  Nothing of it
 * stands in the arguments of a process.  Returns 1, or -1 with a line where
 * curl can't be run.
 */
MUST_CHECK NONNULL int
fetch(struct arena *arena, const struct fetch *wish, struct fetched *fetched_r);

/* The value of a header, absent where there is none; any case. */
MUST_CHECK NONNULL struct str
fetched_header(const struct fetched *fetched, struct str name);

#endif
