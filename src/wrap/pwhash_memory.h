/*
 * The memory of password hashes.  libsodium maps it anew for each hash, in
 * pages of 4 KiB, which takes the kernel nearly as long as argon2id takes to
 * fill it.  Within a scope the mapping is made of large pages, and whoever
 * comes next takes what the one before has left, until pwhash_release
 * (pwhash.h).
 */
#ifndef LATCHKEY_WRAP_PWHASH_MEMORY_H
#define LATCHKEY_WRAP_PWHASH_MEMORY_H

#include <stdbool.h>

/*
 * Between these two, what libsodium maps in this thread is lent to it.  No
 * scope inside another one.
 */
void pwhash_memory_begin(void);

/* Returns false where memory was refused since the beginning. */
bool pwhash_memory_end(void);

#endif
