/* The bytes of a file or a pipe one by one, however long it is. */
#include "base/input.h"

#include "base/secret.h"

#include <errno.h>
#include <unistd.h>

static void
fill(struct input *input)
{
	ssize_t got;

	if (input->error != 0)
		return;
	do
		got = read(input->fd, input->bytes, sizeof input->bytes);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		input->error = errno;
	input->at = 0;
	input->len = got < 0 ? 0 : (size_t)got;
}

int
input_peek(struct input *input)
{
	if (input->at == input->len)
		fill(input);
	return input->at < input->len ? input->bytes[input->at] : INPUT_END;
}

int
input_next(struct input *input)
{
	const int byte = input_peek(input);

	if (byte == INPUT_END)
		return byte;
	input->at++;
	if (byte == '\n')
		input->line++;
	return byte;
}

void
input_begin(struct input *input, int fd)
{
	static const unsigned char bom[] = { 0xef, 0xbb, 0xbf };

	input->fd = fd;
	input->line = 1;
	input->error = 0;
	input->at = 0;
	input->len = 0;
	/* No text that is of use here begins with this byte otherwise. */
	for (size_t i = 0; i < sizeof bom && input_peek(input) == bom[i]; i++)
		(void)input_next(input);
}

int
input_line(struct input *input, char *text, size_t cap, struct str *line_r)
{
	size_t len = 0;
	bool is_long = false;
	int byte = input_next(input);

	if (byte == INPUT_END)
		return 0;
	for (; byte != INPUT_END && byte != '\n'; byte = input_next(input)) {
		is_long = is_long || len == cap;
		if (!is_long)
			text[len++] = (char)byte;
	}
	if (len > 0 && text[len - 1] == '\r')
		len--;
	*line_r = is_long ? STR_NONE : (struct str){ text, len };
	return 1;
}

void
input_wipe(struct input *input)
{
	secret_wipe(input->bytes, sizeof input->bytes);
}
