/*
 * The threads of a process: a few that wait for requests, more on demand
 * while those are busy, and an orderly end of them all.
 */
#ifndef LATCHKEY_WEB_WORKERS_H
#define LATCHKEY_WEB_WORKERS_H

#include "base/attrs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct workers_plan {
	/* Threads that always wait for requests, however quiet it is. */
	size_t least;
	/* Threads that stay while requests come. */
	size_t usual;
	/*
	 * Most threads: as many beyond usual as threads wait (workers_wait), or
	 * were started by workers_start.  They leave after their request.
	 */
	size_t most;
	/* Longest a request may take. */
	int64_t deadline_ms;
	/*
	 * Runs in every worker until workers_should_leave or
	 * workers_waited_in_vain says so.
	 */
	void (*run)(void);
	/* Runs at the end of every thread; or NULL. */
	void (*end)(void);
	/*
	 * Frees what only requests need; or NULL.  Runs in a worker that has
	 * waited in vain while nobody took a request: once after each busy time
	 * in one that then ends, and every time in the one that stays.  Others
	 * may serve meanwhile.
	 */
	void (*rest)(void);
};

/*
 * Start the threads, then sleep until SIGTERM, SIGINT or SIGUSR1 and end:
 * requests under way are answered first.  Call workers_block_signals before
 * any other thread exists.  Returns 1, or -1 where no thread could start.
 */
MUST_CHECK NONNULL int workers_serve(const struct workers_plan *plan);
void workers_block_signals(void);

/* A worker is about to wait for a request. */
void workers_idle(void);

/* A worker has one; starts another thread if none is left waiting. */
void workers_busy(void);

/*
 * A worker begins to wait for something rare, a turn at the password hash, say,
 * and has waited: so long another thread may take requests in its place.
 */
void workers_wait(bool begins);

/*
 * Run something in a thread of its own, beside the workers, that ends with it.
 * Returns 1, or -1 where no thread can be had.
 */
MUST_CHECK NONNULL int workers_start(void (*run)(void *work), void *work);

/* Whether the calling worker should leave: the end, or one too many. */
MUST_CHECK bool workers_should_leave(void);

/*
 * A worker has waited for long and nobody came; in place of workers_busy.  May
 * start another in its place.  Returns whether it should leave.
 */
MUST_CHECK bool workers_waited_in_vain(void);

#endif
