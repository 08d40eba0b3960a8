/*
 * Print every statement of the model, a name and its text a line.
 *
 * usage: statements
 */
#include "wrap/db_internal.h"

#include <stdio.h>
#include <stdlib.h>

int
main(void)
{
	for (size_t i = 0; i < db_statement_count(); i++)
		printf("%s\t%s\n", db_statements_first[i]->name,
		    db_statements_first[i]->sql);
	return EXIT_SUCCESS;
}
