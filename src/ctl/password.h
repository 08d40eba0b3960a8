/* A password from a prompt or from standard input, never from arguments. */
#ifndef LATCHKEY_CTL_PASSWORD_H
#define LATCHKEY_CTL_PASSWORD_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/secret.h"

/* The first line of standard input.  Returns 1 or -1 (said). */
MUST_CHECK NONNULL int
password_from_stdin(struct arena *arena, struct secret *password_r);

/* Asked twice on the terminal, unseen.  Returns 1 or -1 (said). */
MUST_CHECK NONNULL int
password_from_terminal(struct arena *arena, struct secret *password_r);

#endif
