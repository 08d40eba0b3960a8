/* The model of a session: what each step does to it. */
#include "world.h"

#include <assert.h>

void
world_begin(const struct cast *cast, struct world *world_r)
{
	const bool is_here[ACTORS] = {
		[0] = cast->refreshes > 0,
		[1] = cast->refreshes > 1,
		[2] = cast->refreshes > 2,
		[3] = cast->refreshes > 3,
		[LOGOUT] = cast->has_logout,
		[PASSWORD] = cast->has_password,
		[CLOCK] = cast->has_clock,
	};

	*world_r = (struct world){
		.row = { .generation = 1, .is_fresh = 1 },
		.holder = -1,
		.answers_to_lose = cast->lost_answers,
		.commits_to_lose = cast->lost_commits,
		.sessions = 1,
	};
	for (int i = 0; i < ACTORS; i++)
		if (!is_here[i])
			world_r->actors[i].phase = PHASE_DONE;
}

/* --- What is possible --------------------------------------------------- */

struct choices {
	struct step *list;
	size_t count;
};

static void
add(struct choices *choices, struct step step)
{
	assert(choices->count < CHOICES_MAX);
	choices->list[choices->count++] = step;
}

/* Refreshes are alike: they begin in the order of their numbers. */
static bool
is_next_to_begin(const struct world *world, int i)
{
	return i == 0 || world->actors[i - 1].phase != PHASE_WAITING;
}

static bool
will_rotate(const struct world *world, int presented)
{
	return world->row.ended == ENDED_NOT &&
	    world->row.generation == presented;
}

/* Any token that was ever made; three behind is as old as two. */
static void
add_beginnings(const struct world *world, int i, struct choices *choices)
{
	const int newest = world->row.generation;

	for (int g = newest > 2 ? newest - 2 : 1; g <= newest; g++) {
		add(choices, (struct step){ i, g, DEATH_NONE });
		if (world->answers_to_lose > 0 && will_rotate(world, g))
			add(choices, (struct step){ i, g, DEATH_AFTER });
	}
}

/* Going on; and while somebody may die, the death that leaves a trace. */
static void
add_writing(const struct world *world, int i, struct choices *choices)
{
	const bool is_holding = world->actors[i].phase == PHASE_HOLDING;

	add(choices, (struct step){ i, 0, DEATH_NONE });
	if (is_holding && world->commits_to_lose > 0)
		add(choices, (struct step){ i, 0, DEATH_BEFORE });
}

/* Whoever holds the row's lock lets no other begin or write. */
size_t
world_choices(const struct world *world, struct step choices_r[CHOICES_MAX])
{
	struct choices choices = { choices_r, 0 };

	for (int i = 0; i < ACTORS; i++) {
		const enum phase phase = world->actors[i].phase;
		const bool may_write = world->holder < 0;

		if (phase == PHASE_WAITING && i < REFRESHES) {
			if (may_write && is_next_to_begin(world, i))
				add_beginnings(world, i, &choices);
		} else if (phase == PHASE_WAITING && may_write) {
			add(&choices, (struct step){ i, 0, DEATH_NONE });
		} else if (phase == PHASE_HOLDING ||
		    (phase == PHASE_LOOKED && may_write)) {
			add_writing(world, i, &choices);
		}
	}
	return choices.count;
}

/* --- What it does ------------------------------------------------------- */

static void
finish(struct actor *actor, enum result result)
{
	actor->phase = PHASE_DONE;
	actor->result = result;
}

static void
look(const struct world *world, struct actor *actor)
{
	actor->seen = world->row;
	actor->phase = PHASE_LOOKED;
}

static void
begin_transaction(struct world *world, int i)
{
	world->actors[i].phase = PHASE_HOLDING;
	world->holder = i;
}

static void
rotate(struct world *world, struct actor *actor)
{
	world->row.generation++;
	world->row.is_fresh = 1;
	actor->has_rotated = 1;
	actor->successor = world->row.generation;
	finish(actor, RESULT_OK);
}

/* The second step of a refresh that could not move on. */
static void
judge_and_write(struct world *world, int i)
{
	struct actor *actor = &world->actors[i];
	const int behind = actor->seen.generation - actor->presented;

	if (actor->seen.ended != ENDED_NOT) {
		/* Written down once, however many ask. */
		if (world->refusals_noted == 0)
			world->notes++;
		world->refusals_noted = 1;
		finish(actor, RESULT_ENDED);
	} else if (behind == 1 && actor->seen.is_fresh == 1) {
		world->concurrent++;
		actor->successor = actor->seen.generation;
		finish(actor, RESULT_OK);
	} else if (world->row.ended == ENDED_NOT) {
		begin_transaction(world, i);
	} else {
		finish(actor, RESULT_REUSED);
	}
}

static void
commit(struct world *world, int i)
{
	const bool was_alive = world->row.ended == ENDED_NOT;

	world->notes++;
	world->revocations++;
	if (i == PASSWORD) {
		/* A version, and a session in place of the old ones. */
		world->versions++;
		world->sessions++;
	}
	if (was_alive) {
		world->row.ended = i == LOGOUT ? ENDED_LOGOUT
		    : i == PASSWORD            ? ENDED_PASSWORD
		                               : ENDED_REUSE;
		world->sessions--;
	}
}

static void
end_transaction(struct world *world, int i, enum death death)
{
	const enum result result = death != DEATH_NONE ? RESULT_DEAD
	    : i < REFRESHES                            ? RESULT_REUSED
	                                               : RESULT_OK;

	if (death != DEATH_BEFORE)
		commit(world, i);
	world->holder = -1;
	finish(&world->actors[i], result);
}

static void
begin(struct world *world, const struct step *step)
{
	const int i = step->actor;
	struct actor *actor = &world->actors[i];

	if (i < REFRESHES) {
		actor->presented = step->presented;
		actor->begun = world->row;
		if (will_rotate(world, step->presented))
			rotate(world, actor);
		else
			look(world, actor);
	} else if (i == CLOCK) {
		world->row.is_fresh = 0;
		finish(actor, RESULT_OK);
	} else if (i == LOGOUT && world->row.ended != ENDED_NOT) {
		finish(actor, RESULT_OK);
	} else {
		begin_transaction(world, i);
	}
}

void
world_step(struct world *world, const struct step *step)
{
	struct actor *actor = &world->actors[step->actor];

	world->commits_to_lose -= step->death == DEATH_BEFORE;
	world->answers_to_lose -= step->death == DEATH_AFTER;
	switch (actor->phase) {
	case PHASE_WAITING:
		begin(world, step);
		if (step->death != DEATH_NONE)
			finish(actor, RESULT_DEAD);
		break;
	case PHASE_LOOKED:
		judge_and_write(world, step->actor);
		break;
	case PHASE_HOLDING:
		end_transaction(world, step->actor, step->death);
		break;
	case PHASE_DONE:
		assert(false);
	}
}
