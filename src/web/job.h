/*
 * A request and all it needs.  Whoever answers it, which may be another thread
 * than the one that took it, gives it back for the next one.
 */
#ifndef LATCHKEY_WEB_JOB_H
#define LATCHKEY_WEB_JOB_H

#include "base/arena.h"
#include "base/attrs.h"
#include "web/reply.h"
#include "web/request.h"
#include "wrap/fcgi.h"

struct job {
	struct arena *arena;
	struct fcgi_exchange *exchange;
	struct request request;
	struct reply reply;
	struct job *next;
};

/*
 * One that nobody uses; NULL without memory.  Given back by job_give, its arena
 * reset, or freed by job_free.
 */
MUST_CHECK struct job *job_take(void);
NONNULL void job_give(struct job *job);
void job_free(struct job **job);

/* How many were taken and neither given back nor freed. */
MUST_CHECK size_t jobs_used(void);
/* Free those that nobody uses. */
void jobs_rest(void);

#endif
