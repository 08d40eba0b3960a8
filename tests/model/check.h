/* What must hold for every order. */
#ifndef LATCHKEY_TESTS_MODEL_CHECK_H
#define LATCHKEY_TESTS_MODEL_CHECK_H

#include "drive.h"

/*
 * Hold what happened against the model, and both against the promises.
 * Returns NULL, or the first broken one as a sentence.
 */
MUST_CHECK NONNULL const char *
check(const struct order *order, const struct outcome *outcome);

#endif
