/* A password from a prompt or from standard input, never from arguments. */
#include "ctl/password.h"

#include "base/limits.h"
#include "ctl/ctl.h"

#include <termios.h>
#include <unistd.h>

enum { LINE_SIZE = LIMIT_PASSWORD + 3 };

static int
read_line(FILE *from, struct arena *arena, struct secret *line_r)
{
	char *line = arena_alloc(arena, LINE_SIZE);
	size_t len;

	if (line == NULL || fgets(line, LINE_SIZE, from) == NULL)
		return -1;
	len = strlen(line);
	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	*line_r = (struct secret){ (const unsigned char *)line, len };
	return 1;
}

int
password_from_stdin(struct arena *arena, struct secret *password_r)
{
	/* Unbuffered: no copy of it stays in the library's buffer. */
	setvbuf(stdin, NULL, _IONBF, 0);
	if (read_line(stdin, arena, password_r) == 1)
		return 1;
	(void)ctl_fail("standard input holds no password");
	return -1;
}

static int
ask(FILE *terminal, struct arena *arena, const char *question,
    struct secret *answer_r)
{
	struct termios before;
	struct termios silent;
	int rc;

	if (tcgetattr(fileno(terminal), &before) != 0)
		return -1;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	fputs(question, terminal);
	fflush(terminal);
	tcsetattr(fileno(terminal), TCSAFLUSH, &silent);
	rc = read_line(terminal, arena, answer_r);
	tcsetattr(fileno(terminal), TCSAFLUSH, &before);
	fputc('\n', terminal);
	return rc;
}

int
password_from_terminal(struct arena *arena, struct secret *password_r)
{
	FILE *terminal = fopen("/dev/tty", "r+e");
	struct secret again;
	int rc = -1;

	if (terminal == NULL) {
		(void)ctl_fail(
		    "there is no terminal to ask for a password; "
		    "use --password-stdin");
		return -1;
	}
	setvbuf(terminal, NULL, _IONBF, 0);
	if (ask(terminal, arena, "Password: ", password_r) == 1 &&
	    ask(terminal, arena, "Again: ", &again) == 1)
		rc = secret_equal(*password_r, again) ? 1 : 0;
	fclose(terminal);
	if (rc == 1)
		return 1;
	(void)ctl_fail(
	    rc == 0 ? "the two passwords differ" : "no password was given");
	return -1;
}
