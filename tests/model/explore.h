/*
 * Every order in which the steps of a cast can happen.  Orders that differ
 * only in neighbouring steps which do not touch each other are one.
 */
#ifndef LATCHKEY_TESTS_MODEL_EXPLORE_H
#define LATCHKEY_TESTS_MODEL_EXPLORE_H

#include "world.h"

/* One order from beginning to end, and the world it leads to. */
struct order {
	const struct cast *cast;
	struct step steps[STEPS_MAX];
	size_t count;
	struct world end;
};

/* Called for each; returns whether to go on. */
struct visitor {
	bool (*visit)(const struct order *order, void *context);
	void *context;
};

/* Returns whether every visit did. */
MUST_CHECK NONNULL bool
explore(const struct cast *cast, const struct visitor *visitor);

/* How many orders there are, each by itself. */
MUST_CHECK NONNULL size_t explore_count_all(const struct cast *cast);

#endif
