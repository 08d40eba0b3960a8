/* A walk over all orders, with sleep sets (Godefroid, 1996). */
#include "explore.h"

#include <assert.h>
#include <string.h>

/* Steps that lead only to what was seen from a neighbour of this world. */
struct sleepers {
	struct step list[CHOICES_MAX];
	size_t count;
};

struct walk {
	struct order order;
	const struct visitor *visitor;
};

static bool
is_same(const struct step *a, const struct step *b)
{
	return a->actor == b->actor && a->presented == b->presented &&
	    a->death == b->death;
}

static bool
is_among(const struct step *step, const struct step *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_same(step, &list[i]))
			return true;
	return false;
}

/* Take both steps.  Returns false where the second is impossible by then. */
static bool
take_both(const struct world *from, const struct step *first,
    const struct step *second, struct world *to_r)
{
	struct step choices[CHOICES_MAX];

	*to_r = *from;
	world_step(to_r, first);
	if (!is_among(second, choices, world_choices(to_r, choices)))
		return false;
	world_step(to_r, second);
	return true;
}

/* Whether their order makes no difference, here. */
static bool
is_independent(const struct world *world, const struct step *a,
    const struct step *b)
{
	struct world ab;
	struct world ba;

	return a->actor != b->actor && take_both(world, a, b, &ab) &&
	    take_both(world, b, a, &ba) && memcmp(&ab, &ba, sizeof ab) == 0;
}

static bool go_on(struct walk *walk, const struct world *world,
    const struct sleepers *sleepers);

static bool
take(struct walk *walk, const struct world *world, const struct step *step,
    const struct sleepers *sleepers)
{
	struct sleepers still = { .count = 0 };
	struct world next = *world;

	for (size_t i = 0; i < sleepers->count; i++)
		if (is_independent(world, &sleepers->list[i], step))
			still.list[still.count++] = sleepers->list[i];
	world_step(&next, step);
	assert(walk->order.count < STEPS_MAX);
	walk->order.steps[walk->order.count++] = *step;
	if (!go_on(walk, &next, &still))
		return false;
	walk->order.count--;
	return true;
}

static bool
go_on(struct walk *walk, const struct world *world,
    const struct sleepers *sleepers)
{
	struct sleepers seen = *sleepers;
	struct step choices[CHOICES_MAX];
	const size_t count = world_choices(world, choices);

	if (count == 0) {
		walk->order.end = *world;
		return walk->visitor->visit(&walk->order,
		    walk->visitor->context);
	}
	for (size_t i = 0; i < count; i++) {
		if (is_among(&choices[i], seen.list, seen.count))
			continue;
		if (!take(walk, world, &choices[i], &seen))
			return false;
		seen.list[seen.count++] = choices[i];
	}
	return true;
}

bool
explore(const struct cast *cast, const struct visitor *visitor)
{
	const struct sleepers nobody = { .count = 0 };
	struct walk walk = { .order.cast = cast, .visitor = visitor };
	struct world world;

	world_begin(cast, &world);
	return go_on(&walk, &world, &nobody);
}

static size_t
count_from(const struct world *world)
{
	struct step choices[CHOICES_MAX];
	const size_t count = world_choices(world, choices);
	size_t sum = count == 0;

	for (size_t i = 0; i < count; i++) {
		struct world next = *world;

		world_step(&next, &choices[i]);
		sum += count_from(&next);
	}
	return sum;
}

size_t
explore_count_all(const struct cast *cast)
{
	struct world world;

	world_begin(cast, &world);
	return count_from(&world);
}
