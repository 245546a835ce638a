#include "landmark/pose.h"

#include "landmark/detect.h"
#include "landmark/one_euro.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AUXILIARY = 33 }; /* landmarks 33 and 34 carry the next region: centre and size */

/* After so many frames without anybody one reading of a frame is enough, the others in the next:
 * the detector is most of what an empty room costs. Faces are looked for in all. */
enum { NOBODY_LONG = 3 };

/* A track older than this is not where the person is any more, but mostly near: whoever sits is
 * looked for there first. The whole picture is searched so often all the same, for others who may
 * have come. */
static const double track_lifetime_s = 2, search_every_s = 900;
/* Nobody looked for so long: it may be somebody else, or the camera may hang another way. */
static const double unseen_s = 120;

/* What a look at an old place has to say to be believed without a search: a presence well above a
 * track's 0.5, and a region that is nearly the one looked at. On 84 pictures of six people, each in
 * another posture than the last, 10 s apart, the measures' errors are those of a search (lean-in
 * 1.31 cm both ways, yaw 2.3 and 2.4 deg) but for the shoulders' tilt (1.33 for 1.11 deg, medians
 * 0.73 and 0.70); 0.1 and 1.15 do no better. */
static const float sure_score = 0.9f, shift_most = 0.05f, growth_most = 1.07f;

struct pose_tracker {
	struct net *net;
	struct net *detector_net;
	struct detector detector;
	bool tracking;
	enum reading reading; /* of the picture when somebody was found last */
	int nobody;     /* frames in a row in which the detector found nobody */
	bool known;     /* roi is of this person, if perhaps out of date */
	struct roi roi;
	int width, height;
	double seconds;
	double searched; /* when the detector had the whole picture last */
	struct one_euro filters[2][2];
};

struct pose_tracker *pose_tracker_create(const struct model_file *models, enum net_id landmarks,
                                         struct error *error)
{
	struct pose_tracker *t = calloc(1, sizeof *t);
	if (t == NULL) {
		error_set(error, 0, "%s: out of memory", "pose");
		return NULL;
	}
	t->net = net_create(models, landmarks, error);
	if (t->net != NULL)
		t->detector_net = net_create(models, NET_POSE_DETECTOR, error);
	if (t->detector_net == NULL) {
		pose_tracker_free(t);
		return NULL;
	}
	net_defer(t->net, POSE_HEATMAP); /* refine() reads a fiftieth of it */
	detector_init(&t->detector, t->detector_net, NET_POSE_DETECTOR);
	return t;
}

void pose_tracker_free(struct pose_tracker *t)
{
	if (t == NULL)
		return;
	net_free(t->net);
	net_free(t->detector_net);
	free(t);
}

static void lose(struct pose_tracker *t)
{
	t->tracking = false;
	memset(t->filters, 0, sizeof t->filters);
}

void pose_tracker_reset(struct pose_tracker *t)
{
	lose(t);
	t->reading = READ_PLAIN;
	t->known = false;
	t->nobody = 0;
}

static float wrap_angle(float a)
{
	const float turn = 2 * (float)M_PI;
	return a - turn * floorf((a + (float)M_PI) / turn);
}

/* Square of 1.25 times the circle around `centre` through `edge`, the person upright in it. */
static struct roi roi_from_points(const float centre[2], const float edge[2])
{
	const float dx = edge[0] - centre[0], dy = edge[1] - centre[1];
	return (struct roi){
		.cx = centre[0],
		.cy = centre[1],
		.side = 2 * 1.25f * hypotf(dx, dy),
		.rotation = wrap_angle((float)M_PI / 2 - atan2f(-dy, dx)),
	};
}

static float sigmoid(float x)
{
	return 1 / (1 + expf(-x));
}

/* The heat map sharpens x and y: the mean of the 7 x 7 cells around the regressed point, weighted
 * by their probability, when the best of them is at least one half. Coordinates are 0-1 of the
 * region. */
static void refine(struct net *net, int landmark, float *x, float *y)
{
	enum { SIDE = 64, RADIUS = 3 };
	const int column = (int)(*x * SIDE), row = (int)(*y * SIDE);
	if (column < 0 || column >= SIDE || row < 0 || row >= SIDE)
		return;
	const int c0 = column > RADIUS ? column - RADIUS : 0, r0 = row > RADIUS ? row - RADIUS : 0;
	const int c1 = column + RADIUS < SIDE ? column + RADIUS : SIDE - 1;
	const int r1 = row + RADIUS < SIDE ? row + RADIUS : SIDE - 1;
	const struct net_window window = {
		.row = (uint32_t)r0, .rows = (uint32_t)(r1 - r0 + 1),
		.column = (uint32_t)c0, .columns = (uint32_t)(c1 - c0 + 1),
		.channel = (uint32_t)landmark};
	float cells[NET_WINDOW * NET_WINDOW];
	const float *cell = cells;
	net_read_window(net, POSE_HEATMAP, &window, cells);
	float sum = 0, sum_x = 0, sum_y = 0, best = 0;
	for (int r = r0; r <= r1; r++)
		for (int c = c0; c <= c1; c++) {
			float p = sigmoid(*cell++);
			best = fmaxf(best, p);
			sum += p;
			sum_x += p * (float)c;
			sum_y += p * (float)r;
		}
	if (best >= 0.5f && sum > 0) {
		*x = sum_x / sum / SIDE;
		*y = sum_y / sum / SIDE;
	}
}

static void read_landmarks(const struct pose_tracker *t, const struct roi *roi,
                           const struct frame *frame, struct pose_result *out)
{
	const float *points = net_output(t->net, POSE_LANDMARKS, NULL);
	const float *world = net_output(t->net, POSE_WORLD, NULL);
	const float size = (float)net_input_side(t->net);
	const float cosine = cosf(roi->rotation), sine = sinf(roi->rotation);
	const float width = (float)frame->width, height = (float)frame->height;
	for (int i = 0; i < POSE_ALL_POINTS; i++) {
		const float *p = points + 5 * i;
		float x = p[0] / size, y = p[1] / size;
		refine(t->net, i, &x, &y);
		const float dx = (x - 0.5f) * roi->side, dy = (y - 0.5f) * roi->side;
		out->landmarks[i] = (struct pose_landmark){
			.x = (roi->cx + dx * cosine - dy * sine) / width,
			.y = (roi->cy + dx * sine + dy * cosine) / height,
			.z = p[2] / size * roi->side / width,
			.visibility = sigmoid(p[3]),
			.presence = sigmoid(p[4]),
		};
	}
	for (int i = 0; i < POSE_POINTS; i++) {
		const float *w = world + 3 * i;
		out->world[i] = (struct pose_world){
			.x = w[0] * cosine - w[1] * sine, .y = w[0] * sine + w[1] * cosine,
			.z = w[2]};
	}
}

/* Landmarks of one region; false when nobody is there. */
static bool look(struct pose_tracker *t, const struct frame *frame, const struct roi *roi,
                 enum reading reading, struct pose_result *out)
{
	if (!(roi->side > 1) || !isfinite(roi->side))
		return false;
	net_read_region(t->net, frame, roi, reading, BORDER_REPLICATE, 1.0f / 255, 0);
	net_run(t->net);
	out->score = net_output(t->net, POSE_PRESENCE, NULL)[0];
	out->roi = *roi;
	out->found = out->score > 0.5f;
	if (out->found)
		read_landmarks(t, roi, frame, out);
	return out->found;
}

/* How likely a detection is the person at the computer: sure, large, in the middle; and where this
 * person was before, if that is known. Chosen: at the edge, or beside a known person, somebody must
 * be twice as large to be taken for them; known is who moved by less than a fifth of the region and
 * is as near as before to some 40 %. */
static float rank(const struct pose_tracker *t, const struct frame *frame,
                  const struct detection *d)
{
	const float x = (d->x0 + d->x1) / 2;
	const float off_centre = fabsf(x / (float)frame->width - 0.5f) * 2;
	const struct roi roi = roi_from_points(d->points[0], d->points[1]);
	float r = d->score * roi.side * (1 - 0.5f * fminf(off_centre, 1));
	if (t->known) {
		const float moved = hypotf(roi.cx - t->roi.cx, roi.cy - t->roi.cy) / t->roi.side;
		const float grown = roi.side / t->roi.side;
		if (moved < 0.2f && grown > 0.7f && grown < 1.4f)
			r *= 2;
	}
	return r;
}

/* `runs`: of the detector, counted. */
static bool detect(struct pose_tracker *t, const struct frame *frame, enum reading reading,
                   struct roi *roi, int *runs)
{
	struct detection found[DETECT_MAX];
	const struct roi whole = frame_roi(frame);
	const int count = detector_run(&t->detector, frame, &whole, reading, found);
	int best = 0;
	*runs += count >= 0;
	if (count <= 0)
		return false;
	for (int i = 1; i < count; i++)
		if (rank(t, frame, &found[i]) > rank(t, frame, &found[best]))
			best = i;
	*roi = roi_from_points(found[best].points[0], found[best].points[1]);
	return true;
}

/* The two auxiliary landmarks, smoothed against jitter of the region (README.md, "Regions"),
 * in pixels; speed counts in units of the region. */
static void follow(struct pose_tracker *t, const struct frame *frame, const struct pose_result *r)
{
	float points[2][2];
	for (int i = 0; i < 2; i++) {
		points[i][0] = r->landmarks[AUXILIARY + i].x * (float)frame->width;
		points[i][1] = r->landmarks[AUXILIARY + i].y * (float)frame->height;
	}
	const double size = 2 * hypot((double)(points[1][0] - points[0][0]),
	                              (double)(points[1][1] - points[0][1]));
	for (int i = 0; i < 2; i++)
		for (int k = 0; k < 2; k++)
			points[i][k] = (float)one_euro_step(&t->filters[i][k], (double)points[i][k],
			                                    frame->seconds,
			                                    1 / fmax(size, 1), 0.01, 10);
	t->roi = roi_from_points(points[0], points[1]);
	t->tracking = t->known = true;
}

/* Whether two regions are the same to within what the landmarks do not feel. */
static bool agree(const struct roi *a, const struct roi *b)
{
	const float moved = hypotf(b->cx - a->cx, b->cy - a->cy) / a->side;
	const float grown = b->side / a->side;
	return moved < shift_most && grown < growth_most && grown > 1 / growth_most;
}

/* Whoever was seen at the last look, perhaps half a minute ago, where they sat. When they moved,
 * what is seen there says where to: one more look. Whatever is doubtful is left to the detector. */
static bool look_where_seen(struct pose_tracker *t, const struct frame *frame,
                            struct pose_result *out)
{
	const struct roi old = t->roi;
	for (int i = 0; i < 2; i++) {
		const struct roi roi = t->roi;
		if (!look(t, frame, &roi, t->reading, out) || out->score < sure_score)
			break;
		lose(t);
		follow(t, frame, out);
		if (agree(&roi, &t->roi))
			return true;
	}
	lose(t);
	t->roi = old;
	memset(out, 0, sizeof *out);
	return false;
}

/* What is said of the time and size of a frame: whether the track is of the same sequence. True
 * when it is not, but somebody was seen in the last frame, by the same camera and not long ago. */
static bool meet(struct pose_tracker *t, const struct frame *frame)
{
	const bool resized = frame->width != t->width || frame->height != t->height;
	const bool back = frame->seconds < t->seconds;
	const double gap = frame->seconds - t->seconds;
	const bool stale = t->tracking && gap > track_lifetime_s;
	if (t->tracking && (resized || back || stale)) {
		lose(t);
		t->reading = READ_PLAIN; /* the light may be another by now */
	}
	if (resized)
		t->known = false;
	t->width = frame->width;
	t->height = frame->height;
	t->seconds = frame->seconds;
	return stale && !resized && gap < unseen_s && frame->seconds - t->searched < search_every_s;
}

/* As it was read last first, then the other ways; in an empty room in turns. What only a wide
 * reading shows must be sure: before a window a body is then seen on its head (0.71) that there is
 * none of, and the face alone says better where it is. */
static bool search(struct pose_tracker *t, const struct frame *frame, struct roi *roi,
                   struct pose_result *out)
{
	static const enum reading ways[] = {READ_PLAIN, READ_SMOOTH, READ_WIDE, READ_WIDE_EVEN};
	enum { WAYS = sizeof ways / sizeof *ways, WIDE_ONES = 2 };
	const bool empty = t->nobody >= NOBODY_LONG;
	bool found = false;
	int first = 0, runs = 0;
	while (ways[first] != t->reading)
		first++;
	if (empty)
		first += t->nobody % WAYS;
	for (int i = 0; !found && i < WAYS && runs < (empty ? 1 : WAYS); i++) {
		const int way = (first + i) % WAYS;
		found = detect(t, frame, ways[way], roi, &runs) &&
		        look(t, frame, roi, ways[way], out) &&
		        (way < WIDE_ONES || out->score >= sure_score);
		if (found)
			t->reading = ways[way];
	}
	out->found = found;
	out->detected = runs;
	return found;
}

void pose_tracker_run(struct pose_tracker *t, const struct frame *frame, struct pose_result *out)
{
	memset(out, 0, sizeof *out);
	if (meet(t, frame) && look_where_seen(t, frame, out))
		return;
	struct roi roi = t->roi;
	bool found = t->tracking && look(t, frame, &roi, t->reading, out);
	if (!found) {
		lose(t);
		t->searched = frame->seconds;
		found = search(t, frame, &roi, out);
	}
	t->nobody = found ? 0 : t->nobody + 1;
	if (found)
		follow(t, frame, out);
}

/* Where the hips are below a face's region and how large the body's region is, in sides of the
 * former: medians over 226 pictures of sitting people (quartiles 2.1-2.6 and 6.7-8.1). */
static const float hips_below_face = 2.2f, body_per_face = 7.3f;

void pose_tracker_run_below_face(struct pose_tracker *t, const struct frame *frame,
                                 const struct roi *face, struct pose_result *out)
{
	const int detected = out->detected;
	struct roi roi = {
		.cx = face->cx,
		.cy = face->cy + hips_below_face * face->side,
		.side = body_per_face * face->side,
	};
	memset(out, 0, sizeof *out);
	meet(t, frame);
	lose(t);
	/* The region is a guess: what is seen there says where it should have been. */
	bool found = look(t, frame, &roi, t->reading, out);
	if (found) {
		follow(t, frame, out);
		roi = t->roi;
		lose(t);
		found = look(t, frame, &roi, t->reading, out);
	}
	out->detected = detected;
	if (found) {
		follow(t, frame, out);
		t->nobody = 0;
	}
}
