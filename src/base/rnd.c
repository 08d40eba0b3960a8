/* Random bytes from the kernel's generator. */
#include "base/rnd.h"

#include <errno.h>
#include <sys/random.h>

static int (*rnd_source)(void *bytes_r, size_t len);

int
rnd_bytes(void *bytes_r, size_t len)
{
	unsigned char *next = bytes_r;

	if (rnd_source != NULL)
		return rnd_source(bytes_r, len);
	while (len > 0) {
		const ssize_t got = getrandom(next, len, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		next += got;
		len -= (size_t)got;
	}
	return 1;
}

void
rnd_use(int (*source)(void *bytes_r, size_t len))
{
	rnd_source = source;
}
