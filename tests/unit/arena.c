/* An arena as the state of a unit test. */
#include "arena.h"

#include "base/arena.h"
#include "base/limits.h"

int
arena_setup(void **state)
{
	*state = arena_new(LIMIT_ARENA);
	return *state == NULL ? -1 : 0;
}

int
arena_teardown(void **state)
{
	struct arena *arena = *state;

	arena_free(&arena);
	return 0;
}
