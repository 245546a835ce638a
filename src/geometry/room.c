#include "geometry/room.h"

#include "geometry/linalg.h"

#include <stdlib.h>
#include <string.h>

static const double degree = M_PI / 180;
static const double still[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

static double cell_pixels(int width, int height)
{
	const double longer = width > height ? width : height,
	             shorter = width > height ? height : width;
	return fmax(shorter, longer * 9 / 16) / ROOM_SIDE;
}

/* ---- looking ---- */

enum { ROW_MOST = 8192 };

static void add_row(uint16_t *sums, const struct frame *frame, int y)
{
	const uint8_t *p = frame->plane[0] + (ptrdiff_t)y * frame->stride[0];
	const int step = frame->format == PIXEL_YUYV ? 2 : frame->format == PIXEL_RGB24 ? 3 : 1;
	if (step == 3)
		p++; /* the green, which is most of brightness */
	if (step == 1)
		for (int x = 0; x < frame->width; x++)
			sums[x] = (uint16_t)(sums[x] + p[x]);
	else
		for (int x = 0; x < frame->width; x++)
			sums[x] = (uint16_t)(sums[x] + p[x * step]);
}

/* Mean brightness of the cells, 16 times. */
static bool shrink(const struct frame *frame, struct room_view *v, int16_t grey[ROOM_CELLS])
{
	const double side = cell_pixels(frame->width, frame->height);
	uint16_t sums[ROW_MOST];
	v->width = (int)(frame->width / side);
	v->height = (int)(frame->height / side);
	/* 257 rows of 255 fill 16 bits. */
	if (side < 2 || side > 256 || frame->width > ROW_MOST || v->width * v->height > ROOM_CELLS)
		return false;
	for (int y = 0; y < v->height; y++) {
		const int top = (int)(y * side), bottom = (int)((y + 1) * side);
		memset(sums, 0, sizeof *sums * (size_t)frame->width);
		for (int row = top; row < bottom; row++)
			add_row(sums, frame, row);
		for (int x = 0; x < v->width; x++) {
			const int left = (int)(x * side), right = (int)((x + 1) * side);
			unsigned sum = 0;
			for (int u = left; u < right; u++)
				sum += sums[u];
			grey[y * v->width + x] =
				(int16_t)(16 * sum / (unsigned)((right - left) * (bottom - top)));
		}
	}
	return true;
}

/* Head and hair, trunk and arms: not seen. */
static void leave_out_person(const struct pose_result *pose, struct room_view *v)
{
	const struct pose_landmark *l = &pose->landmarks[POSE_LEFT_SHOULDER];
	const struct pose_landmark *r = &pose->landmarks[POSE_RIGHT_SHOULDER];
	const struct pose_landmark *n = &pose->landmarks[POSE_NOSE];
	const double width = fmax(0.1, fabs((double)(l->x - r->x))) * v->width;
	const double left = fmin((double)l->x, (double)r->x) * v->width - 0.25 * width,
	             right = fmax((double)l->x, (double)r->x) * v->width + 0.25 * width,
	             top = fmin((double)l->y, (double)r->y) * v->height - 0.2 * width;
	const double nose_x = (double)n->x * v->width, nose_y = (double)n->y * v->height;
	v->left = (float)(left - 0.05 * width);
	v->right = (float)(right + 0.05 * width);
	v->top = (float)(nose_y - 0.9 * width);
	for (int i = 0; i < v->width * v->height; i++) {
		const double x = i % v->width + 0.5, y = i / v->width + 0.5;
		const bool trunk = x > left && x < right && y > top;
		const bool head = fabs(x - nose_x) < 0.45 * width && y > nose_y - 0.8 * width;
		v->seen[i] = !trunk && !head;
	}
}

static float gradient(const int16_t *grey, const struct room_view *v, int at, float g[2])
{
	g[0] = (float)(grey[at + 1] - grey[at - 1]);
	g[1] = (float)(grey[at + v->width] - grey[at - v->width]);
	return sqrtf(g[0] * g[0] + g[1] * g[1]);
}

/* The gradient that counts half, in 16ths of brightness over two cells: three times the median of
 * the room, which is noise and the walls' own shading, between 3 and 25 of 255. */
static float half_gradient(const int16_t *grey, const struct room_view *v)
{
	enum { BINS = 128, WIDE = 4 };
	int bins[BINS] = {0}, count = 0, sum = 0, median = 0;
	float g[2];
	for (int y = 1; y < v->height - 1; y++)
		for (int x = 1; x < v->width - 1; x++) {
			const int at = y * v->width + x;
			if (!v->seen[at])
				continue;
			const int bin = (int)(gradient(grey, v, at, g) / WIDE);
			bins[bin < BINS ? bin : BINS - 1]++;
			count++;
		}
	while (median < BINS && 2 * (sum += bins[median]) <= count)
		median++;
	const float half = (float)(3 * WIDE * median), least = 48, most = 400;
	return half < least ? least : half > most ? most : half;
}

void room_look(const struct frame *frame, const struct pose_result *pose, struct room_view *out)
{
	int16_t grey[ROOM_CELLS];
	memset(out, 0, sizeof *out);
	if (!pose->found)
		return;
	if (!shrink(frame, out, grey)) {
		out->width = out->height = 0;
		return;
	}
	leave_out_person(pose, out);
	const float half = half_gradient(grey, out);
	for (int y = 1; y < out->height - 1; y++)
		for (int x = 1; x < out->width - 1; x++) {
			const int at = y * out->width + x;
			float g[2];
			const float scale = 127 / (gradient(grey, out, at, g) + half);
			out->x[at] = (int8_t)(g[0] * scale);
			out->y[at] = (int8_t)(g[1] * scale);
		}
}

void room_keep(const struct room_view *v, struct room *out)
{
	const double kept_least = 50; /* of 127 */
	memset(out, 0, sizeof *out);
	out->width = v->width;
	out->height = v->height;
	for (int i = 0; i < v->width * v->height; i++) {
		if (!v->seen[i] || hypot(v->x[i], v->y[i]) < kept_least)
			continue;
		const double turn = atan2(v->y[i], v->x[i]) / (2 * M_PI) * ROOM_DIRECTIONS;
		const long direction = (lrint(turn) + ROOM_DIRECTIONS) % ROOM_DIRECTIONS;
		out->cells[i] = (uint8_t)(1 + direction);
	}
}

/* ---- comparing ---- */

/* Cells of the room that are not even. More than so many add nothing to a search, and half of them
 * to seeing that all is where it was. */
enum { EDGES_MOST = 600, EDGES_STILL = 300, EDGES_LEAST = 24 };
/* Parts of the picture by so many cells: what stands in one is one witness. */
enum { PART = 8, PARTS_ACROSS = ROOM_LONG / PART + 1, PARTS = PARTS_ACROSS * PARTS_ACROSS };

struct edges {
	struct edge {
		float x, y;               /* direction */
		float column, row;        /* where it is taken to be now */
		float by_pitch[2], by_yaw[2], by_roll[2]; /* ... moves by this, cells a radian */
		double ray[2];            /* where it was */
		int column_then, row_then, part;
	} list[EDGES_MOST];
	int count;
};

static void edges_of(const struct camera *camera, const struct room *room, int most,
                     struct edges *out)
{
	const double cell = cell_pixels(camera->width, camera->height);
	const int cells = room->width * room->height;
	int all = 0, index = 0;
	for (int i = 0; i < cells; i++)
		all += room->cells[i] != 0;
	const int nth = all / most + 1;
	out->count = 0;
	for (int i = 0; i < cells; i++) {
		if (room->cells[i] == 0 || index++ % nth != 0)
			continue;
		struct edge *e = &out->list[out->count++];
		const double angle = 2 * M_PI * (room->cells[i] - 1) / ROOM_DIRECTIONS;
		e->column_then = i % room->width;
		e->row_then = i / room->width;
		e->x = (float)cos(angle);
		e->y = (float)sin(angle);
		e->part = e->row_then / PART * PARTS_ACROSS + e->column_then / PART;
		camera_ray(camera,
		           camera->width / 2.0 + (e->column_then + 0.5 - room->width / 2.0) * cell,
		           camera->height / 2.0 + (e->row_then + 0.5 - room->height / 2.0) * cell,
		           e->ray);
	}
}

/* Where the edges are when the camera has turned, and how they move when it turns a little more. */
static void turn_edges(const struct camera *camera, const double rotation[3][3],
                       const struct room_view *v, struct edges *edges)
{
	const double cell = cell_pixels(camera->width, camera->height), f = camera->fx / cell;
	for (int i = 0; i < edges->count; i++) {
		struct edge *e = &edges->list[i];
		const double ray[3] = {e->ray[0] * 1e3, e->ray[1] * 1e3, 1e3};
		double to[3], pixel[2];
		apply3(rotation, ray, to);
		if (!camera_project(camera, to, pixel)) {
			e->column = e->row = -1e6F;
			continue;
		}
		const double x = to[0] / to[2], y = to[1] / to[2];
		e->column = (float)((pixel[0] - camera->width / 2.0) / cell + v->width / 2.0 - 0.5);
		e->row = (float)((pixel[1] - camera->height / 2.0) / cell + v->height / 2.0 - 0.5);
		e->by_pitch[0] = (float)(x * y * f);
		e->by_pitch[1] = (float)((1 + y * y) * f);
		e->by_yaw[0] = (float)((1 + x * x) * f);
		e->by_yaw[1] = (float)(x * y * f);
		e->by_roll[0] = (float)(-y * f);
		e->by_roll[1] = (float)(x * f);
	}
}

struct turn {
	float pitch, yaw, roll; /* radians: to what is seen, down, right, clockwise */
};

struct score {
	float sum; /* of the cosines, 127 times */
	int count; /* of edges in sight */
};

static double mean_of(struct score s)
{
	return s.count > 0 ? (double)s.sum / s.count / 127 : 0;
}

/* How like the gradient is where an edge is now, between four cells; 0 where it is out of sight,
 * and then *seen is. */
static float likeness(const struct edge *e, struct turn t, const struct room_view *v, bool *seen)
{
	const float x = e->column + t.pitch * e->by_pitch[0] + t.yaw * e->by_yaw[0] +
	                t.roll * e->by_roll[0];
	const float y = e->row + t.pitch * e->by_pitch[1] + t.yaw * e->by_yaw[1] +
	                t.roll * e->by_roll[1];
	const float right = (float)(v->width - 2), bottom = (float)(v->height - 2);
	*seen = false;
	if (!(x >= 1 && y >= 1 && x < right && y < bottom))
		return 0;
	const int column = (int)x, row = (int)y, w = v->width, at = row * w + column;
	if (!v->seen[at] || !v->seen[at + 1] || !v->seen[at + w] || !v->seen[at + w + 1])
		return 0;
	*seen = true;
	const float a = x - (float)column, b = y - (float)row;
	const int8_t *gx = v->x + at, *gy = v->y + at;
	const float above = e->x * ((1 - a) * gx[0] + a * gx[1]) +
	                    e->y * ((1 - a) * gy[0] + a * gy[1]);
	const float below = e->x * ((1 - a) * gx[w] + a * gx[w + 1]) +
	                    e->y * ((1 - a) * gy[w] + a * gy[w + 1]);
	return (1 - b) * above + b * below;
}

static double score_at(const struct edges *edges, struct turn t, const struct room_view *v)
{
	struct score s = {0};
	for (int i = 0; i < edges->count; i++) {
		bool seen;
		s.sum += likeness(&edges->list[i], t, v, &seen);
		s.count += seen;
	}
	return s.count >= EDGES_LEAST ? mean_of(s) : -1;
}

/* A part of which most that is in sight is as it was. */
static const double agreed = 0.3;

/* How like each part of the picture is; 0 of what has hardly an edge in sight. */
static void likeness_of_parts(const struct edges *edges, const struct room_view *v,
                              double parts[PARTS])
{
	enum { LEAST = 3 };
	struct score scores[PARTS] = {{0}};
	for (int i = 0; i < edges->count; i++) {
		const struct edge *e = &edges->list[i];
		bool seen;
		scores[e->part].sum += likeness(e, (struct turn){0}, v, &seen);
		scores[e->part].count += seen;
	}
	for (int i = 0; i < PARTS; i++)
		parts[i] = scores[i].count >= LEAST ? mean_of(scores[i]) : 0;
}

/* Parts that agree. */
static int count_parts(const double parts[PARTS])
{
	int count = 0;
	for (int i = 0; i < PARTS; i++)
		count += parts[i] > agreed;
	return count;
}

/* Parts that agree more with the one than with the other: a door's edge is as like where the door
 * was as a little below. */
static int count_better(const double parts[PARTS], const double than[PARTS])
{
	const double by = 0.1;
	int count = 0;
	for (int i = 0; i < PARTS; i++)
		count += parts[i] > agreed && parts[i] > than[i] + by;
	return count;
}

/* The same of those that are not all where a chair may be. */
static int count_clear(const struct edges *edges, const struct room_view *v,
                       const double parts[PARTS], const double than[PARTS])
{
	bool clear[PARTS] = {0};
	double there[PARTS];
	for (int i = 0; i < edges->count; i++) {
		const struct edge *e = &edges->list[i];
		clear[e->part] |= e->column < v->left || e->column > v->right || e->row < v->top;
	}
	for (int i = 0; i < PARTS; i++)
		there[i] = clear[i] ? parts[i] : 0;
	return count_better(there, than);
}

/* Up the hill by ever smaller steps along the axes: pitch, yaw, roll. A lid does not roll. */
static double climb(const struct edges *edges, const struct room_view *v, float cell,
                    struct turn *at)
{
	const float roll_most = (float)(4 * degree);
	double best = score_at(edges, *at, v);
	for (float step = cell / 2; step > cell / 20; step /= 2) {
		bool better = true;
		for (int again = 0; again < 4 && better; again++) {
			better = false;
			for (int i = 0; i < 6; i++) {
				const float by = i % 2 ? step : -step;
				struct turn next = *at;
				*(i < 2 ? &next.pitch : i < 4 ? &next.yaw : &next.roll) += by;
				if (fabsf(next.roll) > roll_most)
					continue;
				const double score = score_at(edges, next, v);
				if (score <= best)
					continue;
				best = score;
				*at = next;
				better = true;
			}
		}
	}
	return best;
}

static void add_turn(struct turn t, double rotation[3][3])
{
	const double before[3][3] = {
		{rotation[0][0], rotation[0][1], rotation[0][2]},
		{rotation[1][0], rotation[1][1], rotation[1][2]},
		{rotation[2][0], rotation[2][1], rotation[2][2]}};
	/* What is seen goes down when it turns about the axis to the left. */
	const double about[3] = {-(double)t.pitch, (double)t.yaw, (double)t.roll};
	double more[3][3];
	rotation_from_vector(about, more);
	multiply3(more, before, rotation);
}

/* ---- searching ---- */

/* So many cells to each side, 17 deg at 60 deg of view. */
enum { FAR = 16, ROOM_PADDED = (ROOM_LONG + 2 * FAR) * (ROOM_LONG + 2 * FAR) };

struct padded {
	struct {
		int8_t x, y, seen;
	} cells[ROOM_PADDED];
	int stride;
};

static void pad(const struct room_view *v, struct padded *out)
{
	out->stride = v->width + 2 * FAR;
	memset(out->cells, 0, sizeof *out->cells * (size_t)(out->stride * (v->height + 2 * FAR)));
	for (int y = 1; y < v->height - 1; y++)
		for (int x = 1; x < v->width - 1; x++) {
			const int from = y * v->width + x, to = (y + FAR) * out->stride + x + FAR;
			if (!v->seen[from])
				continue;
			out->cells[to].x = v->x[from];
			out->cells[to].y = v->y[from];
			out->cells[to].seen = 1;
		}
}

/* All edges moved by whole cells. More edges at the same likeness say more. */
static double score_shifted(const struct edges *edges, const int *places, int by,
                            const struct padded *p)
{
	struct score s = {0};
	for (int i = 0; i < edges->count; i++) {
		const int at = places[i] + by;
		s.sum += edges->list[i].x * p->cells[at].x + edges->list[i].y * p->cells[at].y;
		s.count += p->cells[at].seen;
	}
	return s.count >= EDGES_LEAST ? mean_of(s) * sqrt(s.count) : 0;
}

/* The best shift in whole cells; what the best at another height has of its score is *second: along
 * a shelf all places are alike, which does not matter. */
static bool find_shift(const struct edges *edges, const struct room *room,
                       const struct room_view *v,
                       int shift[2], double *second)
{
	enum { SIDE = 2 * FAR + 1, SAME = 2 };
	struct padded padded;
	int places[EDGES_MOST];
	double rows[SIDE] = {0}, best = 0;
	const int right = (v->width - room->width) / 2, down = (v->height - room->height) / 2;
	pad(v, &padded);
	for (int i = 0; i < edges->count; i++) {
		const struct edge *e = &edges->list[i];
		const int x = e->column_then + right, y = e->row_then + down;
		if (x < 0 || y < 0 || x >= v->width || y >= v->height)
			return false; /* another aspect: compared another day */
		places[i] = (y + FAR) * padded.stride + x + FAR;
	}
	for (int y = -FAR; y <= FAR; y++)
		for (int x = -FAR; x <= FAR; x++) {
			const double score =
				score_shifted(edges, places, y * padded.stride + x, &padded);
			rows[y + FAR] = fmax(rows[y + FAR], score);
			if (score <= best)
				continue;
			best = score;
			shift[0] = x;
			shift[1] = y;
		}
	*second = 0;
	for (int y = -FAR; y <= FAR; y++)
		if (abs(y - shift[1]) > SAME)
			*second = fmax(*second, rows[y + FAR] / best);
	return best > 0;
}

/* Chosen on the rooms of ten rendered and two real people: 1512 pictures turned by 0 to 12 deg
 * against the first one of their room, and 178 pairs of rooms. Of the former 80 % are recognised by
 * a single look, none of them off by a degree, and none of the latter. */
static const double like_searched = 0.36, like_expected = 0.33, second_most = 0.75;
enum { PARTS_SEARCHED = 6, PARTS_EXPECTED = 4, CLEAR_LEAST = 2 };
/* Errors of pitch in those pictures: 0.15 deg in the mean, a share of the turn from the focal
 * length besides, which cancels as the eyes are measured by the same one. */
static const double pitch_sigma_deg = 0.25;

static double between_deg(const double a[3][3], const double b[3][3])
{
	double trace = 0;
	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 3; k++)
			trace += a[i][k] * b[i][k];
	return acos(fmax(-1, fmin(1, (trace - 1) / 2))) / degree;
}

/* Whether more of the room tells of the turn than of none; out->clear besides. */
static bool has_turned(const struct camera *camera, const double there[3][3],
                       const double turned[PARTS], const struct room_view *now,
                       struct edges *edges, struct room_turn *out)
{
	double stayed[PARTS];
	turn_edges(camera, there, now, edges);
	likeness_of_parts(edges, now, stayed);
	out->clear = count_clear(edges, now, turned, stayed);
	return count_better(turned, stayed) > 2 * count_better(stayed, turned);
}

struct room_turn room_compare(const struct camera *camera, const struct room *then,
                              const struct room_view *now, const double there[3][3], bool search)
{
	struct room_turn out = {.sigma_deg = pitch_sigma_deg};
	struct edges edges;
	struct turn turn = {0};
	int shift[2] = {0};
	double parts[PARTS];
	if (there == NULL)
		there = still;
	memcpy(out.rotation, search ? still : there, sizeof out.rotation);
	if (then->width == 0 || now->width == 0)
		return out;
	const float cell = (float)(cell_pixels(camera->width, camera->height) / camera->fx);
	edges_of(camera, then, search ? EDGES_MOST : EDGES_STILL, &edges);
	if (edges.count < EDGES_LEAST)
		return out;
	if (search) {
		if (!find_shift(&edges, then, now, shift, &out.second))
			return out;
		const struct turn found = {.pitch = atanf((float)shift[1] * cell),
		                           .yaw = atanf((float)shift[0] * cell)};
		add_turn(found, out.rotation);
	}
	turn_edges(camera, out.rotation, now, &edges);
	out.score = climb(&edges, now, cell, &turn);
	add_turn(turn, out.rotation);
	turn_edges(camera, out.rotation, now, &edges);
	likeness_of_parts(&edges, now, parts);
	out.parts = count_parts(parts);
	const double cell_deg = (double)cell / degree,
	             turned_deg = between_deg(out.rotation, there);
	if (!search) {
		/* From farther the hill that was climbed may be another one. */
		out.known = out.score > like_expected && out.parts >= PARTS_EXPECTED &&
		            turned_deg < 1.5 * cell_deg;
		return out;
	}
	out.known = out.score > like_searched && out.parts >= PARTS_SEARCHED &&
	            out.second < second_most;
	/* Within two cells what stayed is as like as what was turned. */
	if (out.known && turned_deg > 2.5 * cell_deg)
		out.known = has_turned(camera, there, parts, now, &edges, &out);
	return out;
}

/* ---- from look to look ---- */

/* Where it was, else searched; against the room that was kept, else against the one that was
 * recognised last. */
static struct room_turn recognise(const struct room_watch *w, const struct camera *camera,
                                  const struct room *kept, const struct room_view *now)
{
	const bool has_kept = kept != NULL && kept->width > 0;
	struct room_turn t = {0};
	for (int i = 0; i < 4 && !t.known; i++) {
		const bool search = i >= 2, last = i % 2;
		if (last ? w->last.width == 0 : !has_kept)
			continue;
		if (!search && !w->known)
			continue;
		if (!last) {
			t = room_compare(camera, kept, now, w->known ? w->rotation : NULL, search);
			continue;
		}
		double there[3][3], since[3][3], rotation[3][3];
		for (int r = 0; r < 3; r++) /* the inverse of a rotation is its transpose */
			for (int c = 0; c < 3; c++)
				there[r][c] = dot3(w->rotation[r], w->last_rotation[c]);
		t = room_compare(camera, &w->last, now, there, search);
		memcpy(since, t.rotation, sizeof since);
		multiply3(since, w->last_rotation, rotation);
		memcpy(t.rotation, rotation, sizeof t.rotation);
		t.sigma_deg = hypot(t.sigma_deg, w->last_sigma_deg);
	}
	return t;
}

/* The mean of the looks since the camera was turned last, soon a sliding one: a single look errs by
 * a tenth of a degree, and the camera stands. */
static void settle(struct room_watch *w, const double rotation[3][3])
{
	enum { LOOKS_MOST = 8 };
	double mixed[3][3];
	w->looks += w->looks < LOOKS_MOST;
	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 3; k++)
			mixed[i][k] = w->rotation[i][k] +
			              (rotation[i][k] - w->rotation[i][k]) / w->looks;
	nearest_rotation(mixed, w->rotation);
}

static void believe(struct room_watch *w, const struct room_turn *t, const struct room_view *now,
                    bool keep)
{
	w->known = w->sitting = true;
	w->doubted = false;
	w->sigma_deg = t->sigma_deg;
	settle(w, t->rotation);
	if (!keep)
		return;
	room_keep(now, &w->last);
	memcpy(w->last_rotation, w->rotation, sizeof w->last_rotation);
	w->last_sigma_deg = t->sigma_deg;
}

bool room_watch_step(struct room_watch *w, const struct camera *camera, const struct room *kept,
                     const struct room_view *now)
{
	/* What is still as like as that needs no newer picture: each is a tenth of a degree off. */
	const double like = 0.45, moved_deg = 2;
	if (now->width == 0)
		return false;
	if ((kept == NULL || kept->width == 0) && w->last.width == 0) {
		struct room_turn first = {.known = true};
		memcpy(first.rotation, still, sizeof first.rotation);
		believe(w, &first, now, true);
		return false;
	}
	const struct room_turn t = recognise(w, camera, kept, now);
	if (!t.known) {
		w->doubted = false;
		return false;
	}
	const bool moved = w->known && between_deg(t.rotation, w->rotation) > moved_deg;
	if (moved && w->sitting && t.clear < CLEAR_LEAST)
		return false;
	const bool again = w->doubted && between_deg(t.rotation, w->other) <= moved_deg;
	if (moved && w->sitting && !again) {
		w->doubted = true;
		memcpy(w->other, t.rotation, sizeof w->other);
		return false;
	}
	if (moved)
		w->looks = 0;
	believe(w, &t, now, w->last.width == 0 || t.score < like);
	return true;
}

void room_watch_leave(struct room_watch *w)
{
	w->sitting = w->doubted = false;
}
