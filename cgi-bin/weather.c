/* GET /api/weather: the sample of a protected resource. */
#include "base/rnd.h"
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

enum { DAYS = 5, DAY_S = 86400, COLDEST = -10, RANGE = 45 };

static const char *const summaries[] = {
	"Freezing",
	"Bracing",
	"Chilly",
	"Cool",
	"Mild",
	"Warm",
	"Balmy",
	"Hot",
	"Sweltering",
};

static void
write_day(struct jsonw *w, int64_t day_s, unsigned char chance)
{
	const int warmth = chance % RANGE;
	const int celsius = COLDEST + warmth;
	char date[CLOCK_TEXT_SIZE];

	clock_format(day_s, date);
	jsonw_object(w, NULL);
	/* The date alone, without the time of day. */
	jsonw_str(w, "date", (struct str){ date, sizeof "2026-11-22" - 1 });
	jsonw_int(w, "temperatureC", celsius);
	jsonw_int(w, "temperatureF", 32 + celsius * 9 / 5);
	jsonw_str(w, "summary",
	    str_from(summaries[(size_t)warmth * ARRAY_LEN(summaries) / RANGE]));
	jsonw_object_end(w);
}

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	struct jsonw *w = reply_json(reply);
	unsigned char chances[DAYS];

	(void)input;
	if (rnd_bytes(chances, sizeof chances) < 0)
		return API_UNAVAILABLE;
	jsonw_array(w, NULL);
	for (int day = 0; day < DAYS; day++)
		write_day(w, request->now.unix_s + (int64_t)(day + 1) * DAY_S,
		    chances[day]);
	jsonw_array_end(w);
	return API_OK;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_GET,
	    .path = "/api/weather",
	    .summary = "A forecast for whoever has a token",
	    .auth = AUTH_BEARER,
	    .body = BODY_NONE,
	    .input_size = 1,
	    .success = 200,
	    .handle = handle,
	},
};

const struct endpoint endpoint = {
	.name = "weather",
	.summary = "The sample protected resource",
	.needs = (const struct app_need *const[]){ NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
