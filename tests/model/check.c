/* What must hold for every order. */
#include "check.h"

#include "model/session.h"

/* --- The service does what the model does ------------------------------- */

static bool
is_answer(const struct actor *actor, const struct ending_of *ending,
    const struct outcome *outcome)
{
	switch (actor->result) {
	case RESULT_NONE:
		return true;
	case RESULT_OK:
		return ending->error == API_OK && !ending->is_dead &&
		    (actor->successor == 0 ||
		        str_equal(ending->token,
		            outcome->tokens[actor->successor]));
	case RESULT_REUSED:
		return ending->error == API_REFRESH_TOKEN_REUSED;
	case RESULT_ENDED:
		return ending->error == API_SESSION_ENDED;
	case RESULT_DEAD:
		return ending->is_dead;
	}
	return false;
}

static bool
are_facts(const struct world *world, const struct facts *facts)
{
	static const int64_t reasons[] = {
		[ENDED_NOT] = 0,
		[ENDED_LOGOUT] = SESSION_END_LOGOUT,
		[ENDED_REUSE] = SESSION_END_REUSE,
		[ENDED_PASSWORD] = SESSION_END_PASSWORD,
	};

	return facts->generation == world->row.generation &&
	    facts->end_reason == reasons[world->row.ended] &&
	    facts->concurrent == world->concurrent &&
	    facts->versions == world->versions &&
	    facts->sessions == world->sessions &&
	    facts->revocations == world->revocations &&
	    facts->notes == world->notes;
}

static const char *
compare(const struct order *order, const struct outcome *outcome)
{
	for (int i = 0; i < ACTORS; i++)
		if (!is_answer(&order->end.actors[i], &outcome->actors[i],
		        outcome))
			return "an answer is not the model's";
	if (!are_facts(&order->end, &outcome->facts))
		return "the tables are not the model's";
	return NULL;
}

/* --- The promises, whatever the model says ------------------------------ */

static bool
has_ended(const struct outcome *outcome)
{
	return outcome->facts.end_reason != 0;
}

/* Every token has one successor, whoever asks and however often. */
static bool
never_forks(const struct order *order, const struct outcome *outcome)
{
	for (int i = 0; i < REFRESHES; i++) {
		const struct ending_of *ending = &outcome->actors[i];
		const int presented = order->end.actors[i].presented;

		if (presented > 0 && !ending->is_dead &&
		    ending->error == API_OK &&
		    !str_equal(ending->token, outcome->tokens[presented + 1]))
			return false;
	}
	return true;
}

/* Each generation but the last was exchanged by somebody, exactly once. */
static bool
moves_once_each(const struct order *order, const struct outcome *outcome)
{
	bool was_exchanged[REFRESHES + 3] = { false };
	int64_t exchanged = 0;

	for (int i = 0; i < REFRESHES; i++) {
		const int presented = order->end.actors[i].presented;
		const struct ending_of *ending = &outcome->actors[i];
		const bool is_accepted = ending->is_dead
		    ? order->end.actors[i].has_rotated == 1
		    : ending->error == API_OK;

		if (presented == 0 || !is_accepted || was_exchanged[presented])
			continue;
		was_exchanged[presented] = true;
		exchanged++;
	}
	return exchanged == outcome->facts.generation - 1;
}

/* Whoever comes after the end is told so. */
static bool
stays_ended(const struct order *order, const struct outcome *outcome)
{
	for (int i = 0; i < REFRESHES; i++) {
		const struct actor *actor = &order->end.actors[i];
		const struct ending_of *ending = &outcome->actors[i];

		if (actor->presented > 0 && actor->begun.ended != ENDED_NOT &&
		    !ending->is_dead && ending->error != API_SESSION_ENDED)
			return false;
	}
	return outcome->newest ==
	    (has_ended(outcome) ? API_SESSION_ENDED : API_OK);
}

/* An old token never gets anything, and ends a session that lives. */
static bool
catches_thieves(const struct order *order, const struct outcome *outcome)
{
	for (int i = 0; i < REFRESHES; i++) {
		const struct actor *actor = &order->end.actors[i];
		const struct ending_of *ending = &outcome->actors[i];

		if (actor->presented == 0 || ending->is_dead ||
		    actor->begun.generation - actor->presented < 2)
			continue;
		if (ending->error == API_OK || !has_ended(outcome))
			return false;
	}
	return true;
}

/* Without a thief, a logout and a password change nobody is logged out. */
static bool
spares_the_innocent(const struct order *order, const struct outcome *outcome)
{
	bool has_cause = false;

	for (int i = 0; i < ACTORS; i++) {
		const struct actor *actor = &order->end.actors[i];
		const int behind = actor->seen.generation - actor->presented;

		if (i >= REFRESHES)
			has_cause |= i != CLOCK && actor->phase == PHASE_DONE &&
			    actor->result != RESULT_NONE;
		else if (actor->presented > 0)
			has_cause |= behind >= 2 ||
			    (behind == 1 && actor->seen.is_fresh == 0);
	}
	if (has_cause)
		return true;
	for (int i = 0; i < REFRESHES; i++)
		if (!outcome->actors[i].is_dead &&
		    outcome->actors[i].error != API_OK)
			return false;
	return !has_ended(outcome);
}

const char *
check(const struct order *order, const struct outcome *outcome)
{
	const char *broken = compare(order, outcome);

	if (broken != NULL)
		return broken;
	if (!never_forks(order, outcome))
		return "one token has two successors";
	if (!moves_once_each(order, outcome))
		return "the generation did not move once for each exchange";
	if (!stays_ended(order, outcome))
		return "something went on after the end, or not before it";
	if (!catches_thieves(order, outcome))
		return "an old token was not taken for theft";
	if (!spares_the_innocent(order, outcome))
		return "somebody was logged out without a cause";
	return NULL;
}
