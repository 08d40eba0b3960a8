/* What a new account may look like. */
#ifndef LATCHKEY_AUTH_POLICY_H
#define LATCHKEY_AUTH_POLICY_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/config.h"
#include "base/issue.h"
#include "base/secret.h"
#include "base/str.h"

/*
 * The canonical form that decides who is who: A-Z lowered, all else as it
 * is.  Addresses and user names are ASCII only (base/name.h), so no two
 * that look alike differ and no two that differ look alike.
 * Absent in, or memory gone: absent out.
 */
MUST_CHECK NONNULL struct str
policy_canonical(struct arena *arena, struct str name);

struct policy_password {
	/* JSON name of the field that holds it. */
	const char *field;
	struct secret password;
	/* Absent where it was not sent. */
	struct secret confirmation;
	struct str email;
	struct str username;
};

/*
 * A new password: length in code points, at most LIMIT_PASSWORD bytes, not
 * among the common ones, not the account's own name, and typed the same twice
 * where it was asked twice (NIST SP 800-63B, 3.1.1; no composition rules).
 * What is wrong is added to issues.
 */
MUST_CHECK NONNULL bool policy_accepts_password(const struct config *config,
    const struct policy_password *wish, struct issues *issues);

/* A role chosen at registration, upper-cased in the arena; absent if not. */
MUST_CHECK NONNULL struct str
policy_registration_role(const struct config *config, struct arena *arena,
    struct str wanted);

#endif
