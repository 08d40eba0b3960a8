/* Places at which a test build can be made to die. */
#include "base/fault.h"

#ifdef LATCHKEY_FAULTS

#include "base/attrs.h"

#include <signal.h>
#include <unistd.h>

void
fault_point(const char *name)
{
	const char *state = getenv("STATE");
	char path[4096];

	snprintf(path, sizeof path, "%s/run/fault-%s",
	    state == NULL ? "var" : state, name);
	if (unlink(path) == 0)
		raise(SIGKILL);
}

#else

/* ISO C wants a declaration in every file. */
typedef int fault_is_empty;

#endif
