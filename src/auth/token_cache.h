/*
 * Access tokens that this process has verified, so that the same token costs
 * one signature and not one a request.
 */
#ifndef LATCHKEY_AUTH_TOKEN_CACHE_H
#define LATCHKEY_AUTH_TOKEN_CACHE_H

#include "auth/token.h"
#include "base/attrs.h"

struct token_cache;

/* What is compared of a token: the SHA-256 of all of its bytes. */
enum { TOKEN_CACHE_KEY_SIZE = 32 };

/* Returns 1, or -1 without memory.  Freed by token_cache_free. */
MUST_CHECK NONNULL int token_cache_new(struct token_cache **cache_r);
void token_cache_free(struct token_cache **cache);

/*
 * Whether this very token was verified with the keys in force for the request,
 * and its times still hold.  Revocation is not asked here.  Returns 1 with
 * the identity, its texts in the request's arena; 0 where it has to be
 * verified, also without memory.
 */
MUST_CHECK NONNULL int token_cache_find(struct context *context,
    const unsigned char key[TOKEN_CACHE_KEY_SIZE], struct identity *identity_r);

/*
 * Remember a token that was found good, in place of one used longer ago.
 * Without memory nothing is remembered.
 */
NONNULL void token_cache_put(struct context *context,
    const unsigned char key[TOKEN_CACHE_KEY_SIZE],
    const struct identity *identity);

/* Give its memory back: nobody has come for a while. */
NONNULL void token_cache_rest(struct token_cache *cache);

#endif
