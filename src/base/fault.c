/* Places at which a test build can be made to die or to wait. */
#include "base/fault.h"

#ifdef LATCHKEY_FAULTS

#include "base/attrs.h"

#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

/* Whether there was such a file; now there is none. */
static bool
take(const char *what, const char *name)
{
	const char *state = getenv("STATE");
	char path[4096];

	snprintf(path, sizeof path, "%s/run/%s-%s",
	    state == NULL ? "var" : state, what, name);
	return unlink(path) == 0;
}

void
fault_point(const char *name)
{
	if (take("fault", name))
		raise(SIGKILL);
	if (take("pause", name))
		raise(SIGSTOP);
}

#else

/* ISO C wants a declaration in every file. */
typedef int fault_is_empty;

#endif
