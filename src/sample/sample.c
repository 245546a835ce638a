#include "sample/sample.h"

#include "posture/nobody.h"
#include "sample/scene.h"

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
	struct scene scene;                    /* the room since the profiles were set */
	struct stillness still;                /* of the face, that may be a picture on the wall */
	int nobody;                            /* pictures in a row without a person */
};

/* After so many pictures without anybody it may be somebody else who comes. */
enum { NOBODY_LONG = 3 };

static const struct profile *in_force(const struct sampler *s)
{
	return &s->profiles[s->matcher.current];
}

struct sampler *sampler_create(const struct sampler_config *config, struct error *error)
{
	struct sampler *s = calloc(1, sizeof *s);
	if (s == NULL) {
		error_set(error, 0, "sampler: out of memory");
		return NULL;
	}
	s->camera = config->camera;
	s->posture = config->posture;
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
	memset(&s->scene, 0, sizeof s->scene);
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
	s->camera = *camera;
	s->posture = *posture;
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
	s->nobody = 0;
}

void sampler_reset(struct sampler *s)
{
	pose_tracker_reset(s->pose);
	face_tracker_reset(s->face);
	forget_person(s);
	memset(&s->scene, 0, sizeof s->scene);
	memset(&s->still, 0, sizeof s->still);
}

const char *sampler_model_hash(const struct sampler *s)
{
	return model_file_hash(s->models);
}

/* A verdict that may be of somebody else stands, at half its weight and with the doubt said. */
static void doubt(struct posture_verdict *v)
{
	const int last = v->reason_count < POSTURE_REASONS ? v->reason_count++ : POSTURE_REASONS - 1;
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
		const struct camera camera = camera_scaled(&p->camera, frame->width, frame->height);
		struct head_pose head = out->head;
		if (i != s->matcher.current)
			head_pose_fit(&camera, p, &out->face, frame->width, frame->height, &head);
		seen[i] = match_look(&camera, p, &out->face, frame->width, frame->height, &head, &looks[i]);
	}
	matcher_step(&s->matcher, looks, seen, s->profile_count);
	out->match = s->matcher.state;
	if (s->profile_count > 0 && scene_moved(&s->scene, frame, &out->pose) && !match_is_wrong(out->match))
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

/* A face that is nobody at the desk. The next look searches anew: whoever sits there may be smaller, or beside. */
static bool is_nobody(struct sampler *s, const struct frame *frame, const struct sample *out)
{
	if (!out->face.found)
		return false;
	const struct face_point *l = &out->face.points[FACE_LEFT_EYE_OUTER];
	const struct face_point *r = &out->face.points[FACE_RIGHT_EYE_OUTER];
	const double dx = (double)(l->x - r->x) * frame->width, dy = (double)(l->y - r->y) * frame->height;
	const struct face_place place = {(double)(l->x + r->x) / 2 * frame->width,
	                                 (double)(l->y + r->y) / 2 * frame->height, hypot(dx, dy)};
	return face_is_still(&s->still, frame->seconds, &place) || face_is_far(&out->measures);
}

static void note_nobody(struct sampler *s)
{
	if (++s->nobody == NOBODY_LONG)
		forget_person(s);
}

void sampler_run(struct sampler *s, const struct frame *frame, struct sample *out)
{
	memset(out, 0, sizeof *out);
	out->seconds = frame->seconds;
	out->width = frame->width;
	out->height = frame->height;
	out->light = luma_measure(frame);
	if (luma_is_blank(&out->light)) {
		out->presence = PRESENCE_BLOCKED;
		return;
	}
	pose_tracker_run(s->pose, frame, &out->pose);
	face_tracker_run(s->face, frame, out->pose.found ? &out->pose : NULL, &out->face);
	if (!out->pose.found && out->face.found)
		pose_tracker_run_below_face(s->pose, frame, &out->face.roi, &out->pose);
	if (!out->pose.found && !out->face.found) {
		out->presence = luma_is_blocked(&out->light) ? PRESENCE_BLOCKED : PRESENCE_AWAY;
		note_nobody(s);
		return;
	}
	struct camera camera = camera_scaled(sampler_camera(s), frame->width, frame->height);
	measures_from_landmarks(&camera, in_force(s)->valid ? in_force(s) : NULL, &out->pose, &out->face,
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
