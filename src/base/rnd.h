/* Random bytes from the kernel's generator. */
#ifndef LATCHKEY_BASE_RND_H
#define LATCHKEY_BASE_RND_H

#include "base/attrs.h"

#include <stddef.h>
#include <stdint.h>

/* Fill bytes_r.  Returns 1, or -1 where the kernel gives none. */
MUST_CHECK NONNULL int rnd_bytes(void *bytes_r, size_t len);

/* Tests put their own source in place; NULL restores the real one. */
void rnd_use(int (*source)(void *bytes_r, size_t len));

#endif
