/*
 * The two ways of user_read_json (user.h), apart for a test that they agree.
 * By the first only the spelling of the database is read, and of texts only
 * ASCII without an escape, and 0 says nothing about the text.
 */
#ifndef LATCHKEY_MODEL_USER_JSON_H
#define LATCHKEY_MODEL_USER_JSON_H

#include "model/user.h"

/* Returns 1 with the user, whose id stays; 0 for other text; -1. */
MUST_CHECK NONNULL int
user_json_read_own(struct arena *arena, struct str text, struct user *user_r);
MUST_CHECK NONNULL int
user_json_read_any(struct arena *arena, struct str text, struct user *user_r);

#endif
