/* What an access token says (RFC 9068, 2.2), before anybody judges it. */
#ifndef LATCHKEY_AUTH_TOKEN_CLAIMS_H
#define LATCHKEY_AUTH_TOKEN_CLAIMS_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/str.h"

#include <stdint.h>

/*
 * A text is absent, and a number -1, where the claim is missing or of another
 * type, or the number negative.
 */
struct token_claims {
	struct str issuer;
	struct str audience;
	struct str use;
	struct str client_id;
	struct str jti;
	struct str subject;
	struct str session_id;
	struct str email;
	/* Names separated by commas; absent unless an array of role names. */
	struct str roles;
	int64_t version;
	int64_t issued_s;
	int64_t not_before_s;
	int64_t expires_s;
	/* Bound to a key (RFC 7800). */
	bool has_confirmation;
};

/*
 * Read a payload.  Texts live in the arena or in the payload.
 * Returns 1, 0 where it is no JSON object as json_parse_object wants it, -1
 * without memory.
 */
MUST_CHECK NONNULL int token_claims_read(struct arena *arena,
    struct str payload, struct token_claims *claims_r);

/*
 * The two ways to read it, apart for a test that they agree.  By the first
 * only the spelling of token_mint is read, at a tenth of the cost, and 0 says
 * nothing about the payload.
 */
MUST_CHECK NONNULL int token_claims_read_own(struct arena *arena,
    struct str payload, struct token_claims *claims_r);
MUST_CHECK NONNULL int token_claims_read_any(struct arena *arena,
    struct str payload, struct token_claims *claims_r);

#endif
