/* How fast each network, and each step from a camera's JPEG to measures, is here: one thread, best
 * and median of many runs. Networks take turns with nothing but multiply-adds, because a core's
 * clock moves from one moment to the next: each run is compared with the peak measured right before
 * it. */
#include "cli/cli.h"

#include "base/paths.h"
#include "base/text.h"
#include "cpu/cpu.h"
#include "kernels/kernels.h"
#include "image/jpeg.h"
#include "net/net.h"
#include "sample/sample.h"

#include <cjson/cJSON.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS_LEAST = 10, RUNS_MOST = 2000, LAYERS_MOST = 256 };

struct timing {
	double best, median; /* seconds */
	double share;        /* median share of the peak of that moment, 0 where there is none */
	double peak;         /* the best of those peaks, GFLOP/s */
	int runs;
};

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* share NULL: nothing to compare with. Sorts both. */
static struct timing summarise(double *seconds, double *share, int runs)
{
	qsort(seconds, (size_t)runs, sizeof *seconds, by_value);
	if (share != NULL)
		qsort(share, (size_t)runs, sizeof *share, by_value);
	return (struct timing){.best = seconds[0], .median = seconds[runs / 2], .runs = runs,
	                       .share = share != NULL ? share[runs / 2] : 0};
}

/* What the kernels' instruction set gives at most, GFLOP/s: the best of three turns of 50 us or
 * so. */
static double measure_peak(const struct kernels *k)
{
	static volatile float sink;
	double best = 0;
	for (int i = 0; i < 3; i++) {
		float sum;
		const double before = now();
		const uint64_t done = k->multiply_adds(12000, &sum);
		best = fmax(best, 2e-9 * (double)done / (now() - before));
		sink = sum;
	}
	(void)sink;
	return best;
}

static double gflops(double mmac, double seconds)
{
	return 2e-3 * mmac / seconds;
}

/* A picture-like input that every run can make: smooth, in [0, 1]. */
static void fill_input(struct net *net)
{
	uint32_t side = net_input_side(net);
	float *row = net_input(net);
	for (uint32_t y = 0; y < side; y++, row += net_input_stride(net))
		for (uint32_t x = 0; x < side * 3; x++)
			row[x] = 0.5f + 0.5f * sinf((float)(x / 3) * 0.11f + (float)y * 0.07f +
			                            (float)(x % 3));
}

/* mmac 0: not compared with the peak. */
static struct timing time_runs(void (*run)(void *), void *user, double mmac, double budget_s)
{
	static double seconds[RUNS_MOST], share[RUNS_MOST];
	const struct kernels *k = kernels_best();
	double best_peak = 0;
	int runs = 0;
	double start = now();
	run(user); /* caches and page tables warm */
	while (runs < RUNS_LEAST || (runs < RUNS_MOST && now() - start < budget_s)) {
		const double peak = mmac > 0 ? measure_peak(k) : 0;
		double before = now();
		run(user);
		seconds[runs] = now() - before;
		share[runs] = mmac > 0 ? gflops(mmac, seconds[runs]) / peak : 0;
		best_peak = fmax(best_peak, peak);
		runs++;
	}
	struct timing t = summarise(seconds, mmac > 0 ? share : NULL, runs);
	t.peak = best_peak;
	return t;
}

static void run_net(void *net)
{
	net_run(net);
}

static cJSON *layers_to_json(const struct net *net, const double *seconds, double peak)
{
	const struct net_layer *layers;
	size_t count = net_layers(net, &layers);
	cJSON *list = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++) {
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "kind", layers[i].kind);
		cJSON_AddStringToObject(row, "shape", layers[i].shape);
		cJSON_AddNumberToObject(row, "mmac", layers[i].mmac);
		cJSON_AddNumberToObject(row, "best_ms", seconds[i] * 1e3);
		cJSON_AddNumberToObject(row, "gflops", gflops(layers[i].mmac, seconds[i]));
		cJSON_AddNumberToObject(row, "share", gflops(layers[i].mmac, seconds[i]) / peak);
		cJSON_AddItemToArray(list, row);
	}
	return list;
}

static void print_layers(const struct net *net, const double *seconds, double peak)
{
	const struct net_layer *layers;
	size_t count = net_layers(net, &layers);
	for (size_t i = 0; i < count; i++)
		printf("  %-18s %-27s %7.2f MMAC %7.3f ms %6.1f GFLOP/s %5.0f %%\n", layers[i].kind,
		       layers[i].shape, layers[i].mmac, seconds[i] * 1e3,
		       gflops(layers[i].mmac, seconds[i]),
		       100 * gflops(layers[i].mmac, seconds[i]) / peak);
}

/* Best time of each layer over a number of timed runs. */
static void time_layers(struct net *net, double *best)
{
	const struct net_layer *layers;
	size_t count = net_layers(net, &layers);
	double seconds[LAYERS_MOST];
	const int rounds = 50;
	for (size_t i = 0; i < count; i++)
		best[i] = HUGE_VAL;
	for (int round = 0; round < rounds; round++) {
		net_run_timed(net, seconds);
		for (size_t i = 0; i < count; i++)
			best[i] = fmin(best[i], seconds[i]);
	}
}

static bool bench_net(const struct model_file *models, enum net_id id,
                      double budget_s, bool with_layers, cJSON *out, struct error *error)
{
	struct net *net = net_create(models, id, error);
	if (net == NULL)
		return false;
	fill_input(net);
	const double mmac = net_mmac(net);
	const struct timing t = time_runs(run_net, net, mmac, budget_s);
	double layer_best[LAYERS_MOST];
	const struct net_layer *layers;
	with_layers = with_layers && net_layers(net, &layers) <= LAYERS_MOST;
	if (with_layers)
		time_layers(net, layer_best);
	if (out != NULL) {
		cJSON *row = cJSON_CreateObject();
		size_t weights, activations;
		net_memory(net, &weights, &activations);
		cJSON_AddStringToObject(row, "net", net_name(id));
		cJSON_AddStringToObject(row, "cpu", cpu_level_name(cpu_level()));
		cJSON_AddNumberToObject(row, "mmac", mmac);
		cJSON_AddNumberToObject(row, "best_ms", t.best * 1e3);
		cJSON_AddNumberToObject(row, "median_ms", t.median * 1e3);
		cJSON_AddNumberToObject(row, "gflops", gflops(mmac, t.best));
		cJSON_AddNumberToObject(row, "peak_gflops", t.peak);
		cJSON_AddNumberToObject(row, "share", t.share);
		cJSON_AddNumberToObject(row, "runs", t.runs);
		cJSON_AddNumberToObject(row, "weight_bytes", (double)weights);
		cJSON_AddNumberToObject(row, "activation_bytes", (double)activations);
		if (with_layers)
			cJSON_AddItemToObject(row, "layers",
			                      layers_to_json(net, layer_best, t.peak));
		cJSON_AddItemToArray(out, row);
	} else {
		printf("%-16s %6.1f %9.3f %9.3f %9.1f %9.1f %6.0f %% %6d\n", net_name(id), mmac,
		       t.best * 1e3, t.median * 1e3, gflops(mmac, t.best),
		       t.peak, 100 * t.share, t.runs);
		if (with_layers)
			print_layers(net, layer_best, t.peak);
	}
	net_free(net);
	return true;
}

/* ---- the steps of a sample ---- */

struct steps {
	struct jpeg_decoder *decoder;
	struct sampler *sampler;
	char *jpeg;
	size_t size;
	struct frame frame;
	struct sample sample;
	double clock;
	float input[256 * 256 * 3];
};

static void run_decode(void *user)
{
	struct steps *s = user;
	jpeg_decode(s->decoder, s->jpeg, s->size, 0, &s->frame, NULL);
}

static void run_warp(void *user)
{
	struct steps *s = user;
	const struct roi roi = {(float)s->frame.width / 2, (float)s->frame.height / 2,
	                        (float)s->frame.width, 0.1f};
	warp_roi(&s->frame, &roi, 256, BORDER_REPLICATE, 1.0f / 255, 0, s->input, (size_t)256 * 3);
}

/* A frame that follows the last one by a moment: both tracks hold. */
static void run_tracking(void *user)
{
	struct steps *s = user;
	run_decode(s);
	s->frame.seconds = s->clock += 0.04;
	sampler_run(s->sampler, &s->frame, &s->sample);
}

/* A burst's look, half a minute after the last one: whoever sits there still is not searched for,
 * but every two minutes. */
static void run_burst(void *user)
{
	struct steps *s = user;
	s->clock += 29;
	run_tracking(s);
}

/* The very first look: body and face are searched for. */
static void run_detecting(void *user)
{
	struct steps *s = user;
	sampler_reset(s->sampler);
	run_tracking(s);
}

static bool bench_steps(const char *picture, const char *model, double budget_s, cJSON *out,
                        struct error *error)
{
	static const struct {
		const char *name;
		void (*run)(void *);
	} rows[] = {{"decode", run_decode}, {"warp_256", run_warp},
	            {"sample_detecting", run_detecting},
	            {"sample_burst", run_burst}, {"sample_tracking", run_tracking}};
	const struct sampler_config config = {.model_path = model, .pose_model = NET_POSE_LITE,
	                                      .camera = camera_from_hfov(640, 480, 65),
	                                      .posture = posture_config_default()};
	struct steps *s = calloc(1, sizeof *s);
	bool good = s != NULL || error_set(error, 0, "%s: out of memory", "bench");
	good = good && (s->jpeg = path_read_file(picture, 1 << 26, &s->size, error)) != NULL &&
	       (s->decoder = jpeg_decoder_create(error)) != NULL &&
	       jpeg_decode(s->decoder, s->jpeg, s->size, 0, &s->frame, error) &&
	       (s->sampler = sampler_create(&config, error)) != NULL;
	for (size_t i = 0; good && i < sizeof rows / sizeof *rows; i++) {
		struct timing t = time_runs(rows[i].run, s, 0, budget_s);
		if (out != NULL) {
			cJSON *row = cJSON_CreateObject();
			cJSON_AddStringToObject(row, "step", rows[i].name);
			cJSON_AddStringToObject(row, "cpu", cpu_level_name(cpu_level()));
			cJSON_AddNumberToObject(row, "best_ms", t.best * 1e3);
			cJSON_AddNumberToObject(row, "median_ms", t.median * 1e3);
			cJSON_AddNumberToObject(row, "runs", t.runs);
			cJSON_AddItemToArray(out, row);
		} else {
			printf("%-16s %6s %9.3f %9.3f %9s %9s %8s %6d\n",
			       rows[i].name, "", t.best * 1e3, t.median * 1e3, "", "", "", t.runs);
		}
	}
	if (s != NULL) {
		sampler_free(s->sampler);
		jpeg_decoder_free(s->decoder);
		free(s->jpeg);
	}
	free(s);
	return good;
}

enum { OPT_JSON = 1, OPT_NET, OPT_CPU, OPT_LAYERS, OPT_SECONDS, OPT_MODEL, OPT_PICTURE };

static const struct option options[] = {
	{"json", no_argument, NULL, OPT_JSON},
	{"net", required_argument, NULL, OPT_NET},
	{"cpu", required_argument, NULL, OPT_CPU},
	{"layers", no_argument, NULL, OPT_LAYERS},
	{"seconds", required_argument, NULL, OPT_SECONDS},
	{"model", required_argument, NULL, OPT_MODEL},
	{"picture", required_argument, NULL, OPT_PICTURE},
	{0},
};

static int net_by_name(const char *name)
{
	for (int id = 0; id < NET_COUNT; id++)
		if (strcmp(name, net_name((enum net_id)id)) == 0)
			return id;
	return -1;
}

static int run(const struct command *c, int argc, char **argv)
{
	bool json = false, layers = false;
	double seconds = 1;
	const char *model = NULL, *picture = NULL;
	int only = -1, got, status;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		switch (got) {
		case CLI_OPTIONS_STOP: return status;
		case OPT_JSON: json = true; break;
		case OPT_LAYERS: layers = true; break;
		case OPT_MODEL: model = optarg; break;
		case OPT_PICTURE: picture = optarg; break;
		case OPT_SECONDS:
			if (!cli_number(c, "--seconds", optarg, 0.01, 600, &seconds))
				return CLI_USAGE;
			break;
		case OPT_NET:
			only = net_by_name(optarg);
			if (only < 0)
				return cli_usage(c, N_("--net %s: no such network"), optarg);
			break;
		case OPT_CPU:
			if (!cpu_cap(optarg))
				return cli_usage(c, N_("--cpu %s: c, sse2, avx2, avx512 or neon"),
				                 optarg);
			break;
		}
	}
	if (optind < argc)
		return cli_usage(c, N_("%s: takes no argument"), cli_shown(argv[optind]));

	struct error error;
	struct model_file *models = model_file_open(model, &error);
	if (models == NULL)
		return cli_fail(&error);
	cJSON *list = json ? cJSON_CreateArray() : NULL;
	if (!json)
		printf("kernels: %s, one thread; peak: nothing but multiply-adds, in turns with "
		       "the runs\n"
		       "%-16s %6s %9s %9s %9s %9s %8s %6s\n", kernels_best()->name,
		       "network", "MMAC",
		       "best ms", "median ms", "GFLOP/s", "peak", "share", "runs");
	status = CLI_DONE;
	for (int id = 0; id < NET_COUNT && status == CLI_DONE; id++)
		if ((only < 0 || only == id) &&
		    !bench_net(models, (enum net_id)id, seconds, layers, list, &error))
			status = cli_fail(&error);
	if (picture != NULL && status == CLI_DONE &&
	    !bench_steps(picture, model, seconds, list, &error))
		status = cli_fail(&error);
	if (json && status == CLI_DONE) {
		char *text = cJSON_Print(list);
		puts(text);
		cJSON_free(text);
	}
	cJSON_Delete(list);
	model_file_close(models);
	return status;
}

const struct command command_bench = {
	"bench", N_("[OPTIONS]"), N_("Measure the networks on this machine"),
	N_("  --net NAME     pose_lite, pose_full, pose_detector, face_detector or face_mesh; all "
	"by default\n"
	"  --cpu LEVEL    at most this instruction set: c, sse2, avx2, avx512, neon\n"
	"  --layers       each layer too\n"
	"  --seconds N    time to spend on each network (1)\n"
	"  --json         as JSON\n"
	"  --picture JPEG the steps from this picture to measures too: decode, warp, whole "
	"samples\n"
	"  --model FILE   another packed model file\n"),
	run,
};
