/* Comparing and wiping bytes that must not be shown. */
#include "base/secret.h"

bool
secret_equal(struct secret a, struct secret b)
{
	volatile unsigned char difference = 0;

	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		difference =
		    (unsigned char)(difference | (a.ptr[i] ^ b.ptr[i]));
	return difference == 0;
}

void
secret_wipe(void *bytes, size_t len)
{
	explicit_bzero(bytes, len);
}
