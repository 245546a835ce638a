#include "sample/sample.h"

#include "image/turn.h"
#include "posture/nobody.h"
#include "sample/scene.h"
#include "sample/upright.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sampler {
	struct model_file *models;
	struct pose_tracker *pose;
	struct face_tracker *face;
	struct camera camera;
	struct posture_config posture;
	struct profile profiles[PROFILES_MAX]; /* not valid from profile_count on */
	int profile_count;
	struct matcher matcher;
	struct measure_filter filter;
	struct scene scene;                    /* the room since it was recognised last */
	struct room_view view;                 /* ... of the last picture */
	struct room_watch behind;              /* how the camera has turned, by the room */
	struct stillness still;                /* of the face, that may be a picture on the wall */
	int nobody;                            /* pictures in a row without a person */
	struct upright upright;
	struct turned room;
	struct frame frame;                    /* the last one, upright */
};

/* After so many pictures without anybody it may be somebody else who comes. */
enum { NOBODY_LONG = 3 };

static const struct profile *in_force(const struct sampler *s)
{
	return &s->profiles[s->matcher.current];
}

/* How the camera hangs, before anybody has shown it: as the configuration forces it, as it hung at
 * calibration, or as cameras do. */
static void start_upright(struct sampler *s)
{
	const bool profile = in_force(s)->valid, forced = s->camera.turn_forced;
	const int turn = profile && !forced ? in_force(s)->camera.turn : s->camera.turn;
	upright_init(&s->upright, turn, profile || forced);
}

static void forget_room(struct sampler *s)
{
	memset(&s->scene, 0, sizeof s->scene);
	memset(&s->behind, 0, sizeof s->behind);
	s->view.width = 0;
}

struct sampler *sampler_create(const struct sampler_config *config, struct error *error)
{
	struct sampler *s = calloc(1, sizeof *s);
	if (s == NULL) {
		error_set(error, 0, "%s: out of memory", "sampler");
		return NULL;
	}
	s->camera = config->camera;
	s->posture = config->posture;
	start_upright(s);
	s->models = model_file_open(config->model_path, error);
	if (s->models != NULL)
		s->pose = pose_tracker_create(s->models, config->pose_model, error);
	if (s->pose != NULL)
		s->face = face_tracker_create(s->models, error);
	if (s->face == NULL) {
		sampler_free(s);
		return NULL;
	}
	return s;
}

void sampler_free(struct sampler *s)
{
	if (s == NULL)
		return;
	face_tracker_free(s->face);
	pose_tracker_free(s->pose);
	model_file_close(s->models);
	free(s->room.pixels);
	free(s);
}

void sampler_set_profile(struct sampler *s, const struct profile *profile)
{
	sampler_set_profiles(s, profile, profile != NULL);
}

void sampler_set_profiles(struct sampler *s, const struct profile *profiles, int count)
{
	memset(s->profiles, 0, sizeof s->profiles);
	s->profile_count = 0;
	for (int i = 0; i < count && i < PROFILES_MAX; i++)
		if (profiles[i].valid)
			s->profiles[s->profile_count++] = profiles[i];
	matcher_init(&s->matcher);
	forget_room(s);
	start_upright(s);
}

const struct profile *sampler_profile(const struct sampler *s)
{
	return in_force(s);
}

const struct camera *sampler_camera(const struct sampler *s)
{
	return in_force(s)->valid ? &in_force(s)->camera : &s->camera;
}

void sampler_configure(struct sampler *s, const struct camera *camera,
                       const struct posture_config *posture)
{
	const bool turned = camera->turn_forced != s->camera.turn_forced ||
	                    camera->turn != s->camera.turn;
	s->camera = *camera;
	s->posture = *posture;
	if (turned)
		start_upright(s);
}

const struct posture_config *sampler_posture(const struct sampler *s)
{
	return &s->posture;
}

/* Who comes next may be another; which profile was in force is the best guess. */
static void forget_person(struct sampler *s)
{
	memset(&s->filter, 0, sizeof s->filter);
	memset(s->matcher.tracks, 0, sizeof s->matcher.tracks);
	s->matcher.state = MATCH_UNKNOWN;
	room_watch_leave(&s->behind);
	s->nobody = 0;
}

void sampler_reset(struct sampler *s)
{
	pose_tracker_reset(s->pose);
	face_tracker_reset(s->face);
	forget_person(s);
	forget_room(s);
	memset(&s->still, 0, sizeof s->still);
	start_upright(s);
}

const char *sampler_model_hash(const struct sampler *s)
{
	return model_file_hash(s->models);
}

const struct frame *sampler_frame(const struct sampler *s)
{
	return &s->frame;
}

/* A camera as it took the picture. */
static struct camera fitted(const struct camera *c, const struct sample *out)
{
	const struct camera turned = camera_turned(c, out->turn - c->turn);
	return camera_scaled(&turned, out->width, out->height);
}

struct camera sampler_frame_camera(const struct sampler *s, const struct sample *out)
{
	const struct camera camera = fitted(sampler_camera(s), out);
	return out->camera_turned ? camera_moved(&camera, s->behind.rotation, s->behind.sigma_deg)
	                          : camera;
}

void sampler_keep_room(const struct sampler *s, struct room *out)
{
	room_keep(&s->view, out);
}

/* Less is within what the measures err by anyhow, and a camera that stands stays where it is. */
static const double turned_least_deg = 0.4;

/* Whether the camera has turned since the profile was made: by the room behind, where that is
 * recognised. */
static void watch_room(struct sampler *s, const struct frame *frame, struct sample *out)
{
	const struct profile *p = in_force(s);
	room_look(frame, &out->pose, &s->view);
	if (!p->valid)
		return;
	const struct camera camera = fitted(&p->camera, out);
	/* What the scene has seen before is explained. */
	if (room_watch_step(&s->behind, &camera, &p->room, &s->view))
		memset(&s->scene, 0, sizeof s->scene);
	if (!s->behind.known)
		return;
	const struct camera moved = camera_moved(&camera, s->behind.rotation, s->behind.sigma_deg);
	const double up = camera.tilt_deg - moved.tilt_deg, roll = moved.roll_deg - camera.roll_deg;
	out->camera_turned = hypot(hypot(up, roll), 2 * moved.pan_deg) > turned_least_deg;
	out->camera_up_deg = out->camera_turned ? up : 0;
}

/* A verdict that may be of somebody else stands, at half its weight and with the doubt said. */
static void doubt(struct posture_verdict *v)
{
	const int last = v->reason_count < POSTURE_REASONS ? v->reason_count++
	                                                   : POSTURE_REASONS - 1;
	v->confidence /= 2;
	snprintf(v->reasons[last], POSTURE_REASON_SIZE, "%s", match_text(MATCH_DOUBT));
}

/* The face against every profile. The one in force was fitted already. */
static void match_profiles(struct sampler *s, const struct frame *frame, struct sample *out)
{
	struct match_look looks[PROFILES_MAX];
	bool seen[PROFILES_MAX];
	for (int i = 0; i < s->profile_count; i++) {
		const struct profile *p = &s->profiles[i];
		const bool current = i == s->matcher.current;
		const struct camera camera = current ? sampler_frame_camera(s, out)
		                                     : fitted(&p->camera, out);
		struct head_pose head = out->head;
		if (!current)
			head_pose_fit(&camera, p, &out->face, frame->width, frame->height, &head);
		seen[i] = match_look(&camera, p, &out->face, frame->width,
		                     frame->height, &head, &looks[i]);
	}
	const int before = s->matcher.current;
	matcher_step(&s->matcher, looks, seen, s->profile_count);
	if (s->matcher.current != before) {
		forget_room(s); /* it is another one's */
		out->camera_turned = false;
	}
	out->match = s->matcher.state;
	if (s->profile_count > 0 && scene_moved(&s->scene, frame, &out->pose) &&
	    !match_is_wrong(out->match))
		out->match = MATCH_OTHER_PLACE;
	if (out->match == MATCH_DOUBT)
		doubt(&out->verdict);
	if (!match_is_wrong(out->match))
		return;
	memset(&out->verdict, 0, sizeof out->verdict);
	out->verdict.label = POSTURE_UNKNOWN;
	out->verdict.evidence = MEASURE_COUNT;
	out->verdict.reason_count = 1;
	snprintf(out->verdict.reasons[0], POSTURE_REASON_SIZE, "%s", match_text(out->match));
}

/* A face that is nobody at the desk. The next look searches anew: whoever sits there may be
 * smaller, or beside. */
static bool is_nobody(struct sampler *s, const struct frame *frame, const struct sample *out)
{
	if (!out->face.found)
		return false;
	const struct face_point *l = &out->face.points[FACE_LEFT_EYE_OUTER];
	const struct face_point *r = &out->face.points[FACE_RIGHT_EYE_OUTER];
	const double dx = (double)(l->x - r->x) * frame->width,
	             dy = (double)(l->y - r->y) * frame->height;
	const struct face_place place = {(double)(l->x + r->x) / 2 * frame->width,
	                                 (double)(l->y + r->y) / 2 * frame->height, hypot(dx, dy)};
	return face_is_still(&s->still, frame->seconds, &place) || face_is_far(&out->measures);
}

static void note_nobody(struct sampler *s)
{
	if (++s->nobody == NOBODY_LONG)
		forget_person(s);
}

static void find_person(struct sampler *s, struct sample *out)
{
	pose_tracker_run(s->pose, &s->frame, &out->pose);
	face_tracker_run(s->face, &s->frame, out->pose.found ? &out->pose : NULL, &out->face);
	if (!out->pose.found && out->face.found)
		pose_tracker_run_below_face(s->pose, &s->frame, &out->face.roi, &out->pose);
}

/* The picture by as many quarters as are believed; without memory for it, as it is. */
static void turn_frame(struct sampler *s, const struct frame *frame, struct sample *out)
{
	if (!frame_turn(&s->room, frame, s->upright.turn, &s->frame))
		s->upright.turn = 0;
	out->width = s->frame.width;
	out->height = s->frame.height;
	out->turn = s->upright.turn;
}

/* Whoever is in the picture, which is turned when that one is upside down or lies on the side. */
static void find_upright(struct sampler *s, const struct frame *frame, struct sample *out)
{
	turn_frame(s, frame, out);
	find_person(s, out);
	if (s->camera.turn_forced)
		return;
	const int off = upright_off(&out->face, &out->pose, out->width, out->height);
	const bool again = upright_step(&s->upright, off, out->face.found && out->pose.found);
	if (s->upright.turn == out->turn)
		return;
	/* Another picture for whoever tracks; one that was tried without success is nobody's. */
	pose_tracker_reset(s->pose);
	face_tracker_reset(s->face);
	forget_room(s);
	memset(&s->still, 0, sizeof s->still);
	memset(&out->pose, 0, sizeof out->pose);
	memset(&out->face, 0, sizeof out->face);
	if (!again)
		return;
	turn_frame(s, frame, out);
	find_person(s, out);
}

void sampler_run(struct sampler *s, const struct frame *frame, struct sample *out)
{
	memset(out, 0, sizeof *out);
	out->seconds = frame->seconds;
	out->width = frame->width;
	out->height = frame->height;
	s->frame = *frame;
	out->light = luma_measure(frame);
	if (luma_is_blank(&out->light)) {
		out->presence = PRESENCE_BLOCKED;
		return;
	}
	find_upright(s, frame, out);
	frame = &s->frame;
	if (!out->pose.found && !out->face.found) {
		out->presence = luma_is_blocked(&out->light) ? PRESENCE_BLOCKED : PRESENCE_AWAY;
		note_nobody(s);
		return;
	}
	watch_room(s, frame, out);
	const struct camera camera = sampler_frame_camera(s, out);
	measures_from_landmarks(&camera, in_force(s)->valid ? in_force(s) : NULL,
	                        &out->pose, &out->face,
	                        frame->width, frame->height, &out->measures, &out->head);
	if (is_nobody(s, frame, out)) {
		out->presence = PRESENCE_AWAY;
		pose_tracker_reset(s->pose);
		face_tracker_reset(s->face);
		note_nobody(s);
		return;
	}
	out->presence = PRESENCE_PRESENT;
	s->nobody = 0;
	measure_filter_step(&s->filter, frame->seconds, &out->measures);
	posture_classify(&s->posture, &out->measures, &out->verdict);
	match_profiles(s, frame, out);
}
