#include "sample/sample.h"

#include <stdlib.h>
#include <string.h>

struct sampler {
	struct model_file *models;
	struct pose_tracker *pose;
	struct face_tracker *face;
	struct camera camera;
	struct posture_config posture;
	struct profile profile;
};

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
	if (profile == NULL)
		memset(&s->profile, 0, sizeof s->profile);
	else
		s->profile = *profile;
}

const struct profile *sampler_profile(const struct sampler *s)
{
	return &s->profile;
}

const struct camera *sampler_camera(const struct sampler *s)
{
	return s->profile.valid ? &s->profile.camera : &s->camera;
}

void sampler_configure(struct sampler *s, const struct camera *camera,
                       const struct posture_config *posture)
{
	s->camera = *camera;
	s->posture = *posture;
}

void sampler_reset(struct sampler *s)
{
	pose_tracker_reset(s->pose);
	face_tracker_reset(s->face);
}

const char *sampler_model_hash(const struct sampler *s)
{
	return model_file_hash(s->models);
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
		return;
	}
	out->presence = PRESENCE_PRESENT;
	struct camera camera = camera_scaled(sampler_camera(s), frame->width, frame->height);
	measures_from_landmarks(&camera, s->profile.valid ? &s->profile : NULL, &out->pose, &out->face,
	                        frame->width, frame->height, &out->measures, &out->head);
	posture_classify(&s->posture, &out->measures, &out->verdict);
}
