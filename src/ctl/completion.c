/* latchkeyctl completion bash: from the table of commands. */
#include "ctl/ctl.h"

/* One line of the script's list: what may follow which words. */
static void
print_words(const struct ctl_command *c)
{
	printf("\t\t'%s%s%s') words=\"", c->noun, c->verb == NULL ? "" : " ",
	    c->verb == NULL ? "" : c->verb);
	for (const struct ctl_option *o = c->options;
	     o != NULL && o->name != NULL; o++)
		printf("%s ", o->name);
	printf("%s--help\" ;;\n", c->has_json ? "--json " : "");
}

static void
print_verbs(const struct ctl_command *list)
{
	if (list->verb == NULL)
		return;
	printf("\t\t'%s') words=\"", list->noun);
	for (const struct ctl_command *c = list; c->noun != NULL; c++)
		printf("%s ", c->verb == NULL ? "" : c->verb);
	puts("--help\" ;;");
}

static int
print_script(struct ctl *ctl)
{
	const char *shell = "";

	if (ctl_operand(ctl, &shell) != CTL_OK)
		return CTL_USAGE;
	if (strcmp(shell, "bash") != 0)
		return ctl_misuse("%s is no shell known here; bash is", shell);
	puts(
	    "# Completion of latchkeyctl for bash; to use it:\n"
	    "#   source <(latchkeyctl completion bash)\n"
	    "_latchkeyctl() {\n"
	    "\tlocal words noun=${COMP_WORDS[1]} verb=${COMP_WORDS[2]}\n"
	    "\tlocal word=${COMP_WORDS[COMP_CWORD]}\n"
	    "\tcase $COMP_CWORD in\n"
	    "\t1) noun= verb= ;;\n"
	    "\t2) verb= ;;\n"
	    "\tesac\n"
	    "\tcase \"$noun${verb:+ $verb}\" in");
	printf("\t\t'') words=\"");
	for (size_t i = 0; ctl_nouns[i] != NULL; i++)
		for (const struct ctl_command *c = ctl_nouns[i];
		     c->noun != NULL; c++)
			if (c == ctl_nouns[i] || c->verb == NULL)
				printf("%s ", c->noun);
	puts("--help\" ;;");
	for (size_t i = 0; ctl_nouns[i] != NULL; i++) {
		print_verbs(ctl_nouns[i]);
		for (const struct ctl_command *c = ctl_nouns[i];
		     c->noun != NULL; c++)
			print_words(c);
	}
	puts(
	    "\t\t*) words=--help ;;\n"
	    "\tesac\n"
	    "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
	    "}\n"
	    "complete -F _latchkeyctl latchkeyctl");
	return CTL_OK;
}

const struct ctl_command ctl_completion_commands[] = {
	{ "completion", NULL, "bash", "Print a script that lets bash complete",
	    NULL, false, print_script },
	{ .noun = NULL },
};
