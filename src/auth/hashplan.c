/* Checks that take as long for whoever is refused. */
#include "auth/hashplan.h"

#include <pthread.h>

enum {
	/*
	 * A single stored hash dearer than this must not make each made-up
	 * name as dear: anybody could then hold all places.
	 */
	DUMMY_WORK_US_MAX = 1000000,
};

static struct {
	pthread_mutex_t mutex;
	/* What no password matches, at the dearest cost seen. */
	char dummy[PWHASH_SIZE];
	struct pwhash_cost dummy_cost;
	/* The same for the dearest of the foreign schemes; "" if none came. */
	char foreign[PWHASH_SIZE];
	int64_t foreign_work_us;
} seen = { .mutex = PTHREAD_MUTEX_INITIALIZER };

void
hashplan_start(const struct pwhash_cost *cost)
{
	seen.dummy_cost = *cost;
	pwhash_dummy(cost, seen.dummy);
}

/* The dummy follows the dearest cost, whoever set it. */
static void
learn_cost(struct str stored)
{
	struct pwhash_cost cost;

	if (pwhash_cost_of(stored, &cost) != 1)
		return;
	pthread_mutex_lock(&seen.mutex);
	if (cost.memory_kib * cost.passes >
	    seen.dummy_cost.memory_kib * seen.dummy_cost.passes) {
		seen.dummy_cost = cost;
		pwhash_dummy(&cost, seen.dummy);
	}
	pthread_mutex_unlock(&seen.mutex);
}

static void
learn_foreign(struct str stored, const struct pwhash_kind *kind)
{
	pthread_mutex_lock(&seen.mutex);
	if (kind->work_us > seen.foreign_work_us) {
		seen.foreign_work_us = kind->work_us;
		pwhash_anonymize(stored, seen.foreign);
	}
	pthread_mutex_unlock(&seen.mutex);
}

/*
 * What is computed for one check, in this order.  Whoever is refused has cost
 * both: one hash of ours and, where foreign ones are in use, one of those.
 */
struct plan {
	bool is_known;
	struct str first;
	/* Only after a refusal; empty for nothing. */
	struct str second;
	char dummy[PWHASH_SIZE];
	char foreign[PWHASH_SIZE];
};

static void
make_plan(struct str stored, struct plan *plan_r)
{
	struct pwhash_kind kind = { .is_foreign = false };
	const char *reason;

	plan_r->is_known =
	    stored.ptr != NULL && pwhash_judge(stored, &kind, &reason) == 1;
	if (plan_r->is_known && kind.work_us <= DUMMY_WORK_US_MAX) {
		if (kind.is_foreign)
			learn_foreign(stored, &kind);
		else
			learn_cost(stored);
	}
	pthread_mutex_lock(&seen.mutex);
	memcpy(plan_r->dummy, seen.dummy, sizeof seen.dummy);
	memcpy(plan_r->foreign, seen.foreign, sizeof seen.foreign);
	pthread_mutex_unlock(&seen.mutex);
	plan_r->first = plan_r->is_known ? stored : str_from(plan_r->dummy);
	plan_r->second =
	    str_from(kind.is_foreign ? plan_r->dummy : plan_r->foreign);
}

int
hashplan_run(struct secret password, struct str stored)
{
	struct plan plan;
	int rc;

	make_plan(stored, &plan);
	rc = pwhash_check(password, plan.first);
	if (rc < 0 || (rc == 1 && plan.is_known))
		return rc;
	return pwhash_check(password, plan.second) < 0 ? -1 : 0;
}
