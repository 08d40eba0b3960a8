/* Users and token pairs as the API shows them (api: user, token pair). */
#ifndef LATCHKEY_AUTH_VIEW_H
#define LATCHKEY_AUTH_VIEW_H

#include "auth/pair.h"
#include "base/attrs.h"
#include "base/jsonw.h"
#include "model/user.h"

/* An array; roles: names separated by commas. */
NONNULL void view_roles(struct jsonw *w, const char *name, struct str roles);

/* name is NULL for the outermost value.  Never a hash, never a version. */
void view_user(struct jsonw *w, const char *name, const struct user *user);

/* now_s: Unix seconds, for expiresIn. */
NONNULL void
view_pair(struct jsonw *w, const struct token_pair *pair, int64_t now_s);

#endif
